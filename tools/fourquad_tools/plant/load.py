"""What is connected to the simulated meter: the JSON load.

Volts and amperes are on the primary side, angles in degrees, times in seconds since the load was connected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fourquad_tools.strict import parse_json, whole

ADC_KINDS = ("ideal", "12bit", "16bit", "24bit")
PHASE_ANGLES = (0.0, -120.0, -240.0)
HIGHEST_HARMONIC = 63
CIRCUITS = 18
_OF_PHASE = {"volts", "amps", "lag", "volt_angle", "volt_harmonics", "amp_harmonics"}
LOWEST_FREQUENCY = 0.001
HIGHEST_FREQUENCY = 1000.0
# Ten times what any line carries: beyond that the sums of the truth could leave a float's range.
HIGHEST = {"volts": 1e7, "amps": 1e7, "lag": 1e6, "volt_angle": 1e6}
HIGHEST_RATIO = 1000.0
LONGEST_S = 1e10


class LoadError(ValueError):
    """A load that cannot be understood; the message names the field."""


@dataclass(frozen=True)
class Phase:
    """One phase: RMS of the fundamental, and its harmonics as {order: (ratio, degrees at its own order)}."""

    volts: float = 0.0
    amps: float = 0.0
    lag: float = 0.0
    volt_angle: float = 0.0
    volt_harmonics: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    amp_harmonics: Mapping[int, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Circuit:
    """The current of one of many circuits; `lag` is against the voltage of its phase."""

    amps: float = 0.0
    lag: float = 0.0
    amp_harmonics: Mapping[int, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """The three phases between two events; `circuits` of a meter with more currents than three."""

    frequency: float
    phases: tuple[Phase, Phase, Phase]
    noise: float = 0.0
    circuits: tuple[Circuit, ...] = ()

    def loads(self) -> list[Phase]:
        """The phases, then each circuit with the voltage of its phase."""
        return [*self.phases] + [
            replace(
                self.phases[circuit_phase(n)],
                amps=circuit.amps,
                lag=circuit.lag,
                amp_harmonics=circuit.amp_harmonics,
            )
            for n, circuit in enumerate(self.circuits)
        ]


@dataclass(frozen=True)
class Event:
    """A change `at` seconds after the load was connected; only what is named changes."""

    at: float
    phases: tuple[Mapping[str, Any], ...] = ()
    frequency: float | None = None
    noise: float | None = None
    circuits: tuple[Mapping[str, Any], ...] = ()

    def apply(self, state: State) -> State:
        """`state` after this event."""
        phases = list(state.phases)
        for i, changes in enumerate(self.phases):
            phases[i] = replace(phases[i], **changes)
        circuits = [*state.circuits]
        for i, changes in enumerate(self.circuits):
            circuits[i] = replace(circuits[i], **changes)
        return State(
            state.frequency if self.frequency is None else self.frequency,
            (phases[0], phases[1], phases[2]),
            state.noise if self.noise is None else self.noise,
            tuple(circuits),
        )


@dataclass(frozen=True)
class Load:
    """A load of sines: its state at the start, what happens later, and the converter that looks at it."""

    start: State
    timeline: tuple[Event, ...] = ()
    adc: str = "ideal"


def parse_load(data: Any) -> Load:
    """The load that decoded JSON describes; LoadError names the first field that is wrong."""
    known = {"frequency", "phases", "circuits", "adc", "noise", "timeline"}
    top = _object(data, "load", known)
    if "phases" not in top:
        raise LoadError('load: "phases" is missing')
    phases = [
        Phase(**{"volt_angle": PHASE_ANGLES[i], **changes})
        for i, changes in enumerate(_phases(top["phases"], "phases"))
    ]
    phases += [Phase(volt_angle=angle) for angle in PHASE_ANGLES[len(phases) :]]
    adc = top.get("adc", "ideal")
    if adc not in ADC_KINDS:
        raise LoadError(f"adc: {str(adc)[:20]!r} is none of {', '.join(ADC_KINDS)}")
    timeline = _timeline(top.get("timeline", []))
    circuits = [Circuit(**changes) for changes in _circuits(top.get("circuits", []), "circuits")]
    most = max([len(circuits), *(len(event.circuits) for event in timeline)])
    circuits += [Circuit()] * (most - len(circuits))
    start = State(
        _frequency(top.get("frequency", 50.0), "frequency"),
        (phases[0], phases[1], phases[2]),
        _number(top.get("noise", 0.0), "noise", low=0.0, high=1.0),
        tuple(circuits),
    )
    return Load(start, timeline, adc)


def _timeline(value: Any) -> tuple[Event, ...]:
    if not isinstance(value, list):
        raise LoadError("timeline: must be a list")
    events = []
    last = 0.0
    for n, item in enumerate(value):
        where = f"timeline[{n}]"
        entry = _object(item, where, {"at", "phases", "circuits", "frequency", "noise"})
        if "at" not in entry:
            raise LoadError(f'{where}: "at" is missing')
        at = _number(entry["at"], f"{where}.at", 0.0, LONGEST_S)
        if at < last:
            raise LoadError(f"{where}.at: {at:g} s is before the entry above it ({last:g} s)")
        last = at
        frequency = entry.get("frequency")
        noise = entry.get("noise")
        events.append(
            Event(
                at,
                _phases(entry.get("phases", []), f"{where}.phases"),
                None if frequency is None else _frequency(frequency, f"{where}.frequency"),
                None if noise is None else _number(noise, f"{where}.noise", low=0.0, high=1.0),
                _circuits(entry.get("circuits", []), f"{where}.circuits"),
            )
        )
    return tuple(events)


def _phases(value: Any, where: str) -> tuple[dict[str, Any], ...]:
    if not isinstance(value, list):
        raise LoadError(f"{where}: must be a list of one to three phases")
    if len(value) > 3:
        raise LoadError(f"{where}: {len(value)} phases, a meter has three")
    return tuple(_phase(item, f"{where}[{i}]") for i, item in enumerate(value))


def circuit_phase(n: int) -> int:
    """The phase (0 to 2) of circuit `n`: columns of three, of the first and of the second nine."""
    return n % 9 // 3


def _circuits(value: Any, where: str) -> tuple[dict[str, Any], ...]:
    if not isinstance(value, list):
        raise LoadError(f"{where}: must be a list of circuits")
    if len(value) > CIRCUITS:
        raise LoadError(f"{where}: {len(value)} circuits, a meter has {CIRCUITS} at most")
    known = {"amps", "lag", "amp_harmonics"}
    return tuple(_phase(item, f"{where}[{i}]", known) for i, item in enumerate(value))


def _phase(value: Any, where: str, known: set[str] = _OF_PHASE) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, item in _object(value, where, known).items():
        path = f"{where}.{name}"
        if name.endswith("_harmonics"):
            out[name] = _harmonics(item, path)
        else:
            high = HIGHEST[name]
            out[name] = _number(item, path, 0.0 if name in ("volts", "amps") else -high, high)
    return out


def _harmonics(value: Any, where: str) -> dict[int, tuple[float, float]]:
    if not isinstance(value, dict):
        raise LoadError(f'{where}: must be an object such as {{"5": [0.03, 10.0]}}')
    out = {}
    for key, item in value.items():
        order = whole(str(key), 2, HIGHEST_HARMONIC)
        if order is None or order in out:
            raise LoadError(
                f"{where}: order {str(key)[:20]!r} is not another whole number from 2 to {HIGHEST_HARMONIC}"
            )
        if not isinstance(item, (list, tuple)) or len(item) != 2:
            raise LoadError(f"{where}.{order}: must be [ratio, degrees]")
        ratio = _number(item[0], f"{where}.{order}[0]", 0.0, HIGHEST_RATIO)
        out[order] = (ratio, _number(item[1], f"{where}.{order}[1]", -HIGHEST["lag"], HIGHEST["lag"]))
    return out


def _object(value: Any, where: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise LoadError(f"{where}: must be an object, not {_kind(value)}")
    unknown = sorted(str(name) for name in set(value) - known)
    if unknown:
        raise LoadError(f"{where}: unknown field {unknown[0][:40]!r} (known: {', '.join(sorted(known))})")
    return value


def _number(value: Any, where: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        raise LoadError(f"{where}: must be a number, not {_kind(value)}")
    if not low <= value <= high:
        limit = f"at least {low:g}" if value < low else f"at most {high:g}"
        raise LoadError(f"{where}: must be {limit}")
    return float(value)


def _frequency(value: Any, where: str) -> float:
    return _number(value, where, LOWEST_FREQUENCY, HIGHEST_FREQUENCY)


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), repr(value)[:20])


def load_from_bytes(data: bytes) -> Load:
    """The load in a JSON text."""
    try:
        decoded = parse_json(data)
    except ValueError as error:
        raise LoadError(str(error)) from None
    return parse_load(decoded)
