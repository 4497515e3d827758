"""Sags, swells and over-currents against closed forms."""

from __future__ import annotations

import random

import numpy as np
import pytest
from mains import FRAMES, Dip, Mains, Rig

from fourquad import points as p

RATED = 230
SAG, SWELL, OVER = 85, 110, 120  # percent
SETTINGS = (
    (p.RATED_VOLTAGE, RATED),
    (p.SAG_CAPTURE, 1),
    (p.SAG_THRESHOLD, SAG),
    (p.SAG_HALVES, 4),
    (p.SWELL_CAPTURE, 1),
    (p.SWELL_THRESHOLD, SWELL),
    (p.RATED_AMPERES, 500),
    (p.OVER_CURRENT_CAPTURE, 1),
    (p.OVER_CURRENT_THRESHOLD, OVER),
)


def half_cycles(rig: Rig, first: float, last: float) -> np.ndarray:
    """RMS of V1 V2 V3 in the half cycles that touch these seconds, from the samples of the closed form."""
    frames = np.arange(FRAMES // 2)
    starts = [(s, step) for s, step in zip(rig.starts, rig.steps, strict=True) if first - 0.011 < s < last]
    rows = [rig.mains.sample(s + step * frames)[:, :3] for s, step in starts]
    return np.array([np.sqrt((row**2).mean(axis=0)) for row in rows])


def excursions(count: int, seed: int) -> tuple[int, int]:
    """`count` sags and swells, one after the other: each is checked. How many were deep and long enough to be
    seen for certain, and how many were events.
    """
    chance = random.Random(seed)
    mains = Mains()
    rig = Rig(mains, SETTINGS).run(1.5)
    seen = [0, 0]
    sure = events = 0
    half = 0.01
    for _ in range(count):
        sag = chance.random() < 0.7
        length = chance.choice((chance.uniform(0.5, 4), chance.uniform(2, 30), chance.uniform(30, 200)))
        phases = sorted(chance.sample(range(3), chance.randint(1, 3)))
        ratios = [chance.uniform(0.02, 0.8) if sag else chance.uniform(1.15, 1.5) for _ in phases]
        begin = rig.now + 0.06 + chance.uniform(0, 0.02)
        end = begin + length * half
        mains.dips = [Dip(begin, end, k, ratio) for k, ratio in zip(phases, ratios, strict=True)]
        before = len(rig.events)
        rig.run(0.2 + length * half)
        rms = half_cycles(rig, begin, end)
        low, high = RATED * SAG / 100, RATED * SWELL / 100
        limit, worst = (low, rms.min()) if sag else (high, rms.max())
        out = rms < low if sag else rms > high
        kind = 0 if sag else 1
        number, value, ms = (rig.read((p.SAGS, p.SWELLS)[kind] + i) for i in range(3))
        if abs(worst - limit) < 0.003 * RATED:
            seen[kind] = number
            continue
        found = bool(out.any())
        assert number - seen[kind] == int(found), (sag, length, phases, ratios)
        seen[kind] = number
        if not found:
            assert length < 2 and len(rig.events) == before
            continue
        sure += length >= 2
        # the depth: of what lasts two half cycles, one is in it all; else the lowest half cycle's
        if length >= 2:
            worst = RATED * (min(ratios) if sag else max(ratios))
        assert abs(value / 10 - worst) < 0.01 * RATED
        assert abs(ms / 10 - length) <= 1.0, (ms, length, ratios, sag)
        if (abs(rms - limit) < 0.003 * RATED).any():
            continue  # a half cycle at its edge may be taken for in or out
        longest = int(out.any(axis=1).sum())
        if sag and longest < 4 or (not sag and not out.any()):
            assert len(rig.events) == before
        else:
            (event,) = rig.events[before:]
            events += 1
            seconds, mseconds, bits, rated, threshold, halves = event
            assert (rated, threshold, halves) == (RATED, SAG, 4) if sag else (RATED, SWELL, 0)
            assert bits and bits & (0b111000 if sag else 0b111) == 0
            bits = bits if sag else bits >> 3
            assert all(bits >> k & 1 == 0 or k in phases for k in range(3))
            # it began with the first half cycle that is out
            first = [s for s in rig.starts if begin - 0.011 < s < end][int(np.argmax(out.any(axis=1)))]
            clock = rig.meter.clock
            late = rig.now - (clock.now + clock.ms / 1000)
            assert abs(seconds + mseconds / 1000 + late - first) < 0.003
    return sure, events


def test_each_sag_and_swell_is_found_once() -> None:
    sure, events = excursions(50, 1)
    assert sure >= 30 and events >= 25


@pytest.mark.thorough
def test_a_thousand_sags_and_swells() -> None:
    sure, events = excursions(1000, 2)
    assert sure >= 800 and events >= 700
