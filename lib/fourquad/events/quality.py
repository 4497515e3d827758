"""Sags, swells and over-currents of half cycles (KW320 manual 4.6).

A voltage is low below the rated voltage times the threshold of sags, high above it times that of swells. A
sag is an event once any phase has been low for so many half cycles on end; a swell at once. One event stands
until all phases are normal: those that join it make no other. Its time is that of its beginning.

What is not to be captured is not logged either, says the manual: where that setting is off nothing is
watched. What else is shown (how many there were since the start, the worst value and the length of the
last one) has sags shorter than those that are events, too.
"""

from array import array

from fourquad import points as p
from fourquad import ticks
from fourquad.calendar.clock import seconds
from fourquad.events.capture import INPUTS, MANUAL, OVER_CURRENT, SAG, SWELL, Capture
from fourquad.events.excursion import Excursion
from fourquad.events.quality_window import Window
from fourquad.part import Part

_WAITING = 16  # events that can wait for their time, and for the flash
_FOLLOWS = (
    p.SAG_CAPTURE,
    p.SAG_THRESHOLD,
    p.SAG_HALVES,
    p.SWELL_CAPTURE,
    p.SWELL_THRESHOLD,
    p.OVER_CURRENT_CAPTURE,
    p.OVER_CURRENT_THRESHOLD,
    p.RATED_VOLTAGE,
    p.RATED_AMPERES,
    p.CT2,
)
_VOLTS, _AMPS = 10, 1000  # of what is shown
_ALL = 7  # phases
# Events that come without end are kept one by one, so that they do not wear the flash out: each sector is
# erased 100,000 times in 16 years at most.
_BURST = 64  # that are kept at once
_PRICE = 10  # windows from one to the next
_WEAR = 50500  # the same, times the records that there is room for
# Inputs of the modules that may trigger, in the order of their numbers.
_INPUTS = ((p.CAPTURE_DI_1, 6), (p.CAPTURE_DI_2, 4), (p.CAPTURE_DI_3, 4))


