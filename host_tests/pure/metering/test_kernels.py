"""Both kernels against slow exact sums: here the one that this Python takes (native on MicroPython)."""

import math

from slow_sums import FRAMES, Noise, halfwords, sums, waves

from fourquad.metering.kernels import make as kernel
from fourquad.metering.kernels.plan import Plan
from fourquad.metering.kernels.table import condition

PAIRS = ((0, 1), (0, 2), (1, 3), (3, 2))
PARTS = (
    (2048, ((1500, 0.0, 1), (150, 0.1, 5))),
    (2051, ((1300, 0.34, 1),)),
    (2040, ((400, 0.1, 1), (90, 0.2, 3))),
    (2048, ((6, 0.45, 1),)),
)
MIDDLE = (2048, 2048, 2048, 2048)


def made(pairs=PAIRS, channels=4, **forced):
    """A kernel whose rows are its sums."""
    plan = Plan(channels, pairs)
    k = kernel.make(plan, 12, **forced)
    k.forms([((i, 1.0),) for i in range(plan.size)], plan.size)
    return plan, k


def exact(plan, k):
    k.close_fast()
    k.close_second()
    return [k.exact(i) * k.exact_scale / (1 << k.places) for i in range(plan.size)]


def check(plan, k, frames, before, cycles, offsets=MIDDLE):
    """The totals are the slow ones, to the rounding of a view."""
    expected = sums(frames, before, offsets, plan.pairs)
    condition(plan, expected, cycles, [0] * plan.channels)
    k.close_fast()
    fast = [x * k.fast_scale for x in k.fast]
    k.close_second()
    second = [x * k.second_scale for x in k.second]
    for i in range(plan.size):
        # half a unit of the view, and DC to 1/256 code; single precision holds 24 bits
        limit = k.fast_scale + 6 * cycles + abs(expected[i]) / (1 << 22)
        assert abs(fast[i] - expected[i]) <= limit, (i, fast[i], expected[i])
        assert abs(second[i] - expected[i]) <= limit, (i, second[i], expected[i])


def test_one_cycle():
    plan, k = made()
    frames = waves(FRAMES, PARTS, noise=3)
    k.run(halfwords(frames), 0, 1)
    check(plan, k, frames, frames[0], 1)


def test_many_cycles_in_a_batch_and_one_by_one():
    frames = waves(7 * FRAMES, PARTS, noise=20)
    buffer = halfwords(frames)
    results = []
    for batches in ((7,), (1, 1, 1, 1, 1, 1, 1), (3, 4)):
        plan, k = made()
        at = 0
        for n in batches:
            k.run(buffer, at, n)
            at += n * FRAMES
        check(plan, k, frames, frames[0], 7)
        results.append([float(x) for x in k.second])
    assert results[0] == results[1] == results[2]


def test_start_in_the_middle_of_a_ring():
    plan, k = made()
    frames = waves(3 * FRAMES, PARTS, noise=5)
    buffer = halfwords(frames)
    k.run(buffer, 2 * FRAMES, 1)
    k.run(buffer, 0, 2)
    check(plan, k, frames[2 * FRAMES :] + frames[: 2 * FRAMES], frames[2 * FRAMES], 3)


def test_after_a_gap_the_frame_before_does_not_count():
    plan, k = made()
    frames = waves(2 * FRAMES, PARTS, noise=5)
    buffer = halfwords(frames)
    k.run(buffer, 0, 1)
    k.close_fast()
    k.close_second()
    k.resync()
    k.run(buffer, FRAMES, 1)
    check(plan, k, frames[FRAMES:], frames[FRAMES], 1)


def test_offsets():
    plan, k = made()
    frames = waves(2 * FRAMES, PARTS)
    offsets = (2046, 2053, 2041, 2049)
    for c in range(4):
        k.offsets[c] = offsets[c]
    k.run(halfwords(frames), 0, 2)
    check(plan, k, frames, frames[0], 2, offsets)


def test_the_whole_range_of_codes():
    # square waves from end to end, and noise over the whole range: nothing overflows
    square = [(4095, 0, 4095, 0) if n % FRAMES < 64 else (0, 4095, 0, 4095) for n in range(6 * FRAMES)]
    source = Noise(7)
    noise = [tuple([source.below(4096) for _ in range(4)]) for _ in range(2 * FRAMES)]
    for frames in (square, noise):
        plan, k = made()
        cycles = len(frames) // FRAMES
        k.run(halfwords(frames), 0, cycles)
        check(plan, k, frames, frames[0], cycles)


