"""Terminals of a kind of which no module is connected: nearly nothing in memory."""


class Absent:
    """`count` terminals; `size`: bytes that are kept of them."""

    connected = states = 0
    pulses = None

    def __init__(self, count, size=0):
        self.count = count
        self.wanted = 0  # by alarms, as bits
        self.kept = bytearray(size)

    def code(self, i):
        """There is no signal."""
        return 0

    def value(self, i):
        """Nothing is put out."""
        return 0.0

    def alarm(self, i, on):
        """Whether an alarm wants it on."""
        self.wanted = self.wanted | 1 << i if on else self.wanted & ~(1 << i)

    def dump(self, buffer, at):
        """What is kept to buffer[at:]; the place after it."""
        end = at + len(self.kept)
        buffer[at:end] = self.kept
        return end

    def restore(self, buffer, at):
        """Keep what `dump` wrote; the place after it."""
        end = at + len(self.kept)
        self.kept[:] = buffer[at:end]
        return end
