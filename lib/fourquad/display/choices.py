"""Choices that keys go through: rows of (value, word)."""

from fourquad import points as p
from fourquad.display.formats import DASHES


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
