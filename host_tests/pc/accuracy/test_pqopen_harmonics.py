"""Harmonics, THD, K factor and negative sequence against pqopen-lib, on the seven distorted signals of
test_pqopen.py.

pqopen-lib takes the subgroups of IEC 61000-4-7, 3.2.4, from windows of 10 or 12 cycles cut at zero crossings
and resampled by straight lines. These signals have nothing between the harmonics, so that a subgroup is the
harmonic itself; at 102.4 kS/s the straight lines do no harm. Seen: within 0.007 % of the fundamental.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from test_pqopen import SECONDS, SIGNALS, channelbuffer, powersystem

from accuracy import cases
from fourquad import points as p

RATE = 102_400
ORDERS = 63
AGREE = 0.02  # % of the fundamental; the issue asks for 0.1


def analyse(columns: dict, frequency: float) -> dict:
    """What pqopen makes of columns (kind, phase): values."""
    buffers = {}
    for key, values in columns.items():
        buffers[key] = channelbuffer.AcqBuffer(size=len(values) + 10)
        buffers[key].put_data(values)
    nominal = 60.0 if frequency > 55 else 50.0
    nper = 12 if nominal == 60 else 10
    system = powersystem.PowerSystem(buffers["V", 1], RATE, nominal_frequency=nominal, nper=nper)
    system.enable_harmonic_calculation(ORDERS)
    for k in (1, 2, 3):
        system.add_phase(buffers["V", k], buffers["I", k])
    system.process()
    return {name: channel.last_sample_value for name, channel in system.output_channels.items()}


def places(kind: str, k: int) -> tuple[int, int]:
    """Points of the second order and of THD."""
    if kind == "U":
        return p.HARMONIC + p.HARMONIC_V1 + p.VOLTAGE_HARMONICS * (k - 1), p.HARMONIC + p.THD_V1 + k - 1
    return p.HARMONIC + p.HARMONIC_I1 + p.CURRENT_HARMONICS * (k - 1), p.HARMONIC + p.THD_I1 + k - 1


@pytest.mark.parametrize("name", SIGNALS)
def test_harmonics_of_distorted_signals(name: str) -> None:
    plant = SIGNALS[name]
    times = np.arange(int(RATE * SECONDS)) / RATE
    theirs = analyse(
        {(kind, k): plant.sample(kind, k, times) for kind in "VI" for k in (1, 2, 3)}, plant.frequency
    )
    rig = cases.ideal()
    rig.feed(plant, 3.2)
    read = rig.meter.points.read
    for k in (1, 2, 3):
        for kind in "UI":
            first, thd = places(kind, k)
            rms = theirs[f"{kind}{k}_H_rms"]
            worst = max(abs(read(first + h - 2) / 100 - 100 * rms[h] / rms[1]) for h in range(2, ORDERS + 1))
            assert worst < AGREE
            assert read(thd) / 100 == pytest.approx(theirs[f"{kind}{k}_THD"], abs=AGREE)
            if kind == "I":
                squares = rms[1:] ** 2
                factor = float(np.sum(np.arange(1, ORDERS + 1) ** 2 * squares) / np.sum(squares))
                assert read(first + p.ORDERS + 2) / 10 == pytest.approx(factor, abs=0.06 + 2e-3 * factor)
    # symmetrical components: their u2 and u0 in % of the positive sequence
    at = p.HARMONIC + p.SEQUENCE_U
    parts = [math.hypot(read(at + 2 * i), read(at + 2 * i + 1)) for i in range(3)]
    assert 100 * parts[1] / parts[0] == pytest.approx(theirs["U_unbal_2"], abs=AGREE)
    assert 100 * parts[2] / parts[0] == pytest.approx(theirs["U_unbal_0"], abs=AGREE)
