"""Phasor diagram and power bars as rich text, in braille dots (two by four to a character cell)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
PHASE_STYLES = ("yellow", "green", "red")


@dataclass(frozen=True)
class Phasor:
    """An arrow: its length (1 reaches the circle), its angle in degrees (positive leads), its looks."""

    label: str
    length: float
    degrees: float
    style: str
    thick: bool = False


class Canvas:
    """Dots in a grid of `columns` by `rows` character cells; a cell has the style of its last dot."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self._cells = [[0] * columns for _ in range(rows)]
        self._letters: dict[tuple[int, int], str] = {}
        self._styles = [[""] * columns for _ in range(rows)]

    def dot(self, x: float, y: float, style: str) -> None:
        """A dot `x` to the right and `y` down, in dots."""
        column, row = int(x) // 2, int(y) // 4
        if 0 <= column < self.columns and 0 <= row < self.rows and x >= 0 and y >= 0:
            self._cells[row][column] |= _DOTS[int(y) % 4][int(x) % 2]
            self._styles[row][column] = style

    def line(self, x0: float, y0: float, x1: float, y1: float, style: str) -> None:
        """A straight line of dots."""
        steps = max(1, math.ceil(max(abs(x1 - x0), abs(y1 - y0))))
        for i in range(steps + 1):
            self.dot(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps, style)

    def text(self, column: int, row: int, text: str, style: str) -> None:
        """Letters in place of dots."""
        for i, letter in enumerate(text):
            if 0 <= column + i < self.columns and 0 <= row < self.rows:
                self._letters[row, column + i] = letter
                self._styles[row][column + i] = style

    def render(self) -> Text:
        """The rows, each ended by a line feed but the last."""
        out = Text(no_wrap=True, overflow="crop")
        for row in range(self.rows):
            for column in range(self.columns):
                cell = self._cells[row][column]
                letter = self._letters.get((row, column), chr(0x2800 + cell) if cell else " ")
                out.append(letter, self._styles[row][column] or None)
            if row + 1 < self.rows:
                out.append("\n")
        return out


def diagram(phasors: Sequence[Phasor], columns: int, rows: int) -> Text:
    """The arrows around the middle of a circle; angle 0 points to the right, lagging is clockwise."""
    canvas = Canvas(columns, rows)
    width, height = columns * 2, rows * 4
    # A column on each side and a row above and below are left for the labels.
    radius = max(4.0, min(width / 2 - 7.0, height / 2 - 2.0))
    x0, y0 = width / 2 - 0.5, height / 2 - 0.5
    for i in range(0, 360, max(2, round(160 / radius))):
        angle = math.radians(i)
        canvas.dot(x0 + radius * math.cos(angle), y0 - radius * math.sin(angle), "grey42")
    for x in range(-int(radius), int(radius) + 1, 4):
        canvas.dot(x0 + x, y0, "grey42")
        canvas.dot(x0, y0 + x, "grey42")
    for phasor in phasors:
        _arrow(canvas, phasor, x0, y0, radius)
    for phasor in phasors:
        _label(canvas, phasor, x0, y0, radius)
    return canvas.render()


def _arrow(canvas: Canvas, phasor: Phasor, x0: float, y0: float, radius: float) -> None:
    angle = math.radians(phasor.degrees)
    length = radius * phasor.length
    if length < 2.0:
        return
    x1, y1 = x0 + length * math.cos(angle), y0 - length * math.sin(angle)
    canvas.line(x0, y0, x1, y1, phasor.style)
    if phasor.thick:
        # A second line half a dot aside tells a current from a voltage without its colour.
        dx, dy = 0.7 * math.sin(angle), 0.7 * math.cos(angle)
        canvas.line(x0 + dx, y0 + dy, x1 + dx, y1 + dy, phasor.style)
    for side in (-1, 1):
        barb = angle + math.pi - side * 0.45
        canvas.line(x1, y1, x1 + 4.0 * math.cos(barb), y1 - 4.0 * math.sin(barb), phasor.style)


def _label(canvas: Canvas, phasor: Phasor, x0: float, y0: float, radius: float) -> None:
    angle = math.radians(phasor.degrees)
    length = radius * phasor.length
    if length < 2.0:
        return
    beyond = length + 5.0
    column = (x0 + beyond * math.cos(angle)) / 2
    row = (y0 - (length + 3.5) * math.sin(angle)) / 4
    start = round(column - len(phasor.label) / 2 + 0.5 * math.cos(angle))
    start = min(max(start, 0), canvas.columns - len(phasor.label))
    canvas.text(start, min(max(int(row), 0), canvas.rows - 1), phasor.label, "bold " + phasor.style)


def bar(value: float, full: float, columns: int, style: str, opposite: str) -> Text:
    """A bar that grows to the right of its middle for a positive value, to the left for a negative one."""
    half = columns // 2
    share = 0.0 if full <= 0.0 else max(-1.0, min(1.0, value / full))
    eighths = round(abs(share) * half * 8)
    whole, rest = divmod(eighths, 8)
    if share >= 0.0:
        tail = "\u2588" * whole + (" \u258f\u258e\u258d\u258c\u258b\u258a\u2589"[rest] if rest else "")
        return Text(" " * half + "\u2502", style="grey42").append(tail.ljust(half), style)
    # There are no blocks that fill a cell from the right but a half one.
    head = ("\u2590" if rest >= 4 else "") + "\u2588" * whole
    return Text(no_wrap=True).append(head.rjust(half), opposite).append("\u2502".ljust(half + 1), "grey42")


def tidy_full_scale(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten that is not below `value`."""
    if value <= 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    for step in (1.0, 2.0, 5.0, 10.0):
        if value <= step * power * 1.0000001:
            return step * power
    return 10.0 * power
