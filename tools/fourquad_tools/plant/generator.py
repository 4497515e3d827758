"""The plant: phase voltages to neutral and phase currents as functions of virtual time, on the primary side.

A plant answers `sample(times)` with one row a time: V1 V2 V3 I1 I2 I3 in volts and amperes, and then the
currents of its circuits, if it has some. Times are seconds
since power was first applied; they may be asked for again as long as `forget` has not let them go.
"""

from __future__ import annotations

import cmath
import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from fourquad_tools.plant.load import CIRCUITS, Event, Load, Phase, State

Samples = npt.NDArray[np.float64]
QUANTITIES = 6
SQRT2 = math.sqrt(2.0)


class Plant(Protocol):
    """Anything a meter can be connected to; `taken` are lines about what was taken from a recording."""

    taken: Sequence[str]

    def sample(self, times: Samples) -> Samples:
        """Volts and amperes at `times` (seconds), one row a time."""

    def noise(self, time: float) -> float:
        """Noise at the converter, RMS as a part of its full scale."""

    def frequency(self, time: float) -> float:
        """Hertz of the fundamental."""

    def forget(self, before: float) -> None:
        """Times before `before` will not be asked for any more."""

    def truth(self, time: float) -> dict[str, Any]:
        """What is really made at `time`."""


@dataclass
class _Segment:
    """A stretch without an event: its start, the fundamental's phase there, and the channels' amplitudes."""

    start: float
    turns: float
    state: State
    orders: tuple[int, ...]
    sines: Samples
    cosines: Samples


class Sines:
    """A load of sines with a timeline; `connected` is the time at which its clock starts."""

    taken: Sequence[str] = ()

    def __init__(self, load: Load, connected: float = 0.0, more: Iterable[Event] = ()) -> None:
        self.load = load
        self.connected = connected
        self._events: Iterator[Event] = iter(load.timeline or more)
        self._next = next(self._events, None)
        self._segments = [_segment(connected, 0.0, load.start)]
        self._energy = [no_energy() for _ in range(3 + CIRCUITS)]

    def sample(self, times: Samples) -> Samples:
        self._extend(float(times[-1]))
        starts = [s.start for s in self._segments]
        first = max(bisect_right(starts, float(times[0])) - 1, 0)
        last = max(bisect_right(starts, float(times[-1])) - 1, 0)
        if first == last:
            return _evaluate(self._segments[first], times)
        edges = np.searchsorted(times, starts[first + 1 : last + 1])
        parts = np.split(times, edges)
        return np.concatenate(
            [_evaluate(s, part) for s, part in zip(self._segments[first : last + 1], parts, strict=True)]
        )

    def noise(self, time: float) -> float:
        return self._at(time).state.noise

    def frequency(self, time: float) -> float:
        return self._at(time).state.frequency

    def forget(self, before: float) -> None:
        while len(self._segments) > 1 and self._segments[1].start <= before:
            self._energy = _add_energy(self._energy, self._segments[0], self._segments[1].start)
            del self._segments[0]

    def truth(self, time: float) -> dict[str, Any]:
        state = self._at(time).state
        energy = list(self._energy)
        for segment, end in zip(self._segments, [s.start for s in self._segments[1:]] + [time], strict=True):
            if segment.start < time:
                energy = _add_energy(energy, segment, min(end, time))
        truth = summary(state.frequency, [phase_truth(p) for p in state.phases], energy[:3], _neutral(state))
        if state.circuits:
            loads = [phase_truth(each) for each in state.loads()[3:]]
            truth["circuits"] = [{**load, **sums} for load, sums in zip(loads, energy[3:], strict=False)]
        return truth

    def _at(self, time: float) -> _Segment:
        self._extend(time)
        starts = [s.start for s in self._segments]
        return self._segments[max(bisect_right(starts, time) - 1, 0)]

    @property
    def _last(self) -> float:
        """When the last change was or will be."""
        return self._segments[-1].start

    def _extend(self, until: float) -> None:
        while self._next is not None and self.connected + self._next.at <= until:
            self._change(self.connected + self._next.at, self._next.apply(self._segments[-1].state))
            self._next = next(self._events, None)

    def _change(self, start: float, state: State) -> None:
        """Be in another state from `start` on."""
        last = self._segments[-1]
        # The sine goes on without a jump when the frequency changes.
        turns = (last.turns + (start - last.start) * last.state.frequency) % 1.0
        self._segments.append(_segment(start, turns, state))


