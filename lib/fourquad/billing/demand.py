"""Demand: the average over a window that ends with the clock, its maximum, and what a reset makes of it.

Every window is a number of sub-intervals of whole minutes, counted from midnight of standard time:

- block: a window after the other, each known at its end (the sub-intervals serve the average power only),
- sliding: sub-intervals of a minute; rolling: of some minutes; the window moves on by one of them,
- thermal: see thermal.py; known at the end of each interval,
- external: a window ends with a pulse on an input, or by itself when a tenth of it more has gone by.

A demand is energy over time: joules of the sub-intervals over the length of the window, whether or not power
was there all the time. A window that has only begun (power-up, clock set, another tariff) counts what is not
there as nothing, so a demand is never too high. Demands are in 0.1 W, var or VA, and 1 mA; the last one of
all tariffs is also known to 1 mW, for what multiplies it by large ratios. Times inside are milliseconds.
What has been summed up over resets rolls over at 10**9.

When the tariff changes within a sub-interval, that one counts for the total only, and the new tariff's window
starts empty after it; with blocks it starts with the next block (A1000 1.2).
"""

from array import array

from fourquad.billing import thermal
from fourquad.billing.average import FIRST_CURRENT, SOURCES, average
from fourquad.points import billing as b
from fourquad.points import values as v
from fourquad.registers import image

BLOCK = v.DEMAND_FIXED
SLIDING = v.DEMAND_SLIDING
THERMAL = v.DEMAND_THERMAL
ROLLING = v.DEMAND_ROLLING
EXTERNAL = v.DEMAND_EXTERNAL
_BOUNCE_MS = 10000
_MINUTE_MS = 60000
_SHORT_MS = 1000  # of a window: whole joules of less time than that are no power yet
_ROLL = 1000000000  # of a cumulative maximum


