"""Settings that change as one step: checked together, then all stored, or none (device/settings_store.py)."""

from binascii import crc32
from struct import pack_into

from fourquad import points as p
from fourquad.points import billing as b
from fourquad.points import columns as c
from fourquad.protocols.http.forms import WHY

_ENTRY = 6
_TRIES = 10  # a second from one to the next
_NOTHING = {}  # type: ignore


class Batch:
    """Settings that change as one step. `planned` as a request of points has it. What is as it was takes no
    memory; what changes lies in small pieces, because a heap that has long been used has no large ones.
    """

    def __init__(self, points):
        self._points = points
        self._seen = bytearray(p.SETTINGS >> 3)  # bits of what was said
        self._blocks = {}  # by offset >> 6: the new values by their offsets
        self._before = None  # what the settings were as it began
        self.count = self._tries = 0
        self.result = None  # of what became of it: None not yet, 0 done, or the status that says why not

    def begin(self):
        """From now on nobody else may change a setting; whether it had begun."""
        begun = self._before is not None
        if not begun:
            self._before = self._settings_now()
        return begun

    def _settings_now(self):
        """What tells whether somebody has changed a setting."""
        found = 0
        groups = self._points.provider(p.SETTING).settings.groups
        for group in groups:
            found = crc32(group.values or b"", found)
        for group in [group.texts for group in groups] + [self._tables()]:
            for text in group.values if group else ():
                found = crc32(text, found)
        return found

    def _tables(self):
        """Those of time of use, or None."""
        try:
            return self._points.provider(p.SETTING + b.GROUP_TABLES)
        except KeyError:
            return None

    @property
    def stale(self):
        """Whether somebody has changed a setting since this was begun."""
        return self._before != self._settings_now()

    def put(self, offset, value):
        """What a setting is to be; whether nothing was said of it before."""
        bit = 1 << (offset & 7)
        if self._seen[offset >> 3] & bit:
            return False
        self._seen[offset >> 3] |= bit
        if value != self._now(offset, isinstance(value, bytes)):
            self._blocks.setdefault(offset >> 6, {})[offset] = value
        return True

    def _now(self, offset, is_text):
        group, base = self._points.place(p.SETTING + offset)
        index = p.SETTING + offset - base
        return group.texts.read(index) if is_text else group.values[index]

    def planned(self, pid):
        """The value that a point will have; None if it stays as it is."""
        offset = pid - p.SETTING
        return self._blocks.get(offset >> 6, _NOTHING).get(offset)

    def changes(self):
        """(group, place, value) of each: numbers, then texts."""
        for texts in (False, True):
            for number in sorted(self._blocks):
                for offset in sorted(self._blocks[number]):
                    value = self._blocks[number][offset]
                    if isinstance(value, bytes) == texts:
                        group, base = self._points.place(p.SETTING + offset)
                        yield group, p.SETTING + offset - base, value

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

    def close(self):
        """Nothing more is put: make room."""
        self._seen = None

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

    def waits(self):
        """There was no room in the heap: whether it is to be tried again."""
        self._tries += 1
        if self._tries < _TRIES and not self.stale:
            return True
        self.result = 503
        return False

    def ended(self, failure):
        """What came of it: None, or an exception."""
        self.result = 0 if failure is None else 500
