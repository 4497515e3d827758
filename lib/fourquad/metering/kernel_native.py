"""The sums in integers and machine code (viper), for codes of at most 12 bits. Never imported by CPython.

One pass of 64 steps a channel and one of 128 a pair work on the raw codes; the offsets come out afterwards,
in 32-bit arithmetic that wraps to the right result, for the true sums fit: 128 * 4095**2 < 2**31. Totals of a
window are pairs of words (high part, low 16 bits and their carries). Nothing in `run` or `close_fast`
allocates but the float `advance`.
"""
# ruff: noqa: F821 (ptr8, ptr16 and ptr32 are names of the viper compiler)

from array import array
from math import atan2

import micropython
from micropython import const

from fourquad.metering.plan import FRAMES
from fourquad.metering.table import phasor_table, squeeze

_TURN = 0.15915494  # of a radian
_Q = const(28)  # binary places of a form's coefficients

# Words of the state that the native code works from; addresses hold as long as the kernel keeps the arrays.
_CHANNELS = const(0)
_PAIRS = const(1)  # number of pairs
_REFERENCE = const(2)
_RE = const(3)  # the reference's phasor one cycle ago
_IM = const(4)
_TABLE = const(5)  # addresses: cosines and sines,
_RAW = const(6)  # sums of one cycle (s, q, re, im of each channel; p, d of each pair),
_NUMBERS = const(7)  # channel numbers of the pairs,
_LAST = const(8)  # last frame,
_OFFSETS = const(9)
_SUMS = const(10)  # and totals of the fast window
_FOLLOWS = const(11)  # whether the last frame is the one before the next
_COUNT = const(12)  # cycles in the fast window


# x, y, z come first, for viper keeps only the first three locals in registers: they hold what is used most in
# each loop. Two steps a turn, because comparisons are dear.
@micropython.viper
def _passes(x: int, y: int, z: int, buffer: ptr16, frame: int, state: ptr32):
    channels = state[_CHANNELS]
    step = channels * 2
    base = int(buffer) + frame * step
    pairs = ptr8(state[_NUMBERS])
    last = ptr16(state[_LAST])
    if not state[_FOLLOWS]:
        state[_FOLLOWS] = 1
        c = 0
        while c < channels:
            last[c] = ptr16(base)[c]
            c += 1
    raw = state[_RAW]
    end = state[_TABLE] + 512
    c = 0
    while c < channels:
        z = base + 2 * c
        b = z + step * 64
        s = 0
        q = 0
        re = 0
        im = 0
        t = state[_TABLE]
        while t < end:
            y = int(ptr16(z)[0])
            x = int(ptr16(b)[0])
            s += y + x
            q += y * y + x * x
            x = y - x
            re += x * ptr32(t)[0]
            im += x * ptr32(t)[1]
            z += step
            b += step
            y = int(ptr16(z)[0])
            x = int(ptr16(b)[0])
            s += y + x
            q += y * y + x * x
            x = y - x
            re += x * ptr32(t)[2]
            im += x * ptr32(t)[3]
            z += step
            b += step
            t += 16
        ptr32(raw)[0] = s
        ptr32(raw)[1] = q
        ptr32(raw)[2] = re
        ptr32(raw)[3] = im
        raw += 16
        c += 1
    k = 0
    while k < state[_PAIRS]:
        b = int(pairs[2 * k + 1])
        x = base + 2 * int(pairs[2 * k])
        y = base + 2 * b
        b = int(last[b])
        end = y + step * 128
        s = 0
        q = 0
        while y < end:
            z = int(ptr16(x)[0])
            t = int(ptr16(y)[0])
            s += z * t
            q += z * b
            x += step
            y += step
            z = int(ptr16(x)[0])
            b = int(ptr16(y)[0])
            s += z * b
            q += z * t
            x += step
            y += step
        ptr32(raw)[0] = s
        ptr32(raw)[1] = q
        raw += 8
        k += 1


