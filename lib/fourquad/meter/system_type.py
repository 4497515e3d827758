"""The type of system that is measured, as one setting: it says the wiring, and which readings there are.

A model's SYSTEM_TYPES are rows of columns below. INPUT_VOLTS of a model are the lowest and the highest
voltage at its inputs for which SYSTEM_VOLTAGE may be set, in V.
"""

from array import array

from fourquad import points as p
from fourquad.part import Part
from fourquad.points import system as s
from fourquad.registers import image

# Columns of SYSTEM_TYPES.
CODE = 0
WIRING_U = 1
WIRING_I = 2
PHASES = 3
NEUTRAL = 4  # whether there are voltages to neutral
LINES = 5  # how many line voltages there are
BY_PHASE = 6  # whether each phase has its power
POWER = 7  # maximum power over SYSTEM_VOLTAGE and rated current
NOMINAL = 8  # voltage to neutral over SYSTEM_VOLTAGE

CONFIGURATION_ERROR = 10  # of BACnetReliability
_NONE = 255
_LOWEST = 45.0  # Hz
_HIGHEST = 65.0
_PER_CENT = 100  # steps of SUB_INTERVAL: whole seconds
_SHORTEST = 1000


class SystemType(Part):
    """Provider of points.system.SHOWN; `row` is that of the type in force."""

    name = "system"
    follows = (s.SYSTEM_TYPE,)
    size = 4

    def __init__(self, meter):
        self._clock = meter.clock
        self._settings = meter.settings
        self._readings = meter.readings.primary
        self._types = meter.model.SYSTEM_TYPES
        self._inputs = meter.model.INPUT_VOLTS
        self._source = bytearray(p.READINGS)  # which reading a shown one is
        self._veto = None
        self.ups = array("I", [1])  # times that power came
        self.row = self._types[0]

    def provide(self, points, commands):
        points.provide(s.SHOWN, self)
        self._veto = self._settings.veto
        self._settings.veto = self.refuses

    def refuses(self, offset, value):
        """Whether a value of a setting cannot be had together with the others."""
        if offset == s.SYSTEM_VOLTAGE:
            return not self._fits(value)
        if offset == s.SUB_INTERVAL:
            return value != 0 and (value < _SHORTEST or value % _PER_CENT != 0)
        return self._veto is not None and self._veto(offset, value)

    def _fits(self, volts):
        """Whether a system voltage, in 0.1 V, is one for the inputs behind the transformers."""
        get = self._settings.get
        low, high = self._inputs
        volts *= get(p.PT2)
        return 10 * low * get(p.PT1) <= volts <= 10 * high * get(p.PT1)

    def voltage_reliability(self):
        """Of SYSTEM_VOLTAGE: another ratio of the transformers may have left it where it cannot be."""
        return 0 if self._fits(self._settings.get(s.SYSTEM_VOLTAGE)) else CONFIGURATION_ERROR

    def maximum_power(self):
        """W: what the system voltage and the rated current make."""
        get = self._settings.get
        return self.row[POWER] * get(s.SYSTEM_VOLTAGE) / 10 * get(p.CT1)

    def configure(self):
        """Another type: its wiring, and its readings."""
        code = self._settings.get(s.SYSTEM_TYPE)
        for row in self._types:
            if row[CODE] == code:
                self.row = row
        row = self.row
        self._settings.write(p.WIRING_U, row[WIRING_U])
        self._settings.write(p.WIRING_I, row[WIRING_I])
        source = self._source
        for i in range(p.READINGS):
            source[i] = i
        for i in range(3):
            there = i < row[PHASES]
            if not (there and row[NEUTRAL]):
                source[p.V1 + i] = _NONE
            if not there:
                source[p.I1 + i] = _NONE
            if not (there and row[BY_PHASE]):
                source[p.P1 + i] = source[p.Q1 + i] = source[p.S1 + i] = source[p.PF1 + i] = _NONE
            if i >= row[LINES]:
                source[p.V12 + i] = _NONE
        if not row[NEUTRAL]:
            source[p.V_AVG] = _NONE
        if not row[LINES]:
            source[p.VL_AVG] = _NONE
        elif row[PHASES] == 1:
            # the second line is where the others have their neutral
            source[p.V12] = source[p.VL_AVG] = p.V1

    def read(self, index):
        at = self._source[index] if index < p.READINGS else _NONE
        if at == _NONE:
            raise KeyError(index)
        value = self._readings[at]
        if at == p.FREQUENCY and not _LOWEST <= value <= _HIGHEST:
            raise KeyError(index)
        return value

    def check(self, index, value):
        return p.READ_ONLY if index < p.READINGS else p.UNKNOWN

    write = check

    def dump(self, buffer, at):
        return image.put(buffer, at, self.ups, 4)

    def restore(self, buffer, at):
        at = image.take(buffer, at, self.ups, "I")
        self.ups[0] += 1
        # nothing tells the time without power
        self._clock.set(0)
        self._clock.valid = False
        return at


def make(meter):
    """The part of a meter whose model has SYSTEM_TYPES."""
    return SystemType(meter)
