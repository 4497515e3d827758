"""A Digits as a picture of the meter's front: a DIN-rail case, one row of seven segments, two keys."""

from __future__ import annotations

from typing import Any

from PIL import Image

from fourquad.display.cycle.screen import LOAD_BARS, PLACES
from fourquad_tools.screens.png import HEIGHT, WIDTH, Canvas, Color

KEYS = ("SCROLL", "SET")
_LCD = (70, 150, 690, 430)
_QUADRANTS = ("I", "II", "III", "IV")
_CASE: Color = (228, 230, 228)
_PLATE: Color = (52, 60, 66)
_SIZE = (54.0, 100.0, 73.0)  # of a digit: width, height, pitch


def _digits(c: Canvas, s: Any) -> None:
    c.segments(24, 84, s.seen(), PLACES, _SIZE, False)
    c.text(606, 184, s.unit, 24, c.ink, "rs")


def _icons(c: Canvas, s: Any) -> None:
    c.text(24, 54, s.text, 34, c.ink)
    x = 24.0
    c.text(x, 254, "{", 30, c.ink if s.all else c.ghost)
    for i in range(2):
        c.frame(52 + 26 * i, 232, 20, 16, c.ink if s.comm > i else c.ghost, 2, 2.6)
    for i in range(LOAD_BARS):
        height = 8 + 2 * i
        c.box(122 + 13 * i, 250 - height, 9, height, c.ink if i < s.bars else c.ghost)
    x = 276.0
    for i, name in enumerate(_QUADRANTS):
        c.text(x, 252, name, 20, c.ink if s.quadrant == i + 1 else c.ghost)
        x += c.width(name, 20) + 14
    for way, tail, tip in ((1, 430, 462), (2, 506, 474)):
        color = c.ink if s.way == way else c.ghost
        head = -9 if way == 1 else 9
        c.line(color, 3.4, tail, 242, tip, 242)
        c.line(color, 3.4, tip + head, 235, tip, 242, tip + head, 249)
    for text, x, name in (("ind", 530, "L"), ("cap", 574, "C")):
        c.text(x, 252, text, 20, c.ink if s.character == name else c.ghost)


def _front(c: Canvas, s: Any, keys: tuple[str, ...], title: str) -> None:
    c.box(6, 6, WIDTH - 12, HEIGHT - 12, (150, 154, 152), 18)
    c.box(10, 9, WIDTH - 20, HEIGHT - 19, _CASE, 16)
    c.text(70, 96, title, 30, _PLATE)
    c.text(690, 95, "DIN-rail billing meter", 19, (92, 98, 106), "rs")
    x, y, right, bottom = _LCD
    c.box(x - 10, y - 10, right - x + 20, bottom - y + 20, (70, 74, 72), 10)
    c.box(x, y, right - x, bottom - y, c.ground, 6)
    c.box(x, 470, 18, 18, (226, 60, 48) if s.pulse else (120, 44, 40), 9)
    c.text(x + 30, 486, "pulse", 18, (92, 98, 106))
    for i, key in enumerate(keys):
        cx = 250.0 + 260 * i
        c.box(cx - 62, 530, 124, 58, (176, 180, 178), 12)
        c.text(cx, 620, key, 20, _PLATE, "ms")
    c.text(WIDTH / 2, 668, "Modbus RTU  RS-485  pulse output", 17, (110, 116, 122), "ms")


def picture(screen: Any, keys: tuple[str, ...] = KEYS, title: str = "FOURQUAD") -> Image.Image:
    """The meter's front showing `screen`, 760 x 700."""
    canvas = Canvas(screen)
    _front(canvas, screen, keys, title)
    canvas.x0, canvas.y0 = _LCD[0], _LCD[1]
    for part in (_icons, _digits):
        part(canvas, screen)
    return canvas.finished()
