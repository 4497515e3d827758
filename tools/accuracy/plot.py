"""Plots as SVG: lines and points over a linear or logarithmic axis, nothing more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 760, 340
LEFT, RIGHT, TOP, BOTTOM = 62, 190, 30, 44
COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#566573", "#111111")


@dataclass
class Series:
    """Points of one kind; `style` is "dots", "line" or "limit"."""

    name: str
    points: Sequence[tuple[float, float]]
    style: str = "line"
    colour: str = ""


@dataclass
class Plot:
    """One plot. `ticks` of x and y are where the grid lines are."""

    title: str
    x_name: str
    y_name: str
    x_ticks: Sequence[float]
    y_ticks: Sequence[float]
    logarithmic: bool = False
    series: list[Series] = field(default_factory=list)

    def svg(self) -> str:
        """The picture."""
        out = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            'font-family="sans-serif" font-size="12">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
            f'<text x="{LEFT}" y="18" font-size="14">{self.title}</text>',
        ]
        out += self._grid()
        for n, series in enumerate(self.series):
            colour = series.colour or COLOURS[n % len(COLOURS)]
            out += self._draw(series, colour)
            if not series.name:
                continue
            y = TOP + 12 + 18 * n
            x = WIDTH - RIGHT + 14
            dash = ' stroke-dasharray="5 3"' if series.style == "limit" else ""
            if series.style == "dots":
                out.append(f'<circle cx="{x + 9}" cy="{y - 4}" r="3" fill="{colour}"/>')
            else:
                out.append(
                    f'<line x1="{x}" y1="{y - 4}" x2="{x + 18}" y2="{y - 4}" stroke="{colour}" '
                    f'stroke-width="1.5"{dash}/>'
                )
            out.append(f'<text x="{x + 24}" y="{y}">{series.name}</text>')
        return "\n".join([*out, "</svg>", ""])

    def _at(self, x: float, y: float) -> tuple[float, float]:
        low, high = self.x_ticks[0], self.x_ticks[-1]
        part = math.log(x / low) / math.log(high / low) if self.logarithmic else (x - low) / (high - low)
        share = (y - self.y_ticks[0]) / (self.y_ticks[-1] - self.y_ticks[0])
        return LEFT + part * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def _grid(self) -> list[str]:
        out = []
        for x in self.x_ticks:
            at, bottom = self._at(x, self.y_ticks[0])
            out.append(f'<line x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{bottom:.1f}" stroke="#ddd"/>')
            out.append(f'<text x="{at:.1f}" y="{bottom + 16:.1f}" text-anchor="middle">{x:g}</text>')
        for y in self.y_ticks:
            right, at = self._at(self.x_ticks[-1], y)
            colour = "#888" if y == 0 else "#ddd"
            out.append(f'<line x1="{LEFT}" y1="{at:.1f}" x2="{right:.1f}" y2="{at:.1f}" stroke="{colour}"/>')
            out.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{y:g}</text>')
        middle = (LEFT + WIDTH - RIGHT) / 2
        out.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">{self.x_name}</text>')
        y = (TOP + HEIGHT - BOTTOM) / 2
        turned = f'transform="rotate(-90 14 {y})"'
        out.append(f'<text x="14" y="{y}" text-anchor="middle" {turned}>{self.y_name}</text>')
        return out

    def _draw(self, series: Series, colour: str) -> list[str]:
        places = [self._at(x, y) for x, y in series.points]
        if series.style == "dots":
            return [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        dash = ' stroke-dasharray="5 3"' if series.style == "limit" else ""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dash}/>']
