"""The sequence of events: when which input of one I/O module changed, and how all of them were then.

The setting SOE_MODULE says which module is watched, by its place in the model's table MODULES from 1 on; 0 is
none. Changes of its inputs at one instant are one record; inputs that count pulses make none. While the
module is not connected there are none, and choosing another module keeps those that are there.
"""

from fourquad import points as p
from fourquad.events.log import EventLog
from fourquad.part import Part
from fourquad.points import columns as c
from fourquad.points import modules as m

WORDS = 8  # year, month, day, hour, minute, second, millisecond, states (the module's first input is bit 0)
_STATES = 7


class Sequence(Part):
    """`io`: the meter's modules.io.IO."""

    name = "sequence"
    event_bit = 1
    store = "event_store"

    def __init__(self, settings, clock, io):
        self.log = EventLog(m.EVENTS, WORDS)
        self._settings = settings
        self._clock = clock
        self._io = io
        io.watch(self._on_inputs)

    def provide(self, points, commands):
        points.provide(p.SEQUENCE, self.log, 3)

    def _on_inputs(self, changed, now):
        """Inputs have changed at `now` (ms ticks)."""
        io = self._io
        module = self._settings.get(p.SOE_MODULE) - 1
        if not 0 <= module < len(io.table):
            return
        first, count, _ = io.table[module][c.INPUTS]
        mask = (1 << count) - 1
        if (changed & io.states) >> first & mask:
            at = self.log.add()
            self._clock.stamp(now, self.log.values, at)
            self.log.values[at + _STATES] = io.inputs >> first & mask


def make(meter):
    """The part of a meter that has I/O modules before it; None for another one."""
    return Sequence(meter.settings, meter.clock, meter.io) if meter.io else None
