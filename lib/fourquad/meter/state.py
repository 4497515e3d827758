"""Clock, counters and status: the provider for points.STATE. The clock, the run time and the flags can be
written.
"""

from fourquad import points as p
from fourquad.calendar.clock import FIELDS

SEALED = 10
_LONGEST = 999999999
_FLAGS = (p.SYSTEM_STATUS, p.ALARM_NUMBER, p.SOE_NUMBER)  # 0 clears them
_ALONE = (p.RUN_TIME,) + _FLAGS  # what can be written and is no clock


class State:
    """Reads from the meter's parts, of which `runtime` and `io` may be None; the clock's fields of one
    request are set together.
    """

    def __init__(self, clock, settings, runtime, io):
        self._clock = clock
        self._settings = settings
        self._runtime = runtime
        self._io = io
        self.gaps = 0
        self._one = [0]
        self._value = [0]

    def read(self, index):
        if index < FIELDS:
            return self._clock.read(index)
        if index == p.RUN_TIME and self._runtime:
            return self._runtime.value
        if index == p.LOAD_TIME and self._runtime:
            return self._runtime.loaded
        if index == p.SEAL_STATE:
            return SEALED if self._settings.sealed else 0
        if index == p.MODULES:
            return self._io.modules if self._io else 0
        if index == p.GAPS:
            return self.gaps
        if index == p.EPOCH:
            return self._clock.shown
        if index == p.MILLISECOND:
            return self._clock.ms
        if index in _FLAGS:
            return 0
        raise KeyError(index)

    def check_set(self, indexes, values, first, count):
        """What `write_set` would answer."""
        if indexes[first] not in _ALONE:
            return self._clock.check_set(indexes, values, first, count)
        for i in range(first, first + count):
            why = self._check_alone(indexes[i], values[i])
            if why:
                return why
        return p.OK

    def _check_alone(self, index, value):
        if index in _FLAGS:
            return p.RANGE if value else p.OK
        if index != p.RUN_TIME or not self._runtime:
            return p.READ_ONLY
        if not 0 <= value <= _LONGEST:
            return p.RANGE
        return p.FORBIDDEN if self._settings.guarded(p.STATE + p.RUN_TIME) else p.OK

    def write_set(self, indexes, values, first, count):
        """Set the clock, or the run time and the flags."""
        if indexes[first] not in _ALONE:
            return self._clock.write_set(indexes, values, first, count)
        for i in range(first, first + count):
            if indexes[i] == p.RUN_TIME:
                self._runtime.preset(values[i])
        return p.OK

    def check(self, index, value):
        if index >= FIELDS and index != p.EPOCH and index not in _ALONE:
            return p.READ_ONLY if index <= p.LOAD_TIME else p.UNKNOWN
        self._one[0] = index
        self._value[0] = value
        return self.check_set(self._one, self._value, 0, 1)

    def write(self, index, value):
        self._one[0] = index
        self._value[0] = value
        return self.write_set(self._one, self._value, 0, 1)
