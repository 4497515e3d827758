"""Squares of half cycles and the points of waveforms in integers and machine code, for codes of at most 16
bits. Never imported by CPython.

What is watched is one channel, or two of them times factors (a line voltage). On an RP2040 some 0.3 ms a
cycle of six quantities.
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


# A quarter of the sum of squares of 64 frames of each quantity; the limits that are crossed, as bits: three
# voltages too low, three too high, three currents too high.
@micropython.viper
def half(x: int, y: int, z: int, buffer: ptr16, frame: int, state: ptr32, at: int) -> int:
    step = state[_STEP]
    base = int(buffer) + frame * step
    down = state[_DOWN]
    spec = state[_SPEC]
    limits = ptr32(state[_LIMITS])
    squares = ptr32(state[_SQUARES] + (at << 2))
    mask = 0
    k = 0
    while k < QUANTITIES:
        n = ptr32(spec)[_TERMS]
        z = 0
        if n:
            first = ptr32(spec)[_FIRST]
            x = base + (first << 1)
            end = x + (step << 6)
            offset = ptr32(state[_OFFSETS])[first]
            if n == 1:
                while x < end:
                    y = (int(ptr16(x)[0]) - offset) >> down
                    z += y * y
                    x += step
                    y = (int(ptr16(x)[0]) - offset) >> down
                    z += y * y
                    x += step
            else:
                far = (ptr32(spec)[_SECOND] - first) << 1
                a = ptr32(spec)[_FIRST_FACTOR]
                b = ptr32(spec)[_SECOND_FACTOR]
                offset = offset * a + ptr32(state[_OFFSETS])[ptr32(spec)[_SECOND]] * b
                n = down + _FACTOR
                while x < end:
                    y = (int(ptr16(x)[0]) * a + int(ptr16(x + far)[0]) * b - offset) >> n
                    z += y * y
                    x += step
            z >>= 2
            if k < 3:
                if z < limits[k]:
                    mask |= 1 << k
                if z > limits[3 + k]:
                    mask |= 8 << k
            elif z > limits[3 + k]:
                mask |= 8 << k
        squares[k] = z
        spec += 4 * _WORDS
        k += 1
    return mask


# Every other of 128 frames of each quantity as a signed halfword, 64 in a row, from out[at] on.
@micropython.viper
def points(x: int, y: int, z: int, buffer: ptr16, frame: int, state: ptr32, out: ptr16, at: int):
    step = state[_STEP]
    base = int(buffer) + frame * step
    spec = state[_SPEC]
    z = int(out) + (at << 1)
    k = 0
    while k < QUANTITIES:
        n = ptr32(spec)[_TERMS]
        end = z + 128
        if n:
            first = ptr32(spec)[_FIRST]
            x = base + (first << 1)
            a = ptr32(spec)[_FIRST_FACTOR]
            far = 0
            b = 0
            offset = ptr32(state[_OFFSETS])[first] * a
            if n == 2:
                far = (ptr32(spec)[_SECOND] - first) << 1
                b = ptr32(spec)[_SECOND_FACTOR]
                offset += ptr32(state[_OFFSETS])[ptr32(spec)[_SECOND]] * b
            offset -= 1 << (_FACTOR - 1)
            scale = ptr32(spec)[_SCALE]
            n = ptr32(spec)[_SHIFT]
            turn = 1 << n
            turn >>= 1
            while z < end:
                y = (int(ptr16(x)[0]) * a + int(ptr16(x + far)[0]) * b - offset) >> _FACTOR
                y = (y * scale + turn) >> n
                if y > 32767:
                    y = 32767
                if y < 0 - 32768:
                    y = 0 - 32768
                ptr16(z)[0] = y
                z += 2
                x += step + step
        else:
            while z < end:
                ptr16(z)[0] = 0
                z += 2
        spec += 4 * _WORDS
        k += 1


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
        """The cycles that `half` and `points` are about."""
        self._buffer = buffer
        self._frame = frame

    def half(self, i, at):
        """Look at half cycle `i`, whose squares go to squares[at:]: bits of the limits that it crosses."""
        return half(0, 0, 0, self._buffer, self._frame + (i << 6), self._state, at)

    def points(self, cycle, out, at):
        """64 points of each quantity: 384 signed halfwords to the bytes `out`, from number `at`."""
        points(0, 0, 0, self._buffer, self._frame + (cycle << 7), self._state, out, at)
