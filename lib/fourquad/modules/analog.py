"""Analog inputs and outputs of all modules. Both have codes of which 4096 stand for 20 mA or 5 V.

An output follows a reading of the last second on the secondary side, as a whole number of its parameter's
unit, along a curve of one to three gradients through two to four points. Below the first and above the last
point it stays at their outputs. While the points that count do not make a curve (values that increase, within
the parameter's range, and outputs that do not fall, within the type's), the output stays as it was; first it
is at the bottom of its type, 0 or 4 mA.
"""

from array import array

from fourquad.points import columns as c
from fourquad.points import modules as m
from fourquad.points import values as v

FULL = 4096  # code of 20 mA and of 5 V
_HIGHEST_IN = 4095
_LIVE_ZERO = 819  # 4 mA, 1 V
_VOLTS = (v.RANGE_0_5_V, v.RANGE_1_5_V)
_RAISED = (v.RANGE_4_20_MA, v.RANGE_1_5_V)
_OUTPUT = 5  # of a curve's settings the first of the outputs


def span(kind):
    """mA or V of 4096, for a type of analog terminal."""
    return 5 if kind in _VOLTS else 20


class Inputs:
    """`count` analog inputs, which are told what is there in mA or V."""

    def __init__(self, count):
        self.count = count
        self.connected = 0
        self._kinds = bytearray(count)
        self._values = array("f", [0.0] * count)

    def configure(self, first, count, connected, kind):
        """Inputs `first` on: whether they are connected, and their type."""
        mask = (1 << count) - 1 << first
        self.connected = self.connected | mask if connected else self.connected & ~mask
        for i in range(first, first + count):
            self._kinds[i] = kind

    def put(self, i, value):
        """So many mA, or V where its type says so, are there."""
        self._values[i] = value

    def code(self, i):
        """What is there, 0-4095; 0 while it is not connected."""
        if not self.connected >> i & 1:
            return 0
        code = self._values[i] * FULL / span(self._kinds[i]) + 0.5
        return 0 if not code > 0 else _HIGHEST_IN if code > _HIGHEST_IN else int(code)


class Outputs:
    """`count` analog outputs; `parameters`: rows of a model's AO_PARAMETERS; `settings`: the meter's."""

    def __init__(self, count, parameters, settings):
        self.count = count
        self.connected = 0
        self._parameters = parameters
        self._get = settings.get
        self._kinds = bytearray(count)
        self._codes = array("H", [0] * count)

    def configure(self, first, count, connected, kind):
        """Outputs `first` on: whether they are connected, and their type."""
        for i in range(first, first + count):
            if connected != (self.connected >> i & 1 != 0) or kind != self._kinds[i]:
                self._codes[i] = _LIVE_ZERO if kind in _RAISED else 0
            self._kinds[i] = kind
            self.connected = self.connected | 1 << i if connected else self.connected & ~(1 << i)

    def value(self, i):
        """What is put out, mA or V; 0 while it is not connected."""
        return self._codes[i] * span(self._kinds[i]) / FULL if self.connected >> i & 1 else 0.0

    def code(self, i):
        """The same as a code."""
        return self._codes[i] if self.connected >> i & 1 else 0

    def follow(self, readings):
        """There are new `readings` of the secondary side."""
        if self.connected:
            for i in range(self.count):
                if self.connected >> i & 1:
                    self._follow(i, readings)

    def _follow(self, i, readings):
        row = self._parameters[self._get(m.AO1_PARAMETER + i)]
        at = m.AO1_GRADIENTS + m.CURVE * i
        last = self._get(at)
        x = readings[row[c.READING]] * row[c.SCALE]
        if x - x != 0 or not self._fits(row, at, last, _LIVE_ZERO if self._kinds[i] in _RAISED else 0):
            return
        x = int(x + 0.5) if x >= 0 else -int(0.5 - x)
        x1 = self._value(row, at, 0)
        y1 = self._get(at + _OUTPUT)
        if x > x1:
            for k in range(1, last + 1):
                x0, y0 = x1, y1
                place = _place(k, last)
                x1 = self._value(row, at, place)
                y1 = self._get(at + _OUTPUT + place)
                if x < x1:
                    y1 = y0 + ((x - x0) * (y1 - y0) * 2 + x1 - x0) // (2 * (x1 - x0))
                    break
        self._codes[i] = y1

    def _fits(self, row, at, last, low):
        """Whether the points that count make a curve."""
        x = first = self._value(row, at, 0)
        y = self._get(at + _OUTPUT)
        if y < low:
            return False
        for k in range(1, last + 1):
            place = _place(k, last)
            before_x, before_y = x, y
            x, y = self._value(row, at, place), self._get(at + _OUTPUT + place)
            if x <= before_x or y < before_y:
                return False
        return any(lowest <= first and x <= highest for lowest, highest in row[c.RANGES])

    def _value(self, row, at, place):
        """The value of a point of the curve: 16 bits with a sign, unless what is followed goes beyond."""
        word = self._get(at + 1 + place)
        wide = row[c.RANGES][-1][1] > 0x7FFF
        return word - 0x10000 if word > 0x7FFF and not wide else word


def _place(k, last):
    """Place of the k-th of the points of a curve with `last` gradients."""
    return k if k < last else 3
