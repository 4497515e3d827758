"""A Matrix as a picture of the meter's front: graphic LCD with its marks, LEDs and two buttons."""

from __future__ import annotations

from typing import Any

from PIL import Image

from fourquad_tools.screens import dot_font
from fourquad_tools.screens.png import HEIGHT, WIDTH, Canvas, Color

KEYS = ("DISPLAY", "RESET")
_LCD = (52, 74, 708, 470)
_QUADRANTS = ("I", "II", "III", "IV")
_WORDS = ("Energy", "Demand", "Date", "Time")
_BEZEL: Color = (214, 217, 214)
_PLATE: Color = (44, 58, 84)


def dots(
    c: Canvas, x: float, line: float, text: str, pitch: float, color: Color, right: bool = False
) -> None:
    """A text in dots of the matrix, standing on `line`; with `right` it ends at `x`."""
    width, lit = dot_font.dots(text)
    if right:
        x -= width * pitch
    for i, j in lit:
        c.box(x + i * pitch, line + (j - dot_font.HEIGHT) * pitch, pitch * 0.9, pitch * 0.9, color)


def _arrow(c: Canvas, x: float, y: float, way: int, on: bool) -> None:
    """To the right for import (1), to the left for export (2)."""
    color = c.ink if on else c.ghost
    tip, tail = (x + 26, x) if way == 1 else (x, x + 26)
    head = -9 if way == 1 else 9
    c.line(color, 3.4, tail, y, tip, y)
    c.line(color, 3.4, tip + head, y - 7, tip, y, tip + head, y + 7)


def _icons(c: Canvas, s: Any) -> None:
    y = 34.0
    for x, name, way in ((18.0, "Watt", s.watt), (150.0, "var", s.var)):
        c.text(x, y + 7, name, 20, c.ink)
        x += c.width(name, 20) + 8
        _arrow(c, x, y, 1, way == 1)
        _arrow(c, x + 32, y, 2, way == 2)
    for x, name, on in ((280.0, "RX", s.comm > 0), (320.0, "TX", s.comm > 1)):
        c.text(x, y + 7, name, 20, c.ink if on and not s.dark else c.ghost)
    for x, name, bit in ((364.0, "err1", 1), (416.0, "err2", 2)):
        c.text(x, y + 7, name, 20, c.ink if s.errors & bit else c.ghost)
    for i in range(1, 5):
        c.text(436 + 26 * i, y + 7, f"F{i}", 17, c.ink if s.tariff == i else c.ghost)
    color = c.ink if s.battery else c.ghost
    c.frame(576, y - 9, 28, 18, color, 2, 2.4)
    c.box(604, y - 4, 4, 8, color)
    c.line(color, 2.4, 579, y - 6, 601, y + 6)
    c.line(color, 2.4, 579, y + 6, 601, y - 6)
    color = c.ink if s.locked else c.ghost
    c.box(624, y - 3, 20, 14, color, 2)
    c.arc(color, 2.8, (627, y - 13, 641, y + 7), 180, 360)


def _marks(c: Canvas, s: Any) -> None:
    marks = s.marks.split()
    y = 100.0
    dots(c, 18, y, s.code, 3, c.ink)
    _arrow(c, 150, y - 12, 1, ">" in marks)
    _arrow(c, 182, y - 12, 2, "<" in marks)
    x = 222.0
    for name in _QUADRANTS:
        c.text(x, y - 3, name, 22, c.ink if name in marks else c.ghost)
        x += c.width(name, 22) + 9
    rate = next((m for m in marks if m.isdigit()), "")
    dots(c, 318, y, rate, 3, c.ink)
    color = c.ink if "S" in marks else c.ghost
    c.line(color, 3, 364, y - 21, 347, y - 21, 357, y - 11, 347, y - 2, 364, y - 2)
    x = 376.0
    for name in _WORDS:
        c.text(x, y - 3, name, 19, c.ink if name in marks else c.ghost)
        x += c.width(name, 19) + 10
    y = 136.0
    dots(c, 380, y, str(s.storage) if s.storage >= 0 else "", 2.6, c.ink)
    c.text(420, y - 2, "Num Storage", 19, c.ink if s.storage >= 0 else c.ghost)
    c.text(18, y - 2, "PRG", 19, c.ink if s.program else c.ghost)


def _value(c: Canvas, s: Any) -> None:
    if not (s.flash_digits and s.dark):
        pitch = min(9.0, 620 / max(1, dot_font.dots(s.digits)[0]))
        dots(c, 640, 262, s.digits, pitch, c.ink, right=True)
    dots(c, 18, 312, s.note, 3, c.ink)
    c.text(640, 312, s.unit, 30, c.ink, "rs")


def _monitor(c: Canvas, s: Any) -> None:
    c.line(c.ghost, 2, 16, 330, 640, 330)
    x = 20.0
    for phase in "ABC":
        on = phase in s.phases and not (s.flash_phases and s.dark)
        c.text(x, 374, phase, 32, c.ink if on else c.ghost)
        x += 34
    color = c.ink if s.phi else c.ghost
    c.arc(color, 3, (132, 350, 154, 372), 0, 360)
    c.line(color, 3, 143, 344, 143, 378)
    dots(c, 640, 374, s.row, 3.6, c.ink, right=True)


def _front(c: Canvas, s: Any, keys: tuple[str, ...], title: str) -> None:
    c.box(6, 6, WIDTH - 12, HEIGHT - 12, (120, 124, 126), 26)
    c.box(9, 8, WIDTH - 18, HEIGHT - 18, _BEZEL, 24)
    c.text(52, 54, title, 27, _PLATE)
    c.text(708, 53, "multifunction tariff meter", 18, (92, 98, 106), "rs")
    x, y, right, bottom = _LCD
    c.box(x - 9, y - 9, right - x + 18, bottom - y + 18, (60, 64, 66), 12)
    c.box(x, y, right - x, bottom - y, c.ground, 6)
    for cx, name, on in ((130.0, "imp/kWh", s.pulse), (630.0, "imp/kvarh", s.pulse_var)):
        c.box(cx - 9, 494, 18, 18, (226, 60, 48) if on else (120, 44, 40), 9)
        c.text(cx, 534, name, 16, (92, 98, 106), "ms")
    for i, key in enumerate(keys):
        cx = 300.0 + 160 * i
        c.box(cx - 34, 520, 68, 68, (150, 154, 156), 34)
        c.box(cx - 28, 524, 56, 56, (232, 190, 70) if key == "RESET" else (88, 126, 178), 28)
        c.text(cx, 618, key, 19, _PLATE, "ms")
    c.text(WIDTH / 2, 668, "IEC 62056-21  optical port and RS-485", 17, (110, 116, 122), "ms")


def picture(screen: Any, keys: tuple[str, ...] = KEYS, title: str = "FOURQUAD") -> Image.Image:
    """The meter's front showing `screen`, 760 x 700."""
    canvas = Canvas(screen)
    _front(canvas, screen, keys, title)
    canvas.x0, canvas.y0 = _LCD[0], _LCD[1]
    for part in (_icons, _marks, _value, _monitor):
        part(canvas, screen)
    return canvas.finished()
