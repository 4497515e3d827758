"""Squares of half cycles and the points of waveforms in integers and machine code, for codes of at most 16
bits. Never imported by CPython.

What is watched is one channel, or two of them times factors (a line voltage). By its instructions a cycle
of four quantities takes an RP2040 some 0.3 ms.
"""
# ruff: noqa: F821 (ptr16 and ptr32 are names of the viper compiler)

from array import array

import micropython
from micropython import const

from fourquad.metering.kernels.sums_native import address

QUANTITIES = const(6)
HISTORY = const(4)  # half cycles whose squares are kept
_FACTOR = const(12)  # binary places of the factors of two channels
_MOST = const(0x3FFFFFFF)

# Words of the state; addresses hold as long as the object keeps the arrays.
_STEP = const(0)  # bytes from frame to frame
_DOWN = const(1)  # bits of a code that are left out of the squares
_SPEC = const(2)
_OFFSETS = const(3)
_SQUARES = const(4)
_LIMITS = const(5)
# Words of a quantity's specification.
_TERMS = const(0)  # channels, 0 to 2
_FIRST = const(1)  # the first one
_FIRST_FACTOR = const(2)
_SECOND = const(3)
_SECOND_FACTOR = const(4)
_SCALE = const(5)  # of its points, times two to the power of the next word
_SHIFT = const(6)
_WORDS = const(7)


# A cycle of 128 frames. Of each half a quarter of the sum of squares of its 64 frames goes to the
# squares, those of the quantities from number 6 * slot on, the second half's to the next of four slots.
# Every other frame goes to `out` as signed halfwords, 64 of each quantity in a row, from number `at` on.
# Answers the limits that are crossed, as bits: three voltages too low, three too high, three currents too
# high; then the same nine of the second half.
@micropython.viper
def cycle(
    x: int, y: int, z: int, buffer: ptr16, frame: int, state: ptr32, slot: int, out: ptr16, at: int
) -> int:
    step = state[_STEP]
    base = int(buffer) + frame * step
    down = state[_DOWN]
    spec = state[_SPEC]
    limits = ptr32(state[_LIMITS])
    offsets = ptr32(state[_OFFSETS])
    target = int(out) + (at << 1)
    masks = 0
    k = 0
    while k < QUANTITIES:
        n = ptr32(spec)[_TERMS]
        first = ptr32(spec)[_FIRST]
        far = (ptr32(spec)[_SECOND] - first) << 1
        a = ptr32(spec)[_FIRST_FACTOR]
        b = ptr32(spec)[_SECOND_FACTOR]
        offset = offsets[first]
        both = offset * a + offsets[ptr32(spec)[_SECOND]] * b
        x = base + (first << 1)
        h = 0
        while h < 18:
            z = 0
            end = x + (step << 6)
            if n == 1 and down == 0:
                while x < end:
                    y = int(ptr16(x)[0]) - offset
                    z += y * y
                    x += step
                    y = int(ptr16(x)[0]) - offset
                    z += y * y
                    x += step
                    y = int(ptr16(x)[0]) - offset
                    z += y * y
                    x += step
                    y = int(ptr16(x)[0]) - offset
                    z += y * y
                    x += step
            elif n == 1:
                while x < end:
                    y = (int(ptr16(x)[0]) - offset) >> down
                    z += y * y
                    x += step
                    y = (int(ptr16(x)[0]) - offset) >> down
                    z += y * y
                    x += step
            elif n:
                shift = down + _FACTOR
                while x < end:
                    y = (int(ptr16(x)[0]) * a + int(ptr16(x + far)[0]) * b - both) >> shift
                    z += y * y
                    x += step
            z >>= 2
            # the slots are four
            y = slot
            if h:
                y = (slot + 1) & 3
            ptr32(state[_SQUARES])[6 * y + k] = z
            if n:
                if k < 3 and z < limits[k]:
                    masks |= 1 << (k + h)
                if z > limits[3 + k]:
                    masks |= 8 << (k + h)
            h += 9
        x = base + (first << 1)
        z = target
        target += 128
        shift = ptr32(spec)[_SHIFT]
        scale = ptr32(spec)[_SCALE]
        y = 1 << shift
        half = y >> 1
        step += step
        if n == 1:
            if a < 0:
                scale = 0 - scale
            half -= offset * scale
            while z < target:
                y = (int(ptr16(x)[0]) * scale + half) >> shift
                # what is beyond 16 bits ends there
                if (y + 32768) >> 16:
                    y = 32767 - (y >> 31 & 65535)
                ptr16(z)[0] = y
                z += 2
                x += step
        elif n:
            both -= 1 << (_FACTOR - 1)
            while z < target:
                y = (int(ptr16(x)[0]) * a + int(ptr16(x + far)[0]) * b - both) >> _FACTOR
                y = (y * scale + half) >> shift
                if (y + 32768) >> 16:
                    y = 32767 - (y >> 31 & 65535)
                ptr16(z)[0] = y
                z += 2
                x += step
        else:
            while z < target:
                ptr16(z)[0] = 0
                z += 2
        step >>= 1
        spec += 4 * _WORDS
        k += 1
    return masks


