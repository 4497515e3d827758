"""Waveforms as masters read them, against the closed form of what was on the terminals."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest
from mains import FRAMES, Dip, Mains, Rig

from fourquad import points as p
from fourquad.points import modules as m
from fourquad.protocols.modbus.map import RegisterMap

VOLT = 37.59105  # counts, manual 4.6
AMP = 14427.15  # of an sc
SETTINGS = ((p.RATED_VOLTAGE, 230), (p.SAG_CAPTURE, 1), (p.SAG_THRESHOLD, 80), (p.SAG_HALVES, 4))


class Master:
    """Registers of a meter, read and written."""

    def __init__(self, rig: Rig, registers: RegisterMap | None = None) -> None:
        self.map = registers or RegisterMap(rig.meter.model, rig.meter.points)

    def read(self, address: int, count: int = 1) -> list[int]:
        out = bytearray(2 * count)
        assert self.map.read(address, count, out, 0, self) == 0
        return list(struct.unpack(f">{count}H", out))

    def write(self, address: int, *values: int) -> int:
        return self.map.write(address, len(values), struct.pack(f">{len(values)}H", *values), 0, self)

    def window(self, group: int, part: int) -> list[int]:
        assert self.write(0x8E00, group, part) == 0
        words = self.read(0x8E00, 68)
        assert words[:3] == [group, part, 0x0B]
        return words[4:]

    def group(self, number: int) -> np.ndarray:
        """20 cycles of 64 points of six quantities: [quantity, point]."""
        assert self.write(0x8E00, number, 2) == 0
        parts = []
        for part in range(2, 122):
            words = self.read(0x8E00, 68)
            assert words[:4] == [number, part, 0x0B, self.read(0x8E03)[0]]
            parts.append(np.array(words[4:], dtype=np.uint16).astype(np.int16))
        whole = np.array(parts).reshape(2, 6, 10 * 64)
        return np.concatenate((whole[0], whole[1]), axis=1)


def times(rig: Rig, end: float) -> np.ndarray:
    """The instants of a group whose point is `end`, the end of a cycle."""
    at = int(np.argmin(np.abs(np.array(rig.starts) - end)))
    cycles = range(at - 20, at + 20, 2)
    return np.concatenate([rig.starts[k] + 2 * rig.steps[k] * np.arange(64) for k in cycles])


def manual(rig: Rig, master: Master) -> float:
    """Capture by a master's command; the point."""
    assert master.write(0x8000, 0xAA) == 0 and master.read(0x8000) == [0]
    return rig.now + FRAMES * rig.meter.frame_period / 12_288_000_000


def truth(rig: Rig, end: float) -> np.ndarray:
    scales = np.array([VOLT] * 3 + [AMP] * 3)
    return np.clip(rig.mains.sample(times(rig, end)) * scales, -32768, 32767).T


def test_every_point_is_the_truth_within_a_count() -> None:
    mains = Mains(harmonics=((5, 0.1, 0.4), (7, 0.05, 1.0)))
    mains.distorted = False
    rig = Rig(mains).run(2)
    master = Master(rig)
    end = manual(rig, master)
    rig.run(1)
    assert master.read(0x8E03) == [1]
    got, exact = master.group(1), truth(rig, end)
    assert np.abs(got - exact).max() <= 1.0
    assert got.max() > 12000


def test_the_dft_of_a_window_is_the_closed_form() -> None:
    harmonics = ((3, 0.08, 0.5), (5, 0.1, 0.4), (11, 0.03, 2.0), (25, 0.02, 1.0))
    rig = Rig(Mains(volts=220, amps=0.7, harmonics=harmonics)).run(30)
    master = Master(rig)
    manual(rig, master)
    rig.run(1)
    for quantity, rms, scale in ((0, 220, VOLT), (2, 220, VOLT), (4, 0.7, AMP)):
        for cycle in (0, 9):
            for later in (0, 60):
                words = master.window(1, 2 + later + 10 * quantity + cycle)
                points = np.array(words, dtype=np.uint16).astype(np.int16)
                lines = np.abs(np.fft.rfft(points)) / 32 / math.sqrt(2) / scale
                for order in range(32):
                    ratio = {1: 1.0, **{h: r for h, r, _ in harmonics}}.get(order, 0.0)
                    # the frames follow the mains to some 1e-4 of a turn
                    limit = 0.0005 if order else 0.001  # offsets are means of seconds
                    assert abs(lines[order] - ratio * rms) < limit * rms + 1 / scale, (quantity, order)


