"""Measured values in the registers where the manual's tables 6.3.6 and 6.3.7 have them: address, type, unit,
scaling, against closed forms. The addresses are copied from the manual, not from the model's tables.
"""

from __future__ import annotations

import cmath
import math
import struct
import sys
from pathlib import Path

import pytest

import fourquad.models.kw320 as kw320
from fourquad import points as p
from fourquad.protocols.modbus.map import RegisterMap

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "metering"))
import closed_form as cf
from closed_form import Bench, polar

DATE = (2026, 3, 4, 5, 6, 7)
EPOCH = 825_915_967  # of that date, from 2000


def plant() -> cf.Plant:
    """Nothing alike: every phase has its own RMS, angle and harmonics."""
    volts, amps = [], []
    for k in range(3):
        v, i = (231.0, 226.0, 234.0)[k], (5.0, 4.0, 3.0)[k]
        at = (0.0, 121.0, 238.5)[k]
        lag = (25.0, 40.0, 55.0)[k]
        volts.append(
            {1: polar(v, at)} | {h: polar(v * (0.04 + 0.01 * k) / h, 7.0 * h) for h in (2, 5, 31, 32, 63)}
        )
        amps.append(
            {1: polar(i, at + lag)} | {h: polar(i * (0.4 + 0.1 * k) / h, 9.0 * h) for h in (3, 4, 33, 62)}
        )
    return cf.Plant(volts, amps)


@pytest.fixture(scope="module")
def meter() -> Registers:
    return Registers(plant())


class Registers:
    """A meter on `load` for some seconds; its registers."""

    def __init__(self, load: cf.Plant, wiring: int = cf.LN3, settings: tuple = ()) -> None:
        self.plant = load
        self.bench = Bench(load, wiring, settings=settings)
        self.bench.meter.clock.set(EPOCH)
        self.bench.run(5.3)
        self.map = RegisterMap(kw320, self.bench.meter.points)

    def raw(self, address: int, count: int) -> bytes:
        out = bytearray(2 * count)
        assert self.map.read(address, count, out, 0) == 0
        return bytes(out)

    def floats(self, address: int, count: int = 1) -> list[float]:
        return list(struct.unpack(f">{count}f", self.raw(address, 2 * count)))

    def words(self, address: int, count: int = 1) -> list[int]:
        return list(struct.unpack(f">{count}H", self.raw(address, count)))

    def ints(self, address: int, count: int = 1) -> list[int]:
        return list(struct.unpack(f">{count}h", self.raw(address, count)))


def rms(wave: dict) -> float:
    return math.sqrt(sum(abs(x) ** 2 for x in wave.values()))


# By this part of itself a window is longer or shorter than whole cycles: the frames of a distorted load sweep
# by a fifth of a frame in each window of five cycles (metering/sweep.py).
SWEEP = 0.2 / (5 * 128)


def swept(a: dict, b: dict) -> float:
    """By how much the mean of a * b over a window may be off: what the window has too much or too little of
    is at most the largest distance of the product from its mean.
    """

    def at(wave: dict, turn: float) -> float:
        angles = ((abs(x), math.tau * h * turn + cmath.phase(x)) for h, x in wave.items())
        return sum(math.sqrt(2) * rms * math.cos(angle) for rms, angle in angles)

    products = [at(a, n / 2048) * at(b, n / 2048) for n in range(2048)]
    mean = sum(products) / len(products)
    return SWEEP * max(abs(x - mean) for x in products)


def swept_rms(wave: dict) -> float:
    """The same for the root of the mean of its squares."""
    return swept(wave, wave) / (2 * rms(wave))


def near(got: list, expected: list, relative: float = 2e-4, absolute: float = 0.0) -> None:
    assert len(got) == len(expected)
    for a, b in zip(got, expected, strict=True):
        assert a == pytest.approx(b, rel=relative, abs=absolute)


