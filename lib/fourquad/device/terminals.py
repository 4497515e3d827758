"""The board's digital inputs, relays and digital outputs: those of the connected I/O modules, in the order of
the modules.
"""

from fourquad.points import columns as c

_EVERY_MS = 10
_PULSES_MS = 5  # while there are pulses to put out, or to count: they may be as short as 20 ms


class Module:
    """`pins`: drivers.io.Terminals."""

    def __init__(self, io, pins):
        self._io = io
        self._pins = pins
        self._before = None
        self._stable = None
        self._since = 0  # when the present state was seen first
        self._driven = self._put_out = 0
        rows = [io.table[i] for i in range(len(io.table)) if io.connected >> i & 1]
        self._inputs = tuple([row[c.INPUTS] for row in rows])
        self._relays = tuple([row[c.RELAYS] for row in rows])
        self._outputs = tuple([row[c.OUTPUTS] for row in rows])

    def work(self, now):
        """Inputs (a state counts when it is seen twice, since the first time), relays and outputs; ms to the
        next look.
        """
        io = self._io
        closed = self._pins.read()
        if closed != self._before:
            self._before = closed
            self._since = now
        elif closed != self._stable:
            found = _spread(closed, self._inputs)
            if self._stable is None:
                io.begin(found)
            else:
                io.set_inputs(found, self._since)
            self._stable = closed
        relays, outputs = io.relays, io.outputs
        if relays != self._driven or outputs != self._put_out:
            self._driven, self._put_out = relays, outputs
            self._pins.drive(_gather(relays, self._relays), _gather(outputs, self._outputs))
        return _PULSES_MS if io.pulses or io.counting else _EVERY_MS


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
