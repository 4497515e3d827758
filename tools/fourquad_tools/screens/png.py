"""A Screen as a picture of the meter's front: LCD with segments, icons and backlight, bezel and keys."""

from __future__ import annotations

from typing import Any, cast

from PIL import Image, ImageDraw, ImageFont

from fourquad_tools.screens.segments import GLYPHS, SEVEN, cells, polygons

Color = tuple[int, int, int]
KEYS = ("H", "P", "E", "V/A")
MODES = ("Meter", "Max/Min", "Demand", "Harmonic", "Setting", "Digital I/O")
WIDTH, HEIGHT = 760, 700

_LCD = (52, 74, 708, 540)  # in the bezel
_KIND = 24  # levels by which two kinds of color differ
_FINE = 3  # drawn this many times larger, then reduced
_BEZEL: Color = (38, 41, 46)
_LIT: Color = (228, 238, 243)
_UNLIT: Color = (150, 158, 146)
_INK: Color = (18, 22, 30)


def _mix(a: Color, b: Color, part: float) -> Color:
    """`part` of color `a` on color `b`."""
    return (
        round(a[0] * part + b[0] * (1 - part)),
        round(a[1] * part + b[1] * (1 - part)),
        round(a[2] * part + b[2] * (1 - part)),
    )


class Canvas:
    """Pillow's drawing in coordinates of the finished picture, relative to the LCD's corner."""

    def __init__(self, screen: Any, lit: Color = _LIT, unlit: Color = _UNLIT, ink: Color = _INK) -> None:
        self.ground = lit if screen.backlight else unlit
        self.ink = _mix(ink, self.ground, 1.0 if screen.backlight else 0.86)
        self.ghost = _mix(ink, self.ground, 0.045)
        self.image = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), (245, 246, 248))
        self.draw = ImageDraw.Draw(self.image)
        self.x0, self.y0 = 0.0, 0.0

    def finished(self) -> Image.Image:
        """The picture, WIDTH x HEIGHT."""
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

    def at(self, *xy: float) -> list[float]:
        return [(v + (self.y0 if i % 2 else self.x0)) * _FINE for i, v in enumerate(xy)]

    def box(self, x: float, y: float, w: float, h: float, color: Color, radius: float = 0) -> None:
        self.draw.rounded_rectangle(self.at(x, y, x + w, y + h), radius * _FINE, fill=color)

    def frame(self, x: float, y: float, w: float, h: float, color: Color, radius: float, line: float) -> None:
        self.draw.rounded_rectangle(
            self.at(x, y, x + w, y + h), radius * _FINE, outline=color, width=round(line * _FINE)
        )

    def shape(self, points: list[tuple[float, float]], color: Color) -> None:
        self.draw.polygon(self.at(*(v for point in points for v in point)), fill=color)

    def line(self, color: Color, width: float, *xy: float) -> None:
        self.draw.line(self.at(*xy), fill=color, width=round(width * _FINE), joint="curve")

    def arc(self, color: Color, width: float, box: tuple[float, ...], start: float, end: float) -> None:
        self.draw.arc(self.at(*box), start, end, fill=color, width=round(width * _FINE))

    def text(self, x: float, y: float, text: str, size: float, color: Color, anchor: str = "ls") -> None:
        font = ImageFont.load_default(size * _FINE)
        at = self.at(x, y)
        self.draw.text(
            (at[0], at[1]),
            text,
            color,
            font=font,
            anchor=anchor,
            stroke_width=round(size * 0.022 * _FINE),
        )

    def width(self, text: str, size: float) -> float:
        return ImageFont.load_default(size * _FINE).getlength(text) / _FINE

    def segments(
        self, x: float, y: float, text: str, places: int, size: tuple[float, float, float], sign: bool = True
    ) -> None:
        """Text right-aligned in `places` cells of (width, height, pitch), unlit segments faintly visible.

        With `sign` the first cell has a minus only, unless the text needs it for more.
        """
        width, height, pitch = size
        thick = height * 0.132
        shapes = polygons(width, height, thick)
        wanted = cells(text)[-places:]
        wanted = [("", "")] * (places - len(wanted)) + wanted
        for place, (char, mark) in enumerate(wanted):
            lit = GLYPHS.get(char.upper(), "")
            for name in "gh" if sign and place == 0 else SEVEN:
                if name not in lit:
                    self.shape([(x + px, y + py) for px, py in shapes[name]], self.ghost)
            if char == "\u2220":
                low = y + height - thick / 2
                self.line(self.ink, thick, x + width + 4, low, x + 2, low, x + width, y + height * 0.35)
                lit = ""
            for name in lit:
                self.shape([(x + px, y + py) for px, py in shapes[name]], self.ink)
            dot_x, dot = x + width + (pitch - width) * 0.12, thick * 1.05
            if mark == ".":
                self.box(dot_x, y + height - dot, dot, dot, self.ink, dot * 0.3)
            elif mark == ":":
                for at in (0.3, 0.7):
                    self.box(
                        dot_x + (1 - at) * height * 0.1,
                        y + height * at - dot / 2,
                        dot,
                        dot,
                        self.ink,
                        dot * 0.3,
                    )
            x += pitch


