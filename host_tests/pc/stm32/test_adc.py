"""The STM32 front end on a model of its registers: what it writes, which blocks come out, and losses."""

from __future__ import annotations

import math
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from drivers_on_model import Pin, drivers
from h743 import SRAM, TICK_HZ, Bus

ROOT = Path(__file__).resolve().parents[3]
BOARD = runpy.run_path(str(ROOT / "boards" / "NUCLEO_H743ZI2" / "board.py"))
CHANNELS = BOARD["INPUTS_ANALOG"]
STEPS = 16 * TICK_HZ
PERIOD_50 = STEPS // (50 * 128)


def number_of(adc: int, number: int) -> int:
    """Which channel of a frame an input of a converter is."""
    return [(a, n) for a, _, n, _ in CHANNELS].index((adc, number))


def waves(frequency: float) -> Callable[[int, int, float], float]:
    """Another amplitude and phase at every input."""

    def signal(adc: int, number: int, t: float) -> float:
        c = number_of(adc, number)
        return 1.65 + 0.1 * (c + 1) * math.sin(2 * math.pi * frequency * t + c)

    return signal


@pytest.fixture
def bench(request: pytest.FixtureRequest) -> Iterator[Any]:
    bus = Bus(waves(50.0))
    with drivers(bus, "adc", "memory", "dma") as (adc, memory, dma):
        yield bus, adc, memory, dma


def codes(sampler: Any, cycles: int) -> list[list[int]]:
    """Frames of the prepared cycles."""
    flat = memoryview(sampler.buffer).cast("H")
    n = len(CHANNELS)
    return [list(flat[i * n : (i + 1) * n]) for i in range(cycles * 128)]


def take(sampler: Any, cycles: int) -> list[list[int]]:
    sampler.prepare(cycles)
    assert sampler.frame == 0
    out = codes(sampler, cycles)
    sampler.take(cycles)
    return out


def check(frames: list[list[int]], bus: Bus, first: int, period: int, burst_us: float = 0.0) -> None:
    """Codes against the signal at the instants of their triggers; `first`: number of the first frame."""
    start = bus.timer.updates[0] / TICK_HZ
    worst = 0.0
    for i, frame in enumerate(frames):
        for c, (adc, rank, number, _) in enumerate(CHANNELS):
            t = start + (first + i + rank / 3) * period / STEPS + burst_us / 1e6
            worst = max(worst, abs(frame[c] - bus.signal(adc, number, t) / 3.3 * 65536))
    assert worst < 2.0, f"off by {worst} codes"


# half of 16 conversions of 41 clocks of 25 MHz, less half of the last
BURST_US = 15 * 41 / 25 / 2


def test_frames_are_the_signal(bench: Any) -> None:
    bus, adc, _, _ = bench
    sampler = adc.Sampler(CHANNELS)
    assert (sampler.bits, sampler.clock_hz) == (16, STEPS)
    sampler.start(PERIOD_50)
    assert sampler.period == PERIOD_50
    assert sampler.available() == 0
    bus.advance(0.0201)
    assert sampler.available() == 1
    check(take(sampler, 1), bus, 0, PERIOD_50, BURST_US)
    assert sampler.available() == 0
    bus.advance(0.06)
    assert sampler.available() == 3
    check(take(sampler, 3), bus, 128, PERIOD_50, BURST_US)
    assert [a.missed for a in bus.adcs] == [0, 0, 0]
    # 16 conversions a sample
    assert {ratio for a in bus.adcs for _, _, ratio in a.conversions} == {16}


def test_converters_sample_at_the_same_instant(bench: Any) -> None:
    bus, adc, _, _ = bench
    sampler = adc.Sampler(CHANNELS)
    sampler.start(PERIOD_50)
    bus.advance(0.005)
    times = [[t for t, _, _ in a.conversions] for a in bus.adcs]
    assert times[0] == times[1] == times[2] == bus.timer.updates
    assert [n for _, n, _ in bus.adcs[0].conversions[:6]] == [15, 10, 16, 15, 10, 16]
    assert [n for _, n, _ in bus.adcs[1].conversions[:3]] == [3, 5, 3]
    assert [n for _, n, _ in bus.adcs[2].conversions[:3]] == [6, 9, 6]
    assert {Pin.made[pin] for *_, pin in CHANNELS} == {(Pin.ANALOG, -1)}


