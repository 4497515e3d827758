"""The time-of-use tables as a block of registers: whether there is time of use, and one table of
billing/tariff.py after the other.

Registers: 0 time of use (0 off, 1 on); 1 the number of the table that the others show (the offsets into TABLE
of points/billing.py); 2 how many bytes it has; from 3 on its bytes, two a register, the first one high, then
zeros.
A table is written from register 2 on, all that it has at once, also together with its number.
"""

from fourquad import points as p
from fourquad.part import Part
from fourquad.points import billing as b

_ON = 0
_NUMBER = 1
_LENGTH = 2
_BYTES = 3


def _word(data, at):
    return data[at] << 8 | data[at + 1]


class Schedule(Part):
    """`tables` is the provider of the tables (billing.providers.Tables)."""

    def __init__(self, settings, billing):
        self._settings = settings
        self._billing = billing
        self._number = 0
        self._points = None

    def provide(self, points, commands):
        points.provide(p.SCHEDULE, self)
        self._points = points

    def read(self, index):
        raise KeyError(index)

    def check(self, index, value):
        return p.UNKNOWN

    write = check

    def read_block(self, master, index, count, target, at):
        """As the register map wants it: protocols/modbus/map.py."""
        table = self._billing.tables.read(self._number)
        for i in range(index, index + count):
            word = 0
            if i == _ON:
                word = self._settings.get(p.TOU_ON)
            elif i == _NUMBER:
                word = self._number
            elif i == _LENGTH:
                word = len(table)
            else:
                for k in (2 * (i - _BYTES), 2 * (i - _BYTES) + 1):
                    word = word << 8 | (table[k] if k < len(table) else 0)
            target[at] = word >> 8
            target[at + 1] = word & 0xFF
            at += 2

    def write_block(self, master, index, count, data, at):
        """Take all of it, or none."""
        end = index + count
        number, table = self._number, None
        if index <= _NUMBER < end:
            number = _word(data, at + 2 * (_NUMBER - index))
            if number >= b.TABLES:
                return p.RANGE
        if end > _LENGTH:
            if index > _LENGTH:
                return p.UNKNOWN  # a part of a table
            start = at + 2 * (_LENGTH - index)
            length = _word(data, start)
            if length > 2 * (end - _BYTES):
                return p.RANGE
            table = bytes(data[start + 2 : start + 2 + length])
            why = self._billing.tables.check(number, table)
            if why:
                return why
        on = _word(data, at) if index == _ON else None
        why = p.OK if on is None else self._settings.check(p.TOU_ON, on)
        if why:
            return why
        self._number = number
        if table is not None:
            self._billing.tables.write(number, table)
            if self._points.heard:
                self._points.heard(p.SCHEDULE, 0, p.OK)
        return p.OK if on is None else self._settings.write(p.TOU_ON, on)


def make(meter):
    """The part of a meter; None for one without tariffs."""
    if not meter.billing or not meter.billing.tariff:
        return None
    return Schedule(meter.settings, meter.billing)
