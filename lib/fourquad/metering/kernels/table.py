"""What both kernels share: the cosine table, the constants of the sums, and the exact totals of a second."""

import math

from fourquad.metering.kernels.plan import FRAMES

AMPLITUDE = 4096  # of the table; then m, f, r = products of phasors / 2**30 have the scale of q and p
SHIFT = 30
LOUD = 32  # floors: what noise never reaches


def _phasor_table():
    """cos and -sin of the first half cycle, interleaved; the second half is its negative."""
    out = []
    for n in range(FRAMES // 2):
        x = 2 * math.pi * n / FRAMES
        out.append(round(AMPLITUDE * math.cos(x)))
        out.append(round(-AMPLITUDE * math.sin(x)))
    return tuple(out)


def _gain():
    """By how much m, f and r are too large, because the table's entries are rounded (1 + 1e-5)."""
    real = sum([TABLE[2 * n] * math.cos(2 * math.pi * n / FRAMES) for n in range(FRAMES // 2)])
    return (2 * real / (AMPLITUDE * FRAMES // 2)) ** 2


TABLE = _phasor_table()
GAIN = _gain()


def squeeze(cycles):
    """Bits to drop so that totals of `cycles` cycles of 12-bit codes stay small integers (30 bits)."""
    sh = 0
    while cycles >= 2 << sh:
        sh += 1
    return sh


def condition(plan, sums, cycles, floors, noise=None):
    """Take DC and noise out of the totals `sums` of `cycles` cycles, in place, and silence every channel
    whose sum of squares of a cycle is below its floor, or whose fundamental's part of it is (noise has next
    to none) and all of it below LOUD floors: a neutral may carry nothing but triplen harmonics. Gives the bit
    mask of the channels that are alive.
    """
    frames = FRAMES * cycles
    alive = 0
    for c in range(plan.channels):
        s = sums[plan.s(c)]
        q = sums[plan.q(c)] - s * s // frames
        if noise:
            q -= noise[c] * cycles
        floor = floors[c] * cycles
        if q < floor or (sums[plan.m(c)] < floor and q < LOUD * floor):
            q = sums[plan.m(c)] = 0
        else:
            alive |= 1 << c
        sums[plan.q(c)] = q
    for k in range(len(plan.pairs)):
        a, b = plan.pairs[k]
        p = plan.p(k)
        if alive >> a & 1 and alive >> b & 1:
            dc = sums[plan.s(a)] * sums[plan.s(b)] // frames
            sums[p] -= dc
            sums[p + 1] -= dc
        else:
            sums[p] = sums[p + 1] = sums[p + 2] = sums[p + 3] = 0
    return alive


def steady(plan, alive, sums):
    """Bit mask of the channels among `alive` whose fundamental is so much of them that its phase says
    something: a sixteenth of the sum of squares; the rest may be four times as loud.
    """
    for c in range(plan.channels):
        if sums[plan.m(c)] < sums[plan.q(c)] >> 4:
            alive &= ~(1 << c)
    return alive


def bend(h, delay, sinc):
    """Cosine and sine of the angle of order `h` in `delay` frames, times how much more of the fundamental
    than of this order is passed by a sinc filter of order `sinc` with the rate of the frames.
    """
    x = math.pi * h / FRAMES
    gain = 1.0
    if sinc and h:
        gain = (h * math.sin(math.pi / FRAMES) / math.sin(x)) ** sinc
    return gain * math.cos(2 * x * delay), gain * math.sin(2 * x * delay)


def turns(re, im):
    """Angle of a phasor of integers of any size, in turns, -0.5 to 0.5."""
    while abs(re) >= 1 << 24 or abs(im) >= 1 << 24:
        re >>= 4
        im >>= 4
    return math.atan2(im, re) / (2 * math.pi)
