"""Machine code of the harmonics (spectrum_native.py). Never imported by CPython.

A window of up to 12 cycles is summed into one of 128 samples; a sum of 16-bit codes has 20 bits. It is
folded into its even and its odd half (64 samples each, scaled below _ROOM), so that 64 products with a table
of 4096 fit 32 bits, and correlated with the orders wanted. Phasors are scaled in one block a channel to
magnitudes of 15 bits.
"""
# ruff: noqa: F821 (ptr16 and ptr32 are names of the viper compiler)

import micropython
from micropython import const

_ROOM = const(12800)  # 64 * 2 / pi * _ROOM * 4096 < 2**31, a square wave being the worst
_TOP = const(23170)  # a component below it leaves the magnitude below 2**15

TURN = const(1 << 13)  # of factors up to 4

# Words of what `measure` finds, pairs of a high word and the low 16 bits with their carries:
EVEN = const(0)  # sums of the squares of the even orders and
ODD = const(2)  # of the odd ones from 3 on,
WEIGHTED = const(4)  # of the squares of half the weighted orders,
ORDERS = const(6)  # of the squares of order times magnitude (the low word in units of 2**12)
FIRST = const(8)  # the square of the fundamental
WORDS = const(9)


@micropython.viper
def add(buffer: ptr16, frame: int, cycles: int, channels: int, sums: ptr32, step: int):
    base = int(buffer) + frame * step
    c = 0
    while c < channels:
        n = 0
        while n < cycles:
            x = base + 2 * c + n * step * 128
            y = int(sums) + (c << 9)
            end = y + 512
            while y < end:
                ptr32(y)[0] += int(ptr16(x)[0])
                x += step
                y += 4
            n += 1
        c += 1


# Take the mean out of the 128 sums of a channel.
@micropython.viper
def centre(sums: ptr32, at: int):
    x = int(sums) + (at << 2)
    end = x + 512
    s = 64
    while x < end:
        s += ptr32(x)[0]
        x += 4
    s >>= 7
    x = end - 512
    while x < end:
        ptr32(x)[0] -= s
        x += 4


# Largest magnitude of factor-weighted sums: terms of (row, factor in 2**-14).
@micropython.viper
def peak(sums: ptr32, terms: ptr32, count: int, sh: int) -> int:
    down = 14 - sh
    top = 0
    n = 0
    while n < 128:
        s = 0
        k = 0
        while k < count:
            s += ((sums[(terms[2 * k] << 7) + n] >> sh) * terms[2 * k + 1]) >> down
            k += 1
        if s < 0:
            s = 0 - s
        if s > top:
            top = s
        n += 1
    return top


# Even half to the first 64 sums, odd half to the others; gives by how many bits they were shifted down.
@micropython.viper
def fold(sums: ptr32, at: int) -> int:
    x = int(sums) + (at << 2)
    end = x + 256
    top = 0
    while x < end:
        a = ptr32(x)[0]
        b = ptr32(x)[64]
        ptr32(x)[0] = a + b
        ptr32(x)[64] = a - b
        a = a + b
        b = a - b - b
        if a < 0:
            a = 0 - a
        if b < 0:
            b = 0 - b
        if a < b:
            a = b
        if top < a:
            top = a
        x += 4
    sh = 0
    while top >> sh > _ROOM:
        sh += 1
    if sh:
        half = 1 << (sh - 1)
        x = int(sums) + (at << 2)
        end = x + 512
        while x < end:
            ptr32(x)[0] = (ptr32(x)[0] + half) >> sh
            x += 4
    return sh


# Phasors of orders first ... last - 1 of folded sums: real and imaginary parts to out[2 * order ...].
@micropython.viper
def transform(x: ptr32, at: int, table: ptr32, first: int, last: int, out: ptr32):
    # the first three names are registers: sample, place in the table, table
    base = int(x) + (at << 2)
    h = first
    while h < last:
        y = base
        if h & 1:
            y = base + 256
        end = y + 256
        re = 0
        im = 0
        at = 0
        x = ptr32(y)
        step = h << 3
        while int(x) < end:
            s = x[0]
            if at & 512:
                s = 0 - s
            t = ptr32(int(table) + (at & 511))
            re += s * t[0]
            im += s * t[1]
            at += step
            x = ptr32(int(x) + 4)
        out[2 * h] = re
        out[2 * h + 1] = im
        h += 1


