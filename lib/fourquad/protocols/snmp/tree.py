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
        """The first place behind a name; NONE at the end."""
        for s in range(len(self.sections)):
            base, runs = self.sections[s]
            order = _compare(arcs, 0, count, base)
            if order > 0:
                continue
            for r in range(len(runs)):
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
                most = runs[r][COUNT_A] * runs[r][COUNT_B]
                while at < most:
                    place = s << 24 | r << 16 | at
                    if self._there(place):
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
        a, b = divmod(place & 0xFFFF, run[COUNT_B])
        base = self.sections[place >> 24][0]
        out.name(base, run[PREFIX], (run[FIRST_A] + a, run[FIRST_B] + b))

    def value(self, place):
        """Its value, bytes or a whole number or a tuple of arcs; None if it is not there."""
        run = self.run(place)
        point = _point(run, place & 0xFFFF)
        if point < 0:
            return self._own(-1 - point)
        try:
            value = self._points.read(point)
        except KeyError:
            return None
        return whole(value, run[SCALE], run[TAG])

    def _there(self, place):
        run = self.run(place)
        point = _point(run, place & 0xFFFF)
        if point < 0:
            return self._own(-1 - point) is not None
        try:
            if run[ONLINE]:
                provider = self._points.provider(point)
                return provider.online(point - self._points.base(point), 1)
            value = self._points.read(point)
            return value == value
        except KeyError:
            return False


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


def _point(run, at):
    """The point of the instance `at` of a run."""
    a, b = divmod(at, run[COUNT_B])
    return run[POINT] + a * run[STEP_A] + b * run[STEP_B]


def _compare(arcs, at, count, base):
    """-1 where arcs[at:count] is before all names that begin with `base`, 0 of one of them, 1 behind them."""
    for i in range(len(base)):
        if at + i >= count or arcs[at + i] < base[i]:
            return -1
        if arcs[at + i] > base[i]:
            return 1
    return 0


def _first(run, arcs, count, at):
    """The first instance of a run behind a name whose arcs from `at` on are below its section; NONE if it is
    behind them all.
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
