"""Clock, counters and status: the provider for points.STATE."""

from fourquad import points as p
from fourquad.clock import FIELDS

SEALED = 10


class State:
    """Reads from the meter's parts; only the clock can be written, all its fields of one request together."""

    def __init__(self, clock, settings, runtime, io):
        self._clock = clock
        self._settings = settings
        self._runtime = runtime
        self._io = io
        self.gaps = 0
        self._one = [0]
        self._value = [0]
        self.check_set = clock.check_set
        self.write_set = clock.write_set

    def read(self, index):
        if index < FIELDS:
            return self._clock.read(index)
        if index == p.RUN_TIME:
            return self._runtime.value
        if index == p.LOAD_TIME:
            return self._runtime.loaded
        if index == p.SEAL_STATE:
            return SEALED if self._settings.sealed else 0
        if index == p.MODULES:
            return self._io.modules
        if index == p.GAPS:
            return self.gaps
        if index == p.EPOCH:
            return self._clock.now
        if index == p.MILLISECOND:
            return self._clock.ms
        if index in (p.SYSTEM_STATUS, p.ALARM_NUMBER, p.SOE_NUMBER):
            return 0
        raise KeyError(index)

    def check(self, index, value):
        if index >= FIELDS and index != p.EPOCH:
            return p.READ_ONLY if index <= p.LOAD_TIME else p.UNKNOWN
        self._one[0] = index
        self._value[0] = value
        return self.check_set(self._one, self._value, 0, 1)

    def write(self, index, value):
        self._one[0] = index
        self._value[0] = value
        return self.write_set(self._one, self._value, 0, 1)