class Demand:
    """Demands of `channels`, a tuple of quantities (points_billing.ACTIVE_IMPORT ...), for `rates` places
    each: 5 for the total and four tariffs, 1 for the total alone. Channels that are not among the first
    `rated` have the total alone anyway.
    """

    def __init__(self, channels, rates, rated=None):
        self.channels = channels
        self.rates = rates
        self._rated = rated = len(channels) if rated is None else rated
        n = rated * rates + len(channels) - rated
        self._first = tuple([c * rates if c < rated else n - len(channels) + c for c in range(len(channels))])
        self._place = {channels[i]: i for i in range(len(channels))}
        self.last = array("i", [0] * n)
        self.fine = array("i", [0] * n)  # mW, mvar, mVA and mA; of the total only, and not kept
        self.maxima = array("i", [0] * n)
        self.stamps = array("I", [0] * n)  # seconds of UTC, 0 is never
        self.cumulative = array("i", [0] * n)
        self.subs = array("i", [0] * len(channels))
        self._slot = array("q", [0] * SOURCES)
        self._seen = array("q", [0] * SOURCES)  # of the slot when the last minute ended
        self._seen_ms = 0
        self._minute = array("q", [0] * SOURCES)  # of the last minute
        self._minute_ms = _MINUTE_MS  # and how long it was, where the clock was corrected in it
        self._lead = array("q", [0] * SOURCES)  # of a second that lies across the beginning of a slot
        self._lead_ms = 0
        self._times = array("i", [0, 0, 0, 0])  # end of the slot, ms in it, flags, tariff
        self.size = 3 * 4 * n + 8 * SOURCES + 16
        self.windows = 0  # that were evaluated, ever
        self.configure(BLOCK, 15, 15)

    def configure(self, mode, window, sub):
        """Start anew with a mode, a window (1-60 minutes) and a sub-interval that divides it."""
        if mode in (THERMAL, SLIDING):
            sub = 1
        elif mode == EXTERNAL:
            sub = window
        if not 1 <= window <= 60 or not 1 <= sub <= window or window % sub:
            raise ValueError("sub-intervals do not make a demand window")
        self.mode = mode
        self.window = window
        self._sub = sub
        self._count = n = window // sub
        if mode == THERMAL:
            self._count = n = 1
        # minutes of standard time at which a demand is known
        self._step = sub if mode in (SLIDING, ROLLING) else window
        self._ring = tuple([array("q", [0] * n) for _ in range(SOURCES)])
        self._stretch = array("i", [0] * n)
        self._states = [0] * SOURCES
        self._sums = [0] * SOURCES
        self._own = [0] * SOURCES  # of the tariff in force
        self.restart()

    def restart(self):
        """The window is empty; maxima stay."""
        self._at = 0
        self._filled = 0  # slots since the start
        self._clean = 0  # slots since the tariff came into force
        self._stretched = 0
        for s in range(SOURCES):
            for i in range(self._count):
                self._ring[s][i] = 0
            self._sums[s] = self._own[s] = self._states[s] = 0
            self._minute[s] = 0
        for i in range(self._count):
            self._stretch[i] = 0
        self._lead_ms = 0
        self._new_slot(0)

    def _new_slot(self, end):
        for s in range(SOURCES):
            self._slot[s] = self._seen[s] = 0
        self._seen_ms = 0
        t = self._times
        t[0] = end
        t[1] = 0
        self._dirty = False
        self._fresh = True
        self._corrected = False

    def start(self, minute):
        """A slot begins within the `minute` of standard time; the window is empty."""
        self.restart()
        self._times[0] = minute - minute % self._sub + self._sub

    def add(self, joules, amps, ms):
        """Energies of `ms`: joules (at least 7), and mA s of three currents."""
        slot = self._slot
        for s in range(FIRST_CURRENT):
            slot[s] += joules[s]
        for s in range(3):
            slot[FIRST_CURRENT + s] += amps[s]
        self._times[1] += ms

    def lead(self, joules, amps, ms):
        """Energies of `ms` across the beginning of the slot: until a second of it is there, they are what is
        known of its power.
        """
        lead = self._lead
        for s in range(FIRST_CURRENT):
            lead[s] = joules[s]
        for s in range(3):
            lead[FIRST_CURRENT + s] = amps[s]
        self._lead_ms = ms

    def minute(self, minute, stamp):
        """A minute of standard time has begun; `stamp` is its second of UTC. Whether a window ended."""
        self._fresh = False
        slot, seen, last = self._slot, self._seen, self._minute
        for s in range(SOURCES):
            last[s] = slot[s] - seen[s]
            seen[s] = slot[s]
        # one that was not there as a whole counts as nothing for the rest
        self._minute_ms = max(_MINUTE_MS, self._times[1] - self._seen_ms)
        self._seen_ms = self._times[1]
        if self.mode == EXTERNAL:
            late = self.window // 10 if self.window >= 10 else 1
            if self._times[1] < 60000 * (self.window + late):
                return False
            return self.synchronise(minute, stamp)
        if minute < self._times[0]:
            return False
        self._close()
        known = minute % self._step == 0
        if known:
            self._evaluate(stamp)
        self._new_slot(minute - minute % self._sub + self._sub)
        return known

    def synchronise(self, minute, stamp):
        """The external end of a window, in a minute of standard time. Whether it counted: a contact that
        bounces does not.
        """
        if self.mode != EXTERNAL or self._times[1] < _BOUNCE_MS:
            return False
        self._corrected = True
        self._close()
        self._evaluate(stamp)
        self._new_slot(minute + self.window)
        return True

    def tariff(self, tariff):
        """Another tariff is in force from now on."""
        if self._times[3] == tariff:
            return
        self._dirty = not self._fresh or self._dirty
        self._times[3] = tariff
        self._clean = 0
        for s in range(SOURCES):
            self._own[s] = 0
        for c in range(self._rated):
            for r in range(1, self.rates):
                self.last[c * self.rates + r] = 0

    def correct(self):
        """The clock is set by a few seconds: the slot goes on, and its demand is over the time it really
        had.
        """
        self._corrected = True

    def interrupt(self, minute, stamp):
        """The clock is set, or power comes back after the slot's end: what the slot has counts as it stands
        (over its full length), and a new one begins within the `minute`; the window is empty.
        """
        if self._times[1] > 0:
            self._corrected = False
            self._close()
            self._evaluate(stamp)
        self.start(minute)

    def ends(self, minute):
        """Whether the open slot would have ended at or before a minute of standard time."""
        return minute >= self._times[0]

    def begins(self, minute):
        """Whether a minute of standard time is before the open slot."""
        return minute < self._times[0] - self._sub

    def _close(self):
        at, n = self._at, self._count
        slot, sums = self._slot, self._sums
        stretch = self._times[1] - _MINUTE_MS * self._sub if self._corrected else 0
        self._stretched += stretch - self._stretch[at]
        self._stretch[at] = stretch
        counts = not self._dirty
        if counts and self._clean < n:
            self._clean += 1
        for s in range(SOURCES):
            value = slot[s]
            if self.mode == THERMAL:
                self._states[s] = thermal.step(self._states[s], value, self.window)
                sums[s] = thermal.joules(self._states[s])
            else:
                ring = self._ring[s]
                sums[s] += value - ring[at]
                ring[at] = value
            if counts:
                self._own[s] = sums[s] if self._clean == n else self._own[s] + value
            else:
                self._own[s] = 0
        if self._filled < n:
            self._filled += 1
        self._at = (at + 1) % n
        ms = _MINUTE_MS * self._sub + stretch
        for c in range(len(self.channels)):
            self.subs[c] = average(self.channels[c], slot, ms)

    def _evaluate(self, stamp):
        ms = _MINUTE_MS * (self._sub if self.mode == THERMAL else self.window) + self._stretched
        rates, tariff = self.rates, self._times[3]
        whole = self._clean == self._count or self.mode in (SLIDING, ROLLING)
        own = rates > 1 and tariff and whole and self._clean
        self.windows += 1
        channels, first, sums, fine, known = self.channels, self._first, self._sums, self.fine, self._known
        for c in range(len(channels)):
            quantity, at = channels[c], first[c]
            known(at, average(quantity, sums, ms), stamp)
            fine[at] = average(quantity, sums, ms, 1000)
            if own and c < self._rated:
                known(at + tariff, average(quantity, self._own, ms), stamp)

    def _known(self, i, value, stamp):
        self.last[i] = value
        if value > self.maxima[i]:
            self.maxima[i] = value
            self.stamps[i] = stamp

    def reset(self):
        """Billing reset: the maxima are added to the cumulative ones and start anew; the window goes on."""
        for i in range(len(self.maxima)):
            self.cumulative[i] = (self.cumulative[i] + self.maxima[i]) % _ROLL
            self.maxima[i] = 0
            self.stamps[i] = 0

    def clear(self):
        """All demands 0, as if nothing had been measured; the slot goes on empty."""
        end, tariff = self._times[0], self._times[3]
        for values in (self.last, self.fine, self.maxima, self.stamps, self.cumulative, self.subs):
            for i in range(len(values)):
                values[i] = 0
        self.restart()
        self._times[0] = end
        self._times[3] = tariff

    def forget(self, tariff):
        """The maxima of a tariff (1-4) start anew."""
        for c in range(self._rated):
            at = c * self.rates + tariff
            self.maxima[at] = self.stamps[at] = self.cumulative[at] = 0

    def place(self, quantity, rate):
        """Where a demand is in `last`, `maxima`, `stamps` and `cumulative`. KeyError if there is none."""
        c = self._place[quantity]
        if rate >= (self.rates if c < self._rated else 1):
            raise KeyError(rate)
        return self._first[c] + rate

    def read(self, kind, quantity, rate):
        """A demand of a kind (points_billing.DEMAND_...); stamps in UTC. KeyError if there is none."""
        i = self.place(quantity, rate)
        if kind == b.DEMAND_LAST:
            return self.last[i]
        if kind == b.DEMAND_MAXIMUM:
            return self.maxima[i]
        if kind == b.DEMAND_MAXIMUM_TIME:
            return self.stamps[i]
        if kind == b.DEMAND_CUMULATIVE:
            return self.cumulative[i]
        if kind == b.DEMAND_RUNNING:
            return self._running(quantity, rate)
        if rate == 0 and kind == b.DEMAND_PREDICTED:
            return self._predicted(quantity)
        if rate == 0 and kind == b.DEMAND_SUB:
            return self.subs[self._place[quantity]]
        raise KeyError(kind)

    def __getattr__(self, name):
        """`end`: minute of standard time at which the open slot ends; `seconds`: elapsed of its window."""
        # no properties: they make every store slow (meter/meter.py)
        if name == "end":
            return self._times[0]
        if name == "seconds":
            return self._behind() * 60 * self._sub + self._times[1] // 1000
        raise AttributeError(name)

    def _behind(self):
        """How many closed slots belong to the window under way."""
        if self.mode in (SLIDING, ROLLING):
            n = self._count - 1
        elif self.mode in (THERMAL, EXTERNAL):
            n = 0
        else:
            n = (self._times[0] - self._sub) % self.window // self._sub
        return min(n, self._filled)

    def _sources(self, slots):
        """The open slot and `slots` closed ones before it."""
        out = [0] * SOURCES
        for s in range(SOURCES):
            value = self._slot[s]
            for i in range(slots):
                value += self._ring[s][(self._at - 1 - i) % self._count]
            out[s] = value
        return out

    def _elapsed(self, slots):
        """ms of the open slot and of `slots` closed ones before it."""
        ms = self._times[1] + slots * _MINUTE_MS * self._sub
        for i in range(slots):
            ms += self._stretch[(self._at - 1 - i) % self._count]
        return ms

    def _running(self, quantity, rate):
        slots = self._behind()
        if rate:
            if rate != self._times[3] or self._dirty:
                return 0
            slots = min(slots, self._clean)
        ms = self._elapsed(slots)
        if 0 < ms < _SHORT_MS and self._lead_ms >= _SHORT_MS // 2:
            return average(quantity, self._lead, self._lead_ms)
        return average(quantity, self._sources(slots), ms)

    def _predicted(self, quantity):
        slots = self._behind()
        sources = self._sources(slots)
        whole = _MINUTE_MS * self._sub * (self._count if self.mode != THERMAL else 1)
        left = whole - self._elapsed(slots)
        # what is missing comes at the power of the last whole minute
        if left > 0:
            for s in range(SOURCES):
                sources[s] += self._minute[s] * left // self._minute_ms
        return average(quantity, sources, max(whole, whole - left))

    def dump(self, buffer, at):
        """`size` bytes to buffer[at:]; the place after them."""
        n = 4 * len(self.maxima)
        at = image.put(buffer, at, self.maxima, n)
        at = image.put(buffer, at, self.stamps, n)
        at = image.put(buffer, at, self.cumulative, n)
        at = image.put(buffer, at, self._slot, 8 * SOURCES)
        self._times[2] = self._dirty | self._fresh << 1 | self._corrected << 2
        return image.put(buffer, at, self._times, 16)

    def restore(self, buffer, at):
        """Take back what `dump` wrote; the place after it. The open slot goes on, the closed ones are
        gone.
        """
        at = image.take(buffer, at, self.maxima, "i")
        at = image.take(buffer, at, self.stamps, "I")
        at = image.take(buffer, at, self.cumulative, "i")
        at = image.take(buffer, at, self._slot, "q")
        at = image.take(buffer, at, self._times, "i")
        flags = self._times[2]
        self._dirty = bool(flags & 1)
        self._fresh = bool(flags & 2)
        self._corrected = bool(flags & 4)
        for s in range(SOURCES):
            self._seen[s] = self._slot[s]
        self._seen_ms = self._times[1]
        return at