@pytest.mark.parametrize("base", [0x3000, 0x4000])
def test_basic_readings(meter: Registers, base: int) -> None:
    v, i = meter.plant.volts, meter.plant.amps
    lines = [cf.add((1, v[k]), (-1, v[(k + 1) % 3])) for k in range(3)]
    volts, line_volts, amps = ([rms(x) for x in waves] for waves in (v, lines, i))
    near(meter.floats(base), [50.0], 1e-5)
    near(meter.floats(base + 0x02, 4), [*volts, sum(volts) / 3])
    near(meter.floats(base + 0x0A, 4), [*line_volts, sum(line_volts) / 3])
    neutral = cf.add(*[(1, x) for x in i])
    near(meter.floats(base + 0x12, 4), [*amps, sum(amps) / 3], absolute=max(swept_rms(x) for x in i))
    near(meter.floats(base + 0x1A), [rms(neutral)], absolute=swept_rms(neutral))
    active = [cf.active(v[k], i[k]) for k in range(3)]
    reactive = [cf.reactive(v[k], i[k]) for k in range(3)]
    apparent = [volts[k] * amps[k] for k in range(3)]
    watts = [swept(v[k], i[k]) for k in range(3)]
    near(meter.floats(base + 0x1C, 3), active, absolute=max(watts))
    near(meter.floats(base + 0x22), [sum(active)], absolute=sum(watts))
    near(meter.floats(base + 0x24, 4), [*reactive, sum(reactive)], absolute=0.3)
    near(meter.floats(base + 0x2C, 4), [*apparent, sum(apparent)], absolute=max(watts))
    factors = [a / s for a, s in zip(active, apparent, strict=True)]
    off = max(w / s for w, s in zip(watts, apparent, strict=True))
    near(meter.floats(base + 0x34, 4), [*factors, sum(active) / sum(apparent)], absolute=off)


def test_unbalance_and_load_character(meter: Registers) -> None:
    ratios = [cf.sequence_ratio(meter.plant.volts), cf.sequence_ratio(meter.plant.amps)]
    near(meter.floats(0x403C, 2), ratios, absolute=SWEEP)
    assert meter.floats(0x4040) == [76.0]


def part(wave: dict, *orders: int) -> float:
    """In 0.01 % of the fundamental."""
    return 1e4 * math.sqrt(sum(abs(wave.get(h, 0)) ** 2 for h in orders)) / abs(wave[1])


def test_harmonics(meter: Registers) -> None:
    v, i = meter.plant.volts, meter.plant.amps
    every, odd, even = range(2, 64), range(3, 64, 2), range(2, 64, 2)
    for thd, waves in ((0x405A, v), (0x405E, i)):
        ratios = [part(wave, *every) for wave in waves]
        near(meter.words(thd, 4), [*ratios, sum(ratios) / 3], 0, 1.1)
    for k, (low, high) in enumerate(((0x4062, 0x4500), (0x4084, 0x4520), (0x40A6, 0x4540))):
        near(meter.words(low, 30), [part(v[k], h) for h in range(2, 32)], 0, 1.1)
        near(meter.words(high, 32), [part(v[k], h) for h in range(32, 64)], 0, 1.1)
        near(meter.words(low + 30, 2), [part(v[k], *odd), part(v[k], *even)], 0, 1.1)
        assert 1400 < meter.words(low + 32)[0] < 1600  # crest factor, 0.001
        assert 0 < meter.words(low + 33)[0] < 300  # THFF, 0.01 %
    for k, (low, high) in enumerate(((0x40C8, 0x4560), (0x40E9, 0x4580), (0x410A, 0x45A0))):
        near(meter.words(low, 30), [part(i[k], h) for h in range(2, 32)], 0, 1.1)
        near(meter.words(high, 32), [part(i[k], h) for h in range(32, 64)], 0, 1.1)
        near(meter.words(low + 30, 2), [part(i[k], *odd), part(i[k], *even)], 0, 1.1)
        factor = sum((h * abs(x)) ** 2 for h, x in i[k].items()) / rms(i[k]) ** 2
        near(meter.words(low + 32), [10 * factor], 0, 1.0)
    # the blocks end where the next ones begin
    assert 0x4062 + 34 == 0x4084 and 0x40A6 + 34 == 0x40C8 and 0x410A + 33 == 0x412B


