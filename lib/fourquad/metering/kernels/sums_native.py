"""The native kernel's machine code. Never imported by CPython.

Viper's integers have 32 bits and wrap: the passes work on the raw codes, and the offsets come out of the sums
afterwards, to the right result, because the true sums fit (128 * 4095**2 < 2**31). Totals of a window are
pairs of words: the high part, and the low 16 bits with their carries.
"""
# ruff: noqa: F821 (ptr8, ptr16 and ptr32 are names of the viper compiler)

import micropython
from micropython import const

# Words of the state that the native code works from; addresses hold as long as the kernel keeps the arrays.
CHANNELS = const(0)
PAIRS = const(1)  # number of pairs
REFERENCE = const(2)
RE = const(3)  # the reference's phasor one cycle ago
IM = const(4)
TABLE = const(5)  # addresses: cosines and sines,
RAW = const(6)  # sums of one cycle (s, q, re, im of each channel; p, d of each pair),
NUMBERS = const(7)  # channel numbers of the pairs,
LAST = const(8)  # last frame,
_OFFSETS = const(9)
_SUMS = const(10)  # and totals of the fast window
FOLLOWS = const(11)  # whether the last frame is the one before the next
COUNT = const(12)  # cycles in the fast window


# Without a frame before the first, that is its own.
@micropython.viper
def start(buffer: ptr16, frame: int, state: ptr32):
    channels = state[CHANNELS]
    last = ptr16(state[LAST])
    state[FOLLOWS] = 1
    c = 0
    while c < channels:
        last[c] = buffer[frame * channels + c]
        c += 1


# x, y, z come first, because viper keeps only the first three locals in registers: they hold what is used
# most in each loop. Two steps a turn, because comparisons are dear.
@micropython.viper
def passes(x: int, y: int, z: int, buffer: ptr16, frame: int, state: ptr32):
    channels = state[CHANNELS]
    step = channels * 2
    base = int(buffer) + frame * step
    pairs = ptr8(state[NUMBERS])
    last = ptr16(state[LAST])
    raw = state[RAW]
    end = state[TABLE] + 512
    c = 0
    while c < channels:
        z = base + 2 * c
        b = z + step * 64
        s = 0
        q = 0
        re = 0
        im = 0
        t = state[TABLE]
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
    while k < state[PAIRS]:
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
def finish(z: int, x: int, y: int, buffer: ptr16, frame: int, state: ptr32):
    channels = state[CHANNELS]
    pairs = ptr8(state[NUMBERS])
    offsets = ptr32(state[_OFFSETS])
    last = ptr16(state[LAST])
    tail = int(buffer) + (frame + 127) * channels * 2
    state[COUNT] += 1
    z = state[_SUMS]
    raw = state[RAW]
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
    while k <= state[PAIRS]:
        if k < state[PAIRS]:
            x = int(pairs[2 * k])
            y = int(pairs[2 * k + 1])
            re = offsets[x]
            im = offsets[y]
            t = state[RAW] + (x << 4)
            b = state[RAW] + (y << 4)
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
            t = state[RAW] + (state[REFERENCE] << 4)
            x = state[RE]
            y = state[IM]
        re = ptr32(t)[2]
        im = ptr32(t)[3]
        if k == state[PAIRS]:
            state[RE] = re
            state[IM] = im
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
def carry(n: int, sums: ptr32, second: ptr32):
    i = 0
    while i < n:
        second[i] += sums[i]
        i += 1


@micropython.viper
def clear(n: int, sums: ptr32):
    i = 0
    while i < n:
        sums[i] = 0
        i += 1


# Totals to small integers of `total >> sh`, without DC and without dead channels; gives the channels alive.
# A mean is kept to 1/256 code; noise is below 2**20 a cycle.
@micropython.viper
def condition(
    state: ptr32,
    pairs: ptr8,
    floors: ptr32,
    noise: ptr32,
    cycles: int,
    sh: int,
    sums: ptr32,
    means: ptr32,
    view: ptr32,
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
        q = view[i + 1] - ((((s * s) >> 8) * scaled) >> 8) - ((noise[c] * cycles) >> sh)
        # floors[c] * cycles >> sh without overflow
        s = (floors[c] >> 8) * cycles
        if sh <= 8:
            s <<= 8 - sh
        else:
            s >>= sh - 8
        s += ((floors[c] & 0xFF) * cycles) >> sh
        # noise has next to no fundamental, and is never as loud as 32 floors (table.LOUD)
        if q < s or (view[i + 2] < s and (q >> 5) < s):
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
def forms(rows: int, table: ptr32, view: ptr32, out: ptr32):
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
def address(buffer: ptr16) -> int:
    return int(buffer)


@micropython.viper
def steady(state: ptr32, alive: int, view: ptr32) -> int:
    """As table.steady, of the totals that `condition` put into `view`."""
    c = 0
    i = 0
    while c < state[0]:
        if view[i + 2] < view[i + 1] >> 4:
            alive &= ~(1 << c)
        i += 3
        c += 1
    return alive
