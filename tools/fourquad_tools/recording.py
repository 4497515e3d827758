"""Recorded loads: COMTRADE and CSV files, repeated without end.

A CSV file has a header line that names its columns: `time` (seconds), and any of V1 V2 V3 I1 I2 I3 (volts to
neutral and amperes on the primary side). The COMTRADE channels are taken by their phase and unit.
"""

from __future__ import annotations

import csv
import math
import re
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import comtrade
import numpy as np

from fourquad_tools.generator import QUANTITIES, Samples, no_energy, summary, with_energy
from fourquad_tools.load import LoadError

COLUMNS = ("V1", "V2", "V3", "I1", "I2", "I3")
_UNITS = {
    "V": ("V", 1.0),
    "KV": ("V", 1e3),
    "MV": ("V", 1e-3),
    "A": ("I", 1.0),
    "KA": ("I", 1e3),
    "MA": ("I", 1e-3),
}
_PHASES = {"A": 1, "B": 2, "C": 3, "L1": 1, "L2": 2, "L3": 3, "1": 1, "2": 2, "3": 3, "R": 1, "S": 2, "T": 3}
_TRUTH_SAMPLES = 12_800


class Recording:
    """Samples at a steady rate, played again and again from `connected` (seconds) on."""

    taken: Sequence[str] = ()

    def __init__(self, data: Samples, rate: float, hertz: float, connected: float = 0.0) -> None:
        cycles = math.floor(len(data) / rate * hertz + 1e-6)
        if cycles < 1:
            raise LoadError(f"the recording is shorter than one cycle of {hertz:g} Hz")
        # Whole cycles join without a jump when the recording starts again.
        self._period = cycles / hertz
        self._data = data
        self._rate = rate
        self._hertz = hertz
        self.connected = connected

    def sample(self, times: Samples) -> Samples:
        place = ((times - self.connected) % self._period) * self._rate
        index = np.floor(place).astype(np.int64)
        x = (place - index)[:, None]
        count = len(self._data)
        a, b, c, d = (self._data[(index + k) % count] for k in (-1, 0, 1, 2))
        # Cubic interpolation through four samples: a straight line would lose 0.3 % at 32 samples a cycle.
        return (
            b
            + x * (c - a / 3 - b / 2 - d / 6)
            + x * x * ((a + c) / 2 - b)
            + x * x * x * ((d - a) / 6 + (b - c) / 2)
        )

    def noise(self, time: float) -> float:
        return 0.0

    def frequency(self, time: float) -> float:
        return self._hertz

    def forget(self, before: float) -> None:
        """Nothing is kept."""

    def truth(self, time: float) -> dict[str, Any]:
        """RMS and power of the last second before `time` by integration; reactive is the fundamental's."""
        cycles = max(1, round(self._hertz))
        times: Samples = time - np.arange(_TRUTH_SAMPLES, dtype=np.float64) * (
            cycles / self._hertz / _TRUTH_SAMPLES
        )
        wave = self.sample(times)
        turn = np.exp(-2j * math.pi * self._hertz * times)
        fundamental = (wave * turn[:, None]).mean(axis=0) * math.sqrt(2.0)
        rms = np.sqrt((wave**2).mean(axis=0))
        phases = []
        energy = []
        for i in range(3):
            volt, amp = complex(fundamental[i]), complex(fundamental[i + 3])
            power = volt * amp.conjugate()
            active = float((wave[:, i] * wave[:, i + 3]).mean())
            apparent = float(rms[i] * rms[i + 3])
            phases.append(
                {
                    "volts": float(rms[i]),
                    "amps": float(rms[i + 3]),
                    "active": active,
                    "reactive": power.imag,
                    "apparent": apparent,
                    "power_factor": active / apparent if apparent else 1.0,
                    "volt_angle": math.degrees(np.angle(volt * np.conj(fundamental[0]))),
                    "lag": math.degrees(np.angle(power)) if abs(power) > 0.0 else 0.0,
                    "reactive_fundamental": power.imag,
                    "volts_fundamental": abs(volt),
                    "amps_fundamental": abs(amp),
                    "volt_thd": _thd(float(rms[i]), abs(volt)),
                    "amp_thd": _thd(float(rms[i + 3]), abs(amp)),
                }
            )
            mean = float((self._data[:, i] * self._data[:, i + 3]).mean())
            energy.append(with_energy(no_energy(), mean, power.imag, max(0.0, time - self.connected)))
        neutral = float(np.sqrt((wave[:, 3:].sum(axis=1) ** 2).mean()))
        return summary(self._hertz, phases, energy, neutral)


def _thd(rms: float, fundamental: float) -> float:
    if fundamental <= 0.0:
        return 0.0
    return math.sqrt(max(0.0, rms * rms - fundamental * fundamental)) / fundamental


