"""The board's digital inputs and relays: those of the connected I/O modules, in the order of the modules."""

from fourquad.points import columns as c

_EVERY_MS = 10


class Module:
    """`pins`: drivers.io.Terminals."""

    def __init__(self, io, pins):
        self._io = io
        self._pins = pins
        self._before = None
        self._stable = None
        self._driven = 0
        rows = [io.table[i] for i in range(len(io.table)) if io.connected >> i & 1]
        self._inputs = tuple([row[c.INPUTS] for row in rows])
        self._relays = tuple([row[c.RELAYS] for row in rows])

    def work(self, now):
        """Inputs (a state counts when it is seen twice) and relays; ms to the next look."""
        closed = self._pins.read()
        if closed == self._before and closed != self._stable:
            found = _spread(closed, self._inputs)
            if self._stable is None:
                self._io.begin(found)
            else:
                self._io.set_inputs(found, now)
            self._stable = closed
        self._before = closed
        relays = self._io.relays
        if relays != self._driven:
            self._driven = relays
            self._pins.drive(_gather(relays, self._relays))
        return _EVERY_MS


def _spread(bits, places):
    """Bits of pins as those of the terminals that they are."""
    out = at = 0
    for first, count, _ in places:
        out |= (bits >> at & (1 << count) - 1) << first
        at += count
    return out


def _gather(bits, places):
    """Bits of terminals as those of pins."""
    out = at = 0
    for first, count, _ in places:
        out |= (bits >> first & (1 << count) - 1) << at
        at += count
    return out
