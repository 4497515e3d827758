"""A capture as a picture: voltages above, currents below, the trigger between."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FINE = 2  # it is drawn so many times larger, then made smaller: smooth lines
WIDTH, HEIGHT = 1280 * FINE, 720 * FINE
LEFT, RIGHT, TOP, BETWEEN, BOTTOM = 90 * FINE, 40 * FINE, 60 * FINE, 40 * FINE, 40 * FINE
GAP = 6 * FINE
INK, GRID, PAPER = "#202428", "#d8dce0", "#ffffff"
COLOURS = ("#c0392b", "#d4a017", "#2563a8")


def nice_step(span: float, most: int) -> float:
    """1, 2 or 5 times a power of ten, so that a span has at most so many steps."""
    if span <= 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    return next(power * k for k in (1, 2, 5, 10) if span / (power * k) <= most)


def draw(
    path: Path, title: str, rate: float, before: int, traces: Sequence[tuple[str, str, Sequence[float]]]
) -> None:
    """Write the picture; `traces` are (name, unit, values), the first half above."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(15 * FINE)
    pen.text((LEFT, 2 * GAP), title, INK, font)
    height = (HEIGHT - TOP - BETWEEN - BOTTOM) // 2
    half = len(traces) // 2
    for n, group in enumerate((traces[:half], traces[half:])):
        top = TOP + n * (height + BETWEEN)
        _panel(pen, font, (LEFT, top, WIDTH - RIGHT, top + height), rate, before, group)
    count = len(traces[0][2])
    for ms in range(-1000, 1001, 50):
        at = before + ms / 1000 * rate
        if 0 <= at < count:
            x = LEFT + at / (count - 1) * (WIDTH - RIGHT - LEFT)
            pen.text((x, HEIGHT - BOTTOM + GAP), f"{ms} ms", INK, font, anchor="ma")
    image.resize((WIDTH // FINE, HEIGHT // FINE), Image.Resampling.LANCZOS).save(path, optimize=True)


def _panel(
    pen: ImageDraw.ImageDraw,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    box: tuple[int, int, int, int],
    rate: float,
    before: int,
    traces: Sequence[tuple[str, str, Sequence[float]]],
) -> None:
    left, top, right, bottom = box
    count = len(traces[0][2])
    peak = max((abs(value) for _, _, values in traces for value in values), default=0.0) or 1.0
    middle, scale = (top + bottom) / 2, (bottom - top) / 2 / (1.08 * peak)
    step = nice_step(2 * peak, 8)
    for k in range(-int(peak / step), int(peak / step) + 1):
        y = middle - k * step * scale
        pen.line((left, y, right, y), INK if k == 0 else GRID, FINE)
        pen.text((left - GAP, y), f"{k * step:g} {traces[0][1]}", INK, font, anchor="rm")
    x = left + before / (count - 1) * (right - left)
    pen.line((x, top, x, bottom), INK, FINE)
    for n, (name, _, values) in enumerate(traces):
        points = [
            (left + i / (count - 1) * (right - left), middle - value * scale)
            for i, value in enumerate(values)
        ]
        pen.line(points, COLOURS[n % len(COLOURS)], 2 * FINE)
        place = (left + 10 * GAP * n, top - 4 * GAP)
        pen.text(place, name, COLOURS[n % len(COLOURS)], font)
    pen.rectangle(box, outline=INK)
