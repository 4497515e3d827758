"""Squares of half cycles and the points of waveforms on arrays: numpy on a PC, or ulab 6 on a board. As
halves_native.py, which see.
"""

from array import array

try:
    from ulab import numpy as np
except ImportError:
    import numpy as np

from fourquad.metering.kernels.plan import FRAMES

# What this file uses of numpy; a test holds that ulab 6 has each of them.
ULAB_NAMES = ("array", "clip", "dot", "floor", "mean", "zeros")

QUANTITIES = 6
HISTORY = 4  # half cycles whose squares are kept
_MOST = 1e30


class Halves:
    """The quantities of one kernel's channels: `form` says what each is, `limit` what is out of range.
    Squares are V^2 or A^2.
    """

    def __init__(self, kernel):
        self._kernel = kernel
        self.offsets = [0] * kernel.plan.channels
        self.step = 1 << max(0, kernel.bits - 12)  # that offsets make at once
        self._matrix = np.zeros((kernel.plan.channels, QUANTITIES))
        self._there = [False] * QUANTITIES
        self._scales = [0.0] * QUANTITIES
        self._limits = [0.0] * 9
        self.squares = [0.0] * (HISTORY * QUANTITIES)
        self._values = self._all = None

    def form(self, k, form, scale):
        """Quantity `k` is the form ((channel, V or A a code), ...); `scale`: counts of a point for a volt or
        an ampere.
        """
        for c in range(self._kernel.plan.channels):
            self._matrix[c, k] = 0.0
        for channel, factor in form:
            self._matrix[channel, k] = factor
        self._there[k] = len(form) > 0
        self._scales[k] = scale

    def limit(self, i, rms):
        """Limit `i`: of three voltages the lowest, of three the highest, of three currents the highest (V or
        A RMS); None: it is never crossed.
        """
        self._limits[i] = (_MOST if i >= 3 else 0.0) if rms is None else rms * rms

    def rms(self, k, square):
        """What a value of `squares` of quantity `k` is in V or A."""
        return square**0.5

    def take(self, buffer, frame, cycles):
        """The cycles that `cycle` is about."""
        kernel = self._kernel
        n = kernel.plan.channels
        x = kernel.frames(buffer, frame, cycles * FRAMES)[:, :n] * 1.0
        for c in range(n):
            x[:, c] = x[:, c] - self.offsets[c]
        self._values = x = np.dot(x, self._matrix)
        half = FRAMES // 2
        self._all = [np.mean(x[i : i + half] ** 2, axis=0).tolist() for i in range(0, cycles * FRAMES, half)]

    def cycle(self, i, slot, out, at):
        """Look at cycle `i`. The squares of its half cycles go to two slots of `squares` from `slot` (0-3)
        on, 64 points of each quantity to the bytes `out`: 384 signed halfwords from number `at` on. Bits of
        the limits that are crossed: nine of the first half cycle, nine of the second.
        """
        x = self._values[i * FRAMES : (i + 1) * FRAMES : 2]
        for k in range(QUANTITIES):
            counts = np.clip(np.floor(x[:, k] * self._scales[k] + 0.5), -32768, 32767).tolist()
            out[2 * at : 2 * at + FRAMES] = bytes(array("h", [int(count) for count in counts]))
            at += FRAMES // 2
        second = self._half(2 * i + 1, (slot + 1) % HISTORY)
        return self._half(2 * i, slot) | second << 9

    def _half(self, i, slot):
        squares = self._all[i]
        self.squares[QUANTITIES * slot : QUANTITIES * (slot + 1)] = squares
        limits = self._limits
        mask = 0
        for k in range(QUANTITIES):
            if self._there[k]:
                if k < 3 and squares[k] < limits[k]:
                    mask |= 1 << k
                if squares[k] > limits[3 + k]:
                    mask |= 8 << k
        return mask
