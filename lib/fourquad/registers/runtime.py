"""Run time and load time in 0.01 h since they were cleared (manual of the KW320, 3.2: from the first power-up
on, kept without power). A load is there while a current flows that starts the meter (metering/channels.py).
"""

from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad.part import Part

_STEP_MS = 36000
_TOP = 999999999
DUMP_SIZE = 12
_FORMAT = "<iiHH"


class RunTime(Part):
    name = "runtime"
    size = DUMP_SIZE

    def __init__(self):
        self.value = 0  # 0.01 h
        self.loaded = 0  # of it with a load
        self._ms = self._loaded_ms = 0

    def provide(self, points, commands):
        commands[p.CLEAR_RUN_TIME] = self.clear

    def add(self, ms, load=False):
        """The meter has run for `ms` more, and whether a load was there."""
        if load:
            with_load = self._loaded_ms + ms
            if with_load >= _STEP_MS:
                self.loaded = (self.loaded + with_load // _STEP_MS) % (_TOP + 1)
                with_load %= _STEP_MS
            self._loaded_ms = with_load
        ms += self._ms
        if ms >= _STEP_MS:
            self.value = (self.value + ms // _STEP_MS) % (_TOP + 1)
            ms %= _STEP_MS
        self._ms = ms

    def preset(self, value):
        """Go on from `value` (0.01 h)."""
        self.value = value
        self._ms = 0

    def clear(self):
        self.value = self._ms = self.loaded = self._loaded_ms = 0

    def dump(self, buffer, offset):
        pack_into(_FORMAT, buffer, offset, self.value, self.loaded, self._ms, self._loaded_ms)
        return offset + DUMP_SIZE

    def restore(self, buffer, offset):
        self.value, self.loaded, self._ms, self._loaded_ms = unpack_from(_FORMAT, buffer, offset)
        return offset + DUMP_SIZE


def make(meter):
    """The part of a meter."""
    return RunTime()
