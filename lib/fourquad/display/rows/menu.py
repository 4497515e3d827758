"""The menu: one state machine over a model's tables that keys move and that fills a Screen.

A model's table (see models/kw320/menu.py) is a module or any object with those names. Times are `ticks` (ms).

A mode has rings of pages: (name, pages, what is added to their points, their flag). What a key does in a
ring is a number: that of a ring to open (or, if it is the open one, to turn), SAME + that of a ring to show
at the same page, or LINE, NEXT, BACK, NONE. A page is (name, icons, flags, rows) and may stand for a series:
(..., pages, number of the first), where each page shows the next points, its number after the icons.
"""

from fourquad import ticks
from fourquad.display import Reader
from fourquad.display.formats import DASHES, LONG_DASHES, count, reading
from fourquad.display.rows.screen import NO_FLASH
from fourquad.display.rows.setting import Setting

_MINUTE = 60000
_FLASH = 500  # ms bright, ms dark while an alarm stands
PARTS = 6
_BLINK = 9  # 2**9 ms bright, 2**9 ms dark

LINE = -1  # the next fifth line
NEXT = -2  # the next page of the ring
BACK = -3  # the one before
NONE = -4
SAME = 16


class Menu(Reader):
    """`page_word` (0-65535) names the page that a power cut must not lose: save it, give it to `recover`."""

    parts = PARTS

    def __init__(self, table, points):
        self._table = table
        self._points = points
        self._modules = None  # when the modes were looked at
        self._modes = self._names = ()
        self._mode = 0
        self._ring = 0
        self._page = 0
        self._line = 0
        self._choosing = False
        self._cursor = 0
        self._in_setting = False
        self._setting = Setting(table, points)
        self._last = 0
        self._started = False
        self._dark = False
        self._lit = True
        self._flashes = getattr(table, "FLASHES", None)
        self._flashed = None  # when the backlight flashed last
        self.backlight = True
        self.page_word = 0

    def recover(self, word):
        """Go to the page that a saved `page_word` names, or to the first if this meter has it not (3.7)."""
        t = self._table
        mode = word >> 13 & 7
        ring = word >> 11 & 3
        page = word >> 5 & 63
        line = word & 31
        self._mode = self._ring = self._page = self._line = 0
        self._look_at_modules()
        rings = (t.MODES[mode][1] if mode in self._modes else None) or ()
        if ring < len(rings) and page < _size(rings[ring][1]) and line < len(t.LINES):
            self._mode = mode
            self._ring = ring
            self._page = page
            self._line = line
        self._choosing = self._in_setting = False
        self._settle()

    def key(self, event, now):
        """A key event, the codes of the model's KEYS and CHORDS."""
        self._last = now
        self._started = True
        self._dark = False
        if not self._lit:
            self._lit = self.backlight = True
            return
        t = self._table
        if event == t.CHOOSE:
            self._choosing = not self._choosing
            self._cursor = t.SETTING_MODE if self._in_setting else self._mode
        elif self._choosing:
            self._choose(event, now)
        elif self._in_setting:
            self._setting.key(event)
        else:
            self._turn(t.MODE_KEYS[self._mode][self._ring][event])
        self._settle()

    def tick(self, now):
        """Call some times a second: timeouts, backlight, flashing. True when the screen wants drawing."""
        if not self._started:
            self._started = True
            self._last = now
        idle = ticks.diff(now, self._last)
        minutes = self._read(self._table.BACKLIGHT, 0)
        resting = not self._choosing and not self._in_setting
        if minutes == 0 and resting:
            # Keeps `idle` short, so that it never wraps in weeks without a key.
            self._last = now
        if minutes == 0 and not self._lit:
            self._lit = True
        elif minutes and self._lit and idle >= minutes * _MINUTE:
            self._lit = False
        elif not self._lit and resting:
            self._last = now
        changed = self._light(now)
        if self._choosing and idle >= self._table.CHOOSING_TIME:
            self._choosing = False
            changed = True
        if self._in_setting:
            if idle >= self._table.SETTING_TIME:
                self._in_setting = False
                self._settle()
                changed = True
            elif self._setting.tick(now):
                self._last = now
                changed = True
        dark = (self._choosing or self._in_setting) and bool(idle >> _BLINK & 1)
        if dark != self._dark:
            self._dark = dark
            changed = True
        return changed

    def _light(self, now):
        """Light the screen, or let it flash; whether that is a change."""
        lit = self._lit
        if not self._flashes or not self._read(self._flashes, 0):
            self._flashed = None
        elif self._flashed is None or ticks.diff(now, self._flashed) >= _FLASH:
            self._flashed = now
            lit = not self.backlight
        else:
            lit = self.backlight
        changed = lit != self.backlight
        self.backlight = lit
        return changed

    def draw(self, screen):
        """Fill `screen` with what is to be seen now."""
        for part in range(PARTS):
            self.draw_part(screen, part)

    def draw_part(self, screen, part):
        """One of PARTS slices of `draw`, in order; a key begins anew. 0 icons, 1-4 rows, 5 fifth line."""
        if part == 0:
            self._draw_icons(screen)
        elif self._in_setting:
            if part == 1:
                self._setting.draw(screen)
                if self._choosing:
                    screen.flash_row = NO_FLASH
        elif part <= 4:
            self._draw_row(screen, part - 1)
        else:
            self._draw_line(screen)

    # Moving.

    def _choose(self, event, now):
        t = self._table
        modes = self._modes
        if event == t.UP:
            self._cursor = modes[(modes.index(self._cursor) + 1) % len(modes)]
        elif event == t.DOWN:
            self._cursor = modes[modes.index(self._cursor) - 1]
        elif event == t.ENTER:
            self._choosing = False
            self._in_setting = self._cursor == t.SETTING_MODE
            if self._in_setting:
                self._setting.enter(now)
            elif self._cursor != self._mode:
                self._mode = self._cursor
                self._ring = self._page = 0

    def _turn(self, action):
        if action == LINE:
            self._line = (self._line + 1) % len(self._table.LINES)
        elif action == self._ring or action == NEXT:
            self._page = (self._page + 1) % _size(self._pages())
        elif action == BACK:
            size = _size(self._pages())
            self._page = (self._page + size - 1) % size
            # hidden pages are passed in the direction of the key
            self._settle(size - 1)
        elif action >= SAME:
            self._ring = action - SAME
            self._page = min(self._page, _size(self._pages()) - 1)
        elif action != NONE:
            self._ring = action
            self._page = 0

    def _pages(self):
        return self._table.MODES[self._mode][1][self._ring][1]

    def _find(self):
        """The present page, and its place if it is a series."""
        at = self._page
        for page in self._pages():
            size = page[4] if len(page) > 4 else 1
            if at < size:
                break
            at -= size
        return page, at

    def _look_at_modules(self):
        """Which modes there are: some only while a module is connected. One that is gone is left."""
        modules = self._read(self._table.MODULES, 0)
        # a function of its own takes what its comprehensions need from the heap, not at each look
        if modules != self._modules:
            self._take_modules(modules)

    def _take_modules(self, modules):
        t = self._table
        self._modules = modules
        needs = getattr(t, "MODE_MODULES", ())
        modes = range(len(t.MODES))
        self._modes = tuple([i for i in modes if i >= len(needs) or not needs[i] or modules & needs[i]])
        self._names = tuple([t.MODES[i][0] for i in self._modes])
        if self._mode not in self._modes:
            self._mode = self._ring = self._page = 0
        if self._cursor not in self._modes:
            self._cursor = 0

    def _bits(self):
        """What rows ask for: a bit for the voltage wiring, after those of all wirings the modules'."""
        t = self._table
        return 1 << self._points.read(t.WIRING) | self._modules << len(t.WIRINGS)

    def _settle(self, step=1):
        """Move on to a page that the present wiring and modules have, and name it in `page_word`."""
        self._look_at_modules()
        wiring = self._bits()
        size = _size(self._pages())
        for _ in range(size):
            if _visible(self._find()[0], wiring):
                break
            self._page = (self._page + step) % size
        # After a power cut in the setting mode its first page is shown.
        self.page_word = (
            0 if self._in_setting else self._mode << 13 | self._ring << 11 | self._page << 5 | self._line
        )

    # What is seen.

    def _draw_row(self, screen, row):
        wiring = self._bits()
        page, at = self._find()
        at += self._table.MODES[self._mode][1][self._ring][2]
        for place, pid, kind, label, wirings in page[3]:
            if place == row and wirings & wiring:
                if kind == "word":
                    screen.digits[row] = label
                    continue
                if "/" in label:
                    label = label.split("/")[1 if self._table.DELTA & wiring else 0]
                screen.labels[row] = label
                value = self._read(pid + at, None)
                if value is None:
                    screen.digits[row] = DASHES
                else:
                    reading(value, kind, screen, row)

    def _draw_line(self, screen):
        t = self._table
        _, kind, pid, unit, flag = t.LINES[self._line]
        screen.line_unit = unit
        screen.line_flag = flag
        value = self._read(pid, None)
        if value is None:
            screen.line = LONG_DASHES
        elif kind == "energy":
            # Counts of 0.1 kWh on the primary side, of 1 Wh on the secondary.
            screen.line = count(value, 3 if self._read(t.ENERGY_SIDE, 0) else 1)
        elif kind == "hours":
            screen.line = count(value, 2)
        elif kind == "date":
            screen.clock = True
            screen.line = self._three(pid, "{:04d}-{:02d}-{:02d}")
        else:
            screen.clock = True
            screen.line = self._three(pid, "{:02d}:{:02d}:{:02d}")

    def _three(self, pid, form):
        read = self._points.read
        return form.format(read(pid), read(pid + 1), read(pid + 2))

    def _draw_icons(self, screen):
        t = self._table
        screen.clear()
        self._look_at_modules()
        screen.modes = self._names
        screen.choosing = self._choosing
        screen.dark = self._dark
        screen.backlight = self.backlight
        screen.sealed = self._read(t.SEAL_STATE, 0) == t.SEALED
        screen.modules = _kinds(t.MODULE_ICONS, self._modules)
        screen.network = t.NETWORK_ICONS[self._read(t.NETWORK_PROTOCOL, 0)] if screen.linked else ""
        screen.tariff = self._read(t.TARIFF, 0) if self._read(t.TARIFF_ON, 0) else 0
        mode = self._mode
        if self._choosing:
            mode = self._cursor
        elif self._in_setting:
            mode = t.SETTING_MODE
        screen.mode = self._modes.index(mode)
        if not self._in_setting:
            # A master may have changed the wiring since.
            self._settle()
            page, at = self._find()
            screen.item = page[1] if len(page) == 4 else page[1] + f"{page[5] + at:02d}"
            flag = t.MODES[self._mode][1][self._ring][3]
            screen.flags = page[2] + " " + flag if page[2] and flag else page[2] or flag
        load = self._read(t.LOAD, 0.0)
        # A load out of any sense, infinity and not a number show nothing.
        screen.load = int(load + 0.5) if 0 <= load < 1000 else -1
        screen.quadrant = int(self._read(t.QUADRANT, 0))
        kind = self._read(t.LOAD_TYPE, 0)
        screen.load_type = chr(int(kind)) if kind in (67, 76, 82) else ""


def _kinds(icons, modules):
    """The connected modules in words: each kind once, with x2 where there are two."""
    words = ""
    for word, bits in icons:
        bits &= modules
        if bits:
            words += (" " if words else "") + word + ("x2" if bits & (bits - 1) else "")
    return words


def _size(ring):
    """How many pages a ring has."""
    n = 0
    for page in ring:
        n += page[4] if len(page) > 4 else 1
    return n


def _visible(page, wiring):
    wirings = 0
    for _, _, _, _, with_row in page[3]:
        wirings |= with_row
    return wirings & wiring
