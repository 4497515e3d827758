"""A Digits on a framebuffer."""

from fourquad.display import HEIGHT, WIDTH, Layout, segment_font
from fourquad.display.cycle.screen import LOAD_BARS

PARTS = 3  # description, digits, icons

_VALUE = 14
_UNIT = 40
_ICONS = 53


class DigitsLayout(Layout):
    """Description, digits, icons."""

    parts = PARTS

    def draw(self, part):
        """Part 0 to PARTS - 1."""
        (self._text, self._value, self._icons)[part]()

    def _text(self):
        s, fb = self._screen, self._fb
        fb.fill_rect(0, 0, WIDTH, _VALUE, 0)
        fb.text(s.text[:16], 0, 2, 1)

    def _value(self):
        s, fb = self._screen, self._fb
        fb.fill_rect(0, _VALUE, WIDTH, _ICONS - _VALUE, 0)
        segment_font.value(fb, s.seen(), WIDTH, _VALUE)
        fb.text(s.unit, WIDTH - 8 * len(s.unit), _UNIT, 1)
        if s.all:
            fb.text("{", 0, _UNIT, 1)
        if s.quadrant:
            fb.text(("I", "II", "III", "IV")[s.quadrant - 1], 16, _UNIT, 1)
        fb.text(s.character, 48, _UNIT, 1)

    def _icons(self):
        s, fb = self._screen, self._fb
        fb.fill_rect(0, _ICONS, WIDTH, HEIGHT - _ICONS, 0)
        for i in range(s.comm):
            fb.rect(1 + 10 * i, _ICONS + 2, 8, 6, 1)
        for i in range(LOAD_BARS):
            x = 30 + 6 * i
            if i < s.bars:
                fb.fill_rect(x, _ICONS + 2, 5, 7, 1)
            else:
                fb.hline(x, _ICONS + 8, 5, 1)
        self._arrow(100, _ICONS + 2, 12, s.way)
