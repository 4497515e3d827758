"""Digital outputs of all modules: pulses of an energy, or what alarms want.

Pulses are those of billing.pulses, of energies on the secondary side. When more come than the output can put
out (a pulse and a gap are of its width each), they wait and none is lost, not over a power cut either; what
waits is dropped when the output gets another energy or none. States are bits, the first output's the lowest.
"""

from fourquad.billing import pulses as engine
from fourquad.points import values as v

_SOURCES = (
    None,
    engine.ACTIVE_IMPORT,
    engine.ACTIVE_EXPORT,
    engine.REACTIVE_IMPORT,
    engine.REACTIVE_EXPORT,
)


class Outputs:
    """`count` outputs; what they need for pulses is made when the first of them is connected."""

    pulses = None  # billing.pulses.Pulses
    feeds = None  # the list of those who get the energies of each second, once there is one

    def __init__(self, count):
        self.count = count
        self.connected = 0
        self._alarms = 0  # which of them belong to the alarms
        self._wanted = 0  # by alarms
        self.size = 12 * count
        self._kept = bytearray(self.size)  # of the pulses, while there are none
        self._settings = [None] * count

    def configure(self, first, count, connected, alarm):
        """Outputs `first` on: whether they are connected, and whether they belong to the alarms."""
        mask = (1 << count) - 1 << first
        self.connected = self.connected | mask if connected else self.connected & ~mask
        self._alarms = self._alarms | mask if alarm else self._alarms & ~mask
        if connected and not self.pulses:
            self.pulses = engine.Pulses(((engine.ACTIVE_IMPORT, False),) * self.count)
            self.pulses.restore(self._kept, 0)
            self._feed()

    def lead(self, feeds):
        """The list to which those belong who get the energies of each second."""
        self.feeds = feeds
        self._feed()

    def _feed(self):
        if self.feeds is not None and self.pulses and self.pulses not in self.feeds:
            self.feeds.append(self.pulses)

    def put_out(self, i, source, constant, width_ms):
        """Output `i` puts out `constant` pulses a kWh (kvarh) of an energy, values.PULSES_NONE ..."""
        pulses = self.pulses
        if not pulses:
            return
        if not self.connected & ~self._alarms & 1 << i:
            source = v.PULSES_NONE
        wanted = (source, constant, width_ms)
        if wanted == self._settings[i]:
            return
        before = self._settings[i]
        self._settings[i] = wanted
        rests = before is None or before[:2] == wanted[:2]
        pulses.configure(i, constant if source else 0, width_ms, _SOURCES[source], rests)
        if not source or before and before[0] != source:
            pulses.waiting[i] = 0

    @property
    def states(self):
        """Bit n: output n + 1 is on."""
        states = self._wanted & self._alarms
        if self.pulses:
            for i in range(self.count):
                if self.pulses.states[i]:
                    states |= 1 << i & ~self._alarms
        return states & self.connected

    def alarm(self, i, on):
        """Whether an alarm wants it on."""
        self._wanted = self._wanted | 1 << i if on else self._wanted & ~(1 << i)

    def tick(self, now):
        """Begin and end pulses whose time has come."""
        pulses = self.pulses
        # as ticks.diff(now, wake) >= 0, without a call
        if pulses and not (now - pulses.wake) & 0x20000000:
            pulses.tick(now)

    def dump(self, buffer, at):
        """`size` bytes to buffer[at:]; the place after them."""
        if self.pulses:
            return self.pulses.dump(buffer, at)
        buffer[at : at + self.size] = self._kept
        return at + self.size

    def restore(self, buffer, at):
        """Take back what `dump` wrote; the place after it."""
        self._kept[:] = buffer[at : at + self.size]
        if self.pulses:
            self.pulses.restore(buffer, at)
        return at + self.size