def test_a_sag_is_in_its_waveform() -> None:
    rig = Rig(Mains(), SETTINGS).run(2)
    master = Master(rig)
    begin = rig.now + 0.1234
    rig.mains.dips = [Dip(begin, begin + 0.09, 1, 0.4)]
    rig.run(1)
    assert master.read(0x8CFD) == [1] and master.read(0x8E03) == [1]
    # the fourth half cycle that is low, the end of its cycle
    rms = [
        math.sqrt((rig.mains.sample(s + step * np.arange(64))[:, 1] ** 2).mean())
        for s, step in zip(rig.starts, rig.steps, strict=True)
    ]
    low = [i for i, x in enumerate(rms) if x < 0.8 * 230]
    last = low[0] + 3
    end = rig.starts[last - last % 2 + 2]
    assert np.abs(master.group(1) - truth(rig, end)).max() <= 1.0
    # its reason and the time of the point
    head = master.window(1, 1)
    assert head[7:] == [0, 0, 0, 0, 0b010, 0, 0, 0, 0] + [0] * 48
    clock = rig.meter.clock
    second = clock.now + clock.ms / 1000 - (rig.now - end)
    assert head[:5] == [2000, 1, 1, 0, 0] and abs(head[5] + head[6] / 1000 - second) < 0.003
    # the event began with its first half cycle
    event = master.read(0x8D00, 8)
    assert event[:2] == [0x0001, 0x0100] and event[4:] == [0b010, 230, 80, 4]
    begun = clock.now + clock.ms / 1000 - (rig.now - rig.starts[low[0]])
    assert abs((event[2] & 0xFF) + event[3] / 1000 - begun) < 0.003


def test_a_captured_voltage_ends_at_16_bits() -> None:
    # 690 V between lines: 975.8 V at the peak, 36681 counts
    rig = Rig(Mains(volts=690 / math.sqrt(3)), ((p.WIRING_U, 3), (p.PT2, 4000))).run(2)
    master = Master(rig)
    manual(rig, master)
    rig.run(1)
    lines = master.group(1)[:3]
    assert lines.max() == 32767 and lines.min() == -32768
    # it ends there and does not turn over: each step is that of a sine at most
    assert np.abs(np.diff(lines.astype(int))).max() < 36681 * 2 * math.pi / 64


@pytest.mark.parametrize(
    ("ct2", "scale"), [(333, 14427.15), (5, 1683.153), (1, 1683.153), (100, 20291.1), (80, 7414.289)]
)
def test_currents_are_scaled_by_their_transformers(ct2: int, scale: float) -> None:
    rig = Rig(Mains(amps=0.5), ((p.CT2, ct2),)).run(2)
    master = Master(rig)
    manual(rig, master)
    rig.run(1)
    peak = master.group(1)[3:].max()
    assert abs(peak - 0.5 * math.sqrt(2) * scale) < 0.002 * peak


def test_reasons_and_parts_go_on_by_themselves() -> None:
    rig = Rig(Mains()).run(2)
    master, other = Master(rig), None
    other = Master(rig, master.map)
    for _ in range(19):
        manual(rig, master)
        rig.run(0.7)
    assert master.read(0x8E03) == [19]
    assert master.write(0x8E00, 1, 0) == 0
    for first in (1, 5, 9, 13, 17, 17):
        words = master.read(0x8E00, 68)
        assert words[:4] == [first, 0, 0x0B, 19]
        reasons = np.array(words[4:]).reshape(4, 16)
        assert [row[7] for row in reasons] == [1 if first + k <= 19 else 0 for k in range(4)]
    # another master has a window of its own; a part of it moves nothing
    assert other.read(0x8E00, 2) == [1, 0]
    assert other.write(0x8E00, 3, 1) == 0
    for address, count in ((0x8E04, 64), (0x8E00, 67), (0x8E01, 67), (0x8E02, 1)):
        other.read(address, count)
        assert other.read(0x8E00, 2) == [3, 1]
    assert other.read(0x8E00, 68)[:2] == [3, 1] and other.read(0x8E00, 2) == [3, 2]
    assert other.write(0x8E01, 121) == 0
    assert [other.read(0x8E00, 68)[1] for _ in range(3)] == [121] * 3
    assert master.read(0x8E00, 2) == [17, 0]


