"""What stands next to the panel in the terminal: phasors, powers, ports; readings are points of the meter."""

from __future__ import annotations

import math
from typing import Any

from rich.text import Text

from fourquad import points as p
from fourquad.points import values as v
from fourquad_tools.screens.phasor import PHASE_STYLES, Phasor, bar, diagram, tidy_full_scale

_SUM_STYLE = "bright_white"
_EXPORT_STYLE = "cyan"
_DELTA = (v.WIRING_2LL, v.WIRING_3LL)  # wirings without phase voltages
_CURRENT_LENGTH = 0.72  # of the circle, for the largest current


def phasors(points: Any) -> list[Phasor]:
    """Voltages, the largest on the circle, and currents, the largest within it."""
    delta = points.read(p.SETTING + p.WIRING_U) in _DELTA
    first = p.V12 if delta else p.V1
    labels = ("V12", "V23", "V31") if delta else ("V1", "V2", "V3")
    volts = [_finite(points.read(p.PRIMARY + first + i)) for i in range(3)]
    amps = [_finite(points.read(p.PRIMARY + p.I1 + i)) for i in range(3)]
    lags = [_finite(points.read(p.PRIMARY + a)) for a in (p.ANGLE_V2, p.ANGLE_V3)]
    amp_lags = [_finite(points.read(p.PRIMARY + p.ANGLE_I1 + i)) for i in range(3)]
    out = []
    for i, value in enumerate(volts):
        if max(volts) > 0.0:
            out.append(Phasor(labels[i], value / max(volts), -([0.0, *lags][i]), PHASE_STYLES[i]))
    for i, value in enumerate(amps):
        if max(amps) > 0.0:
            length = _CURRENT_LENGTH * value / max(amps)
            out.append(Phasor(f"I{i + 1}", length, -amp_lags[i], "bright_" + PHASE_STYLES[i], True))
    return out


def phasor_view(points: Any, columns: int, rows: int) -> Text:
    """The phasor diagram."""
    return diagram(phasors(points), columns, rows)


def power_view(points: Any, columns: int) -> Text:
    """A bar of active power for each phase and the sum: import to the right, export to the left."""
    names = ("P1", "P2", "P3", "\u03a3P")
    watts = [_finite(points.read(p.PRIMARY + p.P1 + i)) for i in range(4)]
    vars_ = [_finite(points.read(p.PRIMARY + p.Q1 + i)) for i in range(4)]
    apparent = [_finite(points.read(p.PRIMARY + p.S1 + i)) for i in range(4)]
    phase_full = tidy_full_scale(max(*apparent[:3], 1.0))
    sum_full = tidy_full_scale(max(apparent[3], 1.0))
    out = Text(no_wrap=True, overflow="crop")
    for i, name in enumerate(names):
        style = PHASE_STYLES[i] if i < 3 else _SUM_STYLE
        text = f" {engineering(watts[i], 'W'):>10} {engineering(vars_[i], 'var'):>12}"
        width = max(9, columns - len(text) - 4)
        out.append(f"{name:<3}", "bold " + style)
        out.append(bar(watts[i], sum_full if i == 3 else phase_full, width, style, _EXPORT_STYLE))
        out.append(text)
        if i < 3:
            out.append("\n")
    return out


def port_view(port: Any, line: Any) -> Text:
    """A port, where a master finds it, and its counters."""
    counts = line.stats()
    errors = counts["bad_frames"] + counts["spoiled"]
    out = Text(no_wrap=True, overflow="crop")
    out.append(f"{port.name:<8}", "bold")
    speed = f"{counts['baud']} baud  " if counts["baud"] else ""
    out.append(f"{port.where}  {speed}", "bright_white")
    out.append(f"requests {counts['requests']}  answers {counts['answers']}  ")
    return out.append(f"errors {errors}", "red" if errors else "")


def engineering(value: float, unit: str) -> str:
    """Four digits with k or M."""
    prefixes = ((1.0, ""), (1e3, "k"), (1e6, "M"))
    factor, prefix = next((pair for pair in prefixes if abs(value) < 999.95 * pair[0]), (1e9, "G"))
    scaled = value / factor
    digits = 3 if abs(scaled) < 9.9995 else 2 if abs(scaled) < 99.995 else 1
    return f"{scaled:.{digits}f} {prefix}{unit}"


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 0.0
