"""The sums in integers and machine code (viper), for codes of at most 12 bits. Never imported by CPython.

One pass of 64 steps a channel and one of 128 a pair work on the raw codes; the offsets come out afterwards, in
32-bit arithmetic that wraps to the right result, for the true sums fit: 128 * 4095**2 < 2**31. Totals of a
window are pairs of words (high part, low 16 bits and their carries). Nothing in `run` or `close_fast` allocates
but the float `advance`.
"""
# ruff: noqa: F821 (ptr8, ptr16 and ptr32 are names of the viper compiler)

from array import array

import micropython
from micropython import const

from fourquad.metering.plan import FRAMES
from fourquad.metering.table import phasor_table, squeeze, turns

_Q = const(28)  # binary places of a form's coefficients

# state: what the native functions share; word 1 is the number of pairs
_CHANNELS = const(0)
_REFERENCE = const(2)
_RE = const(3)  # the reference's phasor one cycle ago
_IM = const(4)


# u, w and t come first because viper keeps the first three locals in registers.
@micropython.viper
def _channel_pass(u: int, w: int, t: int, base: int, channels: int, table: ptr32, raw: ptr32):
    step = channels * 2
    half = step * 64
    first = int(table)
    end = first + 512
    c = 0
    while c < channels:
        a = base + 2 * c
        b = a + half
        s = 0
        q = 0
        re = 0
        im = 0
        t = first
        while t < end:
            u = int(ptr16(a)[0])
            w = int(ptr16(b)[0])
            s += u + w
            q += u * u + w * w
            w = u - w
            re += w * ptr32(t)[0]
            im += w * ptr32(t)[1]
            a += step
            b += step
            t += 8
        c4 = c << 2
        raw[c4] = s
        raw[c4 + 1] = q
        raw[c4 + 2] = re
        raw[c4 + 3] = im
        c += 1


@micropython.viper
def _pair_pass(u: int, w: int, z: int, base: int, state: ptr32, pairs: ptr8, last: ptr16, raw: ptr32):
    channels = state[0]
    count = state[1]
    step = channels * 2
    length = step * 128
    k = 0
    while k < count:
        b = int(pairs[2 * k + 1])
        a = base + 2 * int(pairs[2 * k])
        z = int(last[b])
        b = base + 2 * b
        end = b + length
        p = 0
        d = 0
        while b < end:
            u = int(ptr16(a)[0])
            w = int(ptr16(b)[0])
            p += u * w
            d += u * z
            z = w
            a += step
            b += step
        k2 = 4 * channels + 2 * k
        raw[k2] = p
        raw[k2 + 1] = d
        k += 1


# The product of two 31-bit phasors, real parts u * x + w * y, over 2**30, is put together from 15-bit halves.
@micropython.viper
def _finish(base: int, state: ptr32, pairs: ptr8, offsets: ptr32, last: ptr16, raw: ptr32, sums: ptr32):
    channels = state[0]
    tail = base + 2 * channels * 127
    at = 0
    c = 0
    while c < channels:
        c4 = c << 2
        o = offsets[c]
        s = raw[c4]
        q = raw[c4 + 1] - o * (s + s - (o << 7))
        s -= o << 7
        sums[at] += s >> 16
        sums[at + 1] += s & 0xFFFF
        sums[at + 2] += q >> 16
        sums[at + 3] += q & 0xFFFF
        x = raw[c4 + 2]
        y = raw[c4 + 3]
        x1 = x >> 15
        y1 = y >> 15
        x &= 0x7FFF
        y &= 0x7FFF
        m = x1 * x1 + y1 * y1 + ((x1 * x + y1 * y + ((x * x + y * y) >> 16) + 0x2000) >> 14)
        sums[at + 4] += m >> 16
        sums[at + 5] += m & 0xFFFF
        at += 6
        c += 1
    k = 0
    count = state[1] + 1
    while k < count:
        if k < state[1]:
            ia = int(pairs[2 * k])
            ib = int(pairs[2 * k + 1])
            oa = offsets[ia]
            ob = offsets[ib]
            sa = raw[ia << 2]
            sb = raw[ib << 2]
            k2 = 4 * channels + 2 * k
            p = raw[k2] - oa * (sb - (ob << 7)) - ob * sa
            sb += int(last[ib]) - int(ptr16(tail)[ib])
            d = raw[k2 + 1] - oa * (sb - (ob << 7)) - ob * sa
            sums[at] += p >> 16
            sums[at + 1] += p & 0xFFFF
            sums[at + 2] += d >> 16
            sums[at + 3] += d & 0xFFFF
            at += 4
            x = raw[(ib << 2) + 2]
            y = raw[(ib << 2) + 3]
        else:
            ia = state[2]
            x = state[3]
            y = state[4]
        u = raw[(ia << 2) + 2]
        w = raw[(ia << 2) + 3]
        if k == state[1]:
            state[3] = u
            state[4] = w
        u1 = u >> 15
        w1 = w >> 15
        x1 = x >> 15
        y1 = y >> 15
        u &= 0x7FFF
        w &= 0x7FFF
        x &= 0x7FFF
        y &= 0x7FFF
        f = ((u1 * x + u * x1) >> 1) + ((w1 * y + w * y1) >> 1) + ((u * x + w * y) >> 16)
        f = u1 * x1 + w1 * y1 + ((f + 0x2000) >> 14)
        r = ((w1 * x + w * x1) >> 1) - ((u1 * y + u * y1) >> 1) + ((w * x - u * y) >> 16)
        r = w1 * x1 - u1 * y1 + ((r + 0x2000) >> 14)
        sums[at] += f >> 16
        sums[at + 1] += f & 0xFFFF
        sums[at + 2] += r >> 16
        sums[at + 3] += r & 0xFFFF
        at += 4
        k += 1
    c = 0
    while c < channels:
        last[c] = ptr16(tail)[c]
        c += 1


