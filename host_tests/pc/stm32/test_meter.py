"""A three-phase meter on the STM32 front end's model: sampling, lock and readings, end to end."""

from __future__ import annotations

import cmath
import math
import runpy
from pathlib import Path

import pytest
from drivers_on_model import drivers
from h743 import Bus

from fourquad import points as p
from fourquad.meter.meter import Meter
from fourquad.models import kw320

ROOT = Path(__file__).resolve().parents[3]
BOARD = runpy.run_path(str(ROOT / "boards" / "NUCLEO_H743ZI2" / "board.py"))
HERTZ = 50.7
VOLTS = (230.0, 228.0, 231.0)
AMPS = (5.0, 4.0, 3.0)
LAG = 30.0
NAMES = [(c.kind, c.phase) for c in BOARD["channels"]()]
# volts at the pin for a volt or an ampere of the mains: resistors, transformers and burdens of the drawings
TO_PIN = {"V": 402 / (4 * 30100), "I": 201 / 2000}


def phasor(kind: str, phase: int) -> complex:
    """RMS phasor of what an input is connected to; the neutral current is the sum of the others."""
    if kind == "V":
        return cmath.rect(VOLTS[phase - 1], math.radians(-120 * (phase - 1)))
    if phase:
        return cmath.rect(AMPS[phase - 1], math.radians(-120 * (phase - 1) - LAG))
    return sum(phasor("I", n) for n in (1, 2, 3))


def plant(adc: int, number: int, t: float) -> float:
    where = [(a, n) for a, _, n, _ in BOARD["INPUTS_ANALOG"]].index((adc, number))
    kind, phase = NAMES[where]
    x = phasor(kind, phase)
    wave = math.sqrt(2) * abs(x) * math.sin(2 * math.pi * HERTZ * t + cmath.phase(x))
    return 1.65 + wave * TO_PIN[kind]


def test_three_phases_and_neutral() -> None:
    bus = Bus(plant)
    with drivers(bus, "adc") as (adc,):
        sampler = adc.Sampler(BOARD["INPUTS_ANALOG"])
        meter = Meter(kw320, BOARD["channels"](), sampler.clock_hz, sampler.bits)
        for offset, value in BOARD["DEFAULTS"]:
            meter.settings.default(offset, value)
        meter.configure()
        sampler.start(meter.frame_period)
        while bus.now < 2.6 * 200_000_000:
            bus.advance(0.02)
            while n := sampler.available():
                assert n > 0
                sampler.prepare(n)
                meter.run(sampler.buffer, sampler.frame, n, sampler.period)
                sampler.take(n)
            while meter.work(bus.now // 200_000):
                if meter.frame_period != sampler.period:
                    sampler.retune(meter.frame_period)
        assert sampler.overruns == 0

        def read(i: int) -> float:
            return meter.points.read(p.SECONDARY + i)

        for k in range(3):
            assert read(p.V1 + k) == pytest.approx(VOLTS[k], rel=3e-4)
            assert read(p.I1 + k) == pytest.approx(AMPS[k], rel=3e-4)
            watts = VOLTS[k] * AMPS[k] * math.cos(math.radians(LAG))
            assert read(p.P1 + k) == pytest.approx(watts, rel=5e-4)
            vars_ = VOLTS[k] * AMPS[k] * math.sin(math.radians(LAG))
            assert read(p.Q1 + k) == pytest.approx(vars_, rel=1e-3)
        assert read(p.I_N) == pytest.approx(abs(phasor("I", 0)), rel=5e-4)
        assert read(p.FREQUENCY) == pytest.approx(HERTZ, abs=1e-3)
