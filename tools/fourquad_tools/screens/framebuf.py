"""A stand-in on the PC for the part of MicroPython's `framebuf` that the display uses.

Same layout of bytes (MONO_VLSB: a byte is eight pixels below each other, the least bit on top); the font is
the one that comes with Pillow, cut to cells of 8x8.
"""

from __future__ import annotations

from functools import cache

from PIL import Image, ImageDraw, ImageFont

MONO_VLSB = 0
_CELL = 8


@cache
def _glyph(char: str) -> tuple[tuple[int, int], ...]:
    """The lit pixels (x, y) of a character in its cell."""
    image = Image.new("1", (_CELL, 16))
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"
    # The letters stand on the line y = 10; a row is left for what hangs below it.
    draw.text((_CELL / 2, 10), char, 1, font=ImageFont.load_default(9), anchor="ms")
    return tuple((x, y) for y in range(_CELL) for x in range(_CELL) if image.getpixel((x, y + 3)))


class FrameBuffer:
    def __init__(self, buffer: bytearray, width: int, height: int, form: int = MONO_VLSB) -> None:
        if form != MONO_VLSB:
            raise ValueError("only MONO_VLSB")
        if len(buffer) < width * ((height + 7) // 8):
            raise ValueError("the buffer is too small")
        self._buffer = buffer
        self.width = width
        self.height = height

    def pixel(self, x: int, y: int, color: int | None = None) -> int | None:
        """Set a pixel, or tell it without a color; outside of the area nothing happens."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return None
        index, bit = (y >> 3) * self.width + x, 1 << (y & 7)
        if color is None:
            return 1 if self._buffer[index] & bit else 0
        if color:
            self._buffer[index] |= bit
        else:
            self._buffer[index] &= ~bit & 0xFF
        return None

    def fill(self, color: int) -> None:
        self._buffer[:] = (b"\xff" if color else b"\x00") * len(self._buffer)

    def fill_rect(self, x: int, y: int, width: int, height: int, color: int) -> None:
        for j in range(y, y + height):
            for i in range(x, x + width):
                self.pixel(i, j, color)

    def hline(self, x: int, y: int, width: int, color: int) -> None:
        self.fill_rect(x, y, width, 1, color)

    def vline(self, x: int, y: int, height: int, color: int) -> None:
        self.fill_rect(x, y, 1, height, color)

    def rect(self, x: int, y: int, width: int, height: int, color: int) -> None:
        self.hline(x, y, width, color)
        self.hline(x, y + height - 1, width, color)
        self.vline(x, y, height, color)
        self.vline(x + width - 1, y, height, color)

    def text(self, text: str, x: int, y: int, color: int = 1) -> None:
        for char in text:
            for i, j in _glyph(char):
                self.pixel(x + i, y + j, color)
            x += _CELL

    def image(self, scale: int = 1) -> Image.Image:
        """The picture, lit pixels black on a light ground."""
        picture = Image.new("L", (self.width, self.height), 230)
        for y in range(self.height):
            for x in range(self.width):
                if self.pixel(x, y):
                    picture.putpixel((x, y), 0)
        return picture.resize((self.width * scale, self.height * scale), Image.Resampling.NEAREST)
