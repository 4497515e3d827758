"""The settings of a DNP3 profile (KW320 manual 5.1.8.12): options, and class, scale, offset, dead band of
each point. A group of settings, and provider for points.DNP3; there is one only where a port has a profile
with settings.

Each value is a whole number of 32 bits. First come the options in the order of the profile's SETTINGS, from
FIRST_POINT on FIELDS for each point in the order of its POINTS; what can be broken is an IEEE 754 single,
given as the whole number with the same bits. Scale and offset hold from the next restart of the outstation
on, because a different scale makes other events of what waits; all else within 100 ms.
"""

from array import array
from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad.points import columns as c
from fourquad.protocols.dnp3 import objects as o
from fourquad.protocols.dnp3 import profile
from fourquad.protocols.dnp3.database import DEAD_BAND, FIELDS, KLASS, OFFSET, SCALE

FIRST_POINT = 64
_MOST = 1e9  # of a scale or an offset, either sign
_MAX_SINGLE = 3.4028235e38

# Columns of a profile's SETTINGS.
_OPTION = 0
_ITEM = 1
_LOW = 2
_HIGH = 3
_CHOICES = 4


class Configuration:
    """One of the groups of `settings`, the meter's. `version` counts changes modulo 2**16."""

    first = p.GROUP_DNP3
    texts = None

    def __init__(self, tables, settings):
        self._rows = tables[profile.SETTINGS][1]
        self._seal = tables[profile.SETTINGS][0]
        self._points = tables[profile.POINTS]
        self._settings = settings
        self.changed = False
        self.version = 0
        self._bits = bytearray(4)
        count = sum([row[profile.COUNT] for row in self._points])
        self.values = array("i", [0] * (FIRST_POINT + FIELDS * count))
        for i in range(len(self._rows)):
            row = self._rows[i]
            value = tables[profile.OPTIONS][row[_OPTION]]
            self.values[i] = int(value if row[_ITEM] is None else value[row[_ITEM]])
        at = FIRST_POINT
        for row in self._points:
            for _ in range(row[profile.COUNT]):
                self.values[at] = row[profile.CLASS]
                self.values[at + SCALE] = self._as_bits(row[profile.SCALE])
                self.values[at + OFFSET] = self._as_bits(row[profile.OFFSET])
                self.values[at + DEAD_BAND] = self._as_bits(row[profile.DEAD_BAND])
                at += FIELDS

    def blocks(self):
        """How many blocks of points it answers for."""
        return (len(self.values) + 63) >> 6

    # As a provider.

    def read(self, index):
        if not self._is_there(index):
            raise KeyError(index)
        return self.values[index]

    def check(self, index, value):
        if not self._is_there(index):
            return p.UNKNOWN
        if not self._allowed(index, value):
            return p.RANGE
        return p.FORBIDDEN if self._settings.closed(self._seal) else p.OK

    def write(self, index, value):
        old = self.values[index]
        if old != value:
            self.values[index] = value
            if self._settings.noted:
                self._settings.noted(self.first + index, old, value)
            self.changed = self._settings.changed = True
            self.version = (self.version + 1) & 0xFFFF
        return p.OK

    def restore(self, index, value):
        """Take back a saved value; what is not allowed any more stays as the profile has it."""
        if self._is_there(index) and self._allowed(index, value):
            self.values[index] = value
            self.version = (self.version + 1) & 0xFFFF

    def _is_there(self, index):
        return 0 <= index < len(self._rows) or FIRST_POINT <= index < len(self.values)

    def _allowed(self, index, value):
        if index < FIRST_POINT:
            row = self._rows[index]
            return row[_LOW] <= value <= row[_HIGH] and (row[_CHOICES] is None or value in row[_CHOICES])
        number, field = divmod(index - FIRST_POINT, FIELDS)
        group = self._group(number)
        if field == KLASS:
            return 0 <= value <= 3 if group in (o.BINARY, o.COUNTER, o.ANALOG) else value == 0
        if field == DEAD_BAND:
            able = group in (o.COUNTER, o.ANALOG)
            low, high = 0.0, _MAX_SINGLE
        else:
            able = group == o.ANALOG
            low, high = -_MOST, _MOST
        if not able:
            return value == self.values[index]
        value = self._as_float(value)
        return low <= value <= high and not (field == SCALE and value == 0)

    def _group(self, number):
        for row in self._points:
            if number < row[profile.COUNT]:
                return row[profile.GROUP]
            number -= row[profile.COUNT]
        return 0

    # For the outstation.

    def options(self, into):
        """Put the options into the list `into`, in the places that profile.py names."""
        for i in range(len(self._rows)):
            option, item, value = self._rows[i][_OPTION], self._rows[i][_ITEM], self.values[i]
            if item is None:
                into[option] = value
            else:
                into[option] = into[option][:item] + (value,) + into[option][item + 1 :]

    def fields(self, number, count):
        """The fields of `count` points from this number on, one point after the other: as they are kept, and
        the same bits as singles.
        """
        at = FIRST_POINT + FIELDS * number
        kept = self.values[at : at + FIELDS * count]
        return kept, array("f", bytes(kept))

    def single(self, number, field):
        """Scale, offset or dead band of a point by its number in the profile."""
        return self._as_float(self.values[FIRST_POINT + FIELDS * number + field])

    def put(self, number, field, value):
        """A master changes a class or (a float) a dead band; p.OK or why not."""
        if field != KLASS:
            value = self._as_bits(value)
        index = FIRST_POINT + FIELDS * number + field
        return self.check(index, value) or self.write(index, value)

    def _as_bits(self, value):
        pack_into("<f", self._bits, 0, value)
        return unpack_from("<i", self._bits, 0)[0]

    def _as_float(self, bits):
        pack_into("<i", self._bits, 0, bits)
        return unpack_from("<f", self._bits, 0)[0]


def provide(model, points, settings):
    """Give `points` the settings of the model's port that has some, as one more group of `settings`; they, or
    None.
    """
    for row in getattr(model, "PORTS", ()):
        for kind, tables in row[c.SPEAKS]:
            if kind == "dnp3" and tables[profile.SETTINGS]:
                made = Configuration(tables, settings)
                settings.groups.append(made)
                points.provide(p.DNP3, made, made.blocks())
                return made
    return None


def find(tables, points):
    """The settings of a profile; None where it has none, or this meter has not provided them."""
    if not tables[profile.SETTINGS]:
        return None
    try:
        return points.provider(p.DNP3)
    except KeyError:
        return None