class Quality(Part):
    """`halves` is metering.halves.Halves; `scales` the model's WAVEFORM: counts of a waveform for a volt, and
    ((CT2, counts for an ampere), ...), the first of them for any other CT2; `io` the meter's
    modules.io.IO, or None.
    """

    name = "quality"
    store = "quality_store"
    follows = _FOLLOWS

    def __init__(self, settings, clock, halves, scales, io=None):
        self._settings = settings
        self._clock = clock
        self._halves = halves
        self._scales = scales
        self._io = io
        self._sag = Excursion(0, -1)
        self._swell = Excursion(0, 1)
        self._over = Excursion(3, 1)
        self._events = bytearray(_WAITING)
        self._times = array("i", [0] * _WAITING)
        self._seconds = array("I", [0] * _WAITING)
        self._ms = array("H", [0] * _WAITING)
        self._waits = 0  # events
        self._told = 0  # of them that have their time
        self._price = _PRICE
        self.credit = _BURST * _PRICE  # windows
        self._need = 0
        self._date = [0] * 7
        self.missed = 0  # events that were not kept
        self.values = array("i", [0] * (p.EVENT_ROOM - p.SAGS))
        self.view = Window(self.values)
        self.capture = Capture(halves)
        halves.on_half = self._half
        halves.on_cycle = self.capture.cycle
        if io:
            io.watch(self._on_inputs)

    def provide(self, points, commands):
        points.provide(p.QUALITY, self.view, 4)
        commands[p.CAPTURE_WAVEFORM] = self._capture_now
        commands[p.CLEAR_WAVEFORMS] = self.capture.clear
        commands[p.CLEAR_QUALITY] = self._clear

    def connect(self, ring, groups, fails):
        """Keep events in `ring` (records.ring.Ring) and waveforms in `groups` (records.groups.Groups);
        `fails()` is called when the flash takes nothing any more.
        """
        self.view.ring = ring
        self.view.groups = self.capture.groups = groups
        self.fails = self.capture.fails = fails
        self._price = max(_PRICE, _WEAR // ring.capacity)
        self.credit = _BURST * self._price

    def fails(self):
        """Nobody is told."""

    def configure(self):
        get = self._settings.get
        rated = get(p.RATED_VOLTAGE) / 100
        low = rated * get(p.SAG_THRESHOLD) if get(p.SAG_CAPTURE) else None
        high = rated * get(p.SWELL_THRESHOLD) if get(p.SWELL_CAPTURE) else None
        over = get(p.RATED_AMPERES) * get(p.OVER_CURRENT_THRESHOLD) / 100000
        self._need = get(p.SAG_HALVES)
        self._halves.limits(low, high, over if get(p.OVER_CURRENT_CAPTURE) else None)
        volts, amps = self._scales
        self._halves.scales(volts, dict(amps).get(get(p.CT2), amps[0][1]))

    def _half(self, mask):
        """A half cycle is over: the limits that it crossed."""
        halves, capture = self._halves, self.capture
        sag, swell, over = self._sag, self._swell, self._over
        low, high, current = mask & _ALL, mask >> 3 & _ALL, mask >> 6
        if low or sag.count:
            if sag.half(low, halves) == self._need:
                self._note(low, sag.began)
                capture.trigger(SAG, low)
            if not sag.count:
                self._show(p.SAGS, sag, _VOLTS)
        if high or swell.count:
            if swell.half(high, halves) == 1:
                self._note(high << 3, swell.began)
                capture.trigger(SWELL, high)
            if not swell.count:
                self._show(p.SWELLS, swell, _VOLTS)
        if current or over.count:
            if over.half(current, halves) == 1:
                capture.trigger(OVER_CURRENT, current)
            if not over.count:
                self._show(p.OVER_CURRENTS, over, _AMPS)
        halves.busy = capture.busy() or sag.count > 0 or swell.count > 0 or over.count > 0

    def _capture_now(self):
        self.capture.trigger(MANUAL, 1)

    def _on_inputs(self, changed, now):
        """Digital inputs have changed, as bits."""
        io, get = self._io, self._settings.get
        changed &= io.states
        first = 0
        for i in range(len(_INPUTS)):
            offset, count = _INPUTS[i]
            reason = 0
            for n in range(count):
                if changed >> first + n & 1:
                    reason |= (1 if io.inputs >> first + n & 1 else 2) << 2 * n
            if reason & get(offset):
                self.capture.trigger(INPUTS + i, reason & get(offset))
                return
            first += count

    def _show(self, at, what, scale):
        """One is over."""
        halves, values = self._halves, self.values
        at -= p.SAGS
        values[at] = what.number
        values[at + p.WORST] = int(what.worst(halves) * scale + 0.5)
        values[at + p.LENGTH] = int(what.lasted(halves) + 0.5)

    def _note(self, phases, began):
        if self._waits == _WAITING:
            self._miss()
            return
        self._events[self._waits] = phases
        self._times[self._waits] = began
        self._waits += 1

    def _miss(self):
        self.missed = self.missed + 1 & 0xFFFF

    def window(self, now, ticked):
        """The samples until `now` have been taken: what waits gets its time."""
        self.credit = min(self.credit + 1, _BURST * self._price)
        if self._told < self._waits:
            self._tell(now)
        if self.capture.taken():
            self._stamp(self.capture.at, now, self.capture.words)
            self.capture.stamped()

    def _tell(self, now):
        date = self._date
        for i in range(self._told, self._waits):
            self._stamp(self._times[i], now, date)
            if self.credit < self._price or not self.view.ring:
                self._miss()
                continue
            self.credit -= self._price
            at = self._told
            self._events[at] = self._events[i]
            self._seconds[at] = seconds(*date[:6])
            self._ms[at] = date[6]
            self._told += 1
        self._waits = self._told

    def keep(self, most):
        """Put so many events at most that have their time into the ring; whether there was any. OSError: the
        flash takes nothing any more.
        """
        get, events = self._settings.get, self._events
        n = min(most, self._told)
        for i in range(n):
            sag = events[i] & _ALL
            threshold = get(p.SAG_THRESHOLD if sag else p.SWELL_THRESHOLD)
            halves = get(p.SAG_HALVES) if sag else 0
            rated = get(p.RATED_VOLTAGE)
            self.view.keep(self._seconds[i], self._ms[i], events[i], rated, threshold, halves)
        for i in range(n, self._waits):
            for values in (events, self._times, self._seconds, self._ms):
                values[i - n] = values[i]
        self._told -= n
        self._waits -= n
        return n > 0

    def _stamp(self, at, now, out):
        """Year, month, day, hour, minute, second, ms of a time of the half cycles, as it is `now`."""
        self._clock.stamp(ticks.add(now, -ticks.diff(self._halves.time(), at)), out, 0)

    def _clear(self):
        """There are no events any more."""
        if self.view.ring:
            try:
                self.view.ring.clear()
            except OSError:
                self.fails()


def make(meter):
    """The part of a meter whose chain watches half cycles."""
    return Quality(meter.settings, meter.clock, meter.chain.halves, meter.model.WAVEFORM, meter.io)
