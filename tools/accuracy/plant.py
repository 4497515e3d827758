"""Loads in closed form, as functions of time on the inputs' side, and their true power.

A wave is a list of (order, RMS, degrees of lag at its own order). Nothing of the meter's own code is used.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Wave = Sequence[tuple[float, float, float]]
SQRT2 = math.sqrt(2.0)


class Plant:
    """`volts` and `amps`: a wave for each phase. `gate` multiplies the currents, `mean` is what it does to
    power: for loads that are no sum of harmonics.
    """

    def __init__(
        self,
        volts: Sequence[Wave],
        amps: Sequence[Wave],
        frequency: float = 50.0,
        gate: Callable[[Array], Array] | None = None,
        mean: float = 1.0,
    ) -> None:
        self.volts = volts
        self.amps = amps
        self.frequency = frequency
        self.gate = gate
        self.mean = mean

    def sample(self, kind: str, phase: int, times: Array) -> Array:
        """Instantaneous volts ("V") or amperes ("I") of `phase` (1-3)."""
        turns = times * self.frequency
        out = _evaluate((self.volts if kind == "V" else self.amps)[phase - 1], turns)
        return out * self.gate(turns) if self.gate and kind == "I" else out

    def power(self, phase: int) -> tuple[float, float]:
        """P, and Q of the fundamental (IEC 62053-23), inductive positive."""
        active = reactive = 0.0
        for n, v, a in self.volts[phase - 1]:
            for m, i, b in self.amps[phase - 1]:
                if n == m:
                    active += v * i * math.cos(math.radians(b - a))
                    if n == 1:
                        reactive += v * i * math.sin(math.radians(b - a))
        return active * self.mean, reactive * self.mean

    def total(self) -> tuple[float, float]:
        """P and Q of all phases."""
        powers = [self.power(k + 1) for k in range(len(self.volts))]
        return sum(p for p, _ in powers), sum(q for _, q in powers)


def _evaluate(wave: Wave, turns: Array) -> Array:
    out = np.zeros_like(turns)
    for order, rms, lag in wave:
        if order:
            out += SQRT2 * rms * np.cos(2 * math.pi * order * turns - math.radians(lag))
        else:
            out += rms
    return out


def three_phase(
    volts: float,
    amps: float,
    lag: float,
    frequency: float = 50.0,
    sequence: int = 1,
    volt_harmonics: Wave = (),
    amp_harmonics: Wave = (),
    lost: Sequence[int] = (),
) -> Plant:
    """A balanced load. Harmonics are (order, ratio, degrees against the fundamental at their own order);
    of the phases in `lost` the voltage is missing."""
    v, i = [], []
    for k in range(3):
        at = 120.0 * k * sequence
        u = 0.0 if k + 1 in lost else volts
        v.append([(1, u, at), *((n, u * r, n * at + d) for n, r, d in volt_harmonics)])
        i.append([(1, amps, at + lag), *((n, amps * r, n * (at + lag) + d) for n, r, d in amp_harmonics)])
    return Plant(v, i, frequency)


def one_phase(volts: float, amps: float, lag: float, **more: Any) -> Plant:
    """The same for a single phase."""
    plant = three_phase(volts, amps, lag, **more)
    return Plant(plant.volts[:1], plant.amps[:1], plant.frequency)


def halves(volts: float, amps: float, lag: float, **more: Any) -> Plant:
    """The two halves of a three-wire single phase."""
    one = three_phase(volts, amps, lag, **more)
    other = [[(n, x, d + 180.0 * n) for n, x, d in wave] for wave in (one.volts[0], one.amps[0])]
    return Plant([one.volts[0], other[0]], [one.amps[0], other[1]], one.frequency)


class Fired(Plant):
    """A three-phase resistive load, each half wave of which conducts from `angle` degrees to its end
    (`leading`), or from its start to `angle`.
    """

    def __init__(
        self, volts: float, amps: float, angle: float, leading: bool, frequency: float = 50.0
    ) -> None:
        whole = three_phase(volts, amps, 0.0, frequency)
        x = math.radians(angle)
        off = (x - math.sin(2 * x) / 2) / math.pi  # integral of sin^2 up to there, of that to 180 degrees
        super().__init__(whole.volts, whole.amps, frequency, mean=1 - off if leading else off)
        self.angle = angle
        self.leading = leading

    def sample(self, kind: str, phase: int, times: Array) -> Array:
        """As Plant.sample."""
        out = super().sample(kind, phase, times)
        if kind == "V":
            return out
        # a cosine passes 0 at -90 degrees
        into = (360.0 * self.frequency * times - 120.0 * (phase - 1) + 90.0) % 180.0
        return out * ((into >= self.angle) == self.leading)

    def power(self, phase: int) -> tuple[float, float]:
        """P; Q of the fundamental is left out."""
        return super().power(phase)[0], 0.0


def cycling(plant: Plant, on: int, off: int, start: float = 0.0) -> Plant:
    """A burst-fired load: `on` cycles with current, `off` without, from `start` (turns) on."""
    return Plant(
        plant.volts,
        plant.amps,
        plant.frequency,
        lambda turns: ((turns - start) % (on + off) < on).astype(float),
        on / (on + off),
    )


def bursts(plant: Plant) -> Plant:
    """The current flows for two cycles and rests for two (IEC 62053-22 annex A: sub-harmonics)."""
    return cycling(plant, 2, 2)


def half_waves(plant: Plant) -> Plant:
    """Only positive half waves of the current flow (IEC 62053-21 annex A: DC and even harmonics)."""

    def rectified(kind: str, phase: int, times: Array) -> Array:
        out = Plant.sample(plant, kind, phase, times)
        return np.maximum(out, 0.0) if kind == "I" else out

    half = Plant(plant.volts, plant.amps, plant.frequency, mean=0.5)
    half.sample = rectified  # type: ignore[method-assign]
    return half
