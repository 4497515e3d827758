"""Phasors of a window on arrays: numpy on a PC, or ulab 6 on a board. As spectrum_native.py, which see."""

try:
    from ulab import numpy as np
except ImportError:
    import numpy as np

import math

from fourquad.metering.kernels.plan import FRAMES
from fourquad.metering.kernels.table import bend

# What this file uses of numpy; a test holds that ulab 6 has each of them.
ULAB_NAMES = ("array", "dot", "fft", "imag", "max", "real", "sqrt", "sum", "zeros")

_UNIT = math.sqrt(2) / FRAMES


class Spectrum:
    """See spectrum_native.Spectrum."""

    SLICES = 1

    def __init__(self, kernel):
        n = kernel.plan.channels
        self.kernel = kernel
        self._channels = n
        self._sums = np.zeros((FRAMES, n))
        self._phasors = [None] * n
        self._slots = [None, None]
        self._turns = [None] * n
        self.cycles = 0
        self.first = 0.0
        self.made_for = -1

    def configure(self, orders, weights):
        self._orders = orders
        self._weights = np.array([w * w for w in weights])
        self._squares = np.array([float(h * h) for h in range(orders)])

    def follow(self, channels):
        for c in range(self._channels):
            delay, sinc = channels[c].delay, channels[c].sinc
            self._turns[c] = None
            if delay or sinc:
                rows = [bend(h, delay, sinc) for h in range(FRAMES // 2)]
                self._turns[c] = [np.array([row[i] for row in rows]) for i in (0, 1)]
            yield

    def begin(self):
        self._sums = np.zeros((FRAMES, self._channels))
        self.cycles = 0

    def add(self, buffer, frame, cycles):
        x = self.kernel.frames(buffer, frame, cycles * FRAMES)
        for k in range(cycles):
            self._sums = self._sums + x[k * FRAMES : (k + 1) * FRAMES, :]
        self.cycles += cycles

    def centre(self, c):
        pass

    def _centred(self, c):
        x = self._sums[:, c]
        return (x - np.sum(x) / FRAMES) / self.cycles

    def peak(self, form):
        x = 0.0
        for c, factor in form:
            x = self._centred(c) * factor + x
        return math.fabs(max(np.max(x), np.max(-x)))

    def transform(self, c, part):
        found = np.fft.fft(self._centred(c))
        # without complex arrays ulab gives two
        re, im = found if isinstance(found, tuple) else (np.real(found), np.imag(found))
        re = re[: self._orders]
        im = im[: self._orders]
        turns = self._turns[c]
        if turns:
            cosine, sine = turns[0][: self._orders], turns[1][: self._orders]
            re, im = re * cosine + im * sine, im * cosine - re * sine
        self._phasors[c] = (re, im)

    def mix(self, form, slot):
        re = im = 0.0
        for c, factor in form:
            factor *= _UNIT
            re = self._phasors[c][0] * factor + re
            im = self._phasors[c][1] * factor + im
        self._slots[slot] = (re, im)

    def measure(self, slot):
        re, im = self._slots[slot]
        square = re * re + im * im
        self._square = square
        self._magnitudes = np.sqrt(square)
        self.first = float(square[1])
        return math.sqrt(np.sum(square[1:]))

    def even(self):
        return float(np.sum(self._square[2::2]))

    def odd(self):
        return float(np.sum(self._square[3::2]))

    def weighted(self):
        return float(np.dot(self._square[1:], self._weights[1:]))

    def by_orders(self):
        return float(np.dot(self._square[1:], self._squares[1:]))

    def ratios(self, values, at):
        one = float(self._magnitudes[1])
        for h in range(2, self._orders):
            x = self._magnitudes[h] / one if one else 0.0
            values[at + h - 2] = int(x * 10000 + 0.5) if x < 6.5535 else 65535

    def fundamental(self, slot):
        re, im = self._slots[slot]
        return float(re[1]), float(im[1])

    def cross(self):
        a, b = self._slots
        return float(np.dot(a[1][2:], b[0][2:]) - np.dot(a[0][2:], b[1][2:]))
