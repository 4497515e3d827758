"""The items of a display list: finding one by its number, and its value as text on a Matrix.

A row of a model's ITEMS: (code, marks, places, step, kind, point, unit, title); see models/a1000/display.py.
"""

from array import array

from fourquad import points as p
from fourquad.calendar.clock import FIELDS, split
from fourquad.display import Reader
from fourquad.display.formats import DASHES, point
from fourquad.points import billing as b
from fourquad.points import values as v

_DEMAND_TOP = 999999  # 99.9999 kW
_OPPOSITE = 5  # from a demand of import to that of export
_NEVER = "--"
_PAST = (
    "energy",
    "demand",
    "moment",
    "date",
    "time",
)  # kinds that previous periods have, if the point is theirs


def find(items, number):
    """The row with the variant `number` and that variant's place in it; (None, 0) if there is none."""
    if number < 1:
        return None, 0
    for row in items:
        _, _, places, _, _, _, _, _ = row
        count = len(places) or 1
        if number <= count:
            return row, number - 1
        number -= count
    return None, 0


class Items(Reader):
    """Shows values of `points` on a Matrix."""

    def __init__(self, items, points):
        self._items = items
        self._points = points
        self._fields = array("H", [0] * FIELDS)

    def steps(self, number, first, last):
        """The steps of an entry as (first, last): periods, sections of a table; (0, -1) when there is none
        now.
        """
        row, _ = find(self._items, number)
        if row is None:
            return 0, -1
        _, _, _, _, kind, pid, _, _ = row
        if kind in ("sections", "seasons"):
            return 0, len(self._read(pid, b"")) // 3 - 1
        if kind == "warnings":
            return 0, 0 if self._read(pid, 0) else -1
        if not first or kind not in _PAST:
            return 0, 0
        return first, max(first, last)

    def show(self, number, step, screen):
        """Fill the value's part of `screen`."""
        screen.clear()
        row, place = find(self._items, number)
        if row is None:
            return
        code, marks, places, size, kind, pid, unit, _ = row
        if places:
            c = places[place]
            if places[0] in "ABC":
                pid += place * size
                code += c
            else:
                pid += int(c) * size
                marks = _with_rate(marks, c)
        screen.code = code
        screen.marks = marks
        screen.unit = unit
        if step and kind in _PAST:
            pid += step * p.HISTORY
            screen.storage = step - 1
        try:
            self._value(kind, pid, step, screen)
        except KeyError:
            screen.digits = DASHES

    def _value(self, kind, pid, step, screen):
        read = self._points.read
        if kind == "energy":
            screen.digits = self._energy(read(pid))
        elif kind in ("demand", "cumulative"):
            value = abs(read(pid))
            if kind == "demand" and value > _DEMAND_TOP:
                value = _DEMAND_TOP
                screen.flash_digits = True
            screen.digits = _four(value, 2 if kind == "demand" else 4)
        elif kind == "both":
            screen.digits = _four(min(read(pid) + read(pid + _OPPOSITE), _DEMAND_TOP), 2)
        elif kind == "kilo":
            screen.digits = _signed(read(pid) * 10.0)
        elif kind == "hertz":
            screen.digits = point(int(read(pid) * 100 + 0.5), 2)
        elif kind == "factor":
            ratio = b.average_factor(read, pid)
            screen.digits = DASHES if ratio is None else point(int(ratio * 1000 + 0.5), 3)
        elif kind == "six":
            screen.digits = _padded(read(pid), 6)
        elif kind == "week":
            split(read(pid), self._fields)
            screen.digits = str(self._fields[0])
        elif kind in ("date", "time", "moment"):
            self._stamp(kind, read(pid), screen)
        elif kind == "count":
            screen.digits = str(read(pid))
        elif kind == "three":
            screen.digits = str(read(pid) + read(pid + 8) + read(pid + 16))
        elif kind == "number":
            screen.digits = str(read(pid))
            screen.note = _duration(read(pid + b.EVENT_SECONDS - b.EVENT_COUNT))
        elif kind == "duration":
            screen.digits = _duration(read(pid))
        elif kind == "reading":
            screen.digits = _padded(read(pid), 2) + " " + _padded(read(pid + 1), 2)
        elif kind == "warnings":
            self._warnings(pid, read(pid), screen)
        else:
            self._section(kind, read(pid), step, screen)

    def _energy(self, counts):
        decimals = self._points.read(p.SETTING + p.ENERGY_DECIMALS)
        number = abs(counts) * self._points.read(p.BILLING + b.ENERGY_COUNT) * 10**decimals // 1000 % 10000000
        return ("-" if counts < 0 else "") + _padded_point(number, 7, decimals)

    def _stamp(self, kind, stamp, screen):
        f = self._fields
        if not stamp:
            screen.digits = "{0}:{0}:{0}" if kind == "time" else "{0}-{0}-{0}"
            screen.digits = screen.digits.format(_NEVER)
            return
        split(stamp, f)
        if kind == "time":
            screen.digits = f"{f[4]:02d}:{f[5]:02d}:{f[6]:02d}"
        elif kind == "moment":
            screen.digits = f"{f[2]:02d}-{f[3]:02d} {f[4]:02d}:{f[5]:02d}"
        elif self._read(p.SETTING + p.DATE_FORM, 0) == v.MONTH_DAY_YEAR:
            screen.digits = f"{f[2]:02d}-{f[3]:02d}-{f[1] % 100:02d}"
        else:
            screen.digits = f"{f[1] % 100:02d}-{f[2]:02d}-{f[3]:02d}"

    def _warnings(self, pid, word, screen):
        screen.code = "err 2" if pid == p.BILLING + b.ERROR_2 else "err 1"
        text = ""
        for i in range(7, -1, -1):
            text += "1" if word >> i & 1 else "0"
            if i == 4:
                text += " "
        screen.digits = text

    def _section(self, kind, table, step, screen):
        at = 3 * step
        if at + 3 > len(table):
            screen.digits = DASHES
            return
        a, c, what = table[at : at + 3]
        if kind == "sections":
            screen.digits = f"{a:02d}:{c:02d} F{what}"
        else:
            screen.digits = f"{a:02d}-{c:02d} " + (f"F{what - 3}" if what > 3 else f"b{what + 1}")


def _with_rate(marks, rate):
    """The tariff stands after the arrow or quadrant: "> Energy" with 1 is "> 1 Energy"."""
    head, _, tail = marks.partition(" ")
    return head + " " + rate + " " + tail


def _padded(number, width):
    text = str(number)
    return "0" * (width - len(text)) + text


def _padded_point(number, width, decimals):
    text = _padded(number, width)
    return text[: width - decimals] + "." + text[width - decimals :]


def _four(number, whole):
    """An integer of 0.0001 kW with `whole` digits before the point."""
    return _padded_point(number, whole + 4, 4)


def _signed(tenths):
    """Watts times ten as kW with four decimals, dashes for no number or one too large."""
    if not -99999999 < tenths < 99999999:
        return DASHES
    number = int(tenths + (0.5 if tenths >= 0 else -0.5))
    return ("-" if number < 0 else "") + _four(abs(number), 2)


def _duration(seconds):
    """Hours and minutes."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}"