def test_odd_numbers_of_channels_and_no_pairs():
    for channels, pairs in ((3, ()), (1, ()), (3, ((0, 1),)), (5, ((4, 0), (2, 3)))):
        plan, k = made(pairs, channels)
        frames = waves(2 * FRAMES, (PARTS + PARTS)[:channels], noise=9)
        k.run(halfwords(frames), 0, 2)
        check(plan, k, frames, frames[0], 2, (2048,) * channels)


def test_fifty_cycles_of_a_second():
    plan, k = made()
    frames = waves(10 * FRAMES, PARTS, noise=2)
    buffer = halfwords(frames)
    for _ in range(5):
        for _ in range(2):
            k.run(buffer, 0, 5)
        assert k.close_fast() == 10
    assert k.close_second() == 50
    one = sums(frames[: 5 * FRAMES], frames[5 * FRAMES - 1], MIDDLE, plan.pairs)
    expected = [50 // 5 * x for x in one]
    condition(plan, expected, 50, [0] * 4)
    for i in range(plan.size):
        # the first frame has no frame before it
        assert abs(k.second[i] * k.second_scale - expected[i]) <= 4000 + abs(expected[i]) / 100000


def test_a_dead_channel_takes_its_pairs_along():
    plan, k = made()
    for c in range(4):
        k.floors[c] = 64 * 20 * 20
    k.run(halfwords(waves(2 * FRAMES, PARTS)), 0, 2)
    k.close_fast()
    assert k.alive == 0b0111
    dead = {plan.q(3), plan.m(3)}
    for pair in (2, 3):
        dead.update((plan.p(pair), plan.d(pair), plan.f(pair), plan.r(pair)))
    for i in range(plan.size):
        if i not in (plan.s(3),):
            assert (k.fast[i] == 0) == (i in dead) or i < 12 and i % 3 == 0, i


def test_advance_of_the_reference():
    for advance in (-0.2, -0.01, 0.0, 0.001, 0.15):
        plan, k = made()
        k.follow(1)
        frames = []
        for n in range(6 * FRAMES):
            turns = int(n * (1 + advance) * 16384 / FRAMES + 0.5) % 16384 / 16384
            x = waves(1, ((2048, ()), (2048, ((1000, -turns, 1),)), (2048, ()), (2048, ())))
            frames.append(x[0])
        k.run(halfwords(frames), 0, 6)
        k.close_fast()
        assert abs(k.advance - advance) < 0.05 * abs(advance) + 3e-5, (advance, k.advance)
        # a new reference has no phasor before it
        k.follow(2)
        k.run(halfwords(frames), 0, 1)
        k.close_fast()
        assert k.advance == 0.0


def test_clear_forgets():
    plan, k = made()
    frames = waves(2 * FRAMES, PARTS)
    buffer = halfwords(frames)
    k.run(buffer, 0, 2)
    k.close_fast()
    k.run(buffer, 0, 1)
    k.clear()
    assert k.close_fast() == 0
    assert k.close_second() == 0
    k.run(buffer, FRAMES, 1)
    check(plan, k, frames[FRAMES:], frames[FRAMES], 1)


def test_nothing_is_allocated():
    try:
        from micropython import heap_lock, heap_unlock
    except ImportError:
        return
    plan, k = made()
    buffer = halfwords(waves(2 * FRAMES, PARTS))
    k.run(buffer, 0, 2)
    heap_lock()
    k.run(buffer, 0, 1)
    k.run(buffer, FRAMES, 1)
    heap_unlock()


def test_a_channel_is_steady_whose_fundamental_is_a_sixteenth_of_it():
    plan, k = made()
    # parts of the fundamental; the third harmonic is 1
    parts = (1.0, 0.0, 0.27, 0.24)
    frames = []
    for n in range(5 * FRAMES):
        x = 2 * math.pi * n / FRAMES
        frames.append(tuple([2048 + int(1000 * (a * math.sin(x) + math.sin(3 * x))) for a in parts]))
    k.run(halfwords(frames), 0, 5)
    k.close_fast()
    # 0.27^2 is 6.8 % of the whole, 0.24^2 is 5.4 %; a sixteenth is 6.25 %
    assert (k.alive, k.steady) == (0b1111, 0b0101)
