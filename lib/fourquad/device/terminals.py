"""The board's digital inputs and relays as the model's I/O module."""

from fourquad import ticks

_EVERY_MS = 10


class Module:
    """`pins`: drivers.io.Terminals."""

    def __init__(self, io, pins):
        self._io = io
        self._pins = pins
        self._before = 0
        self._stable = 0
        self._driven = 0
        self._at = None

    def work(self, now):
        """Look at the inputs (a state counts when it is seen twice), drive the relays."""
        if self._at is not None and ticks.diff(now, self._at) < _EVERY_MS:
            return False
        self._at = now
        closed = self._pins.read()
        if closed == self._before and closed != self._stable:
            self._stable = closed
            for i in range(len(self._io.inputs)):
                self._io.set_input(i, closed >> i & 1)
        self._before = closed
        states = 0
        relays = self._io.relays
        for i in range(len(relays)):
            states |= relays[i] << i
        if states != self._driven:
            self._driven = states
            self._pins.drive(states)
        return True
