"""Answers that are made piece by piece while they are sent.

`line(out, at)` writes the next piece of at most 180 bytes and gives its end, or `at` when nothing is left,
or LATER when that takes another look; `mark` remembers where a block begins, `back` returns there; `more`
says whether anything is left.
"""

from fourquad.protocols.iec62056.characters import put

LATER = -1

_PIECE = 96  # characters of a long text that go out at once


class Text:
    """One text."""

    def __init__(self):
        self._text = ""
        self._at = self._marked = 0

    def start(self, text):
        """Answer with this text."""
        self._text = text
        self._at = self._marked = 0

    def line(self, out, at):
        piece = self._text[self._at : self._at + _PIECE]
        self._at += len(piece)
        return put(out, at, piece)

    def more(self):
        return self._at < len(self._text)

    def mark(self):
        self._marked = self._at

    def back(self):
        self._at = self._marked


class Readout:
    """All values of a list of codes; one that the meter cannot give now has empty parentheses."""

    def __init__(self, registers):
        self._registers = registers
        self._codes = ()
        self._header = 0
        self._at = self._marked = 0

    def start(self):
        """From the first code on."""
        tables = self._registers.tables
        self._header = len(tables.HEADER) if self._registers.points.read(tables.HEADER_ON) else 0
        self._at = self._marked = 0

    def line(self, out, at):
        tables = self._registers.tables
        place = self._at - self._header
        if place > len(tables.READOUT):
            return at
        self._at += 1
        if place == len(tables.READOUT):
            return put(out, at, b"!\r\n")
        code = tables.READOUT[place] if place >= 0 else tables.HEADER[place]
        text = self._registers.text() if self._registers.find(code) else None
        at = put(out, put(out, at, tables.PREFIX), code)
        return put(out, put(out, at, text or "()"), b"\r\n")

    def more(self):
        return self._at - self._header <= len(self._registers.tables.READOUT)

    def mark(self):
        self._marked = self._at

    def back(self):
        self._at = self._marked
