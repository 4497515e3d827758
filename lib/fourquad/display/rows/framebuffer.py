"""A Screen on a framebuffer."""

from fourquad.display import HEIGHT, WIDTH, Layout

PARTS = 7  # 0 the top line, 1-4 the main rows, 5 the fifth line, 6 the bottom line

_LONGEST = 10  # letters of the mode, before the item
_TOP = 9  # the first main row
_ROW = 9  # from one main row to the next
_FIFTH = 46
_BOTTOM = 56
_BAR = 123  # left edge of the load bar
_BAR_HEIGHT = 36
_MODULE = 117  # marks of the network module and, below it, of Profibus


class RowsLayout(Layout):
    """Rows, units and icons."""

    parts = PARTS

    def draw(self, part):
        """Part 0 to PARTS - 1."""
        if part == 0:
            self._top()
        elif part <= 4:
            self._row(part - 1)
        elif part == 5:
            self._fifth()
        else:
            self._bottom()

    def _top(self):
        s = self._screen
        fb = self._fb
        fb.fill_rect(0, 0, WIDTH, _TOP - 1, 0)
        name = s.modes[s.mode][:_LONGEST] if s.modes else ""
        if not (s.choosing and s.dark):
            fb.fill_rect(0, 0, 8 * len(name) + 2, 8, 1)
            fb.text(name, 1, 0, 0)
        # The font has no angle sign.
        x = 84
        for c in s.item:
            if c == "\u2220":
                fb.hline(x, 6, 7, 1)
                for i in range(6):
                    fb.pixel(x + i, 6 - i, 1)
            else:
                fb.text(c, x, 0, 1)
            x += 8
        for i in range(s.comm):
            fb.fill_rect(112 + 5 * i, 2, 4, 4, 1)
        if s.pulse:
            fb.fill_rect(124, 1, 4, 6, 1)

    def _row(self, row):
        s = self._screen
        fb = self._fb
        y = _TOP + _ROW * row
        fb.fill_rect(0, y, _BAR - 2, 8, 0)
        fb.text(s.labels[row], 0, y, 1)
        text = s.shown(row)
        fb.text(text, 80 - 8 * len(text), y, 1)
        unit = s.units[row]
        if unit == "\u00b0":
            fb.rect(84, y, 4, 4, 1)
        else:
            fb.text(unit, 84, y, 1)
        if row == 0 and s.network or row == 1 and s.profibus:
            fb.rect(_MODULE, y, 4, 6, 1)
        if row == 3:
            self._load()

    def _load(self):
        """The load as a bar, full at 100 percent."""
        load = self._screen.load
        fb = self._fb
        fb.fill_rect(_BAR, _TOP, WIDTH - _BAR, _BAR_HEIGHT, 0)
        if load >= 0:
            fb.rect(_BAR, _TOP, WIDTH - _BAR, _BAR_HEIGHT, 1)
            height = min(load, 100) * _BAR_HEIGHT // 100
            fb.fill_rect(_BAR, _TOP + _BAR_HEIGHT - height, WIDTH - _BAR, height, 1)

    def _fifth(self):
        s = self._screen
        fb = self._fb
        fb.fill_rect(0, _FIFTH - 2, WIDTH, _BOTTOM - _FIFTH + 2, 0)
        fb.hline(0, _FIFTH - 2, _BAR - 2, 1)
        text = s.shown(4)
        # Nine digits, a point and a sign fit.
        fb.text(text, 88 - 8 * len(text), _FIFTH, 1)
        fb.text(s.line_unit, 89, _FIFTH, 1)

    def _bottom(self):
        s = self._screen
        fb = self._fb
        fb.fill_rect(0, _BOTTOM, WIDTH, HEIGHT - _BOTTOM, 0)
        flags = s.line_flag + " " + s.flags if s.line_flag and s.flags else s.line_flag or s.flags
        fb.text(flags[:8], 0, _BOTTOM, 1)
        if s.sealed:
            fb.fill_rect(65, _BOTTOM + 3, 7, 4, 1)
            fb.rect(66, _BOTTOM, 5, 4, 1)
        if s.modules:
            fb.text("M", 74, _BOTTOM, 1)
        if s.tariff:
            fb.text("T" + str(s.tariff), 83, _BOTTOM, 1)
        fb.text(s.load_type, 101, _BOTTOM, 1)
        if s.quadrant:
            fb.text("Q" + str(s.quadrant), 112, _BOTTOM, 1)
