"""Points that a person sets by name: `--set ct1=100` and the command `set`.

A name is that of `fourquad points`; that of a setting may be without its `setting.`. A value is in the unit
that is shown there.
"""

from __future__ import annotations

import difflib
import math
from typing import Any

from fourquad import points as p
from fourquad.points import columns as c
from fourquad.points import names
from fourquad_tools.options import OptionError

SETTING = "setting."
_EXACT = 1e-6  # of a count


class PresetError(Exception):
    """A point that cannot be set so; the message says which and why."""


class Point:
    """One row of points.names."""

    def __init__(self, name: str) -> None:
        full = name if name in names.BY_NAME else SETTING + name
        pid = names.BY_NAME.get(full)
        if pid is None:
            raise PresetError(f"there is no point {name[:40]!r}{_near(name)}")
        self.pid = pid
        self.name = full
        _, _, self.unit, self._scale = next(row for row in names.POINTS if row[c.OFFSET] == pid)

    def counts(self, value: float, energy_side: int) -> int:
        """`value` in its unit, as the meter counts it."""
        scale = self._scale
        if p.ENERGY <= self.pid < p.ENERGY + p.ENERGIES:
            scale = 0.001 if energy_side else scale
        counts = value / scale
        if not math.isfinite(counts) or abs(counts - round(counts)) > _EXACT * max(1.0, abs(counts) * 1e-6):
            raise PresetError(
                f"{_short(value)} is no multiple of {scale:g}{' ' * bool(self.unit)}{self.unit}"
            )
        return round(counts)

    def shown(self, value: Any, energy_side: int) -> Any:
        """What the meter counts, in its unit."""
        return names.scaled(self.pid, value, self._scale, energy_side)


def _short(value: float) -> str:
    return repr(int(value) if value == int(value) and abs(value) < 1e15 else value)


def _near(name: str) -> str:
    """Names that are like it, or where they are listed."""
    short = [known.removeprefix(SETTING) for known in names.BY_NAME]
    like = difflib.get_close_matches(name, short, n=3)
    return f" (there is {', '.join(like)})" if like else " (`fourquad points` lists them)"


def preset(device: Any, name: str, value: float) -> dict[str, Any]:
    """Set a point of a meter that has power; its full name, and what it is now."""
    point = Point(name)
    settings = device.meter.settings
    counts = point.counts(value, settings.get(p.ENERGY_SIDE))
    why = device.points.write(point.pid, counts)
    if why != p.OK:
        raise PresetError(_refusal(device, point, value, why))
    now = point.shown(device.points.read(point.pid), settings.get(p.ENERGY_SIDE))
    return {"name": point.name, "value": now, "unit": point.unit}


def _refusal(device: Any, point: Point, value: float, why: int) -> str:
    if why == p.UNKNOWN:
        return f"{device.model.NAME} has no {point.name}"
    if why == p.READ_ONLY:
        return f"{point.name} can be read only"
    if why == p.FORBIDDEN:
        return f"{point.name} is sealed, or cannot be set at present"
    return f"{_short(value)} is out of range{_range(device, point)}"


def _range(device: Any, point: Point) -> str:
    """The range of a setting, as its row has it."""
    for row in device.meter.settings.rows:
        if p.SETTING + row[c.OFFSET] == point.pid:
            values = row[c.CHOICES] or (row[c.LOW], row[c.HIGH])
            shown = [f"{point.shown(value, 0):g}" for value in values]
            words = ", ".join(shown) if row[c.CHOICES] else " to ".join(shown)
            return f": {words}{' ' * bool(point.unit)}{point.unit}"
    return ""


def parse(texts: list[str]) -> list[tuple[str, float]]:
    """(name, value) of every --set. OptionError if one makes no sense in any meter."""
    return [_parse(text) for text in texts]


def _parse(text: str) -> tuple[str, float]:
    name, equals, number = text.partition("=")
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not equals or not math.isfinite(value):
        raise OptionError(f"--set {text[:60]}: must be NAME=NUMBER, such as ct1=100")
    try:
        Point(name)
    except PresetError as error:
        raise OptionError(f"--set {text[:60]}: {error}") from None
    return name, value


def apply(device: Any, presets: list[tuple[str, float]]) -> None:
    """Set them in their order. OptionError names the first that the meter refuses."""
    name, value = "", 0.0
    try:
        for name, value in presets:
            preset(device, name, value)
    except PresetError as error:
        raise OptionError(f"--set {name}={_short(value)}: {error}") from None