def test_what_is_refused_changes_nothing() -> None:
    rig = Rig(Mains()).run(2)
    master = Master(rig)
    assert master.read(0x8E00, 4) == [1, 0, 0xFF, 0] and master.read(0x8E04, 64) == [0] * 64
    # no groups, no events: only what they read as
    assert master.write(0x8E00, 1, 0) == 0 and master.write(0x8E00, 2) == 3 and master.write(0x8E01, 122) == 3
    assert master.write(0x8CFE, 1, 10) == 0 and master.write(0x8CFE, 2) == 3
    assert [master.write(0x8CFF, n) for n in (0, 11)] == [3, 3]
    assert master.write(0x8E02, 0) == 2 and master.write(0x8E00, 1, 0, 0) == 2
    assert master.write(0x8CFD, 0) == 2 and master.write(0x8D00, 0) == 2
    assert master.read(0x8E00, 2) == [1, 0] and master.read(0x8CFD, 3) == [0, 1, 10]
    assert [master.write(0x8000, n) for n in (1, 0x55, 0)] == [3, 3, 0]
    assert [master.write(0x800E, n) for n in (0xAA, 0)] == [3, 0]


def test_full_is_full_until_it_is_cleared() -> None:
    rig = Rig(Mains()).run(2)
    master = Master(rig)
    for _ in range(102):
        manual(rig, master)
        rig.run(0.5)
    assert master.read(0x8E03) == [100] and rig.read(p.WAVE_ROOM) == 100
    assert master.window(100, 1)[7] == 1
    assert master.write(0x800E, 0x55) == 0
    assert master.read(0x8E03) == [0] and master.read(0x8E02) == [0xAA]
    manual(rig, master)
    rig.run(0.5)
    assert master.read(0x8E02) == [0xFF]
    manual(rig, master)
    rig.run(0.7)
    assert master.read(0x8E03) == [1]


def test_one_capture_at_a_time() -> None:
    rig = Rig(Mains(), SETTINGS).run(2)
    master = Master(rig)
    t = rig.now
    rig.mains.dips = [Dip(t + 0.1, t + 0.2, 0, 0.4), Dip(t + 0.3, t + 0.4, 0, 0.4)]
    rig.run(2)
    # the second came while the first was written: an event without a waveform
    assert master.read(0x8CFD) == [2] and master.read(0x8E03) == [1]


def test_samples_that_are_lost_end_a_capture() -> None:
    rig = Rig(Mains()).run(2)
    master = Master(rig)
    manual(rig, master)
    rig.run(0.15)
    rig.meter.gap(20)
    rig.run(1)
    assert master.read(0x8E03) == [0]
    manual(rig, master)
    rig.run(1)
    assert master.read(0x8E03) == [1]


def test_events_are_read_ten_at_a_time() -> None:
    rig = Rig(Mains(), SETTINGS).run(2)
    master = Master(rig)
    for n in range(13):
        t = rig.now
        rig.mains.dips = [Dip(t + 0.05, t + 0.15, n % 3, 0.4)]
        rig.run(0.4)
    assert master.read(0x8CFD, 3) == [13, 1, 10]
    rows = np.array(master.read(0x8D00, 80)).reshape(10, 8)
    assert [row[4] for row in rows] == [1 << n % 3 for n in range(10)]
    assert master.write(0x8CFE, 11, 2) == 0
    words = master.read(0x8CFD, 83)
    rows = np.array(words[3:]).reshape(10, 8)
    assert words[:3] == [13, 11, 2]
    assert [row[4] for row in rows] == [2, 4] + [0] * 8 and not rows[2:].any()
    # what goes past the newest reads 0; a part of an event is that part
    assert master.write(0x8CFE, 13, 10) == 0
    assert master.read(0x8D04) == [1] and master.read(0x8D05, 2) == [230, 80] and master.read(0x8D08) == [0]
    # reading moves nothing
    assert master.read(0x8CFE) == [13]
    assert master.write(0x800F, 0x55) == 0
    assert master.read(0x8CFD) == [0] and master.read(0x8D00, 80) == [0] * 80


def test_it_all_outlives_a_power_cut() -> None:
    rig = Rig(Mains(), SETTINGS).run(2)
    t = rig.now
    rig.mains.dips = [Dip(t + 0.1, t + 0.3, 2, 0.4)]
    rig.run(1)
    first = Master(rig)
    before = (first.read(0x8CFD, 83), first.group(1), first.window(1, 1))
    again = Rig(Mains(), SETTINGS, flash=rig.flash)
    second = Master(again)
    after = (second.read(0x8CFD, 83), second.group(1), second.window(1, 1))
    assert before[0] == after[0] and (before[1] == after[1]).all() and before[2] == after[2]


