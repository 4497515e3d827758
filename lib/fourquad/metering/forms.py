"""Products of two linear forms of the inputs as linear forms of a kernel's sums, skew and phase errors
removed.

With w the angle of one frame and e the delay of channel a less that of b (frames), the sums of a pair answer
to the true phase difference x as p ~ cos(x + w e), d ~ cos(x + w (e + 1)), f + j r ~ exp(j (x + w e)). So
cos x = a0 p + a1 d with a0 = sin(w (e + 1)) / sin w, a1 = -sin(w e) / sin w, exactly at the fundamental. For
-1 <= e <= 0 (the later channel second, as wiring.py orders it) both are within 0..1: an interpolation between
two frames that is kind to harmonics.
"""

import math

from fourquad.metering.plan import FRAMES

_W = 2 * math.pi / FRAMES


class Products:
    """Makes rows of (sum, coefficient) for a plan and its channels."""

    def __init__(self, plan, channels):
        self._plan = plan
        self._channels = channels

    def _skew(self, k):
        a, b = self._plan.pairs[k]
        return _W * (self._channels[a].delay - self._channels[b].delay)

    def full(self, x, y):
        """Mean product of the whole waves of forms `x` and `y`."""
        row = {}
        for i, c in x:
            for j, g in y:
                if i == j:
                    _put(row, self._plan.q(i), c * g)
                    continue
                k, _ = self._plan.pair(i, j)
                e = self._skew(k)
                _put(row, self._plan.p(k), c * g * math.sin(e + _W) / math.sin(_W))
                _put(row, self._plan.d(k), -c * g * math.sin(e) / math.sin(_W))
        return _row(row)

    def real(self, x, y):
        """Re(X Y*) / 2 of the fundamental phasors: active power for (voltage, current)."""
        return self.turned(x, y, 0.0)

    def imag(self, x, y):
        """Im(X Y*) / 2: positive when y lags x; inductive reactive power for (voltage, current)."""
        return self.turned(x, y, -math.pi / 2)

    def turned(self, x, y, angle):
        """Re(X Y* exp(j angle)) / 2."""
        row = {}
        for i, c in x:
            for j, g in y:
                if i == j:
                    _put(row, self._plan.m(i), c * g * math.cos(angle))
                    continue
                k, sign = self._plan.pair(i, j)
                # the pair is (j, i) where sign is negative: its phasor is the conjugate
                e = sign * angle - self._skew(k)
                _put(row, self._plan.f(k), c * g * math.cos(e))
                _put(row, self._plan.r(k), -c * g * math.sin(e))
        return _row(row)

    def sequence(self, forms, order):
        """Square of the positive (order 1) or negative (order -1) sequence of three forms, RMS."""
        turn = 2 * math.pi / 3 * order
        row = {}
        for i in range(3):
            for j in range(3):
                for at, factor in self.turned(forms[i], forms[j], turn * (i - j)):
                    _put(row, at, factor / 9)
        return _row(row)


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
