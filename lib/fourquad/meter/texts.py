"""Settings that are texts: names of a meter, of hosts, of objects. Only a board whose model has some imports
it.

A text is bytes, of a length and of characters that its row allows. It lies at a place of its group as a
number does; `points.provider(id).texts` of such a group has the face of a provider, with bytes for numbers.
"""

from fourquad import points as p
from fourquad.points import columns as c


class Texts:
    """Those of a group: `rows` of the model's TEXTS, with their values in `values`."""

    def __init__(self, settings, group, rows):
        self._settings = settings
        self._group = group
        self.rows = rows
        self.values = [row[c.DEFAULT] for row in rows]

    def _at(self, index):
        for i in range(len(self.rows)):
            if self.rows[i][c.OFFSET] == self._group.first + index:
                return i
        return -1

    def read(self, index):
        """The text at a place of the group; KeyError where there is none."""
        at = self._at(index)
        if at < 0:
            raise KeyError(index)
        return self.values[at]

    def secret(self, index):
        """Whether the text at a place is told to nobody."""
        return self.rows[self._at(index)][c.SECRET]

    def longest(self, index):
        """How many characters the text at a place may have at most."""
        return self.rows[self._at(index)][c.LONGEST]

    def check(self, index, data):
        """What `write` would answer."""
        at = self._at(index)
        if at < 0:
            return p.UNKNOWN
        if not fits(self.rows[at], data):
            return p.RANGE
        return p.FORBIDDEN if self._settings.closed(self.rows[at][c.SEAL]) else p.OK

    def write(self, index, data):
        """Change a text, after `check`."""
        at = self._at(index)
        if self.values[at] != data:
            self.values[at] = bytes(data)
            self._group.changed = self._settings.changed = True
            if self._settings.on_change:
                self._settings.on_change(self._group.first + index)
        return p.OK

    def reset(self, index, more):
        """The default of the row with `more` after it; no callback."""
        at = self._at(index)
        self.values[at] = self.rows[at][c.DEFAULT] + more

    def size(self):
        """Bytes of what `dump` gives."""
        return sum([3 + len(value) for value in self.values])

    def dump(self, out, at):
        """The texts to out[at:]: of each its place (16 bits, little-endian), its length (8 bits), itself."""
        for i in range(len(self.values)):
            index = self.rows[i][c.OFFSET] - self._group.first
            value = self.values[i]
            end = at + 3 + len(value)
            out[at], out[at + 1], out[at + 2] = index & 255, index >> 8, len(value)
            out[at + 3 : end] = value
            at = end

    def load(self, data, at):
        """Take back what `dump` gave, from data[at] on; what is not allowed any more keeps its default."""
        while at + 3 <= len(data):
            i = self._at(data[at] | data[at + 1] << 8)
            end = at + 3 + data[at + 2]
            text = bytes(data[at + 3 : end])
            if i >= 0 and end <= len(data) and fits(self.rows[i], text):
                self.values[i] = text
            at = end


def fits(row, data):
    """Whether a text has the length and the characters that its row allows."""
    for code in data:
        if not any(low <= code <= high for low, high in row[c.CHARACTERS]):
            return False
    return row[c.SHORTEST] <= len(data) <= row[c.LONGEST]
