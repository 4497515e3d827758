"""Sags, swells and over-currents of half cycles (KW320 manual 4.6).

A voltage is low below the rated voltage times the threshold of sags, high above it times that of swells. A
sag is an event once any phase has been low for so many half cycles on end; a swell at once. One event stands
until all phases are normal: those that join it make no other. Its time is that of its beginning.

What is not to be captured is not logged either, says the manual: where that setting is off nothing is
watched. What is shown besides (how many there were since the start, the worst value and the length of the
last one) has sags shorter than those that are events, too.
"""

from array import array

from fourquad import points as p
from fourquad import ticks
from fourquad.events.excursion import Excursion
from fourquad.part import Part

_WAITING = 16  # events until a window tells their time
_FOLLOWS = (p.SAG_CAPTURE, p.SAG_THRESHOLD, p.SAG_HALVES, p.SWELL_CAPTURE, p.SWELL_THRESHOLD)
_FOLLOWS += (p.OVER_CURRENT_CAPTURE, p.OVER_CURRENT_THRESHOLD, p.RATED_VOLTAGE, p.RATED_AMPERES)
_VOLTS, _AMPS = 10, 1000  # of what is shown
_ALL = 7  # phases


class Quality(Part):
    """`halves` is metering.halves.Halves. `keep(seconds, ms, phases,
    rated, threshold, halves)` takes an event, of local time; `phases` has bits 0-2 for a sag, 3-5 for a
    swell.
    """

    name = "quality"
    follows = _FOLLOWS

    def __init__(self, settings, clock, halves):
        self._settings = settings
        self._clock = clock
        self._halves = halves
        self._sag = Excursion(0, -1)
        self._swell = Excursion(0, 1)
        self._over = Excursion(3, 1)
        self._events = bytearray(_WAITING)
        self._times = array("i", [0] * _WAITING)
        self._waits = 0
        self._need = 0
        self.missed = 0  # events for which there was no place
        self.values = array("i", [0] * p.QUALITY_VALUES)
        halves.on_half = self._half

    def provide(self, points, commands):
        points.provide(p.QUALITY, self, 4)

    def read(self, index):
        return self.values[index]

    def check(self, index, value):
        return p.READ_ONLY if index < len(self.values) else p.UNKNOWN

    write = check

    def keep(self, seconds, ms, phases, rated, threshold, halves):
        """Nobody keeps events."""

    def configure(self):
        get = self._settings.get
        rated = get(p.RATED_VOLTAGE) / 100
        low = rated * get(p.SAG_THRESHOLD) if get(p.SAG_CAPTURE) else None
        high = rated * get(p.SWELL_THRESHOLD) if get(p.SWELL_CAPTURE) else None
        over = get(p.RATED_AMPERES) * get(p.OVER_CURRENT_THRESHOLD) / 100000
        self._need = get(p.SAG_HALVES)
        self._halves.limits(low, high, over if get(p.OVER_CURRENT_CAPTURE) else None)

    def _half(self, mask):
        """A half cycle is over: the limits that it crossed."""
        halves = self._halves
        sag, swell, over = self._sag, self._swell, self._over
        low, high, current = mask & _ALL, mask >> 3 & _ALL, mask >> 6
        if low or sag.count:
            if sag.half(low, halves) == self._need:
                self._note(low, sag.began)
            if not sag.count:
                self._show(p.SAGS, sag, _VOLTS)
        if high or swell.count:
            if swell.half(high, halves) == 1:
                self._note(high << 3, swell.began)
            if not swell.count:
                self._show(p.SWELLS, swell, _VOLTS)
        if current or over.count:
            over.half(current, halves)
            if not over.count:
                self._show(p.OVER_CURRENTS, over, _AMPS)
        halves.busy = sag.count > 0 or swell.count > 0 or over.count > 0

    def _show(self, at, what, scale):
        """One is over."""
        halves, values = self._halves, self.values
        values[at] = what.number
        values[at + p.WORST] = int(what.worst(halves) * scale + 0.5)
        values[at + p.LENGTH] = int(what.lasted(halves) + 0.5)

    def _note(self, phases, began):
        if self._waits == _WAITING:
            self.missed += 1
            return
        self._events[self._waits] = phases
        self._times[self._waits] = began
        self._waits += 1

    def window(self, now, ticked):
        """The samples until `now` have been taken."""
        if self._waits:
            self._tell(now, ticked)

    def _tell(self, now, ticked):
        """Hand on what waits, with its time."""
        get = self._settings.get
        n, self._waits = self._waits, 0
        for i in range(n):
            phases = self._events[i]
            seconds, ms = self._time(self._times[i], ticks.diff(now, ticked))
            sag = phases & _ALL
            threshold = get(p.SAG_THRESHOLD if sag else p.SWELL_THRESHOLD)
            self.keep(seconds, ms, phases, get(p.RATED_VOLTAGE), threshold, get(p.SAG_HALVES) if sag else 0)

    def _time(self, at, since):
        """What the clock said at a time of the half cycles, `since` ms after it was told the time: local
        second, ms.
        """
        clock = self._clock
        ms = clock.ms + since - ticks.diff(self._halves.time(), at)
        late = ms // 1000
        seconds = max(0, clock.shown + late)
        return clock.zone.local(seconds) if clock.zone else seconds, ms - 1000 * late


def make(meter):
    """The part of a meter whose chain watches half cycles."""
    return Quality(meter.settings, meter.clock, meter.chain.halves)
