"""The kernel for codes of 16 bits against slow exact sums, in frames that hold a word more than channels."""

from array import array

from slow_sums import FRAMES, Noise, sums, waves

from fourquad.metering.kernels import make as kernel
from fourquad.metering.kernels.plan import Plan
from fourquad.metering.kernels.table import condition

CHANNELS = 7
# three voltages, three currents and their neutral, as a meter of three phases pairs them
PAIRS = ((0, 3), (1, 4), (2, 5), (0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5))
MIDDLE = 32768
PARTS = (
    (32768, ((24000, 0.0, 1), (2400, 0.1, 5))),
    (32790, ((23000, 0.34, 1),)),
    (32768, ((23500, 0.66, 1), (300, 0.0, 7))),
    (32740, ((14000, 0.1, 1), (2500, 0.2, 3))),
    (32768, ((141, 0.45, 1),)),
    (32769, ((12, 0.8, 1),)),
    (32700, ((500, 0.2, 3), (60, 0.1, 1))),
)


def made(pairs=PAIRS, channels=CHANNELS, words=CHANNELS + 1):
    plan = Plan(channels, pairs, words)
    k = kernel.make(plan, 16)
    k.forms([((i, 1.0),) for i in range(plan.size)], plan.size)
    return plan, k


def buffer_of(frames, words):
    """Frames with words after the channels that no sum may see."""
    return array("H", [c for frame in frames for c in tuple(frame) + (0xA5A5,) * (words - len(frame))])


