"""Four keys in a tree of pages: two go through a ring, one goes into what is below a page, one goes back.

A table (a model's menu.py) has RINGS, tuples of pages by their numbers, the first of them the one at
power-up; SYSTEM, a setting, and SYSTEMS, its values, the first of which is bit 0 of what a page is for;
VOCABULARY, a setting that says which of a page's two words is shown; WRENCH (point, bits that light it);
IDLE, ms until what is locked is left; PASSWORD_TEXT; and the events UP, DOWN, LEFT, RIGHT. A page is (word,
other word, note, unit, point, form, SYSTEMS it is for as bits). A "*" in a word is the prefix of the value.

Forms of a page: those of display/values.py; ("ascii",) of a setting that is a text; ("ring", number, point
of the password that opens it, or None), which is there if the page's point is, or is 0; ("fields", number):
that ring is gone through from its first page to its last, each edited, ("fields", number, point, other) the
other one while the point is not 0; ("order", value): asks, and writes the value. Forms of a field: ("number",
places, decimals, step), a number of steps, whose digits before these places and whose rest stay; fields one
after the other with one point are written together; ("choice", ((value, word), ...)); what has any form of a
value is read only.
"""

from fourquad import ticks
from fourquad.display import Reader, entry, values
from fourquad.display.entry import Number
from fourquad.display.flash import ALL, NONE

BROWSE = 0
PASSWORD = 1
NUMBER = 2
CHOICE = 3
READ = 4  # a field that cannot be changed
ASK = 5  # whether an order is meant
_NAMES = ("browse", "password", "number", "choice", "read", "ask")

PASSWORD_DIGITS = 5
_DEPTH = 4  # rings, one below the other
_BLINK = 9  # 2**9 ms bright, 2**9 ms dark
_ASKED = ((0, "NO"), (1, "YES"))


