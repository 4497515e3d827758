"""Effective bits of the RP2040's converter as modelled, from a sine near full scale (IEEE 1241: sine fit)."""

from __future__ import annotations

import math

import numpy as np

from accuracy.fronts import CHIPS, Channel, Rp2040
from accuracy.plant import one_phase

FRAMES = 128 * 400
PART = 0.95  # of full scale
OFF_HZ = 0.37  # the sine must not repeat itself


def effective(chip: int, shift: int, straight: bool, part: float = PART) -> float:
    """Bits, referred to a sine of full scale; the sine measured has `part` of it."""
    front = Rp2040([Channel("V", 1, 1.0)], chip, shift, straight)
    frequency = 50.0 + OFF_HZ
    plant = one_phase(part * 2048 / math.sqrt(2), 0.0, 0.0, frequency=frequency)
    dt = 1 / 6400
    codes = front.codes(plant, 0.0, dt, FRAMES)[:, 0].astype(float)
    angle = 2 * math.pi * frequency * dt * np.arange(FRAMES)
    basis = np.column_stack([np.cos(angle), np.sin(angle), np.ones(FRAMES)])
    fit, *_ = np.linalg.lstsq(basis, codes, rcond=None)
    rest = math.sqrt(np.mean((codes - basis @ fit) ** 2))
    return math.log2(4096 / (math.sqrt(12) * rest))


def table() -> list[tuple[str, list[float], list[float]]]:
    """For each way to sample: bits of every chip for a large sine, and for one of 5 % of full scale."""
    ways = (
        ("1 conversion, as it comes", 0, False),
        ("1 conversion, straight", 0, True),
        ("8 conversions, as they come", 3, False),
        ("8 conversions, straight", 3, True),
    )
    return [
        (name, [effective(c, shift, s) for c in CHIPS], [effective(c, shift, s, 0.05) for c in CHIPS])
        for name, shift, s in ways
    ]
