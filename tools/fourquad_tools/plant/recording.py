"""Recorded loads: COMTRADE and CSV files, repeated without end.

What was taken of a file is told in lines: which channel is V1 to I3, what was bridged, moved or left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fourquad_tools.plant.channels import match
from fourquad_tools.plant.comtrade_file import configuration, parse_cff, samples
from fourquad_tools.plant.csv_file import parse_csv
from fourquad_tools.plant.generator import Samples, no_energy, summary, with_energy
from fourquad_tools.plant.load import HIGHEST_FREQUENCY, LoadError
from fourquad_tools.plant.timebase import (
    FEWEST,
    LONGEST_MISSING,
    bridge,
    even_out,
    fundamental,
    interpolate,
    stretch,
)
from fourquad_tools.plant.traces import Traces

LOWEST_HERTZ = 10.0
LEAST_SAMPLES = 4  # a cycle
LEAST_VOLTS = 1.0  # a voltage that tells the frequency
SAME_RATE = 0.002  # by which rate and time stamps may differ
_TRUTH_SAMPLES = 12_800


class Recording:
    """Samples at a steady rate, played again and again from `connected` (seconds) on."""

    def __init__(
        self, data: Samples, rate: float, hertz: float, connected: float = 0.0, taken: Sequence[str] = ()
    ) -> None:
        # Whole cycles join without a jump when the recording starts again; the last sample lasts a step.
        cycles = math.floor((len(data) + 0.5) / rate * hertz)
        if cycles < 1 or len(data) < FEWEST:
            raise LoadError(f"the recording is shorter than one cycle of {hertz:g} Hz")
        self.taken: Sequence[str] = taken
        self.connected = connected
        self._rate = rate
        self._hertz = hertz
        self._period = cycles / hertz
        self._data = data[: math.ceil(self._period * rate)]
        self._ring = _ring(data, self._period * rate)

    def sample(self, times: Samples) -> Samples:
        place = ((times - self.connected) % self._period) * self._rate
        return interpolate(self._ring, place + 1.0)

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
        phasors = (wave * turn[:, None]).mean(axis=0) * math.sqrt(2.0)
        rms = np.sqrt((wave**2).mean(axis=0))
        phases = []
        energy = []
        for i in range(3):
            volt, amp = complex(phasors[i]), complex(phasors[i + 3])
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
                    "volt_angle": math.degrees(np.angle(volt * np.conj(phasors[0]))),
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


def _ring(data: Samples, period: float) -> Samples:
    """The samples with one more before them and some after, as they are when it goes round every `period`
    samples.
    """
    behind = np.arange(len(data), math.ceil(period) + 3, dtype=np.float64)
    return np.concatenate(
        [interpolate(data, np.array([period - 1.0])), data, interpolate(data, behind - period)]
    )


def read_csv(path: Path, connected: float = 0.0) -> Recording:
    """The recording in a CSV file."""
    return build(parse_csv(path.read_bytes()), connected)


def read_comtrade(path: Path, connected: float = 0.0) -> Recording:
    """The recording whose configuration file, or .cff file, is `path`."""
    data = path.read_bytes()
    if path.suffix.lower() == ".cff":
        return build(parse_cff(data), connected)
    config = configuration(data)
    wanted = path.stem.lower() + ".dat"
    for other in sorted(path.parent.iterdir()):
        # Recorders of old write names of DOS: the case of the two names need not agree.
        if other.name.lower() == wanted:
            return build(samples(config, other.read_bytes()), connected)
    raise LoadError(f"its data file {path.stem}.dat is missing")


def build(traces: Traces, connected: float = 0.0) -> Recording:
    """What is played of the traces. LoadError if that is not a load for certain."""
    if len(traces.values) < FEWEST:
        raise LoadError("at least four rows of samples are needed")
    mapping = match(traces.channels, traces.certain)
    notes = list(traces.notes)
    values = traces.values[:, mapping.used].copy()
    times = traces.times
    if times is not None and traces.rate is not None and len(times) > 1 and np.diff(times).min() <= 0.0:
        notes.append("the time stamps do not rise: the sampling rate counts")
        times = None
    if times is None and traces.rate is None:
        raise LoadError("it has neither a sampling rate nor time stamps")
    first, end, longest = bridge(values, notes)
    values, times = values[first:end], None if times is None else times[first:end]
    if times is not None:
        first, end = stretch(times, notes)
        values, times = values[first:end], times[first:end]
    with np.errstate(over="ignore", invalid="ignore"):
        data = values @ mapping.matrix[mapping.used]
    if not np.abs(data).max() < 1e9:
        raise LoadError("it holds values beyond 1e9 V or A")
    data, rate = _steady(data, times, traces, notes)
    hertz = fundamental(_strongest(data), rate, traces.nominal)
    if not LOWEST_HERTZ <= hertz <= HIGHEST_FREQUENCY:
        raise LoadError(f"its {hertz:.4g} Hz are not from {LOWEST_HERTZ:g} to {HIGHEST_FREQUENCY:g} Hz")
    if rate < LEAST_SAMPLES * hertz:
        raise LoadError(f"it has {rate / hertz:.2g} samples a cycle, {LEAST_SAMPLES} are needed")
    if longest > max(1.0, LONGEST_MISSING * rate / hertz):
        raise LoadError(f"{longest} samples in a row are missing, more than an eighth of a cycle")
    notes.append(
        f"{hertz:.3f} Hz, {len(data) / rate:.4g} s at {rate:.0f} samples/s, repeated in whole cycles"
    )
    return Recording(data, rate, hertz, connected, (*mapping.lines, *notes))


def _strongest(data: Samples) -> Samples:
    """The channel that tells the frequency: the strongest voltage, or current where there is no voltage."""
    rms = np.sqrt((data**2).mean(axis=0))
    end = 3 if rms[:3].max() > LEAST_VOLTS else None
    return data[:, int(np.argmax(rms[:end]))]


def _steady(data: Samples, times: Samples | None, traces: Traces, notes: list[str]) -> tuple[Samples, float]:
    """The samples at a steady rate: that of the file, or of its time stamps where these fit better."""
    given = traces.rate
    if times is None:
        return data, given or 0.0
    if given is None:
        return even_out(data, times, notes)
    stamped = (len(times) - 1) / float(times[-1] - times[0])
    if abs(stamped / given - 1.0) < SAME_RATE:
        return data, given
    both = f"its sampling rate is {given:g}, its time stamps say {stamped:g} samples/s"
    if traces.nominal is None:
        raise LoadError(both)
    off = math.log(fundamental(_strongest(data), 1.0) / traces.nominal)
    best = min((given, stamped), key=lambda rate: abs(off + math.log(rate)))
    notes.append(f"{both}: {best:g} fits {traces.nominal:g} Hz")
    return (data, given) if best == given else even_out(data, times, notes)
