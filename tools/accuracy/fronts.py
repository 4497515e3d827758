"""Models of front ends: what a converter makes of volts and amperes.

`RP2040` follows what is published of its converter: noise of 0.97 LSB (pico-adc.markomo.me), and erratum
RP2040-E11 as measured on single chips (kitanokitsune/rp2040adc_correction on GitHub, actual_adc_data): the
error in codes at the ends of the five pieces into which the wide codes 512, 1536, 2560 and 3584 divide the
range, read off the measurements of three of its five chips.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from accuracy.plant import Array, Plant
from fourquad.metering.frontends.codes import straight_table

Codes = npt.NDArray[np.int64]

# true position less code, in codes, at: 0, 511 | 513, 1535 | 1537, 2559 | 2561, 3583 | 3585, 4095
CHIPS = {
    1: (-12.2, -12.3, -2.3, -4.1, 5.2, 1.5, 10.9, 9.0, 18.2, 17.8),
    3: (-15.2, -15.6, -4.8, -7.7, 1.2, -3.6, 5.1, 2.1, 13.0, 11.6),
    5: (-18.0, -18.4, -8.0, -10.3, -1.5, -5.6, 3.4, 1.0, 11.2, 10.3),
}
_ENDS = (0, 511.5, 511.5, 1535.5, 1535.5, 2559.5, 2559.5, 3583.5, 3583.5, 4095)
NOISE_RP2040 = 0.97


@dataclass
class Channel:
    """One input: its scale, and by how much the parts are really off (part, frames of delay)."""

    kind: str
    phase: int
    gain: float
    delay: float = 0.0
    gain_error: float = 0.0
    late: float = 0.0


def thresholds(chip: int) -> Array:
    """Positions (in codes) at which the code of that chip changes from k to k + 1."""
    steps = np.array(CHIPS[chip])
    k = np.arange(4096)
    error = np.empty(4096)
    for piece in range(5):
        low, high = _ENDS[2 * piece], _ENDS[2 * piece + 1]
        inside = (k >= low) & (k <= high)
        error[inside] = np.interp(k[inside], (low, high), steps[2 * piece : 2 * piece + 2])
    position = k + error
    return (position[:-1] + position[1:]) / 2


class Front:
    """Simultaneous sampling, `bits` wide, with `noise` codes RMS."""

    def __init__(self, channels: list[Channel], bits: int, noise: float, seed: int = 1) -> None:
        self.channels = channels
        self.bits = bits
        self.noise = noise
        self.random = np.random.default_rng(seed)

    def quantum(self, period: int) -> int:
        """The nearest frame period (ticks) that the front end can keep."""
        return period

    def codes(self, plant: Plant, start: float, dt: float, frames: int) -> Codes:
        """Interleaved codes of `frames` frames from `start` (seconds), `dt` apart."""
        times = start + dt * np.arange(frames)
        columns = [self._column(plant, c, cast(Array, times + c.delay * dt), dt) for c in self.channels]
        return np.column_stack(columns)

    def _exact(self, plant: Plant, c: Channel, times: Array, dt: float) -> Array:
        if c.phase > len(plant.volts):
            return np.zeros_like(times)
        return plant.sample(c.kind, c.phase, times - c.late * dt) * (1 + c.gain_error) / c.gain

    def _column(self, plant: Plant, c: Channel, times: Array, dt: float) -> Codes:
        x = self._exact(plant, c, times, dt)
        if self.noise:
            x = x + self.random.normal(0.0, self.noise, len(x))
        full = 1 << (self.bits - 1)
        middle = full if self.bits <= 16 else 0
        return np.clip(np.rint(x), -full, full - 1).astype(np.int64) + middle


class Rp2040(Front):
    """The multiplexed 12-bit converter with 2**shift conversions for a sample; with the table of
    metering/frontends/codes.py if `straight`.
    """

    def __init__(
        self, channels: list[Channel], chip: int, shift: int = 0, straight: bool = True, seed: int = 1
    ) -> None:
        super().__init__(channels, 12, NOISE_RP2040, seed)
        self._steps = thresholds(chip)
        table = np.array(straight_table(shift), dtype=np.int64)
        self._table = table if straight else None
        self.shift = shift
        self.oversample = 1 << shift

    def quantum(self, period: int) -> int:
        slots = len(self.channels) * self.oversample
        return period // slots * slots

    def _column(self, plant: Plant, c: Channel, times: Array, dt: float) -> Codes:
        n = self.oversample
        total = np.zeros(len(times), dtype=np.int64)
        for k in range(n):
            x = self._exact(plant, c, times + k * dt / (n * len(self.channels)), dt)
            x = x + 2048.0 + self.random.normal(0.0, self.noise, len(x))
            total += np.searchsorted(self._steps, x)
        if self._table is not None:
            # as codes.straighten, on arrays; a test of the library holds them together
            piece = (total + (512 << self.shift)) >> (10 + self.shift)
            slope, start = self._table[2 * piece], self._table[2 * piece + 1]
            return np.clip((((total * slope) >> 5) + start) >> (10 + self.shift), 0, 4095)
        return (total + n // 2) // n


def rp2040_channels() -> list[Channel]:
    """V1, V2, I1, I2 of boards/PICO_EMU, off as parts are."""
    volts, amps = 3.3 / 4096 * 999.3 / 3.3, 3.3 / 4096 * 2000 / 200
    rows = (("V", 1, volts), ("V", 2, volts), ("I", 1, amps), ("I", 2, amps))
    return [
        Channel(kind, phase, gain, i / 4, 0.01 - 0.004 * i, 0.03 * i if kind == "I" else 0.0)
        for i, (kind, phase, gain) in enumerate(rows)
    ]


def three_phase_channels(bits: int, volts: float, amps: float) -> list[Channel]:
    """Three voltages and three currents of these peaks, sampled at once, off as parts are."""
    full = 1 << (bits - 1)
    out = []
    for kind, peak in (("V", volts), ("I", amps)):
        for phase in (1, 2, 3):
            error = 0.004 * (phase - 2) + (0.006 if kind == "V" else -0.009)
            out.append(
                Channel(kind, phase, peak / full, 0.0, error, 0.0 if kind == "V" else 0.05 * phase - 0.2)
            )
    return out
