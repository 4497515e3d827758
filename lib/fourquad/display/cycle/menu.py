"""Two keys, three modes: the list of important values, all values, settings behind a password.

A table (a model's menu.py) has PAGES, rows (description, unit, point, form); LISTED, the rows that
the list may have, in the order of the bits of the setting CHOSEN; SETTINGS, rows
(description, unit, point, form); and the events SCROLL, SET and HELD (SCROLL held). Forms of a page:
display/values.py. Forms of a setting: (digits, decimals) of a number; ("choice", ((value, word), ...));
("list", True) to put a page on the list, ("list", False) to take one off.
Times are `fourquad.ticks` in ms.
"""

from fourquad import points as p
from fourquad import ticks
from fourquad.display import Reader, entry, values
from fourquad.display.entry import Number
from fourquad.display.flash import ALL, NONE
from fourquad.display.formats import DASHES

LIST = 0
PAGES = 1
PASSWORD = 2
SETTING = 3
EDIT = 4
CHOICE = 5
_NAMES = ("important", "all", "password", "settings", "settings", "settings")

SHOWN_MS = 6000  # each page of the list
IDLE_MS = 60000  # until the display goes on by itself
_BLINK = 9  # 2**9 ms bright, 2**9 ms dark
_PASSWORD_DIGITS = 4


