"""A framebuffer of 128x64 that minds what is drawn outside of it."""

from __future__ import annotations

from fourquad_tools.screens.framebuf import FrameBuffer

WIDTH, HEIGHT = 128, 64


class Bounded(FrameBuffer):
    """A framebuffer that minds what is drawn beside it."""

    def __init__(self) -> None:
        super().__init__(bytearray(WIDTH * HEIGHT // 8), WIDTH, HEIGHT)

    def text(self, text: str, x: int, y: int, color: int = 1) -> None:
        assert x >= 0 and x + 8 * len(text) <= WIDTH and 0 <= y <= HEIGHT - 8, (text, x, y)
        super().text(text, x, y, color)

    def fill_rect(self, x: int, y: int, width: int, height: int, color: int) -> None:
        assert x >= 0 and x + width <= WIDTH and y >= 0 and y + height <= HEIGHT, (x, y, width, height)
        super().fill_rect(x, y, width, height, color)
