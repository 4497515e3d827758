"""Products of two linear forms of the inputs as linear forms of a kernel's sums, skew and phase errors
removed.

With w the angle of one frame and e the delay of channel a less that of b (frames), the sums of a pair answer
to the true phase difference x as p ~ cos(x + w e), d ~ cos(x + w (e + 1)), f + j r ~ exp(j (x + w e)). So
cos x = a0 p + a1 d with a0 = sin(w (e + 1)) / sin w, a1 = -sin(w e) / sin w, exactly at the fundamental. For
-1 <= e <= 0 (the later channel second, as wiring.py orders it) both are within 0..1: an interpolation between
two frames that is kind to harmonics.
"""

import math

from fourquad.metering.kernels.plan import FRAMES
from fourquad.metering.kernels.table import GAIN

_W = 2 * math.pi / FRAMES
_SINE = math.sqrt(0.75)  # of 120 degrees


class Products:
    """Makes rows of (sum, coefficient) for a plan and its channels."""

    def __init__(self, plan, channels):
        self._plan = plan
        self._unit = 1.0 / GAIN
        self._skews = []  # of each pair: a0, a1, cosine and sine of its skew
        for a, b in plan.pairs:
            e = _W * (channels[a].delay - channels[b].delay)
            c, s = math.cos(e), math.sin(e)
            self._skews.append((math.sin(e + _W) / math.sin(_W), -s / math.sin(_W), c, s))

    def full(self, x, y):
        """Mean product of the whole waves of forms `x` and `y`."""
        row = {}
        for i, c in x:
            for j, g in y:
                if i == j:
                    _put(row, self._plan.q(i), c * g)
                else:
                    k, _ = self._plan.pair(i, j)
                    a0, a1, _, _ = self._skews[k]
                    _put(row, self._plan.p(k), c * g * a0)
                    _put(row, self._plan.d(k), c * g * a1)
        return _row(row)

    def real(self, x, y):
        """Re(X Y*) / 2 of the fundamental phasors: active power for (voltage, current)."""
        row = {}
        self._turned(row, x, y, 1.0, 0.0)
        return _row(row)

    def imag(self, x, y):
        """Im(X Y*) / 2: positive when y lags x; inductive reactive power for (voltage, current)."""
        row = {}
        self._turned(row, x, y, 0.0, -1.0)
        return _row(row)

    def _turned(self, row, x, y, cosine, sine):
        """Add Re(X Y* (cosine + j sine)) / 2 to `row`."""
        for i, c in x:
            c *= self._unit
            for j, g in y:
                if i == j:
                    _put(row, self._plan.m(i), c * g * cosine)
                else:
                    k, sign = self._plan.pair(i, j)
                    # the pair is (j, i) where sign is negative: its phasor is the conjugate
                    _, _, ce, se = self._skews[k]
                    _put(row, self._plan.f(k), c * g * (cosine * ce + sign * sine * se))
                    _put(row, self._plan.r(k), c * g * (cosine * se - sign * sine * ce))

    def sequence(self, forms, order):
        """Square of the positive (order 1) or negative (order -1) sequence of three forms, RMS."""
        row = {}
        for i in range(3):
            for j in range(3):
                third = (i - j) * order % 3  # of a turn
                sine = (0.0, _SINE, -_SINE)[third]
                self._turned(row, forms[i], forms[j], -0.5 if third else 1.0, sine)
        return tuple([(at, factor / 9) for at, factor in _row(row)])


def _put(row, at, factor):
    row[at] = row.get(at, 0.0) + factor


def _row(row):
    return tuple([(at, row[at]) for at in sorted(row) if row[at]])


def weight(form):
    """Sum of the magnitudes of a form's coefficients."""
    return sum([abs(c) for _, c in form])


def scaled(row, unit):
    """A row over `unit`."""
    return tuple([(at, factor / unit) for at, factor in row])
