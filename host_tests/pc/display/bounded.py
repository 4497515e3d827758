"""A framebuffer of 128x64 that minds what is drawn outside of it."""

from __future__ import annotations

from fourquad.display import HEIGHT, WIDTH, Layout
from fourquad_tools.screens.framebuf import FrameBuffer


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

    def check(self, layout: Layout) -> None:
        """Draw all of a screen, and each part once more, which erases what it draws anew."""
        layout.draw_all()
        before = bytes(self._buffer)
        for part in range(layout.parts):
            layout.draw(part)
        assert bytes(self._buffer) == before
