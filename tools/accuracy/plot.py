"""Plots as SVG: lines and points over a linear or logarithmic axis, nothing more.

What would hide stays visible: of several lines the later ones have gaps, through which those below are seen;
points of a series that share an x (of several chips, say) stand side by side, each with a mark of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 760, 340
LEFT, RIGHT, TOP, BOTTOM = 62, 190, 30, 44
# Dashes of the first line, the second, all others, whose dashes lie in the gaps of the second.
DASHES = ("", "14 10", '6 18" stroke-dashoffset="-15')
LIMIT = "5 3"
SIDE = 7  # between marks side by side
RANKS = ("the first", "the second", "the third")  # of points that share an x
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
            lines = sum(before.style == "line" for before in self.series[:n])
            pattern = LIMIT if series.style == "limit" else DASHES[min(lines, len(DASHES) - 1)]
            dash = f' stroke-dasharray="{pattern}"' if pattern else ""
            out += self._draw(series, colour, dash)
            if not series.name:
                continue
            y = TOP + 12 + 18 * n
            x = WIDTH - RIGHT + 14
            if series.style != "limit":
                dash = ""  # a sample as short as a gap would show nothing
            if series.style == "dots":
                out.append(f'<circle cx="{x + 9}" cy="{y - 4}" r="3" fill="{colour}"/>')
            else:
                out.append(
                    f'<line x1="{x}" y1="{y - 4}" x2="{x + 18}" y2="{y - 4}" stroke="{colour}" '
                    f'stroke-width="1.5"{dash}/>'
                )
            out.append(f'<text x="{x + 24}" y="{y}">{series.name}</text>')
        out += self._marks_legend(TOP + 12 + 18 * len(self.series))
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

    def _marks_legend(self, y: float) -> list[str]:
        """What the marks mean, where there are points that share an x."""
        dots = [series for series in self.series if series.style == "dots"]
        most = max((_ranks(series)[1].get(x, 0) for series in dots for x, _ in series.points), default=0)
        if most < 2:
            return []
        x = WIDTH - RIGHT + 14
        out = []
        for rank, name in enumerate(RANKS[:most]):
            out.append(_mark(rank, x + 9, y + 14 + 18 * rank, "#555"))
            out.append(f'<text x="{x + 24}" y="{y + 18 + 18 * rank}">{name}</text>')
        return out

    def _draw(self, series: Series, colour: str, dash: str) -> list[str]:
        places = [self._at(x, y) for x, y in series.points]
        if series.style == "dots":
            ranks, counts = _ranks(series)
            out = []
            for (at, y), (x, _), rank in zip(places, series.points, ranks, strict=True):
                side = SIDE * (rank - (counts[x] - 1) / 2)
                out.append(_mark(rank, at + side, y, colour))
            return out
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dash}/>']


def _ranks(series: Series) -> tuple[list[int], dict[float, int]]:
    """Of each point, how many before it have its x; and how many there are of each x."""
    counts: dict[float, int] = {}
    ranks = []
    for x, _ in series.points:
        ranks.append(counts.get(x, 0))
        counts[x] = ranks[-1] + 1
    return ranks, counts


def _mark(rank: int, x: float, y: float, colour: str) -> str:
    """A circle, a square or a triangle."""
    if rank % 3 == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
    if rank % 3 == 1:
        return f'<rect x="{x - 2.7:.1f}" y="{y - 2.7:.1f}" width="5.4" height="5.4" fill="{colour}"/>'
    points = f"{x:.1f},{y - 3.6:.1f} {x - 3.4:.1f},{y + 2.6:.1f} {x + 3.4:.1f},{y + 2.6:.1f}"
    return f'<polygon points="{points}" fill="{colour}"/>'
