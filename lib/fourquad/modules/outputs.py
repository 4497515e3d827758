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
    """Those that were `absent` (modules.absent) until now; `feeds`: a list of those who get the energies of
    each second, or None until there is one.
    """

    def __init__(self, absent, feeds=None):
        self.count = count = absent.count
        self.connected = 0
        self._alarms = 0  # which of them belong to the alarms
        self._wanted = absent.wanted  # by alarms
        self.pulses = engine.Pulses(((engine.ACTIVE_IMPORT, False),) * count)
        self.pulses.restore(absent.kept, 0)
        self._settings = [None] * count
        if feeds is not None:
            self.lead(feeds)

    def configure(self, first, count, connected, alarm):
        """Outputs `first` on: whether they are connected, and whether they belong to the alarms."""
        mask = (1 << count) - 1 << first
        self.connected = self.connected | mask if connected else self.connected & ~mask
        self._alarms = self._alarms | mask if alarm else self._alarms & ~mask

    def lead(self, feeds):
        """Get the energies of each second as all of this list do."""
        feeds.append(self.pulses)

    def put_out(self, i, source, constant, width_ms):
        """Output `i` puts out `constant` pulses a kWh (kvarh) of an energy, values.PULSES_NONE ..."""
        pulses = self.pulses
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
        if not (now - pulses.wake) & 0x20000000:
            pulses.tick(now)

    def dump(self, buffer, at):
        """What is kept to buffer[at:]; the place after it."""
        return self.pulses.dump(buffer, at)

    def restore(self, buffer, at):
        """Take back what `dump` wrote; the place after it."""
        return self.pulses.restore(buffer, at)