def _modes(c: Canvas, screen: Any) -> None:
    """The line of modes: the present one lit; all this meter has while one is chosen, the cursor flashing."""
    x, names = 22.0, screen.modes
    for name in MODES:
        index = names.index(name) if name in names else -1
        size = 19
        width = c.width(name, size)
        here = index >= 0 and index == screen.mode
        if here and not (screen.choosing and screen.dark):
            c.box(x - 7, 12, width + 14, 28, c.ink, 5)
            c.text(x, 32.5, name, size, c.ground)
        else:
            lit = screen.choosing and index >= 0 and not here
            c.text(x, 32.5, name, size, c.ink if lit else c.ghost)
        x += width + 25


def _icons(c: Canvas, screen: Any) -> None:
    """Right end of the fifth line's top: tariff, seal, pulse, communication; below them the modules."""
    y = 352.0
    for i in range(2):
        color = c.ink if screen.comm > i else c.ghost
        x = 604.0 + 20 * i
        c.frame(x, y - 14, 16, 12, color, 2, 2)
        c.box(x + 5, y - 2, 6, 3, color)
        c.box(x + 1, y + 1, 14, 2.4, color)
    color = c.ink if screen.pulse else c.ghost
    c.line(color, 2.6, 570, y, 576, y, 576, y - 13, 584, y - 13, 584, y, 591, y)
    color = c.ink if screen.sealed else c.ghost
    c.box(541, y - 9, 17, 12, color, 2)
    c.arc(color, 2.4, (544, y - 18, 555, y - 2), 180, 360)
    for i in range(1, 5):
        color = c.ink if screen.tariff == i else c.ghost
        x = 362.0 + 32 * (i - 1)
        c.frame(x, y - 17, 28, 21, color, 4, 1.8)
        c.text(x + 14, y - 0.5, f"T{i}", 15, color, "ms")
    modules = dict(word.partition("x")[::2] for word in screen.modules.split())
    for i, name in enumerate(("M1", "M2", "M3")):
        x = 548.0 + 36 * i
        c.text(x, y + 27, name, 15, c.ink if name in modules else c.ghost)
        c.text(x + 21, y + 27, "x2", 9, c.ink if modules.get(name) else c.ghost)
    c.text(548, y + 45, screen.network or "ETH", 13, c.ink if screen.network else c.ghost)
    c.text(608, y + 45, "PROFI", 13, c.ink if screen.profibus else c.ghost)


def _load(c: Canvas, screen: Any) -> None:
    """Right column: load rate as a bar, quadrant, inductive or capacitive load."""
    x, y = 592.0, 58.0
    for i in range(10):
        on = screen.load >= 0 and screen.load >= 10 * (9 - i) + 5
        c.box(x + i * 1.2, y + i * 11, 46 - i * 2.4, 7.5, c.ink if on else c.ghost, 1.5)
    text = f"{screen.load}%" if screen.load >= 0 else ""
    c.text(x + 23, y + 132, text, 20, c.ink, "ms")
    cx, cy, r = x + 23, y + 177, 25.0
    for quadrant, start in ((1, -90), (2, 180), (3, 90), (4, 0)):
        if screen.quadrant == quadrant:
            box = c.at(cx - r + 5, cy - r + 5, cx + r - 5, cy + r - 5)
            c.draw.pieslice(box, start, start + 90, fill=c.ink)
    color = c.ink if screen.quadrant else c.ghost
    c.line(color, 2.2, cx - r - 4, cy, cx + r + 4, cy)
    c.line(color, 2.2, cx, cy - r - 4, cx, cy + r + 4)
    c.arc(color, 2, (cx - r, cy - r, cx + r, cy + r), 0, 360)
    y += 231
    color = c.ink if screen.load_type == "L" else c.ghost
    for i in range(3):
        c.arc(color, 2.6, (x - 2 + 8 * i, y - 7, x + 7 + 8 * i, y + 7), 180, 360)
    color = c.ink if screen.load_type == "C" else c.ghost
    for dx in (36, 43):
        c.line(color, 2.8, x + dx, y - 9, x + dx, y + 7)
    c.line(color, 2.4, x + 29, y - 1, x + 36, y - 1)
    c.line(color, 2.4, x + 43, y - 1, x + 50, y - 1)


