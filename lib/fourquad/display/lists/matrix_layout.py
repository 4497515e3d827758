"""A Matrix on a framebuffer."""

from fourquad.display import HEIGHT, WIDTH, Layout, segment_font

PARTS = 4  # icons, code and marks, value, monitoring row

_VALUE = 20
_NOTE = 43
_RULE = 53
_BOTTOM = 55


class MatrixLayout(Layout):
    """Icons, code and marks, value, monitoring row."""

    parts = PARTS

    def draw(self, part):
        """Part 0 to PARTS - 1."""
        (self._icons, self._code, self._value, self._monitor)[part]()

    def _icons(self):
        s = self._screen
        fb = self._fb
        fb.fill_rect(0, 0, WIDTH, 8, 0)
        fb.text("W", 0, 0, 1)
        self._arrow(9, 0, 8, s.watt)
        fb.text("v", 20, 0, 1)
        self._arrow(29, 0, 8, s.var)
        if s.comm and not s.dark:
            fb.text("TX" if s.comm > 1 else "RX", 42, 0, 1)
        if s.errors:
            fb.text("E" + ("12" if s.errors == 3 else str(s.errors)), 62, 0, 1)
        if s.tariff:
            fb.text("F" + str(s.tariff), 88, 0, 1)
        if s.battery:
            fb.rect(108, 1, 9, 6, 1)
            fb.pixel(112, 3, 1)
            fb.fill_rect(117, 3, 2, 2, 1)
        if s.locked:
            fb.fill_rect(121, 3, 7, 5, 1)
            fb.rect(122, 0, 5, 4, 1)

    def _code(self):
        s = self._screen
        fb = self._fb
        fb.fill_rect(0, 9, WIDTH, 10, 0)
        x = 0
        if s.code:
            fb.text(s.code, 0, 10, 1)
            x = 8 * len(s.code) + 6
        for mark in s.marks.split():
            if mark in "<>":
                self._arrow(x, 10, 8, 1 if mark == ">" else 2)
                x += 11
            elif mark == "S":
                self._sigma(x)
                x += 10
            else:
                word = mark if len(mark) < 5 else mark[:3]
                fb.text(word, x, 10, 1)
                x += 8 * len(word) + 3
        if s.storage >= 0:
            fb.text("n" + str(s.storage), WIDTH - 24, 10, 1)

    def _sigma(self, x):
        fb = self._fb
        fb.hline(x, 10, 7, 1)
        fb.hline(x, 16, 7, 1)
        for i in range(4):
            fb.pixel(x + i, 10 + i, 1)
            fb.pixel(x + i, 16 - i, 1)

    def _value(self):
        s = self._screen
        fb = self._fb
        fb.fill_rect(0, _VALUE, WIDTH, _RULE - _VALUE, 0)
        if s.digits and not (s.flash_digits and s.dark):
            segment_font.draw(fb, s.digits, max(0, WIDTH - segment_font.width(s.digits)), _VALUE)
        fb.text(s.note, 0, _NOTE, 1)
        fb.text(s.unit, WIDTH - 8 * len(s.unit), _NOTE, 1)

    def _monitor(self):
        s = self._screen
        fb = self._fb
        fb.fill_rect(0, _RULE, WIDTH, HEIGHT - _RULE, 0)
        fb.hline(0, _RULE, WIDTH, 1)
        dark = s.flash_phases and s.dark
        wide = 8 * (len(s.phases) + len(s.row)) > WIDTH
        # letters for which there is no room next to the row: it flashes in their place
        if not dark and not wide:
            fb.text(s.phases, 0, _BOTTOM + 1, 1)
        if s.phi and not wide:
            fb.rect(14, _BOTTOM + 2, 7, 6, 1)
            fb.vline(17, _BOTTOM, 9, 1)
        if not (dark and wide):
            fb.text(s.row, WIDTH - 8 * len(s.row), _BOTTOM + 1, 1)
