"""A Readout on a framebuffer."""

from fourquad.display import HEIGHT, WIDTH, Layout, segment_font

PARTS = 3  # path and icons, name and value, unit and keys

_NAME = 11
_VALUE = 22
_UNIT = 46
_KEYS = 56
_MOST = WIDTH // 8  # characters of a text
# Icons of eight rows, the left pixel the highest bit.
_HEART = b"\x00\x66\xff\xff\xff\x7e\x3c\x18"
_WRENCH = b"\x0a\x0b\x0f\x1e\x38\x70\xe0\x40"
_HEART_AT = 108
_WRENCH_AT = 119


class ReadoutLayout(Layout):
    """Path and icons, name and value, unit and keys."""

    parts = PARTS

    def draw(self, part):
        """Part 0 to PARTS - 1."""
        (self._top, self._value, self._bottom)[part]()

    def _top(self):
        s, fb = self._screen, self._fb
        fb.fill_rect(0, 0, WIDTH, _NAME - 1, 0)
        fb.text(s.path[:12], 0, 0, 1)
        if s.heart:
            self._icon(_HEART, _HEART_AT)
        if s.wrench:
            self._icon(_WRENCH, _WRENCH_AT)
        fb.hline(0, _NAME - 2, WIDTH, 1)

    def _icon(self, rows, x):
        for y in range(8):
            for i in range(8):
                if rows[y] >> 7 - i & 1:
                    self._fb.pixel(x + i, y, 1)

    def _value(self):
        s, fb = self._screen, self._fb
        fb.fill_rect(0, _NAME - 1, WIDTH, _UNIT - _NAME + 1, 0)
        fb.text(s.name, 0, _NAME, 1)
        fb.text(s.note, WIDTH - 8 * len(s.note), _NAME, 1)
        segment_font.value(fb, s.seen()[-_MOST:], WIDTH, _VALUE)

    def _bottom(self):
        s, fb = self._screen, self._fb
        fb.fill_rect(0, _UNIT, WIDTH, HEIGHT - _UNIT, 0)
        fb.text(s.unit, WIDTH - 8 * len(s.unit), _UNIT, 1)
        for i, (key, across, by) in enumerate((("U", 1, -1), ("D", 1, 1), ("L", 0, -1), ("R", 0, 1))):
            if key in s.keys:
                self._triangle(12 + 32 * i, across, by)

    def _triangle(self, x, across, by):
        """A triangle above a key: upwards or downwards (`across` 1), to the left or the right."""
        fb = self._fb
        y = _KEYS + 3
        for i in range(4):
            at = -by * i + by
            if across:
                fb.hline(x - i, y + at, 2 * i + 1, 1)
            else:
                fb.fill_rect(x + at, y - i, 1, 2 * i + 1, 1)
