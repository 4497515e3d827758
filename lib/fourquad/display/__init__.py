"""Keys, menu, screen and number formats: from points to what a person sees, without any hardware.

Here is what every display has: modules of its own would take room in the heap of each board.
"""

WIDTH = 128
HEIGHT = 64


class Reader:
    """The base of what has `_points`."""

    def _read(self, pid, default=0):
        """The value of a point; `default` where the meter has none."""
        try:
            return self._points.read(pid)
        except KeyError:
            return default


class Layout:
    """A screen on a monochrome 128x64 framebuffer with an 8x8 font, in parts that a board draws one after the
    other: `draw(part)` of a subclass draws one of its `parts`, and erases the area of that first.

    `fb` is any object with `fill_rect`, `hline`, `rect`, `pixel` and `text` as MicroPython's framebuf has
    them.
    """

    parts = 0

    def __init__(self, screen, fb):
        self._screen = screen
        self._fb = fb

    def draw_all(self):
        for part in range(self.parts):
            self.draw(part)

    def _arrow(self, x, y, length, way):
        """To the right for import (1), to the left for export (2), seven pixels high; 0 is none."""
        if not way:
            return
        fb = self._fb
        fb.hline(x, y + 3, length, 1)
        for i in range(4):
            tip = x + (length - 1 - i if way == 1 else i)
            fb.pixel(tip, y + 3 - i, 1)
            fb.pixel(tip, y + 3 + i, 1)
