"""Digital inputs of all modules, and the pulse counters of those that count.

States are bits, the first input's the lowest. A count is so many pulses as the constant says; what is no
whole count yet is kept.
"""

from array import array

from fourquad.registers import image

TOP = 0xFFFFFFFF  # of a count


class Inputs:
    """`state`: which of the connected inputs are closed; `counting`: which of them count pulses;
    a count goes on at 0 after `top`. `driven`: those whose pulses somebody else sees, who calls `pulse`.
    """

    def __init__(self, count, top=TOP):
        self.count = count
        self._top = top
        self.connected = self.counting = self.driven = self.state = 0
        self.counts = array("I", [0] * count)
        self.shown = array("I", [0] * count)  # of those that are connected
        self._rests = array("H", [0] * count)  # pulses that are no count yet
        self._constants = array("H", [1] * count)
        self.size = 6 * count

    def configure(self, first, count, connected, types, constant):
        """Inputs `first` on: whether they are connected, which of them count, how many pulses are a count."""
        mask = (1 << count) - 1
        self._assign(first, mask if connected else 0, types & mask if connected else 0, mask << first)
        for i in range(first, first + count):
            self._constants[i] = constant or 1
            self.shown[i] = self.counts[i] if connected else 0

    def _assign(self, first, connected, counting, mask):
        self.connected = self.connected & ~mask | connected << first
        self.counting = self.counting & ~mask | counting << first
        self.state &= self.connected

    def take(self, state):
        """All inputs are as the bits of `state` say; the bits that have changed."""
        state &= self.connected
        changed = state ^ self.state
        self.state = state
        pulses = changed & state & self.counting & ~self.driven
        i = 0
        while pulses:
            if pulses & 1:
                self.pulse(i)
            pulses >>= 1
            i += 1
        return changed

    def pulse(self, i):
        """Input `i` was closed once more."""
        pulses = self._rests[i] + 1
        if pulses >= self._constants[i]:
            pulses = 0
            count = self.counts[i] + 1
            self.counts[i] = self.shown[i] = 0 if count > self._top else count
        self._rests[i] = pulses

    def clear(self, first, count):
        """Counters `first` on begin anew."""
        for i in range(first, first + count):
            self.counts[i] = self.shown[i] = self._rests[i] = 0

    def dump(self, buffer, at):
        """`size` bytes to buffer[at:]; the place after them."""
        at = image.put(buffer, at, self.counts, 4 * self.count)
        return image.put(buffer, at, self._rests, 2 * self.count)

    def restore(self, buffer, at):
        """Take back what `dump` wrote; the place after it."""
        at = image.take(buffer, at, self.counts, "I")
        at = image.take(buffer, at, self._rests, "H")
        for i in range(self.count):
            self.shown[i] = self.counts[i] if self.connected >> i & 1 else 0
        return at