def read_csv(path: Path, connected: float = 0.0) -> Recording:
    """The recording in a CSV file."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    if not rows:
        raise LoadError(f"{path}: empty")
    header = [name.strip().upper() for name in rows[0]]
    unknown = [name for name in header if name not in ("TIME", *COLUMNS)]
    if unknown:
        raise LoadError(f"{path}: unknown column {unknown[0]!r} (known: time, {', '.join(COLUMNS)})")
    if "TIME" not in header or len(header) < 2:
        raise LoadError(f'{path}: the header needs "time" and at least one of {", ".join(COLUMNS)}')
    table = np.empty((len(rows) - 1, len(header)))
    for n, row in enumerate(rows[1:]):
        if len(row) != len(header):
            raise LoadError(f"{path}: row {n + 2} has {len(row)} values, the header {len(header)}")
        try:
            table[n] = [float(item) for item in row]
        except ValueError:
            raise LoadError(f"{path}: row {n + 2} holds something that is not a number") from None
    if len(table) < 4 or not np.isfinite(table).all():
        raise LoadError(f"{path}: at least four rows of finite numbers are needed")
    rate = _steady_rate(table[:, header.index("TIME")], path)
    data = np.zeros((len(table), QUANTITIES))
    for i, name in enumerate(COLUMNS):
        if name in header:
            data[:, i] = table[:, header.index(name)]
    return Recording(data, rate, estimate_frequency(data, rate, path), connected)


def read_comtrade(path: Path, connected: float = 0.0) -> Recording:
    """The recording whose configuration file is `path`."""
    record = comtrade.Comtrade(ignore_warnings=True)
    try:
        record.load(str(path))
    except FileNotFoundError as error:
        raise LoadError(f"{path}: {error.filename or 'its data file'} is missing") from None
    except (ValueError, IndexError, KeyError, TypeError, struct.error, UnicodeDecodeError) as error:
        raise LoadError(f"{path}: not a COMTRADE recording ({error})") from None
    times = np.asarray(record.time, dtype=float)
    if len(times) < 4:
        raise LoadError(f"{path}: at least four samples are needed")
    rate = _steady_rate(times, path)
    data = np.zeros((len(times), QUANTITIES))
    found = set()
    for channel, values in zip(record.cfg.analog_channels, record.analog, strict=True):
        place = _place(channel)
        if place is None or place in found:
            continue
        found.add(place)
        factor = _UNITS[channel.uu.strip().upper()][1]
        if str(channel.pors).strip().upper() == "S" and channel.secondary:
            factor *= channel.primary / channel.secondary
        data[:, place] = np.asarray(values, dtype=float) * factor
    if not found:
        raise LoadError(f"{path}: no analog channel with a phase (A, B, C) and a unit (V, kV, A, kA)")
    hertz = float(record.frequency) or estimate_frequency(data, rate, path)
    return Recording(data, rate, hertz, connected)


def _place(channel: Any) -> int | None:
    """Which of V1 V2 V3 I1 I2 I3 a COMTRADE channel is."""
    unit = _UNITS.get(channel.uu.strip().upper())
    if unit is None:
        return None
    name = channel.name.strip().upper()
    phase = _PHASES.get(channel.ph.strip().upper())
    if phase is None:
        # Many recorders leave the phase empty and write it into the name: VA, I_B, UL3.
        match = re.fullmatch(r"[UVI][ _-]?(L?[123]|[ABCRST])(N|G)?", name)
        phase = _PHASES.get(match.group(1)) if match else None
    if phase is None:
        return None
    return phase - 1 + (3 if unit[0] == "I" else 0)


def _steady_rate(times: Samples, path: Path) -> float:
    steps = np.diff(times)
    mean = float(times[-1] - times[0]) / len(steps)
    # Time stamps are rounded, so a step may be off by some microseconds but never by half.
    if mean <= 0.0 or float(np.max(np.abs(steps - mean))) > 0.5 * mean:
        raise LoadError(f"{path}: the times do not rise in equal steps")
    return 1.0 / mean


def estimate_frequency(data: Samples, rate: float, path: Path) -> float:
    """Hertz by the rising zero crossings of the strongest channel."""
    wave = data[:, int(np.argmax((data**2).mean(axis=0)))]
    wave = wave - wave.mean()
    up = np.flatnonzero((wave[:-1] < 0.0) & (wave[1:] >= 0.0))
    if len(up) < 2:
        raise LoadError(f"{path}: the recording is shorter than one cycle")
    crossings = up + wave[up] / (wave[up] - wave[up + 1])
    return float((len(up) - 1) / (crossings[-1] - crossings[0]) * rate)
