"""Settings that change as one step: checked together, then all stored, or none (device/settings_store.py)."""

from array import array
from struct import pack_into

from fourquad import points as p
from fourquad.points import columns as c
from fourquad.protocols.http.forms import WHY

_NONE = -0x3FFFFFFF  # the value of what nothing is said of: no setting may have it
_ENTRY = 6


class Batch:
    """Settings that change as one step. `planned` as a request of points has it."""

    def __init__(self, points):
        self._points = points
        self._groups = []  # (group, its values, its texts by their places)
        self.count = 0
        self.result = None  # of what became of it: None not yet, 0 done, or the status that says why not

    def put(self, group, index, value):
        """What a setting is to be; whether nothing was said of it before."""
        values, texts = self._of(group)
        if isinstance(value, bytes):
            new = index not in texts
            texts[index] = value
        else:
            new = values[index] == _NONE
            values[index] = value
        return new

    def _of(self, group):
        for known, values, texts in self._groups:
            if known is group:
                return values, texts
        values = array("i", [_NONE] * len(group.values))
        self._groups.append((group, values, {}))
        return self._groups[-1][1:]

    def planned(self, pid):
        """The value that a point will have; None if nothing is said of it."""
        offset = pid - p.SETTING
        for group, values, texts in self._groups:
            index = offset - group.first
            if 0 <= index < len(values):
                if index in texts:
                    return texts[index]
                return None if values[index] == _NONE else values[index]
        return None

    def changes(self):
        """(group, place, value) of each that will be another one: numbers, then texts."""
        for group, values, _ in self._groups:
            for index in range(len(values)):
                if values[index] != _NONE and values[index] != group.values[index]:
                    yield group, index, values[index]
        for group, _, texts in self._groups:
            for index in texts:
                if texts[index] != group.texts.read(index):
                    yield group, index, texts[index]

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
