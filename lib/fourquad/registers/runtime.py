"""Run time in 0.01 h since it was cleared."""

from struct import pack_into, unpack_from

_STEP_MS = 36000
_TOP = 999999999
DUMP_SIZE = 8


class RunTime:
    def __init__(self):
        self.value = 0  # 0.01 h
        self._ms = 0

    def add(self, ms):
        """The meter has run for `ms` more."""
        ms += self._ms
        if ms >= _STEP_MS:
            self.value = (self.value + ms // _STEP_MS) % (_TOP + 1)
            ms %= _STEP_MS
        self._ms = ms

    def clear(self):
        self.value = self._ms = 0

    def dump(self, buffer, offset):
        pack_into("<ii", buffer, offset, self.value, self._ms)

    def load(self, buffer, offset):
        self.value, self._ms = unpack_from("<ii", buffer, offset)
