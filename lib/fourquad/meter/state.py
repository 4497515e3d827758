"""Clock, counters and status: the provider for points.STATE. The clock, the run time and the flags can be
written.
"""

from fourquad import points as p
from fourquad.calendar.clock import FIELDS

SEALED = 10
NO_NUMBER = float("nan")
_LONGEST = 999999999
_NUMBERS = (p.ALARM_NUMBER, p.SOE_NUMBER)  # by the bits of SYSTEM_STATUS
_FLAGS = (p.SYSTEM_STATUS,) + _NUMBERS
_ALONE = (p.RUN_TIME,) + _FLAGS  # what can be written and is no clock


class State:
    """Reads from the meter's parts, of which `runtime` and `io` may be None; the clock's fields of one
    request are set together. `logs` (events.log, or None): those of the bits of SYSTEM_STATUS; a bit that is
    written as 0 is cleared. Their numbers take the value that they have, and 0, without effect.
    """

    def __init__(self, clock, settings, runtime, io):
        self._clock = clock
        self._settings = settings
        self._runtime = runtime
        self._io = io
        self.gaps = 0
        self.lines = ()  # drivers of the serial ports, each with `lost()`
        self.temperature = NO_NUMBER  # degrees of a thermometer, if there is one
        self.logs = [None] * len(_NUMBERS)
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
        if index == p.LINES_LOST:
            return sum([line.lost() for line in self.lines])
        if index == p.TEMPERATURE:
            return self.temperature
        if index == p.EPOCH:
            return self._clock.shown
        if index == p.MILLISECOND:
            return self._clock.ms
        if index == p.SYSTEM_STATUS:
            return self._fresh()
        if index in _NUMBERS:
            log = self.logs[index - p.ALARM_NUMBER]
            return log.number if log else 0
        raise KeyError(index)

    def _fresh(self):
        """Which logs have something new, a bit each."""
        bits = 0
        for bit in range(len(self.logs)):
            if self.logs[bit] and self.logs[bit].fresh:
                bits |= 1 << bit
        return bits

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
        if index == p.SYSTEM_STATUS:
            return p.OK if 0 <= value < 1 << len(self.logs) else p.RANGE
        if index in _NUMBERS:
            return p.OK if value in (0, self.read(index)) else p.RANGE
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
            elif indexes[i] == p.SYSTEM_STATUS:
                for bit in range(len(self.logs)):
                    if self.logs[bit] and not values[i] >> bit & 1:
                        self.logs[bit].fresh = False
        return p.OK

    def check(self, index, value):
        if index >= FIELDS and index != p.EPOCH and index not in _ALONE:
            return p.READ_ONLY if index <= p.TEMPERATURE else p.UNKNOWN
        self._one[0] = index
        self._value[0] = value
        return self.check_set(self._one, self._value, 0, 1)

    def write(self, index, value):
        self._one[0] = index
        self._value[0] = value
        return self.write_set(self._one, self._value, 0, 1)