# Offsets out, phasors multiplied, all added to the totals.
@micropython.viper
def _finish(z: int, x: int, y: int, buffer: ptr16, frame: int, state: ptr32):
    channels = state[_CHANNELS]
    pairs = ptr8(state[_NUMBERS])
    offsets = ptr32(state[_OFFSETS])
    last = ptr16(state[_LAST])
    tail = int(buffer) + (frame + 127) * channels * 2
    state[_COUNT] += 1
    z = state[_SUMS]
    raw = state[_RAW]
    c = 0
    while c < channels:
        b = offsets[c]
        s = ptr32(raw)[0]
        q = ptr32(raw)[1] - b * (s + s - (b << 7))
        s -= b << 7
        ptr32(z)[0] += s >> 16
        ptr32(z)[1] += s & 0xFFFF
        ptr32(z)[2] += q >> 16
        ptr32(z)[3] += q & 0xFFFF
        x = ptr32(raw)[2]
        y = ptr32(raw)[3]
        x1 = x >> 15
        y1 = y >> 15
        x &= 0x7FFF
        y &= 0x7FFF
        q = x1 * x1 + y1 * y1 + ((x1 * x + y1 * y + ((x * x + y * y) >> 16) + 0x2000) >> 14)
        ptr32(z)[4] += q >> 16
        ptr32(z)[5] += q & 0xFFFF
        z += 24
        raw += 16
        c += 1
    # the last turn is the reference against itself a cycle ago
    k = 0
    while k <= state[_PAIRS]:
        if k < state[_PAIRS]:
            x = int(pairs[2 * k])
            y = int(pairs[2 * k + 1])
            re = offsets[x]
            im = offsets[y]
            t = state[_RAW] + (x << 4)
            b = state[_RAW] + (y << 4)
            c = im * ptr32(t)[0]
            x = ptr32(b)[0] - (im << 7)
            s = ptr32(raw)[0] - re * x - c
            x += int(last[y]) - int(ptr16(tail)[y])
            q = ptr32(raw)[1] - re * x - c
            ptr32(z)[0] += s >> 16
            ptr32(z)[1] += s & 0xFFFF
            ptr32(z)[2] += q >> 16
            ptr32(z)[3] += q & 0xFFFF
            z += 16
            raw += 8
            x = ptr32(b)[2]
            y = ptr32(b)[3]
        else:
            t = state[_RAW] + (state[_REFERENCE] << 4)
            x = state[_RE]
            y = state[_IM]
        re = ptr32(t)[2]
        im = ptr32(t)[3]
        if k == state[_PAIRS]:
            state[_RE] = re
            state[_IM] = im
        # products of 31-bit phasors over 2**30 from 15-bit halves
        re1 = re >> 15
        im1 = im >> 15
        x1 = x >> 15
        y1 = y >> 15
        re &= 0x7FFF
        im &= 0x7FFF
        x &= 0x7FFF
        y &= 0x7FFF
        s = ((re1 * x + re * x1) >> 1) + ((im1 * y + im * y1) >> 1) + ((re * x + im * y) >> 16)
        s = re1 * x1 + im1 * y1 + ((s + 0x2000) >> 14)
        q = ((im1 * x + im * x1) >> 1) - ((re1 * y + re * y1) >> 1) + ((im * x - re * y) >> 16)
        q = im1 * x1 - re1 * y1 + ((q + 0x2000) >> 14)
        ptr32(z)[0] += s >> 16
        ptr32(z)[1] += s & 0xFFFF
        ptr32(z)[2] += q >> 16
        ptr32(z)[3] += q & 0xFFFF
        z += 16
        k += 1
    c = 0
    while c < channels:
        last[c] = ptr16(tail)[c]
        c += 1


@micropython.viper
def _carry(n: int, sums: ptr32, second: ptr32):
    i = 0
    while i < n:
        second[i] += sums[i]
        i += 1


@micropython.viper
def _clear(n: int, sums: ptr32):
    i = 0
    while i < n:
        sums[i] = 0
        i += 1


# Totals to small integers of `total >> sh`, without DC and without dead channels; gives the channels alive.
# A mean is kept to 1/256 code.
@micropython.viper
def _condition(
    state: ptr32, pairs: ptr8, floors: ptr32, cycles: int, sh: int, sums: ptr32, means: ptr32, view: ptr32
) -> int:
    channels = state[0]
    n = channels * 3 + state[1] * 4 + 2
    half = (1 << sh) >> 1
    up = 16 - sh
    i = 0
    while i < n:
        view[i] = (sums[i << 1] << up) + ((sums[(i << 1) + 1] + half) >> sh)
        i += 1
    frames = cycles << 7
    scaled = frames >> sh
    alive = 0
    c = 0
    i = 0
    while c < channels:
        s = ((sums[i << 1] << 16) + sums[(i << 1) + 1]) << 8
        s = (s + (frames >> 1)) // frames
        means[c] = s
        q = view[i + 1] - ((((s * s) >> 8) * scaled) >> 8)
        if q < (floors[c] * cycles) >> sh:
            q = 0
            view[i + 2] = 0
        else:
            alive |= 1 << c
        view[i + 1] = q
        i += 3
        c += 1
    k = 0
    while k < state[1]:
        a = int(pairs[2 * k])
        b = int(pairs[2 * k + 1])
        if (alive >> a) & (alive >> b) & 1:
            s = (((means[a] * means[b]) >> 8) * scaled) >> 8
            view[i] -= s
            view[i + 1] -= s
        else:
            view[i] = 0
            view[i + 1] = 0
            view[i + 2] = 0
            view[i + 3] = 0
        i += 4
        k += 1
    return alive


