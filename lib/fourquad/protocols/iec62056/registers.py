"""Codes of data sets over points: what a code names, its value as text, and what may be written to it.

The tables are a model's (models/a1000/obis.py): QUANTITIES for the codes `C.D.E*F` of energies and
demands, CODES for the others. Rows of CODES: (code, kind, decimals or detail, unit, point id, level). A
level says who may write: 0 nobody, PASSWORD those who gave one, PROGRAM those too, but only
while the meter is in programming mode.
"""

from array import array

from fourquad import points as p
from fourquad.calendar.clock import FIELDS, month_days, seconds, split
from fourquad.points import billing as b
from fourquad.protocols.iec62056.access import PASSWORD_DIGITS
from fourquad.protocols.iec62056.datasets import decimal, digits, fixed, pairs, reading

PASSWORD = 1
PROGRAM = 2

# What `write` answers besides the answers of points.check.
FORMAT = 16

HISTORY_FIRST = 101  # the group F of the last billing period
_DEMAND_WHOLE = 2
_DEMAND_DECIMALS = 4
_DEMAND_TOP = 999999  # 99.9999 kW
_CUMULATIVE_WHOLE = 4
_ENERGY_WHOLE = 7  # less the decimals: 5.2 or 6.1
_NO_STAMP = "0000000000"
# Of a clock's text: first and last of the fields year ... second, what may stand between them.
_PARTS = {"date": (0, 3, "-"), "time": (3, 6, ":"), "moment": (0, 6, "")}