@micropython.viper
def _start(base: int, channels: int, last: ptr16):
    c = 0
    while c < channels:
        last[c] = ptr16(base)[c]
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
    n = channels * 3 + state[1] * 4
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
        self.fast_scale = self.second_scale = 1
        self._state = array("i", [n, len(plan.pairs), 0, 0, 0])
        self._pairs = bytes([c for pair in plan.pairs for c in pair])
        self._cosines = array("i", phasor_table())
        self._raw = array("i", [0] * (4 * n + 2 * len(plan.pairs)))
        self._last = array("H", [0] * n)
        self._follows = False
        self._size = plan.size
        # two more than the plan has: the reference's phasor against the one before, real and imaginary
        self._words = 2 * plan.size + 4
        self._sums = array("i", [0] * self._words)
        self._second_sums = array("i", [0] * self._words)
        self._closed = array("i", [0] * self._words)
        self._view = array("i", [0] * plan.size)
        self._cycles = self._cycles_second = self._closed_cycles = 0
        self._closed_alive = 0
        self._rows = self._fast_rows = 0

    @property
    def reference(self):
        return self._state[_REFERENCE]

    @reference.setter
    def reference(self, channel):
        if channel != self._state[_REFERENCE]:
            self._state[_REFERENCE] = channel
            self._state[_RE] = self._state[_IM] = 0

    def forms(self, rows, fast):
        """Linear forms of the sums: a row is a tuple of (sum, coefficient), its coefficients' magnitudes add up
        to 1 at most; the first `fast` rows are made of both windows, all of them of the second.
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
        self._cycles = self._cycles_second = 0
        self.resync()

    def resync(self):
        """The next frame does not follow on the last one."""
        self._follows = False
        self._state[_RE] = self._state[_IM] = 0

    def run(self, buffer, frame, cycles):
        """Add `cycles` cycles of 128 frames of `buffer`, from `frame` on, to both windows."""
        state = self._state
        last = self._last
        channels = state[_CHANNELS]
        at = _address(buffer) + 2 * channels * frame
        if not self._follows:
            _start(at, channels, last)
            self._follows = True
        raw = self._raw
        pairs = self._pairs
        i = 0
        while i < cycles:
            _channel_pass(0, 0, 0, at, channels, self._cosines, raw)
            _pair_pass(0, 0, 0, at, state, pairs, last, raw)
            _finish(at, state, pairs, self.offsets, last, raw, self._sums)
            at += 2 * channels * FRAMES
            i += 1
        self._cycles += cycles

    def close_fast(self):
        """Close the fast window: number of its cycles; `fast`, `alive` and `advance` are of it from now on."""
        n = self._cycles
        self._cycles = 0
        if not n:
            return 0
        sums = self._sums
        sh = squeeze(n)
        self.fast_scale = 1 << sh
        _carry(self._words, sums, self._second_sums)
        self._cycles_second += n
        self.alive = _condition(self._state, self._pairs, self.floors, n, sh, sums, self.means, self._view)
        _forms(self._fast_rows, self._table, self._view, self.fast)
        i = 2 * self._size
        self.advance = turns((sums[i] << 8) + (sums[i + 1] >> 8), (sums[i + 2] << 8) + (sums[i + 3] >> 8))
        _clear(self._words, sums)
        return n

    def close_second(self):
        """Close the second's window: number of its cycles; `second` and `total` are of it from now on."""
        n = self._cycles_second
        self._cycles_second = 0
        if not n:
            return 0
        closed = self._closed
        self._closed = self._second_sums
        self._second_sums = closed
        _clear(self._words, closed)
        sh = squeeze(n)
        self.second_scale = 1 << sh
        sums = self._closed
        self._closed_alive = _condition(
            self._state, self._pairs, self.floors, n, sh, sums, self.means, self._view
        )
        self._closed_cycles = n
        _forms(self._rows, self._table, self._view, self.second)
        return n

    def total(self, i):
        """Sum number i of the closed second, without DC and dead channels: an exact integer."""
        sums = self._closed
        v = (sums[2 * i] << 16) + sums[2 * i + 1]
        base = 3 * self._state[_CHANNELS]
        if i < base:
            a = b = i // 3
            kind = i % 3
        else:
            k = (i - base) >> 2
            a, b = self._pairs[2 * k], self._pairs[2 * k + 1]
            kind = (i - base) & 3
            # p and d have DC, as q has
            kind = 1 if kind < 2 else 2
        if kind and not self._closed_alive >> a & self._closed_alive >> b & 1:
            return 0
        if kind == 1:
            sa = (sums[6 * a] << 16) + sums[6 * a + 1]
            sb = (sums[6 * b] << 16) + sums[6 * b + 1]
            v -= sa * sb // (FRAMES * self._closed_cycles)
        return v