def check(plan, k, frames, before, offsets=None):
    cycles = len(frames) // FRAMES
    offsets = offsets or (MIDDLE,) * plan.channels
    expected = sums(frames, before, offsets, plan.pairs)
    condition(plan, expected, cycles, [0] * plan.channels)
    k.close_fast()
    fast = [x * k.fast_scale for x in k.fast]
    k.close_second()
    second = [x * k.second_scale for x in k.second]
    frames = FRAMES * cycles
    for i in range(plan.size):
        kind = (i - 3 * plan.channels) % 4 if i >= 3 * plan.channels else i % 3 - 5
        if kind == -5:
            continue  # a mean, in units of its own
        if i < 3 * plan.channels:
            a = b = i // 3
        else:
            a, b = plan.pairs[(i - 3 * plan.channels) // 4]
        # units of the view and of each cycle (256 squares of a code), and single precision
        limit = k.fast_scale + 256 * cycles + abs(expected[i]) / (1 << 22)
        if kind in (2, 3, -3):
            # 64 divisions by 16 put a phasor off by 16 of its 2**31 units at most
            limit += 2 * 0.004 * (max(expected[plan.m(a)], expected[plan.m(b)]) * cycles) ** 0.5
        else:
            # the mean is known to 1/16 code
            dc = abs(expected[plan.s(a)]) + abs(expected[plan.s(b)])
            limit += (dc / frames + 1) / 16 * frames
        assert abs(fast[i] - expected[i]) <= limit, (i, fast[i], expected[i], limit)
        assert abs(second[i] - expected[i]) <= limit, (i, second[i], expected[i], limit)


def test_one_cycle():
    plan, k = made()
    frames = waves(FRAMES, PARTS, noise=3)
    k.run(buffer_of(frames, plan.words), 0, 1)
    check(plan, k, frames, frames[0])


def test_many_cycles_from_the_middle_of_a_ring():
    plan, k = made()
    frames = waves(7 * FRAMES, PARTS, noise=20)
    buffer = buffer_of(frames, plan.words)
    k.run(buffer, 4 * FRAMES, 3)
    k.run(buffer, 0, 1)
    k.run(buffer, FRAMES, 3)
    check(plan, k, frames[4 * FRAMES :] + frames[: 4 * FRAMES], frames[4 * FRAMES])


def test_offsets():
    plan, k = made()
    frames = waves(2 * FRAMES, PARTS)
    offsets = (32760, 32795, 32768, 32741, 32770, 32768, 32701)
    for c in range(CHANNELS):
        k.offsets[c] = offsets[c]
    k.run(buffer_of(frames, plan.words), 0, 2)
    check(plan, k, frames, frames[0], offsets)
    for c in range(CHANNELS):
        mean = sum([frame[c] for frame in frames]) / len(frames) - offsets[c]
        assert abs(k.means[c] * k.mean_scale - mean) <= 0.08, c


def test_the_whole_range_of_codes():
    ends = (65535, 0, 65535, 0, 65535, 0, 65535)
    others = (0, 65535, 0, 65535, 0, 65535, 0)
    square = [ends if n % FRAMES < 64 else others for n in range(3 * FRAMES)]
    flat = [(0,) * CHANNELS] * FRAMES
    source = Noise(7)
    noise = [tuple([source.below(65536) for _ in range(CHANNELS)]) for _ in range(2 * FRAMES)]
    for frames in (square, noise):
        plan, k = made()
        k.run(buffer_of(frames, plan.words), 0, len(frames) // FRAMES)
        check(plan, k, frames, frames[0])
    plan, k = made()
    k.run(buffer_of(flat, plan.words), 0, 1)
    k.close_fast()
    for c in range(CHANNELS):
        assert abs(k.means[c] * k.mean_scale + 32768) < 0.1


def test_other_numbers_of_channels_pairs_and_words():
    for channels, pairs, words in ((1, (), 1), (3, ((2, 0),), 3), (4, ((0, 2), (1, 3)), 10)):
        plan, k = made(pairs, channels, words)
        frames = waves(2 * FRAMES, PARTS[:channels], noise=9)
        k.run(buffer_of(frames, words), 0, 2)
        check(plan, k, frames, frames[0])


def test_small_currents_keep_their_squares():
    # 12 codes of 32768: 0.04 % of full scale; each cycle's sum ends below a unit, fifty of them do not
    plan, k = made()
    frames = waves(FRAMES, PARTS)
    buffer = buffer_of(frames, plan.words)
    for _ in range(50):
        k.run(buffer, 0, 1)
    k.close_fast()
    k.close_second()
    expected = [50 * x for x in sums(frames, frames[-1], (MIDDLE,) * CHANNELS, plan.pairs)]
    condition(plan, expected, 50, [0] * CHANNELS)
    for c in (4, 5):
        i = plan.q(c)
        assert abs(k.second[i] * k.second_scale / expected[i] - 1) < (0.0005 if c == 4 else 0.02), c


def test_floors():
    plan, k = made()
    for c in range(CHANNELS):
        k.floors[c] = 64 * 33 * 33
    k.run(buffer_of(waves(2 * FRAMES, PARTS), plan.words), 0, 2)
    k.close_fast()
    assert k.alive == 0b1011111
    for pair in (2, 7, 8):
        assert k.fast[plan.p(pair)] == k.fast[plan.f(pair)] == 0
    assert k.fast[plan.q(5)] == 0


def test_advance_of_the_reference():
    plan, k = made()
    k.follow(1)
    frames = []
    for n in range(6 * FRAMES):
        turns = (n * 1.002 % FRAMES) / FRAMES
        parts = tuple([(MIDDLE, ((20000, -turns, 1),) if c == 1 else ()) for c in range(CHANNELS)])
        frames.append(waves(1, parts)[0])
    k.run(buffer_of(frames, plan.words), 0, 6)
    k.close_fast()
    assert abs(k.advance - 0.002) < 2e-5, k.advance


def test_nothing_is_allocated():
    try:
        from micropython import heap_lock, heap_unlock
    except ImportError:
        return
    plan, k = made()
    buffer = buffer_of(waves(2 * FRAMES, PARTS), plan.words)
    k.run(buffer, 0, 2)
    heap_lock()
    k.run(buffer, 0, 1)
    k.run(buffer, FRAMES, 1)
    heap_unlock()
