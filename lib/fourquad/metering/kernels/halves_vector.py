"""Squares of half cycles and the points of waveforms on arrays of numpy, on a PC (ulab has not all of it).
As halves_native.py, which see.
"""

import numpy as np

from fourquad.metering.kernels.plan import FRAMES

QUANTITIES = 6
HISTORY = 4  # half cycles whose squares are kept
_MOST = 1e30
_BYTES = 2 * QUANTITIES * FRAMES // 2  # of the points of a cycle


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
        self._scales = np.zeros(QUANTITIES)
        self._limits = [0.0] * 9
        self.squares = [0.0] * (HISTORY * QUANTITIES)
        self._all = self._points = None

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
        x = np.dot(x, self._matrix)
        # all at once: a simulator's batches are long
        rows = x.reshape((2 * cycles, FRAMES // 2, QUANTITIES))
        self._all = np.mean(rows * rows, axis=1).tolist()
        counts = np.clip(np.floor(rows[:, ::2] * self._scales + 0.5), -32768, 32767)
        counts = counts.reshape((cycles, FRAMES // 2, QUANTITIES)).transpose((0, 2, 1))
        self._points = counts.astype(np.int16).tobytes()

    def cycle(self, i, slot, out, at):
        """Look at cycle `i`. The squares of its half cycles go to two slots of `squares` from `slot` (0-3)
        on, 64 points of each quantity to the bytes `out`: 384 signed halfwords from number `at` on. Bits of
        the limits that are crossed: nine of the first half cycle, nine of the second.
        """
        out[2 * at : 2 * at + _BYTES] = self._points[_BYTES * i : _BYTES * (i + 1)]
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
