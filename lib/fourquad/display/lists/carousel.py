"""A display that goes through lists: timing, continuous, sequential and inquiry display (A1000 manual 2.1.2).

The display list is a row of settings (points.DISPLAY_LIST); an entry is item | modes << 9 | seconds << 12 |
first << 19 | last << 24: number of the item, TIMING + SEQUENTIAL + INQUIRY, seconds (1-99), and for what
previous billing periods have the first and the last of them. 0 is no entry.

A table (models/a1000/menu.py) has ITEMS and the events of the keys: SHOW (display button), RESET (reset
button released), HELD (reset button held). Times are `fourquad.ticks` in ms.
"""

from fourquad import points as p
from fourquad import ticks
from fourquad.display import Reader
from fourquad.display.lists.items import Items
from fourquad.display.lists.monitor import Monitor
from fourquad.points import billing as b
from fourquad.points import values as v

PARTS = 3  # marks and value, monitoring row, icons

TIMING = 1
SEQUENTIAL = 2
INQUIRY = 4
REST = 0
_NAMES = {REST: "rest", TIMING: "timing", SEQUENTIAL: "sequential", INQUIRY: "inquiry"}
_LONGER = 60  # times that an item stays in inquiry display
_BLINK = 9  # 2**9 ms bright, 2**9 ms dark


class Carousel(Reader):
    """Moves through the list by time and keys, and fills a Matrix."""

    parts = PARTS
    page_word = 0  # nothing of it survives a power cut

    def __init__(self, table, points):
        self._table = table
        self._points = points
        self._items = Items(table.ITEMS, points)
        self._monitor = Monitor(points)
        self.mode = REST
        self._entry = -1
        self._step = self._last_step = 0
        self._since = 0
        self._now = 0
        self._started = (
            None  # the mark (minutes from 2000) at which the timing display last began or was skipped
        )
        self.backlight = True

    def recover(self, word):
        """Power is back: the display begins anew."""
        self.mode = REST
        self._started = None

    def key(self, event, now):
        """An event of the keys."""
        self._now = now
        t = self._table
        program = self._program()
        if event == t.SHOW:
            if program:
                # a button prolongs the four minutes
                self._points.write(p.BILLING + b.PROGRAM_MODE, 1)
            elif self.mode == SEQUENTIAL:
                self._inquire()
            elif self.mode == INQUIRY:
                self._next(INQUIRY)
            else:
                self._begin(SEQUENTIAL)
        elif program:
            self._points.write(p.BILLING + b.PROGRAM_MODE, 0)
        elif event == t.HELD:
            self._points.write(p.BILLING + b.PROGRAM_MODE, 1)
            self.mode = REST
        elif event == t.RESET:
            self._points.write(p.COMMAND + p.RESET_BY_BUTTON, 1)
            self.mode = REST

    def tick(self, now):
        """Call some times a second; whether something else is to be seen."""
        before = (self.mode, self._entry, self._step, self._now >> _BLINK)
        self._now = now
        if self._program():
            self.mode = REST
        else:
            self._times(now)
        return before != (self.mode, self._entry, self._step, now >> _BLINK)

    def _times(self, now):
        continuous = self._setting(p.DISPLAY_CONTINUOUS) == v.DISPLAY_STEADY
        starts = not continuous and self._mark()
        if self.mode == REST:
            if continuous or starts:
                self._begin(TIMING)
            return
        seconds = self._value(self._entry) >> 12 & 127
        if self.mode == INQUIRY:
            seconds *= _LONGER
        if ticks.diff(now, self._since) < 1000 * seconds:
            return
        if self.mode == INQUIRY:
            # not pushed all that time: the sequential display goes on
            self.mode = SEQUENTIAL
        self._next(self.mode)
        if self.mode == REST and continuous:
            self._begin(TIMING)

    def _mark(self):
        """Whether a start of the timing display has come; a display that is under way skips it."""
        minute = self._read(p.BILLING + b.LOCAL_TIME) // 60
        mark = minute - minute % (self._setting(p.DISPLAY_INTERVAL) or 15)
        fresh = self._started is not None and mark != self._started
        self._started = mark
        return fresh and mark == minute

    # The list.

    def _value(self, entry):
        """The setting of an entry."""
        return self._setting(p.DISPLAY_LIST + entry) if 0 <= entry < p.DISPLAY_ENTRIES else 0

    def _begin(self, mode):
        self._entry = -1
        self._step = self._last_step = 0
        self.mode = mode
        self._next(mode)

    def _next(self, mode):
        """The next step of the entry, or the first of the next entry of this mode; after the last one
        rest.
        """
        self._since = self._now
        if self._step < self._last_step and self._entry >= 0:
            self._step += 1
            return
        self._seek(self._entry + 1, mode)

    def _seek(self, entry, mode):
        while entry < p.DISPLAY_ENTRIES:
            value = self._value(entry)
            if value and value >> 9 & mode:
                first, last = self._items.steps(value & 511, value >> 19 & 31, value >> 24 & 31)
                if first <= last:
                    self._entry = entry
                    self._step, self._last_step = first, last
                    return
            entry += 1
        self.mode = REST
        self._entry = -1
        self._step = self._last_step = 0

    def _inquire(self):
        """From sequential to inquiry display: this item if it belongs there, else the next that does."""
        self.mode = INQUIRY
        self._since = self._now
        if not self._value(self._entry) >> 9 & INQUIRY:
            self._seek(self._entry + 1, INQUIRY)

    # What is seen.

    def _setting(self, offset):
        return self._read(p.SETTING + offset)

    def _program(self):
        return self._read(p.BILLING + b.PROGRAM_MODE) == 1

    def draw(self, screen):
        """Fill `screen` with what is to be seen now."""
        for part in range(PARTS):
            self.draw_part(screen, part)

    def draw_part(self, screen, part):
        """One of PARTS slices of `draw`."""
        if part == 0:
            screen.program = self._program()
            screen.mode = "program" if screen.program else _NAMES[self.mode]
            screen.dark = bool(self._now >> _BLINK & 1)
            if screen.program:
                screen.clear()
                screen.digits = "PRG"
            elif self.mode == REST:
                screen.clear()
            else:
                self._items.show(self._value(self._entry) & 511, self._step, screen)
        elif part == 1:
            # nothing is monitored in programming mode (2.1.1)
            self._monitor.draw(screen, self._now, self._program())
        else:
            self._icons(screen)

    def _icons(self, screen):
        screen.backlight = self.backlight
        screen.locked = not screen.program
        second = self._read(p.BILLING + b.ERROR_2)
        screen.errors = (1 if self._read(p.BILLING + b.ERROR_1) else 0) | (2 if second else 0)
        screen.battery = bool(second & self._table.LOW_BATTERY)
        screen.tariff = self._read(p.BILLING + b.TARIFF)
        screen.watt = _direction(self._read(p.SECONDARY + p.P_SUM))
        screen.var = _direction(self._read(p.SECONDARY + p.Q_SUM))


def _direction(value):
    return 1 if value > 0 else 2 if value < 0 else 0
