"""Half cycles and points of waveforms against slow sums, for codes of 12 and of 16 bits."""

import sys
from array import array

from slow_sums import FRAMES, waves

from fourquad.metering import halves as h
from fourquad.metering.kernels import make as kernel
from fourquad.metering.kernels.plan import Plan

CLOCK = 12288000000
PERIOD = 1920000
VOLT = 0.25  # a code of 12 bits
AMP = 0.01
PARTS = (
    (2048, ((1400, 0.0, 1), (140, 0.1, 5))),
    (2050, ((1300, 0.34, 1), (90, 0.0, 2))),
    (2040, ((1350, 0.66, 1),)),
    (2048, ((700, 0.1, 1), (250, 0.2, 3))),
    (2047, ((30, 0.45, 1),)),
    (2048, ((2000, 0.8, 1),)),
)


class Net:
    """Six channels as a wiring has them."""

    def __init__(self, unit, delta=False, copied=False, phases=3):
        volt, amp = VOLT * unit, AMP * unit
        self.stars = tuple([((k, volt),) for k in range(phases)] + [()] * (3 - phases))
        # gains of a percent apart, as after a calibration
        self.lines = (((0, volt), (1, -volt)), ((1, volt * 0.99), (2, -volt)), ((0, -volt), (2, volt * 1.01)))
        self.amps = (((3, amp),), ((4, -amp),), ((3, -amp), (5, -amp)))
        self.delta, self.copied, self.phases = delta, copied, phases


def parts(bits):
    up = 1 << (bits - 12)
    return tuple([(m * up, tuple([(a * up, lag, k) for a, lag, k in terms])) for m, terms in PARTS])


def made(bits, net, words=6, scales=(37.59105, 1683.153)):
    """Frames of three cycles, the watcher that is armed, and its forms."""
    k = kernel.make(Plan(6, (), words), bits)
    for c in range(6):
        k.offsets[c] = parts(bits)[c][0]
    watch = h.Halves(CLOCK)
    watch.scales(scales[0], scales[1])
    watch.configure(net, k)
    watch.arm(True)
    frames = waves(3 * FRAMES, parts(bits), noise=3)
    forms = list(net.lines if net.delta else net.stars) + list(net.amps)
    if net.copied:
        forms[3 : 3 + net.phases] = [net.amps[0]] * net.phases
    return frames, watch, forms


def buffer_of(frames, words=6):
    return array("H", [c for frame in frames for c in tuple(frame) + (0xA5A5,) * (words - len(frame))])


def values(frames, bits, form):
    offsets = [part[0] for part in parts(bits)]
    return [sum([factor * (frame[c] - offsets[c]) for c, factor in form]) for frame in frames]


def rms(values):
    return (sum([x * x for x in values]) / len(values)) ** 0.5


def check(bits, net, words=6):
    frames, watch, forms = made(bits, net, words)
    seen = []
    watch.busy = True
    watch.on_half = lambda mask: seen.append([watch.rms(k, watch.squares[watch.at(0) + k]) for k in range(6)])
    watch.run(buffer_of(frames, words), 0, 3, PERIOD)
    assert len(seen) == 6 and watch.filled == 3 and watch.next == 3
    for i in range(6):
        for k in range(6):
            exact = rms(values(frames[64 * i : 64 * (i + 1)], bits, forms[k])) if forms[k] else 0.0
            # half a unit of 12 bits is cut off each sample
            unit = VOLT if k < 3 else AMP
            assert abs(seen[i][k] - exact) <= 0.001 * exact + 0.6 * unit, (i, k, seen[i][k], exact)
    for i in range(3):
        for k in range(6):
            wave = values(frames[128 * i : 128 * (i + 1) : 2], bits, forms[k]) if forms[k] else [0.0] * 64
            scale = 37.59105 if k < 3 else 1683.153
            points = array("h", bytes(watch.waves[2 * (h.CYCLE * i + 64 * k) :][:128]))
            for n in range(64):
                exact = max(-32768, min(32767, wave[n] * scale))
                got = points[n]
                # two channels together are rounded to a code, and the scale has 13 bits and more
                unit = (VOLT if k < 3 else AMP) * scale / (1 << (bits - 12))
                limit = 1 + abs(exact) / 8000 + (unit if len(forms[k]) == 2 else 0)
                assert abs(got - exact) <= limit, (i, k, n, got, exact)


def test_twelve_bits():
    check(12, Net(1))
    check(12, Net(1, copied=True, phases=2))


def test_between_lines():
    check(12, Net(1, delta=True))
    check(16, Net(1 / 16, delta=True), 8)


