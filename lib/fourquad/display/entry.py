"""What keys enter: a number, digit by digit, or one of several choices, rows of (value, word)."""

from fourquad import points as p
from fourquad.display.formats import DASHES

_MOST = 9
_DIGITS = "0123456789ABCDEF"


class Number:
    """`places` digits to a base, `decimals` of them after the point; `cursor` is the place, from the left, of
    the one that keys change. With `signed` the first place is the sign.
    """

    def __init__(self):
        self._digits = bytearray(_MOST)
        self.begin(0, 1)

    def begin(self, value, places, decimals=0, base=10, signed=False):
        """Another number, the cursor on its first place."""
        self.places, self.decimals = places, decimals
        self.signed = signed
        self._base = base
        self.cursor = 0
        rest = abs(value)
        for i in range(places - 1, -1, -1):
            self._digits[i] = rest % base
            rest //= base
        if signed:
            self._digits[0] = 1 if value < 0 else 0

    def turn(self, by):
        """Another digit under the cursor, after the last the first; or the other sign."""
        base = 2 if self.signed and not self.cursor else self._base
        self._digits[self.cursor] = (self._digits[self.cursor] + base + by) % base

    def at_end(self):
        """Whether the cursor is on the last place."""
        return self.cursor + 1 == self.places

    def value(self):
        """The number as an integer of its last digit."""
        value = 0
        for i in range(1 if self.signed else 0, self.places):
            value = value * self._base + self._digits[i]
        return -value if self.signed and self._digits[0] else value

    def text(self):
        """All its places, and its point."""
        text = "".join([_DIGITS[self._digits[i]] for i in range(self.places)])
        if self.signed:
            text = ("-" if self._digits[0] else " ") + text[1:]
        whole = self.places - self.decimals
        return text[:whole] + "." + text[whole:] if self.decimals else text


def word(rows, value):
    """The word of a value, or the value itself."""
    for known, text in rows:
        if known == value:
            return text
    return DASHES if value is None else str(value)


def place(rows, value):
    """The place of a value; 0 where it is none of them."""
    for i, (known, _) in enumerate(rows):
        if known == value:
            return i
    return 0


def step(points, pid, rows, at, by):
    """From place `at` to the next one (`by` 1) or the one before (-1) that the meter accepts at present for
    the setting `pid`, the stored one among them.
    """
    stored = points.read(pid)
    for _ in range(len(rows)):
        at = (at + len(rows) + by) % len(rows)
        value, _ = rows[at]
        if value == stored or points.check(pid, value) == p.OK:
            break
    return at