def test_sequence_components_and_angles(meter: Registers) -> None:
    turn = complex(-0.5, math.sqrt(0.75))
    for at, waves, scale in ((0x4294, meter.plant.volts, 10), (0x429A, meter.plant.amps, 1000)):
        a, b, c = (wave[1] for wave in waves)
        # against V1, whose angle is 0
        parts = ((a + turn * b + turn**2 * c) / 3, (a + turn**2 * b + turn * c) / 3, (a + b + c) / 3)
        near(meter.ints(at, 6), [scale * y for x in parts for y in (x.real, x.imag)], 0, 2.0)
    v, i = meter.plant.volts, meter.plant.amps
    near(meter.words(0x42A0, 5), [10 * cf.lag(v[0], x) for x in (v[1], v[2], *i)], 0, 0.6)
    assert meter.words(0x42A5, 4) == [0] * 4


# Maxima in the order of the manual's table: address, reading, counts a unit.
EXTREMES = (
    (0x4136, p.V1, 10),
    (0x413D, p.V2, 10),
    (0x4144, p.V3, 10),
    (0x414B, p.V12, 10),
    (0x4152, p.V23, 10),
    (0x4159, p.V31, 10),
    (0x4160, p.I1, 1000),
    (0x4167, p.I2, 1000),
    (0x416E, p.I3, 1000),
    (0x4175, p.P_SUM, 1),
    (0x417C, p.Q_SUM, 1),
    (0x4183, p.S_SUM, 1),
    (0x418A, p.PF_SUM, 1000),
    (0x4191, p.FREQUENCY, 100),
    (0x41AD, p.V_UNBALANCE, 1000),
    (0x41B4, p.I_UNBALANCE, 1000),
)
THDS = (0x41BB, 0x41C2, 0x41C9, 0x41D0, 0x41D7, 0x41DE)


def test_maxima_and_minima(meter: Registers) -> None:
    minima = 0x41E5 - 0x4136
    for address, reading, scale in EXTREMES:
        value = meter.bench.read(reading) * scale
        for at in (address, address + minima):
            found = meter.ints(at, 7)
            assert found[0] == pytest.approx(value, abs=1.0, rel=1e-3), hex(at)
            assert tuple(found[1:6]) == DATE[:5] and DATE[5] <= found[6] <= DATE[5] + 5
    ratios = meter.words(0x405A, 3) + meter.words(0x405E, 3)
    for address, ratio in zip(THDS, ratios, strict=True):
        for at in (address, address + minima):
            assert meter.ints(at)[0] == pytest.approx(ratio, abs=1.1)
    assert THDS[-1] + 7 == 0x41E5 and 0x41E5 + 25 * 7 == 0x4294


def test_delta_has_the_line_voltages_in_the_manuals_order() -> None:
    load = plant()
    load.volts = [cf.add((0.6, wave)) for wave in load.volts]
    meter = Registers(load, cf.LL2)
    v = load.volts
    v12, v23, v31 = (cf.add((1, v[k]), (-1, v[(k + 1) % 3])) for k in range(3))
    for low, high, wave in ((0x4062, 0x4500, v12), (0x4084, 0x4520, v31), (0x40A6, 0x4540, v23)):
        near(meter.words(low, 30), [part(wave, h) for h in range(2, 32)], 0, 1.1)
        near(meter.words(high, 32), [part(wave, h) for h in range(32, 64)], 0, 1.1)
    near(meter.words(0x405A, 3), [part(wave, *range(2, 64)) for wave in (v12, v31, v23)], 0, 1.1)
    angles = [cf.lag(v12, x) for x in (v23, v31, *load.amps)]
    near(meter.words(0x42A0, 5), [10 * x for x in angles], 0, 0.6)


def test_primary_side_changes_the_floats_only() -> None:
    ratios = ((p.PT1, 40000), (p.PT2, 4000), (p.CT1, 100), (p.CT2, 5), (p.BASIC_MODE, 1))
    meter = Registers(plant(), settings=ratios)
    v, i = meter.plant.volts, meter.plant.amps
    for base in (0x3000, 0x4000):
        near(meter.floats(base + 0x02), [10 * rms(v[0])])
        near(meter.floats(base + 0x12), [20 * rms(i[0])], absolute=20 * swept_rms(i[0]))
        near(meter.floats(base + 0x1C), [200 * cf.active(v[0], i[0])], absolute=200 * swept(v[0], i[0]))
    near(meter.ints(0x4136), [10 * rms(v[0])], 0, 1.1)
    near(meter.ints(0x4160), [1000 * rms(i[0])], 0, 1.1)
