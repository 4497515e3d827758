"""Demand over sub-intervals of seconds that begin when they are set, not with the clock: fixed (one
sub-interval), rolling (up to six), or from one order to the next.

A demand is that of the last interval that ended; an interval that has only begun counts what is not there
as nothing. Maxima are kept by sign: active and reactive power by their own, apparent power by that of the
active. A model's ORDERS are rows of (code, BEGIN, TAKE, ENERGIES or PULSES).

It looks at the joules of a second before billing books them: its part comes before billing's.
"""

from array import array

from fourquad import points as p
from fourquad import ticks
from fourquad.part import Part
from fourquad.points import billing as b
from fourquad.points import modules as m
from fourquad.points import system as s
from fourquad.registers import image

# What an order does.
ENERGIES = 0  # all energies 0
BEGIN = 1  # the sub-interval ends with this second
TAKE = 2  # the maxima become what the present demand is
PULSES = 3  # the pulse counters of the first module 0

_KINDS = 3  # active, reactive, apparent
_MOST = 6
_REST_MS = 10000  # between two orders of a kind


class SubIntervals(Part):
    """Provider of points.system.DEMANDS."""

    name = "intervals"
    follows = (s.SUB_INTERVALS, s.SUB_INTERVAL)
    size = 8 * _KINDS

    def __init__(self, meter):
        self._meter = meter
        self._orders = meter.model.ORDERS
        self._slot = [0] * _KINDS
        self._ring = [array("q", [0] * _MOST) for _ in range(_KINDS)]
        self._share = [0] * _KINDS
        self.present = array("f", [0.0] * _KINDS)
        self.maxima = array("f", [0.0] * (2 * _KINDS))
        self.ended = None  # called when a sub-interval has ended
        self.after_booking = (self._book,)
        self._length = self._count = None
        self._end = None  # ms ticks until which all is booked
        self._now = 0
        self._waiting = [False] * (PULSES + 1)
        self._last = [None] * (PULSES + 1)  # when an order of the kind was taken

    def provide(self, points, commands):
        points.provide(s.DEMANDS, self)

    def configure(self):
        """Begin anew where the settings are others."""
        get = self._meter.settings.get
        length = 10 * get(s.SUB_INTERVAL)  # ms
        count = get(s.SUB_INTERVALS) if length else 1
        if (length, count) != (self._length, self._count):
            self._length, self._count = length, count
            self._ms = self._at = 0
            for k in range(_KINDS):
                self._slot[k] = 0
                self.present[k] = 0.0
                for i in range(_MOST):
                    self._ring[k][i] = 0

    # Time.

    def window(self, now, ticked):
        """A window of samples ends."""
        self._now = now

    def _book(self):
        """A second is over: its joules, and the orders that waited for it."""
        now = self._now
        span = self._meter.chain.quadrants.span
        ms = span if self._end is None else max(1, ticks.diff(now, self._end))
        self._end = now
        j = self._meter.chain.quadrants.joules
        left = self._share
        left[0] = j[b.ACTIVE_IMPORT] - j[b.ACTIVE_EXPORT]
        left[1] = j[b.REACTIVE_Q1] + j[b.REACTIVE_Q2] - j[b.REACTIVE_Q3] - j[b.REACTIVE_Q4]
        left[2] = j[b.APPARENT]
        while self._length and self._ms + ms >= self._length:
            part = self._length - self._ms
            for k in range(_KINDS):
                share = left[k] * part // ms if ms else left[k]
                left[k] -= share
                self._slot[k] += share
            ms -= part
            self._close(self._length)
        for k in range(_KINDS):
            self._slot[k] += left[k]
        self._ms += ms
        if self._waiting[BEGIN]:
            self._waiting[BEGIN] = False
            self._close(max(1, self._ms))
        if self._waiting[TAKE]:
            self._waiting[TAKE] = False
            self._take()

    def _close(self, ms):
        """The sub-interval, of so many ms, is over."""
        ring, at = self._ring, self._at
        r = self._meter.readings
        ratio = r.voltage_ratio * r.current_ratio
        for k in range(_KINDS):
            ring[k][at] = self._slot[k]
            self._slot[k] = 0
            total = 0
            for i in range(self._count):
                total += ring[k][i]
            self.present[k] = total * 1000 / (ms * self._count) * ratio
        self._ms = 0
        self._at = (at + 1) % self._count
        for k in range(_KINDS):
            place = self._side(k)
            value = abs(self.present[k])
            if value > self.maxima[place]:
                self.maxima[place] = value
        if self.ended:
            self.ended()

    def _side(self, kind):
        """Where the maximum is that the present demand of a kind counts for."""
        sign = self.present[1 if kind == 1 else 0]
        return kind + (_KINDS if sign < 0 else 0)

    def _take(self):
        """The maxima are what the present demand is, of its sign."""
        for i in range(2 * _KINDS):
            self.maxima[i] = 0.0
        for k in range(_KINDS):
            self.maxima[self._side(k)] = abs(self.present[k])

    # Points.

    def read(self, index):
        if index == s.ORDER:
            return 0
        if s.PRESENT <= index < s.PRESENT + _KINDS:
            return self.present[index - s.PRESENT]
        if s.MAXIMUM_IMPORT <= index < s.MAXIMUM_IMPORT + 2 * _KINDS:
            return self.maxima[index - s.MAXIMUM_IMPORT]
        raise KeyError(index)

    def _order(self, value):
        for code, what in self._orders:
            if code == value:
                return what
        return -1

    def check(self, index, value):
        if index != s.ORDER:
            return p.READ_ONLY if index < s.MAXIMUM_EXPORT + _KINDS else p.UNKNOWN
        what = self._order(value)
        if what < 0:
            return p.RANGE
        if what == BEGIN and self._length:
            return p.RANGE
        last = self._last[what]
        if what in (BEGIN, TAKE) and last is not None and 0 <= ticks.diff(self._now, last) < _REST_MS:
            return p.RANGE
        return p.OK

    def write(self, index, value):
        what = self._order(value)
        self._last[what] = self._now
        if what in (BEGIN, TAKE):
            self._waiting[what] = True
        elif what == ENERGIES:
            self._meter.directions.clear()
        else:
            self._meter.points.write(p.MODULE + m.CLEAR_COUNTS, 1)
        return p.OK

    def dump(self, buffer, at):
        return image.put(buffer, at, self.maxima, 8 * _KINDS)

    def restore(self, buffer, at):
        return image.take(buffer, at, self.maxima, "f")


def make(meter):
    """The part of a meter with these settings."""
    return SubIntervals(meter)