class Halves:
    """The quantities of one kernel's channels: `form` says what each is, `limit` what is out of range."""

    def __init__(self, kernel):
        self._bits = kernel.bits
        self.offsets = array("i", [0] * kernel.plan.channels)
        self.step = 1 << max(0, kernel.bits - 12)  # that offsets make at once
        self._down = max(0, kernel.bits - 12)
        self._units = [0.0] * QUANTITIES
        self._spec = array("i", [0] * (_WORDS * QUANTITIES))
        self._limits = array("i", [0] * 9)
        self.squares = array("i", [0] * (HISTORY * QUANTITIES))
        kept = (self._spec, self.offsets, self.squares, self._limits)
        self._state = array("i", [2 * kernel.plan.words, self._down] + [address(each) for each in kept])
        self._buffer = None
        self._frame = 0

    def form(self, k, form, scale):
        """Quantity `k` is the form ((channel, V or A a code), ...) of at most two channels; `scale`: counts
        of a point for a volt or an ampere.
        """
        at = k * _WORDS
        spec = self._spec
        spec[at + _TERMS] = len(form)
        if not form:
            return
        unit = max([abs(factor) for _, factor in form])
        self._units[k] = unit * (1 << self._down)
        for channel, factor in form:
            spec[at + _FIRST] = channel
            spec[at + _FIRST_FACTOR] = int(round(factor / unit * (1 << _FACTOR)))
            at += 2
        at = k * _WORDS
        # what two channels make has a bit more than a code has, and the product has 31
        most = 1 << (31 - self._bits - len(form))
        shift = 0
        scale *= unit
        while scale * (2 << shift) < most and shift < 24:
            shift += 1
        spec[at + _SCALE] = int(round(scale * (1 << shift)))
        spec[at + _SHIFT] = shift

    def limit(self, i, rms):
        """Limit `i`: of three voltages the lowest, of three the highest, of three currents the highest (V or
        A RMS); None: it is never crossed.
        """
        if rms is None:
            self._limits[i] = _MOST if i >= 3 else 0
            return
        unit = self._units[i if i < 3 else i - 3]
        self._limits[i] = int(min(16.0 * (rms / unit) ** 2, 1.0 * _MOST)) if unit else 0

    def rms(self, k, square):
        """What a value of `squares` of quantity `k` is in V or A."""
        return (square / 16.0) ** 0.5 * self._units[k]

    def take(self, buffer, frame, cycles):
        """The cycles that `cycle` is about."""
        self._buffer = buffer
        self._frame = frame

    def cycle(self, i, slot, out, at):
        """Look at cycle `i`. The squares of its half cycles go to two slots of `squares` from `slot` (0-3)
        on, 64 points of each quantity to the bytes `out`: 384 signed halfwords from number `at` on. Bits of
        the limits that are crossed: nine of the first half cycle, nine of the second.
        """
        return cycle(0, 0, 0, self._buffer, self._frame + (i << 7), self._state, slot, out, at)