def _segment(start: float, turns: float, state: State) -> _Segment:
    orders = {1}
    for phase in state.phases:
        orders |= set(phase.volt_harmonics) | set(phase.amp_harmonics)
    for circuit in state.circuits:
        orders |= set(circuit.amp_harmonics)
    ordered = tuple(sorted(orders))
    columns = QUANTITIES + len(state.circuits)
    sines = np.zeros((len(ordered), columns))
    cosines = np.zeros((len(ordered), columns))
    sides = [(i, x.volts, x.volt_angle, x.volt_harmonics) for i, x in enumerate(state.phases)]
    sides += [(i + 3, x.amps, x.volt_angle - x.lag, x.amp_harmonics) for i, x in enumerate(state.loads())]
    for column, rms, angle, harmonics in sides:
        if rms:
            for order, (ratio, degrees) in {1: (1.0, 0.0), **harmonics}.items():
                # A harmonic is fixed to its own fundamental: every phase has the same shape.
                at = math.radians(order * angle + degrees)
                row = ordered.index(order)
                sines[row, column] += SQRT2 * rms * ratio * math.cos(at)
                cosines[row, column] += SQRT2 * rms * ratio * math.sin(at)
    return _Segment(start, turns, state, ordered, sines, cosines)


def _evaluate(segment: _Segment, times: Samples) -> Samples:
    turns = (times - segment.start) * segment.state.frequency + segment.turns
    base = np.exp(2j * math.pi * (turns % 1.0))
    waves = np.empty((len(times), len(segment.orders)), dtype=np.complex128)
    power, order = base, 1
    for row, wanted in enumerate(segment.orders):
        # Powers of the fundamental cost a multiplication where each sine would cost a call.
        power = power * base ** (wanted - order)
        order = wanted
        waves[:, row] = power
    return waves.imag @ segment.sines + waves.real @ segment.cosines


def phase_truth(phase: Phase) -> dict[str, float]:
    """RMS, angles and power of one phase in closed form; reactive is the sum over the orders (Budeanu)."""
    volts = {1: (1.0, 0.0), **phase.volt_harmonics}
    amps = {1: (1.0, 0.0), **phase.amp_harmonics}
    active = reactive = 0.0
    for order in set(volts) & set(amps):
        angle = math.radians(order * phase.lag + volts[order][1] - amps[order][1])
        product = phase.volts * phase.amps * volts[order][0] * amps[order][0]
        active += product * math.cos(angle)
        reactive += product * math.sin(angle)
    volt_rms = phase.volts * math.hypot(*(ratio for ratio, _ in volts.values()))
    amp_rms = phase.amps * math.hypot(*(ratio for ratio, _ in amps.values()))
    apparent = volt_rms * amp_rms
    return {
        "volts": volt_rms,
        "amps": amp_rms,
        "active": active,
        "reactive": reactive,
        "apparent": apparent,
        "power_factor": active / apparent if apparent else 1.0,
        "volt_angle": phase.volt_angle,
        "lag": phase.lag,
        "reactive_fundamental": phase.volts * phase.amps * math.sin(math.radians(phase.lag)),
        "volts_fundamental": phase.volts,
        "amps_fundamental": phase.amps,
        "volt_thd": math.hypot(*(ratio for ratio, _ in phase.volt_harmonics.values())),
        "amp_thd": math.hypot(*(ratio for ratio, _ in phase.amp_harmonics.values())),
    }


def _neutral(state: State) -> float:
    lines: dict[int, complex] = {}
    for phase in state.phases:
        for order, (ratio, degrees) in {1: (1.0, 0.0), **phase.amp_harmonics}.items():
            angle = math.radians(order * (phase.volt_angle - phase.lag) + degrees)
            lines[order] = lines.get(order, 0.0) + cmath.rect(phase.amps * ratio, angle)
    return math.hypot(*(abs(line) for line in lines.values()))


def no_energy() -> dict[str, float]:
    """Energy of a phase that has just been connected, in Wh and varh."""
    return {"import_wh": 0.0, "export_wh": 0.0, "import_varh": 0.0, "export_varh": 0.0}


def with_energy(energy: dict[str, float], active: float, reactive: float, seconds: float) -> dict[str, float]:
    """`energy` after `seconds` of that power."""
    out = dict(energy)
    out["import_wh" if active >= 0.0 else "export_wh"] += abs(active) * seconds / 3600.0
    out["import_varh" if reactive >= 0.0 else "export_varh"] += abs(reactive) * seconds / 3600.0
    return out


def _add_energy(energy: list[dict[str, float]], segment: _Segment, end: float) -> list[dict[str, float]]:
    out = [*energy]
    for n, phase in enumerate(segment.state.loads()):
        truth = phase_truth(phase)
        out[n] = with_energy(energy[n], truth["active"], truth["reactive"], end - segment.start)
    return out


def summary(
    frequency: float, phases: list[dict[str, float]], energy: list[dict[str, float]], neutral: float
) -> dict[str, Any]:
    """The truth of the three phases, each with its energy since the load was connected, and the sums."""
    joined = [{**phase, **sums} for phase, sums in zip(phases, energy, strict=True)]
    names = (
        "active",
        "reactive",
        "reactive_fundamental",
        "import_wh",
        "export_wh",
        "import_varh",
        "export_varh",
    )
    totals = {name: sum(p[name] for p in joined) for name in names}
    return {"frequency": frequency, "phases": joined, "neutral_amps": neutral, **totals}
