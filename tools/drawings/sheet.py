"""A sheet: schemdraw with the project's style, saved as SVG without what changes from run to run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import schemdraw
import schemdraw.elements as elm

schemdraw.use("svg")
elm.style(elm.STYLE_IEC)

NOTE_SIZE = 10
LIFT = 0.08  # by which schemdraw puts a label above its place
ROOM = 0.12  # part of the width that stays free on the right, half of it on the left
RED = "#c0392b"
Align = Literal["left", "center", "right"]
Side = Literal["left", "right"]
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_TEXT = re.compile(
    r'y="([^"]+)" dominant-baseline="(central|ideographic)"( fill="[^"]*" font-size="([\d.]+)")'
)
# Of a text's size, from what its place means to its baseline.
_TO_BASELINE = {"central": 0.35, "ideographic": -0.2}


def _on_baseline(found: re.Match[str]) -> str:
    """A text's place by its baseline, which all programs draw alike."""
    y, kind, rest, size = found.groups()
    return f'y="{float(y) + _TO_BASELINE[kind] * float(size):.2f}"{rest}'


class Sheet:
    """One drawing; positions are schemdraw's units, y upwards."""

    def __init__(self, title: str, at: tuple[float, float] = (0, 2)) -> None:
        self.drawing = schemdraw.Drawing(fontsize=11, unit=2, lw=1.3, show=False, margin=0.4)
        self.note(at[0], at[1], title, size=14)

    def add(self, element: Any) -> Any:
        """Put an element of schemdraw on the sheet."""
        return self.drawing.add(element)

    def wire(self, *points: tuple[float, float]) -> None:
        """Straight lines through `points`."""
        for start, end in zip(points, points[1:], strict=False):
            self.add(elm.Line().at(start).to(end))

    def dot(self, x: float, y: float) -> None:
        """Where wires join."""
        self.add(elm.Dot().at((x, y)))

    def terminal(self, x: float, y: float, name: str, side: str = "left") -> None:
        """Where the outside, or another sheet, is connected."""
        self.add(elm.Dot(open=True).at((x, y)))
        gap = -0.25 if side == "left" else 0.25
        self.note(x + gap, y, name, align="right" if side == "left" else "left", size=11)

    def note(
        self,
        x: float,
        y: float,
        text: str,
        align: Align = "left",
        size: int = NOTE_SIZE,
        colour: str = "black",
    ) -> None:
        """Text at a place."""
        label = elm.Label(at=(x, y - LIFT)).right()
        self.add(
            label.label(text, "center", ofst=0, fontsize=size, halign=align, valign="center", color=colour)
        )

    def upright(self, part: Any, x: float, top: float, bottom: float, name: str) -> Any:
        """A part between two rails, with its name on the right."""
        return self.add(
            part.at((x, top)).to((x, bottom)).label(name, loc="bottom", halign="left", valign="center")
        )

    def across(self, part: Any, x: float, y: float, name: str, length: float = 2.0) -> Any:
        """A part from (x, y) to the right, with its name above."""
        return self.add(part.at((x, y)).right(length).label(name, loc="top"))

    def barrier(self, x: float, top: float, bottom: float, name: str = "isolation") -> None:
        """Where isolation is."""
        self.add(elm.Line(ls="--").at((x, top)).to((x, bottom)).color(RED))
        self.note(x, bottom - 0.3, name, align="center", colour=RED)

    def save(self, path: Path) -> None:
        """Write the file: a white ground, and numbers with two places."""
        text = self.drawing.get_imagedata("svg").decode()
        text = _TEXT.sub(_on_baseline, text)
        text = _NUMBER.sub(lambda found: f"{float(found[0]):.2f}", text)
        # "sans" is no family that a browser knows
        text = text.replace("><", ">\n<").replace('font-family="sans"', 'font-family="sans-serif"')
        head, rest = text.split("\n", 1)
        box = re.search(r'viewBox="(\S+) (\S+) (\S+) (\S+)"', head)
        assert box is not None
        x, y, width, height = (float(number) for number in box.groups())
        # other fonts are wider than the one that schemdraw reckons with
        x -= ROOM / 2 * width
        width += ROOM * 1.5 * width
        frame = f'x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"'
        head = '<svg xmlns="http://www.w3.org/2000/svg" '
        head += f'viewBox="{x:.2f} {y:.2f} {width:.2f} {height:.2f}">'
        path.write_text(f'{head}\n<rect {frame} fill="white"/>\n{rest}\n')