class Registers:
    """`find` a code, then `text` and `write` concern it."""

    def __init__(self, tables, points):
        self.tables = tables
        self.points = points
        self.kind = ""
        self.level = 0
        self.detail = 0
        self.pid = 0
        self.unit = ""
        self._fields = array("H", [0] * FIELDS)
        self._groups = [0] * 4

    def find(self, code):
        """Whether the meter has this code, with or without the prefix."""
        t = self.tables
        if code.startswith(t.PREFIX):
            code = code[len(t.PREFIX) :]
        if self._split_code(code) and self._structured():
            return True
        for row in t.CODES:
            name, kind, detail, unit, pid, level = row
            if name == code:
                self.kind, self.detail, self.unit, self.pid, self.level = kind, detail, unit, pid, level
                return True
        return False

    def _split_code(self, code):
        """C.D.E or C.D.E*F into `_groups`, F -1 if it is not there; makes no garbage."""
        groups = self._groups
        at = count = value = 0
        groups[3] = -1
        for char in code:
            if "0" <= char <= "9":
                value = 10 * value + ord(char) - 48
                count += 1
                continue
            if not 1 <= count <= 3 or char != (".", ".", "*", "")[at] and (at != 2 or char != "&"):
                return False
            groups[at] = value
            at += 1
            count = value = 0
        if at < 2 or not 1 <= count <= 3:
            return False
        groups[at] = value
        return True

    def _structured(self):
        """C the quantity, D which value, E the tariff, F a billing period."""
        c, d, e, f = self._groups
        past = 0
        if f >= 0:
            if not 0 <= f - HISTORY_FIRST < p.PERIODS:
                return False
            past = (f - HISTORY_FIRST + 1) * p.HISTORY
        events = self.tables.EVENTS
        if c == events[0] and d == events[1] and not past and e < events[2]:
            self.kind, self.level, self.pid = "event", 0, b.supervised(e, 0)
            self.detail = events[3][e]
            return True
        if e < b.RATES:
            for group, quantity, unit, unit_h in self.tables.QUANTITIES:
                if group == c:
                    return self._measured(quantity, d, e, past, unit, unit_h)
        return False

    def _measured(self, quantity, d, e, past, unit, unit_h):
        self.level = 0
        self.unit = unit
        self.detail = 0
        if d == 8:
            self.kind = "energy"
            self.unit = unit_h
            self.pid = b.tariff_energy(quantity, e) + past
            # derived sums cannot be preset
            if not past and quantity < b.BASES:
                self.level = PROGRAM
        elif not unit:
            return False
        elif d == 6:
            self.kind = "maximum"
            self.pid = b.demand(b.DEMAND_MAXIMUM, quantity, e) + past
            self.detail = b.demand(b.DEMAND_MAXIMUM_TIME, quantity, e) + past
        elif d == 2:
            self.kind = "cumulative"
            self.pid = b.demand(b.DEMAND_CUMULATIVE, quantity, e) + past
        elif d in (4, 5) and not past:
            self.kind = "demand"
            self.pid = b.demand(b.DEMAND_RUNNING if d == 4 else b.DEMAND_LAST, quantity, e)
        else:
            return False
        return True

    # Reading.

    def text(self):
        """The values in their parentheses; None where the meter has no such value."""
        try:
            return self._text()
        except KeyError:
            return None

    def _read(self, pid):
        """A point; of a billing period that was never closed 0."""
        try:
            return self.points.read(pid)
        except KeyError:
            if pid < p.HISTORY:
                raise
            self.points.read(pid % p.HISTORY)
            return 0

    def _text(self):
        kind = self.kind
        read = self._read
        if kind == "energy":
            return self._data(self._energy(read(self.pid)))
        if kind in ("demand", "maximum"):
            value = read(self.pid)
            text = self._data(fixed(min(abs(value), _DEMAND_TOP), _DEMAND_WHOLE, _DEMAND_DECIMALS))
            if kind == "maximum":
                text += "(" + self._stamp(read(self.detail)) + ")"
            return text + "(OVER)" if abs(value) > _DEMAND_TOP else text
        if kind == "cumulative":
            return self._data(fixed(read(self.pid), _CUMULATIVE_WHOLE, _DEMAND_DECIMALS))
        if kind == "reading":
            return self._data(reading(read(self.pid), self.detail))
        if kind == "kilo":
            return self._data(reading(read(self.pid) * 0.001, self.detail))
        if kind == "factor":
            ratio = b.average_factor(read, self.pid)
            return self._data("-" if ratio is None else reading(ratio, self.detail))
        if kind == "number":
            text = str(read(self.pid))
            return self._data("0" * (self.detail - len(text)) + text)
        if kind == "twelve":
            return "(" + fixed(read(self.pid + 1), 6, 0) + fixed(read(self.pid), 6, 0) + ")"
        if kind in ("date", "time", "moment"):
            return "(" + self._clock() + ")"
        if kind == "stamp":
            return "(" + self._stamp(read(self.pid)) + ")"
        if kind == "errors":
            return f"({read(self.pid):02X}{read(self.detail):02X})"
        if kind == "letters":
            return "(" + letters(read(self.pid)) + ")"
        if kind == "fixed":
            return self._data(self.detail)
        if kind == "event":
            return self._event()
        return None

    def _data(self, text):
        return "(" + text + ("*" + self.unit + ")" if self.unit else ")")

    def _energy(self, counts):
        decimals = self.points.read(p.SETTING + p.ENERGY_DECIMALS)
        step = 1000 // 10**decimals
        number = abs(counts) * self.points.read(p.BILLING + b.ENERGY_COUNT) // step
        return ("-" if counts < 0 else "") + fixed(
            number % 10**_ENERGY_WHOLE, _ENERGY_WHOLE - decimals, decimals
        )

    def _event(self):
        """Count, seconds, start and stop; with energies where they are kept (detail 1)."""
        read = self.points.read
        text = f"({read(self.pid + b.EVENT_COUNT)})({read(self.pid + b.EVENT_SECONDS)}*s)"
        for field in (b.EVENT_START, b.EVENT_STOP):
            text += "(" + self._stamp(read(self.pid + field)) + ")"
        if self.detail:
            for field in (b.EVENT_IMPORT, b.EVENT_EXPORT):
                text += "(" + self._energy(read(self.pid + field)) + "*kWh)"
        return text

    def _split(self, stamp):
        split(stamp, self._fields)
        f = self._fields
        return f[1] % 100, f[2], f[3], f[4], f[5], f[6]

    def _stamp(self, stamp):
        """YYMMDDhhmm of a stamp, zeros for never."""
        if not stamp:
            return _NO_STAMP
        return "{:02d}{:02d}{:02d}{:02d}{:02d}".format(*self._split(stamp)[:5])

    def _clock(self):
        now = self._split(self.points.read(self.pid))
        text = "{:02d}{:02d}{:02d}{:02d}{:02d}{:02d}".format(*now)
        return text[:6] if self.kind == "date" else text[6:] if self.kind == "time" else text

    def long_stamp(self, stamp):
        """YYMMDDhhmmss."""
        return "{:02d}{:02d}{:02d}{:02d}{:02d}{:02d}".format(*self._split(stamp))

    # Writing.

    def write(self, value):
        """Change what was found: an answer of points.write, or FORMAT."""
        kind = self.kind
        if kind == "energy":
            return self._preset(value)
        if kind in ("number", "password", "command"):
            number = digits(value, PASSWORD_DIGITS if kind == "password" else 1, 8)
            if number is None:
                return FORMAT
            return p.RANGE if kind == "command" and number != 1 else self.points.write(self.pid, number)
        if kind == "twelve":
            return self._write_twelve(value)
        if kind == "letters":
            return self._write_letters(value)
        if kind in ("date", "time", "moment"):
            return self._set_clock(value)
        return p.READ_ONLY

    def _preset(self, value):
        decimals = self.points.read(p.SETTING + p.ENERGY_DECIMALS)
        number = decimal(value, _ENERGY_WHOLE - decimals, decimals)
        if number is None:
            return FORMAT
        step = 1000 // 10**decimals
        return self.points.write(self.pid, number * step // self.points.read(p.BILLING + b.ENERGY_COUNT))

    def _write_twelve(self, value):
        if digits(value, 1, 12) is None:
            return FORMAT
        value = "0" * (12 - len(value)) + value
        why = self.points.check(self.pid + 1, int(value[:6])) or self.points.check(self.pid, int(value[6:]))
        if not why:
            self.points.write(self.pid + 1, int(value[:6]))
            self.points.write(self.pid, int(value[6:]))
        return why

    def _write_letters(self, value):
        if len(value) != 3:
            return FORMAT
        number = 0
        for c in value:
            if not "A" <= c <= "Z":
                return p.RANGE
            number = number << 8 | ord(c)
        return self.points.write(self.pid, number)

    def _set_clock(self, value):
        """Local date, time or both; what is not given stays."""
        now = list(self._split(self.points.read(self.pid)))
        first, last, separator = _PARTS[self.kind]
        standard_time = False
        # a season digit before the year, as time stamps have it
        if self.kind == "moment" and len(value) == 13:
            if value[0] not in "01":
                return FORMAT
            standard_time = value[0] == "0"
            value = value[1:]
        if separator and len(value) == 8:
            parts = value.split(separator)
            value = "".join(parts) if [len(part) for part in parts] == [2, 2, 2] else ""
        given = pairs(value, last - first)
        if given is None:
            return FORMAT
        now[first:last] = given
        moment = calendar(now)
        if moment is None:
            return p.RANGE
        if not standard_time:
            return self.points.write(self.pid, moment)
        # the second of an hour that comes twice
        utc = self.points.provider(self.pid).utc(moment, True)
        return self.points.check(self.pid, moment) or self.points.write(p.STATE + p.EPOCH, utc)


def calendar(fields):
    """Seconds since 2000 of (year of the century, month, day, hour, minute, second), or None."""
    year, month, day, hour, minute, second = fields
    if not 1 <= month <= 12 or not 1 <= day <= month_days(2000 + year, month):
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    return seconds(2000 + year, month, day, hour, minute, second)


def letters(number):
    """Three ASCII letters from a setting."""
    return chr(number >> 16 & 127) + chr(number >> 8 & 127) + chr(number & 127)
