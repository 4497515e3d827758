"""Power profiles: active power and power factor of each phase over a day, repeated by the meter's clock."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

from fourquad_tools.plant.csv_file import fields_of, lines_of, number
from fourquad_tools.plant.generator import Sines
from fourquad_tools.plant.load import (
    HIGHEST,
    HIGHEST_FREQUENCY,
    LOWEST_FREQUENCY,
    PHASE_ANGLES,
    Load,
    LoadError,
    Phase,
    State,
)

DAY_S = 86400.0
VOLTS = 230.0  # where the profile has none
HERTZ = 50.0
POWERS = ("P1", "P2", "P3")
COLUMNS = (*POWERS, "PF1", "PF2", "PF3", "V1", "V2", "V3", "FREQUENCY")
SET_S = 0.5  # by which the meter's clock has been set, and does not only lag
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_NEXT_S = 1e-3  # an edge that is nearer is the one where we are

Row = tuple[float, State]  # from this second of the day on


def is_profile(data: bytes) -> bool:
    """Whether a CSV's heading names powers."""
    lines = lines_of(data)
    return bool(lines) and any(name.upper() in POWERS for name in fields_of(lines)[0][1])


def parse_profile(data: bytes) -> list[Row]:
    """The rows of a profile. LoadError names the one that is wrong."""
    (_, heading), *rows = fields_of(lines_of(data))
    names = [name.upper() for name in heading]
    for name in names:
        if name not in ("TIME", *COLUMNS):
            raise LoadError(f"unknown column {name[:40]!r} (known: time, {', '.join(COLUMNS)})")
        if names.count(name) > 1:
            raise LoadError(f"there are two columns {name!r}")
    if "TIME" not in names:
        raise LoadError('the heading needs "time"')
    out: list[Row] = []
    for n, fields in rows:
        if len(fields) != len(names):
            raise LoadError(f"row {n} has {len(fields)} values, the heading {len(names)}")
        words = dict(zip(names, fields, strict=True))
        at = _second(n, words.pop("TIME"))
        if out and at <= out[-1][0]:
            raise LoadError(f"row {n}: its time is not after that of the row above")
        values = {name: _value(n, name, word) for name, word in words.items()}
        out.append((at, _state(n, values)))
    if not out:
        raise LoadError("no row")
    return out


def _second(n: int, text: str) -> float:
    found = _TIME.fullmatch(text)
    parts = [int(part or 0) for part in found.groups()] if found else [24, 0, 0]
    if parts[0] > 23 or parts[1] > 59 or parts[2] > 59:
        raise LoadError(f"row {n}: {text[:20]!r} is no time from 00:00 to 23:59:59")
    return parts[0] * 3600.0 + parts[1] * 60 + parts[2]


def _value(n: int, name: str, text: str) -> float:
    try:
        value = number(text)
    except ValueError:
        value = math.nan
    if name in POWERS:
        high = HIGHEST["volts"]
        low = -high
    elif name == "FREQUENCY":
        low, high = LOWEST_FREQUENCY, HIGHEST_FREQUENCY
    else:
        low, high = (-1.0, 1.0) if name.startswith("PF") else (0.0, HIGHEST["volts"])
    if not low <= value <= high:
        raise LoadError(f"row {n}: {name}: {text[:20]!r} is no number from {low:g} to {high:g}")
    return value


def _state(n: int, values: dict[str, float]) -> State:
    phases = []
    for i, angle in enumerate(PHASE_ANGLES, 1):
        volts, active = values.get(f"V{i}", VOLTS), values.get(f"P{i}", 0.0)
        factor = values.get(f"PF{i}", 1.0)
        if active and not (volts and factor):
            raise LoadError(f"row {n}: P{i} is {active:g} W with {'PF' if volts else 'V'}{i} 0")
        reactive = math.copysign(abs(active) * math.tan(math.acos(abs(factor))), factor) if active else 0.0
        amps = math.hypot(active, reactive) / volts if active else 0.0
        if amps > HIGHEST["amps"]:
            raise LoadError(f"row {n}: P{i} and PF{i} make {amps:.3g} A")
        phases.append(Phase(volts, amps, math.degrees(math.atan2(reactive, active)), angle))
    return State(values.get("FREQUENCY", HERTZ), (phases[0], phases[1], phases[2]))


class Profile(Sines):
    """A load that follows rows of a day. `follow` tells it the meter's clock: a call that says by how many
    seconds the time of day is ahead of virtual time.
    """

    def __init__(self, rows: Sequence[Row], connected: float = 0.0) -> None:
        self._rows = rows
        self._starts = [at for at, _ in rows]
        self._clock: Callable[[], float] = lambda: -connected
        self._ahead = -connected
        self._asked = connected
        super().__init__(Load(self._state(connected)), connected)
        self.taken = (f"a profile of {len(rows)} rows, repeated daily by the meter's clock",)

    def follow(self, clock: Callable[[], float]) -> None:
        """Be what the profile says at the time of this clock, from the connection on."""
        self._clock = clock
        self._ahead = clock()
        super().__init__(Load(self._state(self.connected)), self.connected)

    def _state(self, time: float) -> State:
        """That of a virtual time. Before the first row of a day the last one of the day before holds."""
        return self._rows[bisect_right(self._starts, (time + self._ahead + _NEXT_S) % DAY_S) - 1][1]

    def _extend(self, until: float) -> None:
        ahead = self._clock()
        set_by = (ahead - self._ahead + DAY_S / 2) % DAY_S - DAY_S / 2
        if abs(set_by) > SET_S:
            self._ahead = ahead
            self._change(max(self._asked, self._last), self._state(max(self._asked, self._last)))
        while (edge := self._edge(self._last)) <= until:
            self._change(edge, self._state(edge))
        self._asked = max(self._asked, until)

    def _edge(self, time: float) -> float:
        """When the row after `time` begins."""
        second = (time + self._ahead) % DAY_S
        at = bisect_right(self._starts, second + _NEXT_S)
        following = self._starts[at] if at < len(self._starts) else self._starts[0] + DAY_S
        return time + following - second