class Tree(Reader):
    """Moves by keys, and fills a Readout. `page_word` is the place in the first ring, which survives a power
    cut.
    """

    parts = 1

    def __init__(self, table, points):
        self._table = table
        self._points = points
        self._rings = bytearray(_DEPTH)
        self._places = bytearray(_DEPTH)
        self._depth = 0
        self._state = BROWSE
        self._number = Number()
        self._whole = self._choice = 0  # of the setting that is being edited
        self._word = ""  # instead of the value, until the next key
        self._since = self._now = 0
        self.backlight = True
        self.page_word = 0

    def recover(self, word):
        """Power is back: the page of the first ring at which it was."""
        self._depth = 0
        self._state = BROWSE
        self._places[0] = word if 0 <= word < len(self._table.RINGS[0]) else 0
        self._turn(0)
        self.page_word = self._places[0]

    # Keys.

    def key(self, event, now):
        """An event of the keys."""
        self._now = self._since = now
        self._word = ""
        t = self._table
        if self._state == BROWSE:
            if event == t.RIGHT:
                self._open()
            elif event != t.LEFT:
                self._turn(1 if event == t.DOWN else -1)
            elif self._depth:
                self._depth -= 1
            else:
                self._places[0] = 0
                self._turn(0)
        elif event == t.LEFT:
            self._leave()
        elif event == t.RIGHT:
            self._forward()
        elif self._state in (PASSWORD, NUMBER):
            if event == t.UP:
                self._number.turn(1)
            elif self._number.cursor:
                self._number.cursor -= 1
        elif self._state == CHOICE:
            _, _, _, _, pid, (_, rows), _ = self._page()
            self._choice = entry.step(self._points, pid, rows, self._choice, 1 if event == t.UP else -1)
        elif self._state == ASK:
            self._choice = 1 - self._choice
        self.page_word = self._places[0]

    def _ring(self):
        return self._table.RINGS[self._rings[self._depth]]

    def _page(self):
        return self._ring()[self._places[self._depth]]

    def _there(self, page):
        """Whether the system that is measured has the page."""
        _, _, _, _, pid, form, systems = page
        if pid and form[0] == "ring" and self._read(pid, None) is None:
            return False  # of what this meter has not
        t = self._table
        code = self._read(t.SYSTEM, None)
        for i in range(len(t.SYSTEMS)):
            if t.SYSTEMS[i] == code:
                return systems >> i & 1
        return True

    def _turn(self, by):
        """To the next page of the ring (1), the one before (-1), or this one (0) unless it is not there."""
        ring = self._ring()
        at = self._places[self._depth]
        for _ in range(len(ring)):
            at = (at + by + len(ring)) % len(ring)
            if self._there(ring[at]):
                break
            by = by or 1
        self._places[self._depth] = at

    def _open(self):
        """What is below the page."""
        form = self._form()
        kind = form[0]
        if kind == "ring":
            _, ring, password = form
            if password is None:
                self._enter(ring)
            else:
                self._state = PASSWORD
                self._number.begin(0, PASSWORD_DIGITS)
        elif kind == "fields":
            _, ring, *instead = form
            if instead and self._read(instead[0], 0):
                ring = instead[1]
            self._enter(ring)
            self._edit(True)
        elif kind == "order":
            self._state = ASK
            self._choice = 0

    def _form(self):
        _, _, _, _, _, form, _ = self._page()
        return form

    def _enter(self, ring):
        self._state = BROWSE
        self._depth += 1
        self._rings[self._depth] = ring
        self._places[self._depth] = 0
        self._turn(0)

    def _leave(self):
        """Back, and nothing is changed."""
        if self._state in (NUMBER, CHOICE, READ):
            self._depth -= 1
        self._state = BROWSE

    def _forward(self):
        """The next digit, or what was entered is meant."""
        if self._state in (PASSWORD, NUMBER) and not self._number.at_end():
            self._number.cursor += 1
        elif self._state == PASSWORD:
            _, ring, password = self._form()
            if self._number.value() == self._read(password, -1):
                self._enter(ring)
            else:
                self._number.begin(0, PASSWORD_DIGITS)
                self._word = "Err"
        elif self._state == ASK:
            self._state = BROWSE
            if self._choice:
                _, _, _, _, pid, (_, value), _ = self._page()
                self._word = "Err" if self._written(pid, value) else "OK"
        else:
            self._accept()

    # Fields.

    def _edit(self, fresh):
        """Begin with the field; `fresh`: its setting is another one than that of the field before."""
        _, _, _, _, pid, form, _ = self._page()
        kind = form[0]
        value = self._read(pid, None)
        if kind == "number" and value is not None:
            _, places, decimals, step = form
            if fresh:
                self._whole = value
            self._state = NUMBER
            self._number.begin(self._whole // step % 10**places, places, decimals)
        elif kind == "choice" and value is not None:
            self._state = CHOICE
            self._choice = entry.place(form[1], value)
        else:
            self._state = READ

    def _accept(self):
        """The field is done: write the setting when it is whole, and go on."""
        _, _, _, _, pid, form, _ = self._page()
        if self._state == NUMBER:
            _, places, _, step = form
            old = self._whole // step % 10**places
            self._whole += (self._number.value() - old) * step
        elif self._state == CHOICE:
            self._whole, _ = form[1][self._choice]
        here = self._places[self._depth]
        self._turn(1)
        last = self._places[self._depth] <= here
        _, _, _, _, following, _, _ = self._page()
        fresh = last or following != pid
        if fresh and self._state != READ and self._written(pid, self._whole):
            self._places[self._depth] = here
            self._number.cursor = 0
            self._word = "Err"
        elif last:
            self._leave()
        else:
            self._edit(fresh)

    def _written(self, pid, value):
        """Write what is not so already; 0, or why it is refused."""
        return value != self._read(pid, None) and self._points.write(pid, value)

    # Time.

    def tick(self, now):
        """Call some times a second; whether something else is to be seen."""
        blinks = self._now >> _BLINK != now >> _BLINK
        self._now = now
        if (self._state != BROWSE or self._depth and self._locked()) and ticks.diff(
            now, self._since
        ) >= self._table.IDLE:
            self._depth = 0
            self._state = BROWSE
            self._word = ""
            return True
        return blinks

    def _locked(self):
        """Whether a password has opened this."""
        _, _, _, _, _, form, _ = self._table.RINGS[0][self._places[0]]
        if form[0] != "ring":
            return False
        _, _, password = form
        return password is not None

    # What is seen.

    def draw(self, screen):
        """Fill the screen."""
        self.draw_part(screen, 0)

    def draw_part(self, screen, part):
        """Fill the screen; there is one part."""
        t = self._table
        if self._state == BROWSE and not self._there(self._page()):
            # a master has changed the system
            self._turn(1)
            self.page_word = self._places[0]
        screen.mode = _NAMES[self._state]
        screen.backlight = self.backlight
        screen.dark = self._now >> _BLINK & 1 == 1
        screen.heart = not screen.dark
        point, bits = t.WRENCH
        screen.wrench = self._read(point, 0) & bits != 0
        screen.flash = NONE
        screen.path = self._path()
        self._draw_page(screen)
        screen.keys = self._keys()

    def _words(self, page):
        one, other, _, _, _, _, _ = page
        return other if self._read(self._table.VOCABULARY, 0) else one

    def _path(self):
        """The words of the page that led here."""
        if self._state == PASSWORD:
            return self._words(self._page())
        if not self._depth:
            return ""
        above = self._depth - 1
        return self._words(self._table.RINGS[self._rings[above]][self._places[above]])

    def _draw_page(self, screen):
        page = self._page()
        _, _, screen.note, screen.unit, pid, form, _ = page
        kind = form[0]
        words = self._words(page)
        prefix = ""
        value = ""
        if self._state == PASSWORD:
            words = self._table.PASSWORD_TEXT
        if self._word:
            value = self._word
        elif self._state in (PASSWORD, NUMBER):
            value = self._number.text()
            screen.flash = self._number.cursor
        elif self._state == CHOICE or self._state == ASK:
            rows = _ASKED if self._state == ASK else form[1]
            _, value = rows[self._choice]
            screen.flash = ALL
        elif kind in ("scaled", "scaled energy"):
            value, prefix = values.scaled(self._read, pid, form)
            screen.unit = prefix + screen.unit
        elif kind == "ascii":
            texts = self._points.provider(pid).texts
            value = texts.read(pid - self._points.base(pid)).decode()
        elif kind not in ("ring", "fields", "order"):
            value = values.show(self._read, pid, form)
        screen.name = words.replace("*", prefix.upper())
        screen.value = value

    def _keys(self):
        """Letters of the keys that do something."""
        if self._state == READ:
            return "LR"
        if self._state != BROWSE:
            return "UDLR"
        below = self._form()[0] in ("ring", "fields", "order")
        return "UD" + ("L" if self._depth else "") + ("R" if below else "")