# table: for every form the number of its terms, then sum number and coefficient (28 binary places) of each.
# A sum below 2**30 times a coefficient of at most 2**28 is put together from 14-bit halves.
@micropython.viper
def _forms(rows: int, table: ptr32, view: ptr32, out: ptr32):
    i = 0
    t = 0
    while i < rows:
        n = table[t]
        t += 1
        total = 0
        while n:
            v = view[table[t]]
            c = table[t + 1]
            v1 = v >> 14
            c1 = c >> 14
            v &= 0x3FFF
            c &= 0x3FFF
            total += v1 * c1 + ((v1 * c + v * c1 + ((v * c) >> 14) + 0x2000) >> 14)
            t += 2
            n -= 1
        out[i] = total
        i += 1


@micropython.viper
def _address(buffer: ptr16) -> int:
    return int(buffer)


class Kernel:
    """See docs/architecture.md section 1. `buffer` holds halfwords."""

    def __init__(self, plan, bits):
        if bits > 12:
            raise ValueError("the native kernel holds 12-bit codes")
        n = plan.channels
        self.plan = plan
        self.bits = bits
        self.offsets = array("i", [1 << (bits - 1)] * n)
        self.floors = array("i", [0] * n)
        self.means = array("i", [0] * n)
        self.mean_scale = 1 / 256
        self.alive = 0
        self.advance = 0.0
        self.fast = self.second = self._table = None
        self.fast_scale = self.second_scale = self.exact_scale = 1
        self.places = 0
        self._pairs = bytes([c for pair in plan.pairs for c in pair])
        self._cosines = array("i", phasor_table())
        self._raw = array("i", [0] * (4 * n + 2 * len(plan.pairs)))
        self._last = array("H", [0] * n)
        self._size = plan.size
        # two more than the plan has: the reference's phasor against the one before, real and imaginary
        self._words = 2 * plan.size + 4
        self._sums = array("i", [0] * self._words)
        self._second_sums = array("i", [0] * self._words)
        self._closed = array("i", [0] * self._words)
        self._view = array("i", [0] * (plan.size + 2))
        kept = (self._cosines, self._raw, self._pairs, self._last, self.offsets, self._sums)
        self._state = array("i", [n, len(plan.pairs), 0, 0, 0] + [_address(a) for a in kept] + [0, 0])
        self._cycles_second = 0
        self._rows = self._fast_rows = 0

    def follow(self, channel):
        """Take `advance` from this channel from now on."""
        self._state[_REFERENCE] = channel
        self._state[_RE] = self._state[_IM] = 0

    def forms(self, rows, fast):
        """Linear forms of the sums: a row is a tuple of (sum, coefficient), its coefficients' magnitudes add
        up to 1 at most; the first `fast` rows are made of both windows, all of them of the second.
        """
        table = []
        for row in rows:
            table.append(len(row))
            for at, factor in row:
                table.append(at)
                table.append(int(round(factor * (1 << _Q))))
        self._table = array("i", table)
        self._rows = len(rows)
        self._fast_rows = fast
        self.fast = array("i", [0] * fast)
        self.second = array("i", [0] * len(rows))

    def clear(self):
        """Drop both windows, and what is known of the frame before."""
        _clear(self._words, self._sums)
        _clear(self._words, self._second_sums)
        self._cycles_second = self._state[_COUNT] = 0
        self.resync()

    def resync(self):
        """The next frame does not follow on the last one."""
        self._state[_FOLLOWS] = 0
        self._state[_RE] = self._state[_IM] = 0

    def run(self, buffer, frame, cycles):
        """Add `cycles` cycles of 128 frames of `buffer`, from `frame` on, to both windows."""
        state = self._state
        while cycles:
            _passes(0, 0, 0, buffer, frame, state)
            _finish(0, 0, 0, buffer, frame, state)
            frame += FRAMES
            cycles -= 1

    def close_fast(self):
        """Close the fast window: number of its cycles; `fast`, `alive` and `advance` are now of it."""
        n = self._state[_COUNT]
        self._state[_COUNT] = 0
        if not n:
            return 0
        sums = self._sums
        sh = squeeze(n)
        self.fast_scale = 1 << sh
        _carry(self._words, sums, self._second_sums)
        self._cycles_second += n
        self.alive = _condition(self._state, self._pairs, self.floors, n, sh, sums, self.means, self._view)
        _forms(self._fast_rows, self._table, self._view, self.fast)
        view = self._view
        self.advance = atan2(view[self._size + 1], view[self._size]) * _TURN
        _clear(self._words, sums)
        return n

    def close_second(self):
        """Close the second's window: number of its cycles; `second` and `exact` are of it from now on."""
        n = self._cycles_second
        self._cycles_second = 0
        if not n:
            return 0
        closed = self._closed
        self._closed = self._second_sums
        self._second_sums = closed
        _clear(self._words, closed)
        sh = squeeze(n)
        self.second_scale = self.exact_scale = 1 << sh
        sums = self._closed
        _condition(self._state, self._pairs, self.floors, n, sh, sums, self.means, self._view)
        _forms(self._rows, self._table, self._view, self.second)
        return n

    def exact(self, i):
        """Row i of the second as an integer: its unit is `exact_scale` / 2**places."""
        return self.second[i]