def _label(c: Canvas, x: float, y: float, label: str) -> None:
    if label == "sum":
        c.line(c.ink, 3, x, y - 24, x - 17, y - 24, x - 7, y - 12.5, x - 17, y - 1, x, y - 1)
    else:
        c.text(x, y, label, 25, c.ink, "rs")


def _main(c: Canvas, screen: Any) -> None:
    """Item, flags and the four rows."""
    c.segments(20, 58, screen.item.ljust(3)[:3], 3, (24, 44, 35), False)
    for i, flag in enumerate(("Unbalance", "THD", "TDD", "MAX", "MIN")):
        c.text(20, 136 + 27 * i, flag, 19, c.ink if flag in screen.flags.split() else c.ghost)
    for row in range(4):
        y = 56 + 70 * row
        text = screen.shown(row)
        # Words stand on the left of the four places, numbers on the right.
        c.segments(196, y, text.ljust(4) if any(map(str.isalpha, text)) else text, 5, (39, 53, 58))
        if screen.labels[row]:
            _label(c, 184, y + 53, screen.labels[row])
        if screen.units[row] == "\u00b0":
            c.arc(c.ink, 2.6, (500, y, 512, y + 12), 0, 360)
        else:
            c.text(500, y + 53, screen.units[row], 30, c.ink)


def _fifth(c: Canvas, screen: Any) -> None:
    """Energy, clock or setting; what the energy is stands above it."""
    c.line(c.ghost, 2, 18, 334, 340, 334)
    x = 22.0
    for flag in ("Imp", "Exp", "Total", "Net"):
        c.text(x, 364, flag, 19, c.ink if flag == screen.line_flag else c.ghost)
        x += c.width(flag, 19) + 20
    color = c.ink if screen.clock else c.ghost
    c.arc(color, 2.4, (246, 346, 266, 366), 0, 360)
    c.line(color, 2.2, 256, 350, 256, 357, 261, 357)
    c.segments(22, 384, screen.shown(4), 10, (36, 56, 51))
    c.text(550, 440, screen.line_unit, 30, c.ink)


def _bezel(c: Canvas, keys: tuple[str, ...], title: str) -> None:
    c.box(6, 6, WIDTH - 12, HEIGHT - 12, (22, 24, 27), 34)
    c.box(9, 8, WIDTH - 18, HEIGHT - 18, _BEZEL, 32)
    c.text(52, 53, title, 27, (236, 239, 242))
    c.text(708, 52, "four-quadrant power meter", 18, (150, 156, 164), "rs")
    x, y, right, bottom = _LCD
    c.box(x - 10, y - 10, right - x + 20, bottom - y + 20, (14, 15, 17), 16)
    c.box(x, y, right - x, bottom - y, c.ground, 8)
    step = (right - x) / len(keys)
    for i, key in enumerate(keys):
        left = x + step * (i + 0.5) - 58
        c.box(left, 588, 116, 66, (17, 18, 20), 33)
        c.box(left + 2, 587, 112, 61, (84, 90, 98), 30)
        c.box(left + 4, 590, 108, 56, (62, 67, 74), 28)
        c.text(left + 58, 628, key, 29, (240, 243, 246), "ms")


def picture(screen: Any, keys: tuple[str, ...] = KEYS, title: str = "FOURQUAD") -> Image.Image:
    """The meter's front showing `screen`, 760 x 700."""
    canvas = Canvas(screen)
    _bezel(canvas, keys, title)
    canvas.x0, canvas.y0 = _LCD[0], _LCD[1]
    for part in (_modes, _main, _load, _icons, _fifth):
        part(canvas, screen)
    return canvas.finished()


def few_colors(picture: Image.Image, colors: int = 64) -> Image.Image:
    """The picture with a palette. Half of it is the colors of the largest areas, one of each kind, because a
    cut by numbers of pixels alone would make the small LEDs and buttons grey.
    """
    found = cast(list[tuple[int, Color]], picture.getcolors(picture.width * picture.height))
    kept: list[Color] = []
    for _, color in sorted(found, reverse=True):
        if all(max(abs(a - b) for a, b in zip(color, other, strict=True)) > _KIND for other in kept):
            kept.append(color)
        if len(kept) == colors // 2:
            break
    shades = picture.quantize(colors - len(kept), dither=Image.Dither.NONE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for color in kept for part in color] + shades)
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)
