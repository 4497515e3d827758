"""Digital inputs, relays and pulse counters: the provider for points.IO, set and read by pins or a simulator.

One module with two relays and six inputs (IO11). An input whose bit is set in IO11_DI_TYPE counts pulses; one
count is IO11_DI_CONSTANT pulses; counts are of 32 bits. The first one also ends a demand window that
is synchronized from outside.
"""

from array import array
from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad import ticks
from fourquad.part import Part
from fourquad.points import values as v

INPUTS = 6
RELAYS = 2
MODULE = 1  # bit of points.MODULES
DUMP_SIZE = 4 * INPUTS
_TOP = 0xFFFFFFFF  # of a count


class IO(Part):
    """`inputs` and `relays` are lists of 0 and 1; use `set_input`, so that pulses count."""

    name = "io"
    size = DUMP_SIZE

    def __init__(self, settings):
        self._settings = settings
        self.modules = MODULE
        self.inputs = [0] * INPUTS
        self.relays = [0] * RELAYS
        self.counts = array("I", [0] * INPUTS)
        self._pulses = [0] * INPUTS
        self._until = [None] * RELAYS
        self._now = 0
        self.synchronise = None  # called when the first input closes: the external end of a demand window

    def provide(self, points, commands):
        points.provide(p.IO, self)
        commands[p.CLEAR_PULSES] = self.clear_counts

    def set_input(self, i, on):
        """Input i (0-5) is on or off."""
        on = 1 if on else 0
        if on and not self.inputs[i] and self._settings.get(p.IO11_DI_TYPE) >> i & 1:
            self._pulses[i] += 1
            if self._pulses[i] >= self._settings.get(p.IO11_DI_CONSTANT):
                self._pulses[i] = 0
                self.counts[i] = (self.counts[i] + 1) & _TOP
        if on and not i and not self.inputs[0] and self.synchronise:
            self.synchronise()
        self.inputs[i] = on

    def tick(self, now_ms):
        """End the relays' pulses."""
        self._now = now_ms
        for i in range(RELAYS):
            until = self._until[i]
            if until is not None and ticks.diff(now_ms, until) >= 0:
                self.relays[i] = 0
                self._until[i] = None

    def clear_counts(self):
        for i in range(INPUTS):
            self.counts[i] = self._pulses[i] = 0

    def read(self, index):
        if index < p.RELAY1:
            return self.inputs[index] if index < INPUTS else 0
        if index < p.DI1_COUNT:
            return self.relays[index - p.RELAY1] if index < p.RELAY1 + RELAYS else 0
        if index < p.DI1_COUNT + INPUTS:
            return self.counts[index - p.DI1_COUNT]
        raise KeyError(index)

    def array(self, index):
        """The array that holds this point and those after it, and the place there; (None, 0)."""
        return (self.counts, index - p.DI1_COUNT) if index >= p.DI1_COUNT else (None, 0)

    def check(self, index, value):
        if not p.RELAY1 <= index < p.RELAY1 + 8:
            return p.READ_ONLY if index < p.DI1_COUNT + INPUTS else p.UNKNOWN
        if value not in (0, 1):
            return p.RANGE
        # a relay of a module that is not there, or one that belongs to the alarms
        alarms = self._settings.get(p.IO11_RELAY_WORK) == v.RELAY_ALARM
        if index >= p.RELAY1 + RELAYS or not self.modules & MODULE or alarms:
            return p.FORBIDDEN
        return p.OK

    def write(self, index, value):
        i = index - p.RELAY1
        self.relays[i] = value
        pulse = value and self._settings.get(p.IO11_RELAY_OUTPUT) == v.RELAY_PULSE
        self._until[i] = ticks.add(self._now, self._settings.get(p.IO11_RELAY_PULSE)) if pulse else None
        return p.OK

    def dump(self, buffer, offset):
        for count in self.counts:
            pack_into("<I", buffer, offset, count)
            offset += 4
        return offset

    def restore(self, buffer, offset):
        for i in range(INPUTS):
            self.counts[i] = unpack_from("<I", buffer, offset)[0]
            offset += 4
        return offset


def make(meter):
    """The part of a meter."""
    return IO(meter.settings)