class Cycle(Reader):
    """Moves through pages by time and keys, and fills a Digits."""

    parts = 1
    page_word = 0  # nothing of it survives a power cut

    def __init__(self, table, points):
        self._table = table
        self._points = points
        self.backlight = True
        self._page = self._since = self._now = self._choice = 0
        self._number = Number()
        self._word = ""  # instead of the digits, until the next key
        self._enter(LIST, 0)

    def recover(self, word):
        """Power is back: the list from its beginning."""
        self._enter(LIST, 0)

    def _enter(self, mode, page):
        self._mode = mode
        self._page = page
        self._held = False  # the list stands still
        self._word = ""

    # Keys.

    def key(self, event, now):
        """An event of the keys."""
        self._now = self._since = now
        self.backlight = True
        t = self._table
        self._word = ""
        if event == t.HELD:
            self._enter(PAGES if self._mode == LIST else LIST, 0)
        elif self._mode == LIST:
            if event == t.SET:
                self._ask()
            elif self._held:
                self._next()
            self._held = True
        elif self._mode == PAGES:
            if event == t.SET:
                self._ask()
            else:
                self._page = (self._page + 1) % len(t.PAGES)
        elif self._mode == SETTING:
            if event == t.SET:
                self._modify()
            else:
                self._page = (self._page + 1) % len(t.SETTINGS)
        elif self._mode == CHOICE:
            self._choose(event == t.SET)
        elif event != t.SET:
            self._number.turn(1)
        elif not self._number.at_end():
            self._number.cursor += 1
        else:
            self._enter_number()

    def _ask(self):
        self._mode = PASSWORD
        self._number.begin(0, _PASSWORD_DIGITS)

    def _enter_number(self):
        value = self._number.value()
        if self._mode == EDIT:
            self._store(value)
        elif self._points.write(self._table.ENTRY, value) == p.OK and not self._sealed():
            self._enter(SETTING, 0)
        else:
            self._enter(LIST, 0)

    def _sealed(self):
        return self._read(p.STATE + p.SEAL_STATE, 0) != 0

    # Settings.

    def _setting(self):
        return self._table.SETTINGS[self._page]

    def _modify(self):
        _, _, pid, form = self._setting()
        kind, rows = form
        if kind == "list":
            self._mode = CHOICE
            self._choice = -1
            self._choose(False)
        elif kind == "choice":
            self._mode = CHOICE
            self._choice = entry.place(rows, self._read(pid, None))
        else:
            self._mode = EDIT
            self._number.begin(self._read(pid, 0), kind, rows)

    def _choose(self, done):
        """Another choice, or what is chosen is wanted."""
        _, _, pid, form = self._setting()
        kind, rows = form
        if kind == "list":
            self._choose_page(pid, rows, done)
        elif not done:
            self._choice = entry.step(self._points, pid, rows, self._choice, 1)
        else:
            value, _ = rows[self._choice]
            self._store(value)

    def _choose_page(self, pid, add, done):
        """A page to be put on the list, or taken off."""
        mask = self._read(pid, 0)
        n = len(self._table.LISTED)
        if done and self._choice >= 0:
            self._store(mask ^ 1 << self._choice)
            return
        for step in range(1, n + 1):
            at = (self._choice + step) % n
            if (mask >> at & 1 == 0) == add:
                self._choice = at
                return
        self._choice = -1

    def _store(self, value):
        _, _, pid, _ = self._setting()
        self._mode = SETTING
        if value != self._read(pid, None) and self._points.write(pid, value):
            self._word = "Err"

    # Time.

    def tick(self, now):
        """Call some times a second; whether something else is to be seen."""
        before = (self._mode, self._page, self._now >> _BLINK)
        self._now = now
        idle = ticks.diff(now, self._since)
        if self._mode == LIST and not self._held:
            if idle >= SHOWN_MS:
                self._since = now
                self._next()
        elif idle >= IDLE_MS:
            if self._mode != LIST:
                self._enter(LIST, 0)
            self._held = False
            self._since = now
            self.backlight = False
        return before != (self._mode, self._page, now >> _BLINK)

    def _next(self):
        """The next page of the list."""
        listed = self._table.LISTED
        mask = self._read(self._table.CHOSEN, 1)
        for step in range(1, len(listed) + 1):
            at = (self._page + step) % len(listed)
            if mask >> at & 1:
                self._page = at
                return

    def _shown(self):
        """The page of the list that is to be seen: one that was taken off gives way to the next."""
        if not self._read(self._table.CHOSEN, 1) >> self._page & 1:
            self._next()
        return self._table.LISTED[self._page]

    # What is seen.

    def draw(self, screen):
        """Fill the screen."""
        self.draw_part(screen, 0)

    def draw_part(self, screen, part):
        """Fill the screen; there is one part."""
        t = self._table
        screen.mode = _NAMES[self._mode]
        screen.backlight = self.backlight
        screen.dark = self._now >> _BLINK & 1 == 1
        screen.all = self._mode == PAGES
        screen.flash = NONE
        load = self._read(t.LOAD, 0)
        # a load out of any sense, infinity and not a number show nothing
        screen.load = int(load + 0.5) if 0 <= load < 1000 else 0
        screen.quadrant = int(self._read(t.QUADRANT, 0))
        power = self._read(t.POWER, 0)
        screen.way = 1 if power > 0 else 2 if power < 0 else 0
        screen.character = "" if not power else "L" if screen.quadrant in (1, 2) else "C"
        if self._mode == LIST:
            self._draw_page(screen, self._shown())
        elif self._mode == PAGES:
            self._draw_page(screen, t.PAGES[self._page])
        elif self._mode == PASSWORD:
            screen.text, screen.unit = t.PASSWORD_TEXT, ""
            self._draw_number(screen)
        else:
            self._draw_setting(screen)

    def _draw_page(self, screen, page):
        screen.text, screen.unit, pid, form = page
        screen.digits = values.show(self._read, pid, form)

    def _draw_number(self, screen):
        screen.digits = self._number.text()
        screen.flash = self._number.cursor

    def _draw_setting(self, screen):
        name, screen.unit, pid, form = self._setting()
        screen.text = f"S-{self._page + 1:02d} {name}"
        kind, rows = form
        if self._word:
            screen.digits = self._word
        elif self._mode == EDIT:
            self._draw_number(screen)
        elif kind == "list":
            self._draw_choice(screen)
        elif kind == "choice":
            value = self._read(pid, None)
            if self._mode == CHOICE:
                value, _ = rows[self._choice]
                screen.flash = ALL
            screen.digits = entry.word(rows, value)
        elif pid == self._table.PASSWORD:
            screen.digits = DASHES  # it is entered, not shown
        else:
            screen.digits = values.show(self._read, pid, ("count", rows))

    def _draw_choice(self, screen):
        """The page that would be put on the list, or taken off."""
        screen.digits = DASHES
        if self._mode == CHOICE and self._choice >= 0:
            page, _, _, _ = self._table.LISTED[self._choice]
            screen.text = screen.text[:5] + page
            screen.digits = f"{self._choice + 1:02d}"
            screen.flash = ALL
