"""An address of the network that keys change digit by digit: four points, each a number of three digits in a
row of its own. Only a menu with such a page loads this.
"""

from fourquad import points as p

COUNT = 4
_DIGITS = 3
_WEIGHTS = (100, 10, 1)


class Octets:
    """`cursor` is the place, from the first digit of the first number on, that keys change."""

    def __init__(self, points):
        self._points = points
        self._digits = bytearray(COUNT * _DIGITS)
        self._pid = 0
        self.cursor = 0

    def begin(self, pid):
        """Another address, whose first number is the point `pid`; the cursor is on its first place."""
        self._pid = pid
        self.cursor = 0
        for i in range(COUNT * _DIGITS):
            value = self._points.read(pid + i // _DIGITS)
            self._digits[i] = value // _WEIGHTS[i % _DIGITS] % 10

    def shown(self, pid, given):
        """The first number of what is shown: of the address of a page, or of the one that something else
        gives at present.
        """
        return given[1] if given and self._points.read(given[0]) else pid

    def key(self, table, event):
        """A key but ENTER: the cursor goes on, or the digit under it is another; after the last the first."""
        if event == table.NEXT_DIGIT:
            self.cursor = (self.cursor + 1) % len(self._digits)
        elif event == table.UP:
            self._turn(1)
        elif event == table.DOWN:
            self._turn(-1)

    def _turn(self, by):
        self._digits[self.cursor] = (self._digits[self.cursor] + 10 + by) % 10

    def store(self):
        """All numbers, or none; the answer of the points."""
        for i in range(COUNT):
            why = self._points.check(self._pid + i, self.value(i))
            if why != p.OK:
                return why
        for i in range(COUNT):
            self._points.write(self._pid + i, self.value(i))
        return p.OK

    def value(self, i):
        """The number `i`, of 0 to 999."""
        at = _DIGITS * i
        return sum([self._digits[at + k] * _WEIGHTS[k] for k in range(_DIGITS)])

    def draw(self, screen, pid, editing):
        """The address at `pid` in rows of digits; while it is changed, all places and the cursor."""
        for i in range(COUNT):
            screen.digits[i] = f"{self.value(i):03d}" if editing else str(self._points.read(pid + i))
        if editing:
            screen.flash_row = self.cursor // _DIGITS
            screen.flash_col = self.cursor % _DIGITS