def test_inputs_of_the_first_modules_capture() -> None:
    rig = Rig(Mains()).run(2)
    master = Master(rig)
    io = rig.meter.io
    io.connect(["io11", "io31", "io12"])

    def edge(n: int, closed: int) -> list[int] | None:
        """Reason that input DI `n` makes as it closes or opens; None where it makes none."""
        before = master.read(0x8E03)[0]
        io.set_input(n - 1, closed)
        rig.run(0.7)
        if master.read(0x8E03)[0] == before:
            return None
        return master.window(before + 1, 1)[7:16]

    # DI1 as it closes, DI2 as it opens, DI6 both; DI11 both, DI14 as it closes
    assert master.write(0x8001, 0b01 | 0b10 << 2 | 0b11 << 10, 0xFF, 0b11 | 0b01 << 6) == 0
    assert edge(1, 1) == [0, 0b01, 0, 0, 0, 0, 0, 0, 0] and edge(1, 0) is None
    assert edge(2, 1) is None and edge(2, 0) == [0, 0b10 << 2, 0, 0, 0, 0, 0, 0, 0]
    assert edge(6, 1) == [0, 0b01 << 10, 0, 0, 0, 0, 0, 0, 0]
    assert edge(6, 0) == [0, 0b10 << 10, 0, 0, 0, 0, 0, 0, 0]
    assert edge(11, 1) == [0, 0, 0, 0b01, 0, 0, 0, 0, 0] and edge(14, 1) == [
        0,
        0,
        0,
        0b01 << 6,
        0,
        0,
        0,
        0,
        0,
    ]
    assert edge(3, 1) is None
    # modules that are not there, or not of the first ones, and inputs that count
    assert edge(7, 1) is None and edge(15, 1) is None
    assert rig.meter.points.write(p.SETTING + m.IO11_DI_TYPE, 1) == p.OK
    assert edge(1, 1) is None


def test_a_limit_that_is_set_meanwhile_ends_no_capture() -> None:
    rig = Rig(Mains(), SETTINGS).run(2)
    master = Master(rig)
    end = manual(rig, master)
    rig.run(0.15)
    assert master.write(0x8006, 70) == 0
    rig.run(1)
    assert master.read(0x8E03) == [1] and np.abs(master.group(1) - truth(rig, end)).max() <= 1.0
    # another transformer does: counts would be others within it
    manual(rig, master)
    rig.run(0.15)
    assert master.write(0x1009, 5) == 0
    rig.run(1)
    assert master.read(0x8E03) == [1]


def test_the_range_of_the_rated_current_follows_ct2() -> None:
    rig = Rig(Mains())
    master = Master(rig)
    assert master.read(0x800B) == [1000] and [master.write(0x800B, n) for n in (499, 1001, 500)] == [3, 3, 0]
    assert master.write(0x1009, 5) == 0 and master.read(0x800B) == [500]
    assert [master.write(0x800B, n) for n in (5001, 5000)] == [3, 0]
    assert master.write(0x1009, 333) == 0 and master.read(0x800B) == [1000]


def test_settings_as_they_come_and_their_ranges() -> None:
    master = Master(Rig(Mains()))
    assert master.read(0x8000, 16) == [0, 0, 0, 0, 400, 0, 50, 10, 0, 100, 0, 1000, 0, 100, 0, 0]
    ranges = {
        0x8001: (0, 0x0FFF),
        0x8002: (0, 0xFF),
        0x8003: (0, 0xFF),
        0x8004: (50, 400),
        0x8005: (0, 1),
        0x8006: (20, 100),
        0x8007: (4, 200),
        0x8008: (0, 1),
        0x8009: (50, 140),
        0x800A: (0, 0),
        0x800C: (0, 1),
        0x800D: (50, 150),
    }
    for address, (low, high) in ranges.items():
        assert master.write(address, low) == 0 and master.write(address, high) == 0, hex(address)
        assert master.write(address, high + 1) == 3 and master.read(address) == [high], hex(address)
        assert not low or master.write(address, low - 1) == 3, hex(address)
    # a whole file of them at once, commands idle
    assert master.write(0x8000, 0, 0, 0, 0, 230, 1, 80, 4, 1, 110, 0, 1000, 1, 120, 0, 0) == 0
    # across the end of the region
    assert master.write(0x800F, 0, 0) == 2