def test_sixteen_bits_in_longer_frames():
    check(16, Net(1 / 16), 7)


def test_what_is_beyond_16_bits_ends_there():
    for bits in (12, 16):
        frames, watch, _ = made(bits, Net(1 / (1 << (bits - 12))), scales=(100.0, 14427.15))
        watch.run(buffer_of(frames), 0, 1, PERIOD)
        got = array("h", bytes(watch.waves[0:128]))
        assert max(got) == 32767 and min(got) == -32768
        for n in range(64):
            x = (frames[2 * n][0] - parts(bits)[0][0]) * VOLT * 100.0 / (1 << (bits - 12))
            assert (got[n] > 0) == (x > 0) or abs(x) < 20


def test_limits_are_bits():
    frames, watch, _ = made(12, Net(1))
    masks = []
    watch.on_half = masks.append
    volts = [rms(values(frames[:64], 12, ((k, VOLT),))) for k in range(3)]
    # nothing out of range, nobody is called
    watch.limits(10.0, 1000.0, 1000.0)
    watch.run(buffer_of(frames), 0, 3, PERIOD)
    assert masks == []
    watch.limits(volts[1] * 1.01, volts[0] * 0.99, 10.0)
    watch.run(buffer_of(frames), 0, 1, PERIOD)
    # the second order of the second voltage makes its next half cycle higher
    assert masks == [0b010 | 0b001 << 3 | 0b100 << 6, 0b001 << 3 | 0b100 << 6]
    watch.limits(None, None, None)
    watch.run(buffer_of(frames), 0, 1, PERIOD)
    assert len(masks) == 2


def test_a_limit_that_is_just_met_is_not_crossed():
    """A voltage of whole codes, low and high at its own value."""
    k = kernel.make(Plan(6, ()), 12)
    watch = h.Halves(CLOCK)
    watch.configure(Net(1), k)
    watch.arm(True)
    masks = []
    watch.on_half = masks.append
    for c in range(6):
        k.offsets[c] = watch._kernel.offsets[c] = 2048
    # 800 codes up and down: 200 V
    buffer = array("H", [2048 + (800 if n // 6 & 1 else -800) for n in range(6 * FRAMES)])
    for low, high, expected in ((200.0, 200.0, 0), (200.1, 300.0, 7), (100.0, 199.9, 56)):
        masks.clear()
        watch.limits(low, high, None)
        watch.run(buffer, 0, 1, PERIOD)
        assert masks == ([expected] * 2 if expected else [])


def test_it_is_deaf_until_frames_follow_and_tells_the_time():
    frames, watch, _ = made(12, Net(1))
    watch.arm(False)
    watch.limits(1000.0, None, None)
    masks = []
    watch.on_half = masks.append
    watch.run(buffer_of(frames), 0, 3, PERIOD)
    assert masks == [] and watch.filled == 0 and watch.time() == 60
    watch.arm(True)
    times = []
    watch.on_half = lambda mask: times.append(watch.time())
    watch.run(buffer_of(frames), 0, 2, PERIOD)
    watch.run(buffer_of(frames), 0, 1, PERIOD + PERIOD // 10)
    assert times == [70, 80, 90, 100, 111, 122]
    watch.gap()
    assert watch.filled == 0


def test_offsets_follow_by_small_steps():
    frames, watch, _ = made(12, Net(1))
    own = watch._kernel.offsets
    buffer = buffer_of(frames)
    watch._offsets[0] += 100
    for _ in range(20):
        watch.run(buffer, 0, 3, PERIOD)
    # half of it at once in the first seconds
    assert own[0] == PARTS[0][0] + 50
    for _ in range(40 * 17):
        watch.run(buffer, 0, 3, PERIOD)
    assert PARTS[0][0] + 90 < own[0] <= PARTS[0][0] + 100
    before = own[0]
    watch._offsets[0] += 1000
    for _ in range(17 * 16 * 2):
        watch.run(buffer, 0, 3, PERIOD)
    # a sixteenth of a code in 51 cycles
    assert 1 <= own[0] - before <= 3


def test_a_cycle_allocates_nothing():
    if sys.implementation.name != "micropython":
        return
    import micropython

    for bits in (12, 16):
        frames, watch, _ = made(bits, Net(1 / (1 << (bits - 12)), delta=True))
        watch.limits(100.0, 300.0, 1.0)
        watch.busy = False
        watch.limits(10.0, 3000.0, 1000.0)
        buffer = buffer_of(frames)
        watch.run(buffer, 0, 3, PERIOD)
        micropython.heap_lock()
        try:
            for _ in range(40):
                watch.run(buffer, 0, 3, PERIOD)
        finally:
            micropython.heap_unlock()
