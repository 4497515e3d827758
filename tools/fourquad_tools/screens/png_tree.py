"""A Readout as a picture of the meter's front: a DIN-rail case, a blue glass with one value, four keys."""

from __future__ import annotations

from typing import Any

from PIL import Image

from fourquad_tools.screens.png import HEIGHT, WIDTH, Canvas, Color

KEYS = ("UP", "DOWN", "LEFT", "RIGHT")
_LCD = (110, 120, 650, 420)
_CASE: Color = (236, 236, 232)
_PLATE: Color = (52, 60, 66)
_GREY: Color = (92, 98, 106)
_BLUE: Color = (38, 84, 190)
_DARK: Color = (24, 40, 84)
_WHITE: Color = (240, 246, 255)
_PLACES = 7
_SIZE = (46.0, 86.0, 62.0)  # of a digit: width, height, pitch
_SIGNS = ("+", "-", "back", "enter")


def _triangle(c: Canvas, key: str, x: float, y: float, size: float, color: Color) -> None:
    """The arrow of a key, around (x, y)."""
    across, down = {"U": (0, -1), "D": (0, 1), "L": (-1, 0), "R": (1, 0)}[key]
    tip = (x + across * size, y + down * size)
    ends = [
        (x - across * size + side * down * size, y - down * size + side * across * size) for side in (1, -1)
    ]
    c.shape([tip, *ends], color)


def _icons(c: Canvas, s: Any) -> None:
    c.text(24, 46, s.path, 28, c.ink)
    color = c.ink if s.heart else c.ghost
    c.box(424, 22, 18, 18, color, 9)
    c.box(438, 22, 18, 18, color, 9)
    c.shape([(425, 35), (455, 35), (440, 52)], color)
    color = c.ink if s.wrench else c.ghost
    c.line(color, 7, 484, 50, 502, 32)
    c.arc(color, 6, (496, 18, 516, 38), 0, 270)
    c.line(c.ghost, 2, 16, 62, 524, 62)


def _value(c: Canvas, s: Any) -> None:
    c.text(24, 108, s.name, 36, c.ink)
    c.text(516, 108, s.note, 30, c.ink, "rs")
    long = len(s.seen().replace(".", "")) > _PLACES
    c.segments(60, 134, "" if long else s.seen(), _PLACES, _SIZE, False)
    if long:
        c.text(516, 200, s.seen(), 30, c.ink, "rs")
    c.text(516, 262, s.unit, 34, c.ink, "rs")
    for i, key in enumerate("UDLR"):
        _triangle(c, key, 68 + 134 * i, 280, 9, c.ink if key in s.keys else c.ghost)


def _front(c: Canvas, s: Any, keys: tuple[str, ...], title: str) -> None:
    c.box(6, 6, WIDTH - 12, HEIGHT - 12, (150, 154, 152), 18)
    c.box(10, 9, WIDTH - 20, HEIGHT - 19, _CASE, 16)
    c.text(110, 78, title, 30, _PLATE)
    c.text(650, 77, "bidirectional power meter", 19, _GREY, "rs")
    x, y, right, bottom = _LCD
    c.box(x - 10, y - 10, right - x + 20, bottom - y + 20, (40, 44, 52), 10)
    c.box(x, y, right - x, bottom - y, c.ground, 6)
    for i, (key, sign) in enumerate(zip(keys, _SIGNS, strict=True)):
        cx = 178.0 + 134 * i
        c.box(cx - 48, 470, 96, 72, (86, 92, 100), 14)
        _triangle(c, key[:1], cx, 506, 15, _CASE)
        c.text(cx, 574, sign, 20, _PLATE, "ms")
    c.text(WIDTH / 2, 650, "BACnet MS/TP  RS-485  pulse input  alarm contact", 17, (110, 116, 122), "ms")


def picture(screen: Any, keys: tuple[str, ...] = KEYS, title: str = "FOURQUAD") -> Image.Image:
    """The meter's front showing `screen`, 760 x 700."""
    canvas = Canvas(screen, _BLUE, _DARK, _WHITE)
    _front(canvas, screen, keys, title)
    canvas.x0, canvas.y0 = _LCD[0], _LCD[1]
    for part in (_icons, _value):
        part(canvas, screen)
    return canvas.finished()
