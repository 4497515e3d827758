"""Relays of all modules: switched by masters, who may be given pulses, or by alarms.

A relay that belongs to the alarms is on while one of them wants it, whatever its output mode; else it stays
as it is told (latch), or goes off by itself (pulse). Relays are off after power-up, when their module comes
or goes, and when they come to belong to masters again. States are bits, the first relay's the lowest.
"""

from array import array

from fourquad import ticks


class Relays:
    """`count` relays."""

    def __init__(self, count):
        self.count = count
        self.connected = self.states = 0
        self.alarms = 0  # which of them belong to the alarms
        self._wanted = 0  # by alarms
        self.pulsing = 0  # those that go off by themselves
        self._until = array("i", [0] * count)
        self._widths = array("H", [0] * count)  # ms of a pulse; 0: it stays

    def configure(self, first, count, connected, alarm, width_ms):
        """Relays `first` on: whether they are connected, whether they belong to the alarms, and ms of a pulse
        (0: latch).
        """
        for i in range(first, first + count):
            bit = 1 << i
            if (self.connected & bit != 0) != connected or (self.alarms & bit != 0) != alarm:
                self.states &= ~bit
                self.pulsing &= ~bit
            self.connected = self.connected | bit if connected else self.connected & ~bit
            self.alarms = self.alarms | bit if alarm else self.alarms & ~bit
            self._widths[i] = width_ms
        self._follow()

    def free(self, i):
        """Whether a master may switch it."""
        return bool(self.connected & ~self.alarms & 1 << i)

    def switch(self, i, on, now):
        """A master switches a relay at `now` (ms ticks)."""
        bit = 1 << i
        self.pulsing &= ~bit
        if not on:
            self.states &= ~bit
            return
        self.states |= bit
        if self._widths[i]:
            self._until[i] = ticks.add(now, self._widths[i])
            self.pulsing |= bit

    def alarm(self, i, on):
        """Whether an alarm wants it on."""
        self._wanted = self._wanted | 1 << i if on else self._wanted & ~(1 << i)
        self._follow()

    def _follow(self):
        mine = self.alarms & self.connected
        self.states = self.states & ~mine | self._wanted & mine

    def tick(self, now):
        """End pulses."""
        pulsing = self.pulsing
        for i in range(self.count):
            if pulsing >> i & 1 and ticks.diff(now, self._until[i]) >= 0:
                self.states &= ~(1 << i)
                self.pulsing &= ~(1 << i)
