"""Pulse outputs and LEDs: whole impulses out of the exact joules, spread over the second after they were
made.

Either `tick` plays them on `states`, called every 5 ms, or a driver whose hardware keeps the times takes them
one by one with `take`.

A contact is closed for its width and open for at least as long, so a constant is refused at which the highest
power would need more impulses than that: with 80 ms at most 22,500 an hour. An LED changes with each half
impulse, so it is lit for half of the time whatever the load.
"""

from array import array
from struct import pack_into

from fourquad import ticks
from fourquad.points import billing as b
from fourquad.registers import image

_WATT_SECONDS = 3600000  # joules of a kWh
_SPREAD_MS = 1000
_LED_MS = 20  # of half an impulse at least: what a loop of 5 ms shows without losing one
_BEHIND_MS = 5  # of an edge: what a loop may be late without a new schedule

# Which joules an output counts.
ACTIVE_IMPORT = (b.ACTIVE_IMPORT,)
ACTIVE_EXPORT = (b.ACTIVE_EXPORT,)
REACTIVE_IMPORT = (b.REACTIVE_Q1, b.REACTIVE_Q2)
REACTIVE_EXPORT = (b.REACTIVE_Q3, b.REACTIVE_Q4)
ACTIVE = (b.ACTIVE_IMPORT, b.ACTIVE_EXPORT)
REACTIVE = (b.REACTIVE_Q1, b.REACTIVE_Q2, b.REACTIVE_Q3, b.REACTIVE_Q4)


def keeps_up(constant, width_ms, watts):
    """Whether impulses of `width_ms` (0: an LED), `constant` a kWh, keep up with a power of `watts`."""
    each = 2 * (width_ms if width_ms else _LED_MS)
    return constant * watts * each <= 3600000 * 1000


class Pulses:
    """`outputs` is a tuple of (sources, whether it is an LED). `states` are 0 and 1, in their order;
    `counts` how many impulses each has begun since the start.
    """

    def __init__(self, outputs):
        n = len(outputs)
        self._outputs = outputs
        self.states = bytearray(n)
        self.counts = [0] * n
        self.widths = [80] * n
        self._constants = [0] * n
        self._sources = [sources for sources, _ in outputs]
        self._rests = array("q", [0] * n)  # joules times constant that made no edge yet
        self.waiting = array("i", [0] * n)  # impulses of a contact, edges of an LED, that are to come
        self._burst = [0] * n  # of them when the second began
        self._done = [0] * n  # since the second began
        self._next = [0] * n
        self._fed = 0
        self.wake = 0
        self.ahead = None  # of a driver: ahead(i), how many it has taken and not begun
        self.size = 12 * n

    def configure(self, i, constant, width_ms=80, sources=None, rests=False):
        """Output `i`: `constant` impulses a kWh (0: none), and what it counts if not what the table says.
        `rests`: it was so before, and what made no impulse yet counts on.
        """
        self._constants[i] = constant
        self.widths[i] = width_ms
        self._sources[i] = sources or self._outputs[i][0]
        if not rests:
            self._rests[i] = 0

    def feed(self, joules, now_ms):
        """Joules of the last second, in the order of points_billing; they are put out from `now_ms` on."""
        self._fed = now_ms
        for i in range(len(self._outputs)):
            constant = self._constants[i]
            led = self._outputs[i][1]
            if constant:
                rest = self._rests[i]
                for source in self._sources[i]:
                    rest += joules[source] * constant
                unit = _WATT_SECONDS // 2 if led else _WATT_SECONDS
                if rest >= unit:
                    self.waiting[i] += rest // unit
                    rest %= unit
                self._rests[i] = rest
            self._burst[i] = self.waiting[i]
            self._done[i] = 0
            # what is long past would look like the future once the time has wrapped
            if not self.states[i] and not 0 <= ticks.diff(self._next[i], now_ms) <= self.widths[i]:
                self._next[i] = now_ms
        self.wake = now_ms

    def tick(self, now_ms):
        """Change the outputs whose time has come. Whether one changed. Nothing will before `wake`."""
        changed = False
        wake = ticks.add(now_ms, _SPREAD_MS)
        for i in range(len(self._outputs)):
            on = self.states[i]
            led = self._outputs[i][1]
            if not on and not self.waiting[i] or led and not self.waiting[i]:
                continue
            at = self._due(i) if led else self._next[i]
            if not led and not on and ticks.diff(self._due(i), at) > 0:
                at = self._due(i)
            late = ticks.diff(now_ms, at)
            if late >= 0:
                changed = True
                if led or not on:
                    self.waiting[i] -= 1
                    self._done[i] += 1
                    self.counts[i] += 1 - on if led else 1
                self.states[i] = 1 - on
                if led:
                    at = self._due(i)
                else:
                    # from when the edge was due, or the loop's delays would add up
                    at = ticks.add(at if late <= _BEHIND_MS else now_ms, self.widths[i])
                    self._next[i] = at
                if not self.waiting[i] and not self.states[i]:
                    continue
            if ticks.diff(wake, at) > 0:
                wake = at
        self.wake = wake
        return changed

    def led(self, i):
        """Whether output `i` is an LED, whose edges are what counts."""
        return self._outputs[i][1]

    def take(self, i):
        """Whether an impulse of output `i` (an edge of an LED) waits; it is the driver's then."""
        if not self.waiting[i]:
            return False
        self.waiting[i] -= 1
        on = 1
        if self._outputs[i][1]:
            on = self.states[i] = 1 - self.states[i]
        self.counts[i] += on
        return True

    def skip(self):
        """Take all that waits as put out: a simulator's quick time."""
        for i in range(len(self._outputs)):
            waiting, self.waiting[i] = self.waiting[i], 0
            if self._outputs[i][1]:
                self.counts[i] += (waiting + 1 - self.states[i]) // 2
                self.states[i] ^= waiting & 1
            else:
                self.counts[i] += waiting

    def spacing(self, i):
        """ms from one impulse (or edge) to the next, so that a second's share is spread over a second."""
        # an LED may be faster than its highest constant, to make up for a stall
        least = _LED_MS // 2 if self._outputs[i][1] else 2 * self.widths[i]
        return max(least, _SPREAD_MS // max(1, self._burst[i]))

    def _due(self, i):
        """When another of the second's share may come."""
        return ticks.add(self._fed, self._done[i] * _SPREAD_MS // max(1, self._burst[i]))

    def dump(self, buffer, at):
        """`size` bytes to buffer[at:]; the place after them."""
        at = image.put(buffer, at, self._rests, 8 * len(self._rests))
        for i in range(len(self.waiting)):
            # what a driver has not begun would be lost with its power
            waiting = self.waiting[i] + (self.ahead(i) if self.ahead else 0)
            pack_into("<i", buffer, at, waiting)
            at += 4
        return at

    def restore(self, buffer, at):
        """Take back what `dump` wrote; the place after it."""
        at = image.take(buffer, at, self._rests, "q")
        return image.take(buffer, at, self.waiting, "i")
