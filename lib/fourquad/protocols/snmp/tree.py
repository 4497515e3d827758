"""The objects of an agent, found in tables: names in the order of SNMP, without an object in memory for each.

A section is (base, runs): the arcs that all names of it begin with, the first two as one number, and rows
whose columns `protocols/snmp/__init__.py` has. Sections and runs stand in the order of their names. A place
is an instance, as one number: its section, its run, which of the run's instances.
"""

from fourquad.protocols.snmp import (
    COUNT_A,
    COUNT_B,
    COUNTER,
    FIRST_A,
    FIRST_B,
    GAUGE,
    ONLINE,
    POINT,
    PREFIX,
    SCALE,
    STEP_A,
    STEP_B,
    TAG,
    ber,
)

# What `find` and `after` answer instead of a place.
NONE = -1
NO_INSTANCE = -2  # of an object that there is

_LOWEST, _HIGHEST = -0x80000000, 0x7FFFFFFF
_TOP = 0xFFFFFFFF


class Tree:
    """`own(number)`: a value of the agent itself, or None."""

    def __init__(self, sections, points, own):
        self.sections = sections
        self._points = points
        self._own = own
        self._run = None  # whose `_head` it is
        self._head = b""
        self._at = NONE  # the place that `_value` is of, which was looked at last
        self._value = None

    def renew(self, sections):
        """Have other sections."""
        self.sections = sections
        self._run = None

    def find(self, arcs, count):
        """The place with this name; NO_INSTANCE or NONE."""
        for s in range(len(self.sections)):
            base, runs = self.sections[s]
            if _compare(arcs, 0, count, base) or count == len(base):
                continue
            found = NONE
            for r in range(len(runs)):
                run = runs[r]
                at = len(base)
                if run[PREFIX][0] != arcs[at]:
                    if run[PREFIX][0] > arcs[at]:
                        break
                    continue
                if count <= at + len(run[PREFIX]) or _compare(arcs, at, count, run[PREFIX]):
                    continue
                at += len(run[PREFIX])
                a = arcs[at] - run[FIRST_A]
                if 0 <= a < run[COUNT_A]:
                    found = NO_INSTANCE
                    b = arcs[at + 1] - run[FIRST_B] if count == at + 2 else -1
                    if 0 <= b < run[COUNT_B]:
                        place = s << 24 | r << 16 | a * run[COUNT_B] + b
                        return place if self._there(place) else NO_INSTANCE
            return found
        return NONE

    def after(self, arcs, count):
        """The first place after a name; NONE at the end."""
        for s in range(len(self.sections)):
            base, runs = self.sections[s]
            order = _compare(arcs, 0, count, base)
            if order > 0:
                continue
            group = arcs[len(base)] if order == 0 and count > len(base) else 0
            for r in range(len(runs)):
                if runs[r][PREFIX][0] < group:
                    continue
                at = _first(runs[r], arcs, count, len(base)) if order == 0 else 0
                if at >= 0:
                    return self._existing(s << 24 | r << 16 | at)
        return NONE

    def following(self, place):
        """The next place; NONE at the end."""
        return self._existing(place + 1)

    def _existing(self, place):
        """This place, or the next that is there; its number in the run may be one too high."""
        s, r, at = place >> 24, place >> 16 & 0xFF, place & 0xFFFF
        while s < len(self.sections):
            runs = self.sections[s][1]
            while r < len(runs):
                run = runs[r]
                most = run[COUNT_A] * run[COUNT_B]
                while at < most:
                    place = s << 24 | r << 16 | at
                    if self._fetch(run, place):
                        return place
                    at += 1
                r += 1
                at = 0
            s += 1
            r = 0
        return NONE

    def run(self, place):
        """The row of a place."""
        return self.sections[place >> 24][1][place >> 16 & 0xFF]

    def name(self, place, out):
        """Write its name (ber.Out)."""
        run = self.run(place)
        if run is not self._run:
            self._head = ber.arcs(self.sections[place >> 24][0]) + ber.arcs(run[PREFIX])
            self._run = run
        at = place & 0xFFFF
        out.short_name(self._head, run[FIRST_A] + at // run[COUNT_B], run[FIRST_B] + at % run[COUNT_B])

    def value(self, place):
        """Its value, bytes or a whole number or a tuple of arcs; None if it is not there."""
        run = self.run(place)
        if place != self._at and not self._fetch(run, place):
            return None
        value = self._value
        if run[POINT] < 0:
            return value
        return whole(value, run[SCALE], run[TAG])

    def _there(self, place):
        return self._fetch(self.run(place), place)

    def _fetch(self, run, place):
        """Have the value of a place; whether it is there."""
        at = place & 0xFFFF
        point = run[POINT] + at // run[COUNT_B] * run[STEP_A] + at % run[COUNT_B] * run[STEP_B]
        self._at = NONE
        if point < 0:
            value = self._own(-1 - point)
            if value is None:
                return False
        else:
            points = self._points
            try:
                if run[ONLINE] and not points.provider(point).online(point - points.base(point), 1):
                    return False
                value = points.read(point)
            except KeyError:
                return False
            if value != value:
                return False
        self._value = value
        self._at = place
        return True


def whole(value, scale, tag):
    """A value as the whole number nearest to it times `scale` that its type can have; None of no number."""
    if scale is not None:
        value *= scale
    if isinstance(value, float):
        if value != value:
            return None
        if value - value != 0:
            value = _TOP if value > 0 else -_TOP
        value = int(value + 0.5) if value >= 0 else -int(0.5 - value)
    low, high = (0, _TOP) if tag in (GAUGE, COUNTER) else (_LOWEST, _HIGHEST)
    return low if value < low else high if value > high else value


def _compare(arcs, at, count, base):
    """-1 where arcs[at:count] is before all names that begin with `base`, 0 of one of them, 1 after them."""
    for i in range(len(base)):
        if at + i >= count or arcs[at + i] < base[i]:
            return -1
        if arcs[at + i] > base[i]:
            return 1
    return 0


def _first(run, arcs, count, at):
    """The first instance of a run after a name whose arcs from `at` on are below its section; NONE if it is
    after them all.
    """
    order = _compare(arcs, at, count, run[PREFIX])
    at += len(run[PREFIX])
    if order or count == at:
        return NONE if order > 0 else 0
    a = arcs[at] - run[FIRST_A]
    if a < 0:
        return 0
    if a >= run[COUNT_A]:
        return NONE
    b = 0
    if count > at + 1:
        b = arcs[at + 1] - run[FIRST_B] + 1
        b = 0 if b < 0 else run[COUNT_B] if b > run[COUNT_B] else b
    found = a * run[COUNT_B] + b
    return found if found < run[COUNT_A] * run[COUNT_B] else NONE