# Scale orders 1 ... last - 1 into a row of signed halfwords; gives the power of two of a unit there.
@micropython.viper
def scale(phasors: ptr32, last: int, row: ptr16, at: int) -> int:
    top = 0
    i = 2
    while i < 2 * last:
        a = phasors[i]
        if a < 0:
            a = 0 - a
        if a > top:
            top = a
        i += 1
    up = 0
    down = 0
    half = 0
    if top:
        while top << up < 8192:
            up += 1
        while (top >> down) + 1 >= _TOP:
            down += 1
    if down:
        half = 1 << (down - 1)
    i = 2
    while i < 2 * last:
        row[at + i] = ((phasors[i] << up) + half) >> down
        i += 1
    return down - up


# Turn each order back by its angle and amplify it, as in `turns`: cosine and sine in units of TURN.
@micropython.viper
def rotate(row: ptr16, at: int, last: int, turns: ptr16):
    i = 2
    while i < 2 * last:
        re = (int(row[at + i]) ^ 0x8000) - 0x8000
        im = (int(row[at + i + 1]) ^ 0x8000) - 0x8000
        c = (int(turns[i]) ^ 0x8000) - 0x8000
        s = (int(turns[i + 1]) ^ 0x8000) - 0x8000
        x = (re * c + im * s + 4096) >> 13
        y = (im * c - re * s + 4096) >> 13
        # what is amplified to more than there is room for
        if x > _TOP:
            x = _TOP
        if x < 0 - _TOP:
            x = 0 - _TOP
        if y > _TOP:
            y = _TOP
        if y < 0 - _TOP:
            y = 0 - _TOP
        row[at + i] = x
        row[at + i + 1] = y
        i += 2


# Sum of rows of phasors: terms of (place, factor in 2**-14), the factors' magnitudes adding up to 1.
@micropython.viper
def mix(rows: ptr16, terms: ptr32, count: int, last: int, out: ptr16, to: int):
    i = 2
    while i < 2 * last:
        s = 8192
        k = 0
        while k < count:
            x = (int(rows[terms[2 * k] + i]) ^ 0x8000) - 0x8000
            s += x * terms[2 * k + 1]
            k += 1
        out[to + i] = s >> 14
        i += 1


# Magnitudes of a row's orders 1 ... last - 1, and their sums (see above); weights in 2**-14.
@micropython.viper
def measure(row: ptr16, at: int, last: int, weights: ptr16, magnitudes: ptr16, out: ptr32):
    i = 0
    while i < WORDS:
        out[i] = 0
        i += 1
    h = 1
    while h < last:
        a = (int(row[at + 2 * h]) ^ 0x8000) - 0x8000
        b = (int(row[at + 2 * h + 1]) ^ 0x8000) - 0x8000
        s = a * a + b * b
        # square root to the nearest, bit by bit
        a = 0
        # 2**30 in two steps, because as a constant it would be no small integer
        b = 0x4000
        b <<= 16
        t = s
        while b:
            if t >= a + b:
                t -= a + b
                a = (a >> 1) + b
            else:
                a >>= 1
            b >>= 2
        if t > a:
            a += 1
        magnitudes[h] = a
        s = a * a
        if h == 1:
            out[FIRST] = s
        else:
            i = EVEN
            if h & 1:
                i = ODD
            out[i] += s >> 16
            out[i + 1] += s & 0xFFFF
        t = h * h
        out[ORDERS] += t * (s >> 16)
        out[ORDERS + 1] += (t * (s & 0xFFFF)) >> 12
        t = (a * int(weights[h]) + 0x4000) >> 15
        t *= t
        out[WEIGHTED] += t >> 16
        out[WEIGHTED + 1] += t & 0xFFFF
        h += 1


# Orders 2 ... last - 1 over the fundamental in 0.01 % to values[at ...], at most 65535.
@micropython.viper
def ratios(magnitudes: ptr16, last: int, values: ptr32, at: int):
    one = int(magnitudes[1])
    h = 2
    while h < last:
        x = 0
        if one:
            x = (int(magnitudes[h]) * 10000 + (one >> 1)) // one
            if x > 65535:
                x = 65535
        values[at + h - 2] = x
        h += 1


# Sum over orders 2 ... last - 1 of Im(A B*), in units of 64.
@micropython.viper
def cross(a: ptr16, at: int, b: ptr16, bt: int, last: int) -> int:
    s = 0
    i = 4
    while i < 2 * last:
        x = (int(a[at + i]) ^ 0x8000) - 0x8000
        y = (int(a[at + i + 1]) ^ 0x8000) - 0x8000
        u = (int(b[bt + i]) ^ 0x8000) - 0x8000
        v = (int(b[bt + i + 1]) ^ 0x8000) - 0x8000
        s += (y * u - x * v + 32) >> 6
        i += 2
    return s
