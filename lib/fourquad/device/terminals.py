"""The board's digital inputs and relays as the model's I/O module."""

_EVERY_MS = 10


class Module:
    """`pins`: drivers.io.Terminals."""

    def __init__(self, io, pins):
        self._io = io
        self._pins = pins
        self._before = 0
        self._stable = 0
        self._driven = [0] * len(io.relays)

    def work(self, now):
        """Inputs (a state counts when it is seen twice) and relays; ms to the next look."""
        closed = self._pins.read()
        if closed == self._before and closed != self._stable:
            self._stable = closed
            for i in range(len(self._io.inputs)):
                self._io.set_input(i, closed >> i & 1)
        self._before = closed
        if self._io.relays != self._driven:
            states = 0
            for i in range(len(self._driven)):
                self._driven[i] = self._io.relays[i]
                states |= self._driven[i] << i
            self._pins.drive(states)
        return _EVERY_MS