@pytest.mark.parametrize(
    "period", [PERIOD_50, PERIOD_50 + 1, PERIOD_50 - 7, STEPS * 10 // (451 * 128), 416_669]
)
def test_frame_period_is_right_to_a_sixteenth_of_a_tick(bench: Any, period: int) -> None:
    bus, adc, _, _ = bench
    sampler = adc.Sampler(CHANNELS)
    sampler.start(period)
    bus.advance(0.1)
    updates = bus.timer.updates
    # 16 frames of 3 triggers last exactly `period` ticks of 5 ns, wherever one begins (after the first lap)
    for at in (50, 51, 77, 200):
        assert updates[at + 48] - updates[at] == period
    steps = {b - a for a, b in zip(updates[50:], updates[51:], strict=False)}
    assert max(steps) - min(steps) <= 1


def test_retune_goes_on_without_a_gap(bench: Any) -> None:
    bus, adc, _, _ = bench
    sampler = adc.Sampler(CHANNELS)
    sampler.start(PERIOD_50)
    bus.advance(0.1)
    while n := sampler.available():
        sampler.take(n)
    before = len(bus.timer.updates)
    assert sampler.retune(PERIOD_50 * 50 // 51) == sampler.period == PERIOD_50 * 50 // 51
    bus.advance(0.1)
    updates = bus.timer.updates
    assert max(b - a for a, b in zip(updates[before - 1 :], updates[before:], strict=False)) <= 10418
    assert updates[-1] - updates[-49] == sampler.period
    assert sampler.available() == 4 and sampler.overruns == 0


def test_ring_wraps(bench: Any) -> None:
    bus, adc, _, _ = bench
    sampler = adc.Sampler(CHANNELS)
    sampler.start(PERIOD_50)
    read = 0
    for _ in range(24):
        bus.advance(0.04)
        while n := sampler.available():
            assert n > 0
            frames = take(sampler, n)
            if read in (0, 30, 31, 32, 33):
                check(frames, bus, read * 128, PERIOD_50, BURST_US)
            read += n
    assert read == 48
    assert sampler.overruns == 0


def test_backlog_stops_at_the_end_of_the_ring(bench: Any) -> None:
    bus, adc, _, _ = bench
    sampler = adc.Sampler(CHANNELS)
    sampler.start(PERIOD_50)
    bus.advance(0.59)
    assert sampler.available() == 4
    for _ in range(7):
        assert sampler.available() == 4
        sampler.take(4)
    assert sampler.available() == 1
    sampler.take(1)
    bus.advance(0.12)
    # three to the end of the ring, the rest after its beginning
    assert sampler.available() == 3
    check(take(sampler, 3), bus, 29 * 128, PERIOD_50, BURST_US)
    assert sampler.available() == 3
    check(take(sampler, 3), bus, 32 * 128, PERIOD_50, BURST_US)


def test_overrun_is_found_and_told(bench: Any) -> None:
    bus, adc, _, _ = bench
    sampler = adc.Sampler(CHANNELS)
    sampler.start(PERIOD_50)
    bus.advance(0.1)
    assert sampler.available() == 4
    bus.advance(0.62)
    assert sampler.available() == -1
    # the pause, and four cycles that were waiting: the fifth was not whole yet
    assert sampler.recover() == 620 + 4 * 20
    assert sampler.overruns == 1
    bus.timer.updates.clear()
    bus.advance(0.05)
    assert sampler.available() == 2
    check(take(sampler, 2), bus, 0, PERIOD_50, BURST_US)


@pytest.mark.parametrize("kind", ["overrun flag", "transfer error"])
def test_a_failing_converter_or_stream_is_a_loss(bench: Any, kind: str) -> None:
    bus, adc, _, _ = bench
    sampler = adc.Sampler(CHANNELS)
    sampler.start(PERIOD_50)
    bus.advance(0.021)
    assert sampler.available() == 1
    if kind == "overrun flag":
        bus.dma.streams[1].cr &= ~1  # nobody takes what ADC2 makes
    else:
        bus.dma.streams[2].m0ar = 0x20000000  # DTCM
    bus.advance(0.02)
    assert sampler.available() == -1
    assert sampler.recover() >= 40
    bus.advance(0.021)
    assert sampler.available() == 1


def test_rings_are_where_dma_reaches_and_no_cache_hides_them(bench: Any) -> None:
    bus, adc, memory, _ = bench
    sampler = adc.Sampler(CHANNELS)
    sampler.start(PERIOD_50)
    for stream in bus.dma.streams[:4]:
        assert stream.m0ar >= SRAM and stream.m0ar + 4 * stream.count <= memory.BASE + memory.SIZE
        assert not bus.cached(stream.m0ar)
    assert bus.cached(memory.BASE + memory.SIZE)
    assert bus.interrupts


def test_without_the_region_samples_would_be_stale(bench: Any) -> None:
    """The model has teeth: who forgets the cache reads what was there when it first looked."""
    bus, adc, _, _ = bench
    sampler = adc.Sampler(CHANNELS)
    sampler.start(PERIOD_50)
    bus.regions.clear()
    sampler.prepare(1)
    bus.advance(0.021)
    assert sampler.available() == 1
    with pytest.raises(AssertionError, match="codes"):
        check(take(sampler, 1), bus, 0, PERIOD_50, BURST_US)


def test_without_the_region_the_timer_would_not_get_its_period(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = Bus(waves(50.0))
    with drivers(bus, "adc", "memory") as (adc, memory):
        monkeypatch.setattr(memory, "_ATTRIBUTES", memory._ATTRIBUTES & ~1)
        sampler = adc.Sampler(CHANNELS)
        sampler.start(PERIOD_50)
        bus.advance(0.021)
        assert sampler.available() == 0


def test_what_the_cache_held_before_does_not_come_back(bench: Any) -> None:
    bus, adc, memory, _ = bench
    bus.rcc[0x580244DC] = 1 << 29
    bus.store(memory.BASE, b"\x11\x22\x33\x44")  # an earlier program's, still only in the cache
    assert bus.dirty
    sampler = adc.Sampler(CHANNELS)
    assert not bus.dirty and not bus.lines
    assert bus.sram[:4] == b"\x11\x22\x33\x44"
    sampler.start(PERIOD_50)


@pytest.mark.parametrize(("hertz", "ratio"), [(400.0, 2), (480.0, 2), (300.0, 4)])
def test_400_hz(hertz: float, ratio: int) -> None:
    bus = Bus(waves(hertz))
    with drivers(bus, "adc") as (adc,):
        sampler = adc.Sampler(CHANNELS)
        period = round(STEPS / (hertz * 128))
        sampler.start(period)
        bus.advance(0.0105)
        n = sampler.available()
        assert n == min(4, int(0.0105 * hertz))
        check(take(sampler, n), bus, 0, period, (ratio - 1) * 41 / 25 / 2)
        assert {r for a in bus.adcs for _, _, r in a.conversions} == {ratio}
        assert [a.missed for a in bus.adcs] == [0, 0, 0]


def test_from_50_to_400_hz_and_back(bench: Any) -> None:
    bus, adc, _, _ = bench
    sampler = adc.Sampler(CHANNELS)
    sampler.start(PERIOD_50)
    bus.advance(0.03)
    for period, ratio in ((PERIOD_50 // 8, 2), (PERIOD_50, 16)):
        sampler.retune(period)
        for a in bus.adcs:
            a.conversions.clear()
        bus.timer.updates.clear()
        bus.advance(0.03)
        assert sampler.available() >= 1
        assert {r for a in bus.adcs for _, _, r in a.conversions} == {ratio}
        assert [a.missed for a in bus.adcs] == [0, 0, 0]


def test_stop_leaves_everything_at_rest_and_a_start_follows(bench: Any) -> None:
    bus, adc, _, dma = bench
    sampler = adc.Sampler(CHANNELS)
    sampler.start(PERIOD_50)
    bus.advance(0.01)
    sampler.stop()
    before = bytes(bus.sram)
    bus.advance(0.1)
    assert bytes(bus.sram) == before
    assert not any(stream.cr & 1 for stream in bus.dma.streams)
    sampler.start(PERIOD_50)
    bus.advance(0.021)
    assert sampler.available() == 1


def test_soft_reset_finds_converters_running() -> None:
    bus = Bus(waves(50.0))
    with drivers(bus, "adc") as (adc,):
        adc.Sampler(CHANNELS).start(PERIOD_50)
        bus.advance(0.01)
    with drivers(bus, "adc", "dma") as (adc, dma):
        dma.all_quiet()
        adc.quiet()
        sampler = adc.Sampler(CHANNELS)
        sampler.start(PERIOD_50)
        bus.timer.updates.clear()
        bus.advance(0.021)
        assert sampler.available() == 1
        check(take(sampler, 1), bus, 0, PERIOD_50, BURST_US)


def test_refuses_what_it_was_not_written_for() -> None:
    bus = Bus()
    bus.revision = 0x1003
    with drivers(bus, "adc") as (adc,):
        with pytest.raises(OSError, match="revision"):
            adc.Sampler(CHANNELS)
        bus.revision = 0x2003
        with pytest.raises(ValueError, match="room"):
            adc.Sampler([(0, rank, 15, "A0") for rank in range(4)])
