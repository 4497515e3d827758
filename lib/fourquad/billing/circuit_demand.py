"""Demands of many circuits: P, Q, S and the current of each input, of user channels, phases and the system
(sums of the inputs'), as demand.py defines them: last, predicted, the maximum and when its window ended.

A window is a number of sub-intervals of whole minutes, counted from midnight of standard time: sliding (a
minute), rolling (some minutes), or fixed (one). A window that has only begun counts what is not there as
nothing. P and Q are signed, import less export; a maximum is the highest of them, not below 0.
"""

from array import array
from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad.calendar.clock import split
from fourquad.part import Part
from fourquad.points import circuits as c
from fourquad.points import values as v
from fourquad.registers import image

QUANTITIES = 4  # of a group, in this order: P, Q, S, current
_INPUTS = QUANTITIES * c.INPUTS
_ALL = QUANTITIES * c.GROUPS
_CURRENT = 3
_MINUTE_MS = 60000
_SLICE = 4  # groups that are worked out at a time
_HEAD = 8
_SETTINGS = (p.DEMAND_MODE, p.DEMAND_WINDOW, p.DEMAND_SUB_INTERVAL)


class CircuitDemand(Part):
    """`settings` and `clock` of the meter, `billing`: billing.circuits; `first`: places of the first joules
    and of the first mA s. Provider for points.circuits.DEMAND.

    The maxima are in a journal of their own (device/extremes_store.py), which `record`, `load`, `buffer`,
    `mark`, `changed` and `cleared` are for.
    """

    name = "circuit_demand"
    store = "extremes_store"
    follows = _SETTINGS + (c.CIRCUIT_WIRING,)

    def __init__(self, settings, clock, billing, first):
        self._settings = settings
        self._clock = clock
        self._energies, self._currents = first
        self.last = array("f", [0.0] * _ALL)
        self.maxima = array("f", [0.0] * _ALL)
        self.stamps = array("I", [0] * _ALL)  # seconds of UTC, 0 is never
        self._slot = array("q", [0] * _INPUTS)
        self._seen = array("q", [0] * _INPUTS)  # of the slot when the last minute ended
        self._sums = array("q", [0] * _INPUTS)  # of the closed slots of the window
        self._minute = array("q", [0] * _INPUTS)  # the last whole minute
        self._ring = ()
        self._ms = 0
        self._at = self._end = 0
        self._key = None
        self._date = [0] * 7
        self._known = c.GROUPS  # groups whose demand is known of the window that ended at `_stamp`
        self._stamp = 0
        self.after_booking = (self._some,) * (c.GROUPS // _SLICE)
        self.buffer = bytearray(_HEAD + 8 * _ALL)
        self.mark = 0
        self.changed = self.cleared = False
        billing.takers.append(self)

    def provide(self, points, commands):
        points.provide(c.DEMAND, self, 11)
        commands[p.CLEAR_DEMAND] = self.clear

    def configure(self):
        """Take over the settings; a window that changes starts anew, and other circuits are other demands."""
        get = self._settings.get
        mode, window, sub = [get(offset) for offset in _SETTINGS]
        sub = {v.DEMAND_FIXED: window, v.DEMAND_SLIDING: 1}.get(mode, sub)
        sub = min(sub, window)
        while window % sub:
            sub -= 1
        key = (window, sub, get(c.CIRCUIT_WIRING))
        if key == self._key:
            return
        anew, self._key = self._key is not None, key
        self._window, self._sub = window, sub
        self._ring = tuple([array("q", [0] * _INPUTS) for _ in range(window // sub)])
        self._members = tuple([c.members(key[-1], group) for group in range(c.GROUPS)])
        self._empty()
        if anew:
            self.clear()

    def _empty(self):
        """The window is empty."""
        for values in (self._slot, self._seen, self._sums, self._minute) + self._ring:
            for i in range(_INPUTS):
                values[i] = 0
        self._at = self._end = self._ms = 0
        self._known = c.GROUPS

    def add(self, tariff, joules, ms):
        """Joules and mA s of `ms`, as billing/circuits.py has them."""
        slot, at = self._slot, self._energies
        for n in range(c.INPUTS):
            i = QUANTITIES * n
            slot[i] += joules[at] - joules[at + 1]
            slot[i + 1] += joules[at + 2] - joules[at + 3]
            slot[i + 2] += joules[at + 4]
            slot[i + 3] += joules[self._currents + n]
            at += 5
        self._ms += ms

    def minute(self, minute, offset):
        """A minute of UTC begins."""
        standard = minute + offset
        if not self._end:
            self._end = standard - standard % self._sub + self._sub
            return
        self._finish()
        slot, seen = self._slot, self._seen
        for i in range(_INPUTS):
            self._minute[i] = slot[i] - seen[i]
            seen[i] = slot[i]
        if standard >= self._end:
            self._close(60 * minute)
            self._end = standard - standard % self._sub + self._sub

    def interrupt(self, minute, offset):
        """Time goes on elsewhere: what the slot has counts as it stands, and the window is empty."""
        self._finish()
        if self._ms:
            self._close(60 * minute)
            self._finish()
        self._empty()

    def _close(self, stamp):
        ring, slot, sums = self._ring[self._at], self._slot, self._sums
        for i in range(_INPUTS):
            sums[i] += slot[i] - ring[i]
            ring[i] = slot[i]
            slot[i] = self._seen[i] = 0
        self._at = (self._at + 1) % len(self._ring)
        self._ms = 0
        self._stamp = stamp
        self._known = 0

    def _finish(self):
        """All demands of the window that has ended."""
        while self._known < c.GROUPS:
            self._some()

    def _some(self):
        """The demands of some groups more: a slice."""
        first = self._known
        if first == c.GROUPS:
            return
        self._known = first + _SLICE
        seconds = 60.0 * self._window
        for demand in range(QUANTITIES * first, QUANTITIES * (first + _SLICE)):
            self.last[demand] = x = self._average(demand, self._sums, seconds)
            if x > self.maxima[demand]:
                self.maxima[demand] = x
                self.stamps[demand] = self._stamp
                self.changed = True

    def _average(self, demand, sums, seconds):
        group, quantity = divmod(demand, QUANTITIES)
        total = 0
        for n in self._members[group]:
            total += sums[QUANTITIES * n + quantity]
        x = total / seconds
        return x / 1000 if quantity == _CURRENT else x

    def _predicted(self, demand):
        """At the end of the window under way: what is missing comes at the power of the last whole minute."""
        oldest = self._ring[self._at]  # goes when the slot ends
        left = max(0, _MINUTE_MS * self._sub - self._ms)
        sums = {}
        group, quantity = divmod(demand, QUANTITIES)
        for n in self._members[group]:
            i = QUANTITIES * n + quantity
            coming = self._minute[i] * left // _MINUTE_MS
            sums[i] = self._sums[i] - oldest[i] + self._slot[i] + coming
        return self._average(demand, sums, 60.0 * self._window)

    def read(self, index):
        kind, demand = divmod(index, _ALL)
        if kind == 0:
            return self.last[demand]
        if kind == 1:
            return self._predicted(demand)
        if kind == 2:
            return self.maxima[demand]
        demand, word = divmod(index - 3 * _ALL, 3)
        if demand >= _ALL:
            raise KeyError(index)
        stamp = self.stamps[demand]
        if not stamp:
            return 0
        zone, date = self._clock.zone, self._date
        split(zone.local(stamp) if zone else stamp, date)
        high, low = date[1 + 2 * word], date[2 + 2 * word]
        return (high - (0 if word else 2000)) << 8 | low

    def check(self, index, value):
        return p.READ_ONLY if index < 6 * _ALL else p.UNKNOWN

    write = check

    def clear(self):
        """All demands 0; the slot goes on empty."""
        end = self._end
        self._empty()
        self._end = end
        for values in (self.last, self.maxima, self.stamps):
            for i in range(_ALL):
                values[i] = 0
        self.changed = self.cleared = True

    def record(self):
        """What the journal keeps, in one buffer that is filled anew each time."""
        pack_into("<II", self.buffer, 0, self.mark, self._key[-1])
        at = image.put(self.buffer, _HEAD, self.maxima, 4 * _ALL)
        image.put(self.buffer, at, self.stamps, 4 * _ALL)
        return self.buffer

    def load(self, payload):
        """Take back what `record` gave; another model's, or of another wiring, changes nothing."""
        if len(payload) == len(self.buffer) and unpack_from("<II", payload) == (self.mark, self._key[-1]):
            at = image.take(payload, _HEAD, self.maxima, "f")
            image.take(payload, at, self.stamps, "I")


def make(meter):
    """The part of a meter whose billing is that of billing/circuits.py."""
    return CircuitDemand(meter.settings, meter.clock, meter.billing, meter.billing.places)
