"""Settings that change as one step: checked together, then all stored, or none (device/settings_store.py)."""

from array import array
from struct import pack_into

from fourquad import points as p
from fourquad.points import columns as c
from fourquad.protocols.http.forms import WHY

_ENTRY = 6
_BLOCK = 64  # numbers that lie together


class Batch:
    """Settings that change as one step. `planned` as a request of points has it. Numbers lie in blocks of 64
    offsets, because a heap that has long been used has no large pieces.
    """

    def __init__(self, points):
        self._points = points
        self._blocks = {}  # by offset >> 6: (values, a bit for each that is said)
        self._texts = {}
        self.count = 0
        self.result = None  # of what became of it: None not yet, 0 done, or the status that says why not

    def put(self, offset, value):
        """What a setting is to be; whether nothing was said of it before."""
        if isinstance(value, bytes):
            new = offset not in self._texts
            self._texts[offset] = value
            return new
        number, place = divmod(offset, _BLOCK)
        if number not in self._blocks:
            self._blocks[number] = (array("i", bytes(4 * _BLOCK)), bytearray(_BLOCK >> 3))
        values, said = self._blocks[number]
        bit = 1 << (place & 7)
        new = not said[place >> 3] & bit
        said[place >> 3] |= bit
        values[place] = value
        return new

    def planned(self, pid):
        """The value that a point will have; None if nothing is said of it."""
        offset = pid - p.SETTING
        if offset in self._texts:
            return self._texts[offset]
        values, said = self._blocks.get(offset >> 6, (None, None))
        place = offset & 63
        return values[place] if said and said[place >> 3] >> (place & 7) & 1 else None

    def changes(self):
        """(group, place, value) of each that will be another one: numbers, then texts."""
        for number in sorted(self._blocks):
            values, said = self._blocks[number]
            group, base = self._points.place(p.SETTING + number * _BLOCK)
            first = p.SETTING + number * _BLOCK - base
            for i in range(_BLOCK):
                if said[i >> 3] >> (i & 7) & 1 and values[i] != group.values[first + i]:
                    yield group, first + i, values[i]
        for offset in self._texts:
            group, base = self._points.place(p.SETTING + offset)
            index = p.SETTING + offset - base
            if self._texts[offset] != group.texts.read(index):
                yield group, index, self._texts[offset]

    def refused(self, change):
        """What is told of a change that cannot be; None if it can."""
        group, index, value = change
        is_text = isinstance(value, bytes)
        self._points.request = self
        try:
            why = (group.texts if is_text else group).check(index, value)
            span = None
            if is_text:
                for row in group.texts.rows:
                    if row[c.OFFSET] == group.first + index:
                        span = row[c.SHORTEST], row[c.LONGEST]
            elif hasattr(group, "settings"):
                span = group.settings.span(group.first + index)
                if not why and not span[0] <= value <= span[1]:
                    why = p.RANGE
        finally:
            self._points.request = None
        if not why:
            return None
        told = {"code": WHY[why], "id": p.SETTING + group.first + index}
        if WHY[why] == "range" and span:
            told["low"], told["high"] = span
        return told

    # For device/settings_store.py.

    def pack(self):
        """The bytes of its file."""
        numbers = size = 0
        for _, _, value in self.changes():
            if isinstance(value, bytes):
                size += 3 + len(value)
            else:
                numbers += 1
        data = bytearray(2 + _ENTRY * numbers + size)
        pack_into("<H", data, 0, numbers)
        at = 2
        for group, index, value in self.changes():
            if isinstance(value, bytes):
                end = at + 3 + len(value)
                pack_into("<HB", data, at, group.first + index, len(value))
                data[at + 3 : end] = value
                at = end
            else:
                pack_into("<Hi", data, at, group.first + index, value)
                at += _ENTRY
        return data

    def apply(self):
        """Change them."""
        self._points.request = self
        try:
            for group, index, value in self.changes():
                (group.texts if isinstance(value, bytes) else group).write(index, value)
        finally:
            self._points.request = None

    def ended(self, failure):
        """What came of it: None, or an exception."""
        self.result = 0 if failure is None else 503 if isinstance(failure, MemoryError) else 500
