"""Machine code of the kernel for 16-bit codes (kernel16_native.py). Never imported by CPython.

Offsets come out of the samples, so that those have 17 bits with their sign, squares and products 31: their
high and low halves are added up apart.
"""
# ruff: noqa: F821 (ptr8, ptr16 and ptr32 are names of the viper compiler)

import micropython
from micropython import const

# Words of the state, as sums_native.py has them,
_CHANNELS = const(0)
_PAIRS = const(1)
_TABLE = const(5)
_RAW = const(6)
_NUMBERS = const(7)
_LAST = const(8)
# and after them; addresses but the first.
STEP = const(13)  # bytes from frame to frame
OFFSETS = const(14)
RESTS = const(15)  # what the divisions of the cycle before left, in the order of the raw sums
TAIL = const(16)  # codes of one frame


# Codes of one frame to the tail.
@micropython.viper
def tail(buffer: ptr16, frame: int, state: ptr32):
    x = int(buffer) + frame * state[STEP]
    out = ptr16(state[TAIL])
    c = 0
    while c < state[_CHANNELS]:
        out[c] = ptr16(x)[c]
        c += 1


# The first three locals are the ones that viper keeps in registers.
@micropython.viper
def channels(x: int, y: int, z: int, buffer: ptr16, frame: int, state: ptr32):
    step = state[STEP]
    base = int(buffer) + frame * step
    offsets = ptr32(state[OFFSETS])
    raw = state[_RAW]
    rests = state[RESTS]
    end = state[_TABLE] + 512
    c = 0
    while c < state[_CHANNELS]:
        offset = offsets[c]
        z = base + 2 * c
        b = z + step * 64
        s = 0
        high = 0
        low = 0
        # of 64 terms a division by 16 takes 30 on average
        re = 30
        im = 30
        t = state[_TABLE]
        while t < end:
            y = int(ptr16(z)[0]) - offset
            x = int(ptr16(b)[0]) - offset
            s += y + x
            q = y * y
            high += q >> 16
            low += q & 0xFFFF
            q = x * x
            high += q >> 16
            low += q & 0xFFFF
            x = y - x
            re += (x * ptr32(t)[0]) >> 4
            im += (x * ptr32(t)[1]) >> 4
            z += step
            b += step
            t += 8
        s += ptr32(rests)[0]
        ptr32(raw)[0] = s >> 4
        ptr32(rests)[0] = s & 15
        low += ptr32(rests)[1]
        ptr32(raw)[1] = (high << 8) + (low >> 8)
        ptr32(rests)[1] = low & 255
        ptr32(raw)[2] = re
        ptr32(raw)[3] = im
        raw += 16
        rests += 16
        c += 1


@micropython.viper
def pairs(x: int, y: int, z: int, buffer: ptr16, frame: int, state: ptr32):
    step = state[STEP]
    base = int(buffer) + frame * step
    offsets = ptr32(state[OFFSETS])
    numbers = ptr8(state[_NUMBERS])
    last = ptr16(state[_LAST])
    raw = state[_RAW] + (state[_CHANNELS] << 4)
    rests = state[RESTS] + (state[_CHANNELS] << 4)
    k = 0
    while k < state[_PAIRS]:
        a = int(numbers[2 * k])
        b = int(numbers[2 * k + 1])
        x = base + 2 * a
        y = base + 2 * b
        end = y + step * 128
        a = offsets[a]
        late = int(last[b])
        b = offsets[b]
        late -= b
        high = 0
        low = 0
        dhigh = 0
        dlow = 0
        while y < end:
            z = int(ptr16(x)[0]) - a
            t = z * late
            dhigh += t >> 16
            dlow += t & 0xFFFF
            late = int(ptr16(y)[0]) - b
            t = z * late
            high += t >> 16
            low += t & 0xFFFF
            x += step
            y += step
        low += ptr32(rests)[0]
        ptr32(raw)[0] = (high << 8) + (low >> 8)
        ptr32(rests)[0] = low & 255
        dlow += ptr32(rests)[1]
        ptr32(raw)[1] = (dhigh << 8) + (dlow >> 8)
        ptr32(rests)[1] = dlow & 255
        raw += 8
        rests += 8
        k += 1


# Squares in units of the sums.
@micropython.viper
def units(n: int, squares: ptr32, out: ptr32):
    c = 0
    while c < n:
        out[c] = (squares[c] + 128) >> 8
        c += 1
