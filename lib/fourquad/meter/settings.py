"""Settings and commands of a model, as providers of points.

Their rows have the columns of points/columns.py. The column SEAL names a rule, by its place in the model's
SEALS: (offset of a setting, bits[, True]), closed while the meter is sealed and one of these bits is set in
the setting, or always while it is sealed where there are no bits; with True also while nobody has the
permission (permission.py); () is never closed. GUARDS of a model are (first point, rule): the rules of what
is no setting and no command, by the first point of its block.
"""

from array import array

from fourquad import points as p
from fourquad.points import columns as c
from fourquad.points import datalogs as g
from fourquad.points import posts as q
from fourquad.points import system as s

# Groups by their first offsets, with the names of their files.
GROUPS = (
    (p.GROUP_MEASUREMENT, "measurement"),
    (p.GROUP_PORTS, "ports"),
    (p.GROUP_BILLING, "billing"),
    (p.GROUP_IO, "io"),
    (p.GROUP_DISPLAY, "display"),
    (p.GROUP_IEC, "iec"),
    (p.GROUP_ALARMS, "alarms"),
    (p.GROUP_QUALITY, "quality"),
    (p.GROUP_NETWORK, "network"),
    (p.GROUP_LOGS, "log1"),
    (p.GROUP_LOGS + g.WORDS, "log2"),
    (p.GROUP_LOGS + 2 * g.WORDS, "log3"),
    (s.GROUP_SYSTEM, "system"),
    (p.GROUP_DNP3, "dnp3"),
    (q.GROUP_POSTS, "posts"),
    (p.GROUP_MONTHS, "months"),
    (p.SETTINGS, ""),
)
# The value where a group has no setting: none may have it.
HOLE = -0x3FFFFFFF


class Group:
    """Settings from offset `first` on, with their values in one array by their places. A provider."""

    texts = None  # those of the group, where the model has some

    def __init__(self, settings, first):
        self.settings = settings
        self.first = first
        self.values = array("i")
        self.changed = False

    def read(self, index):
        value = self.values[index] if index < len(self.values) else HOLE
        if value == HOLE:
            raise KeyError(index)
        return value

    def check(self, index, value):
        if index >= len(self.values) or self.values[index] == HOLE:
            return p.UNKNOWN
        return self.settings.judge(self.first + index, value)

    def write(self, index, value):
        """Change a setting, after `check`."""
        return self.settings.put(self, index, value)

    def restore(self, index, value):
        """Take back a saved value; one that is not allowed any more changes nothing."""
        if 0 <= index < len(self.values):
            self.settings.restore(self.first + index, value)


class Settings:
    """All settings of a model, by their offsets into points.SETTING.

    `on_change(offset)` is called after a value has changed; `changed` is then True, as is that of the
    setting's group, until the owner resets it.
    """

    def __init__(self, rows, on_change=None, limits=(), seals=(), guards=(), texts=()):
        """`rows` and `texts` in the order of their offsets. A row of `limits` is (offset, other offset,
        value, low, high): while the other setting has this value, this range holds instead of the row's. A
        change of the other that leaves a value out of range makes it the default. One request may change
        both to what goes together, in any order.
        """
        self.rows = rows
        self._limits = limits
        # which settings a limit is about, a bit for eight: a long table is not gone through for the others
        self._bound = bytearray(p.SETTINGS >> 6)
        for offset, other, _, _, _ in limits:
            self._bound[offset >> 6] |= 1 << (offset >> 3 & 7)
            self._bound[other >> 6] |= 1 << (other >> 3 & 7)
        self._points = None
        self._seals = seals
        self._guards = guards
        self.veto = None  # called with offset and value: an answer, or True for p.RANGE
        self.on_change = on_change
        self.noted = None  # noted(offset, old, new): a group that keeps its values itself has another one
        self.changed = False
        self.batch = None  # what is to change as one step (device/settings_store.py)
        self.sealed = False
        self.permitted = True  # whether somebody has the permission, where a meter asks for one
        self.groups = []  # in the order of their offsets; others may join, to be saved with them
        self._own = bytearray(p.SETTINGS >> 6)  # of a block of 64 offsets, the number of its group, from 1
        at = 0
        for n in range(len(GROUPS) - 1):
            first = GROUPS[n][0]
            end = GROUPS[n + 1][0]
            start = at
            while at < len(rows) and rows[at][c.OFFSET] < end:
                at += 1
            own = [row for row in texts if first <= row[c.OFFSET] < end]
            if at > start or own:
                last = rows[at - 1][c.OFFSET] if at > start else first
                group = Group(self, first)
                if own:
                    from fourquad.meter.texts import Texts

                    group.texts = Texts(self, group, own)
                    last = max(last, own[-1][c.OFFSET])
                group.values = array("i", [HOLE] * (last - first + 1))
                for i in range(start, at):
                    group.values[rows[i][c.OFFSET] - first] = rows[i][c.DEFAULT]
                self.groups.append(group)
                for block in range(first >> 6, last + 64 >> 6):
                    self._own[block] = len(self.groups)

    def provide(self, points):
        """Let each group answer for its blocks of points."""
        self._points = points
        for group in self.groups:
            points.provide(p.SETTING + group.first, group, len(group.values) + 63 >> 6)

    def _group(self, offset):
        """The group that has this setting, or None."""
        if 0 <= offset < p.SETTINGS and self._own[offset >> 6]:
            group = self.groups[self._own[offset >> 6] - 1]
            index = offset - group.first
            if index < len(group.values) and group.values[index] != HOLE:
                return group
        return None

    def get(self, offset):
        """The value of a setting; 0 where the model has none."""
        group = self._group(offset)
        return 0 if group is None else group.values[offset - group.first]

    def coming(self, offset):
        """The value that a setting has, or will have after the request that is being checked or stored."""
        value = self._planned(offset)
        return self.get(offset) if value is None else value

    def _planned(self, offset):
        request = self._points.request if self._points else None
        return request.planned(p.SETTING + offset) if request else None

    def has(self, offset):
        return self._group(offset) is not None

    def default(self, offset, value):
        """Start with another value than the table's (type of current input, board), if the model has the
        setting; no callback.
        """
        group = self._group(offset)
        if group:
            group.values[offset - group.first] = value

    def restore(self, offset, value):
        """Take back a saved value; one that is not allowed any more, or that no setting has, changes
        nothing. No callback.
        """
        if self.has(offset):
            row = self._row(offset)
            if self._in_range(row, value) and (row[c.CHOICES] is None or value in row[c.CHOICES]):
                self.default(offset, value)

    def settle(self):
        """After all has been restored: what is out of a range that depends on another setting becomes the
        default.
        """
        for limited, _, _, _, _ in self._limits:
            self._follow(limited)

    def _row(self, offset):
        """The row of a setting that there is."""
        rows = self.rows
        low, high = 0, len(rows) - 1
        while low < high:
            middle = (low + high) >> 1
            if rows[middle][c.OFFSET] < offset:
                low = middle + 1
            else:
                high = middle
        return rows[low]

    def _is_bound(self, offset):
        """Whether a limit may be about a setting."""
        return self._bound[offset >> 6] >> (offset >> 3 & 7) & 1

    def span(self, offset):
        """The lowest and the highest value of a setting that there is, once the request that is being checked
        is stored.
        """
        row = self._row(offset)
        for limited, other, other_value, low, high in self._limits:
            if limited == offset and self.coming(other) == other_value:
                return low, high
        return row[c.LOW], row[c.HIGH]

    def _in_range(self, row, value, coming=True):
        """Whether a value is in range, by the other settings as they will be, or as they are now."""
        at = row[c.OFFSET]
        if self._is_bound(at):
            for offset, other, other_value, low, high in self._limits:
                if offset == at and (self.coming(other) if coming else self.get(other)) == other_value:
                    return low <= value <= high
        return row[c.LOW] <= value <= row[c.HIGH]

    def closed(self, rule):
        """Whether the seal, or who has no permission, may not do what has this rule in its row."""
        if not self._seals or not self._seals[rule]:
            return False
        if not self.permitted and self._seals[rule][2:]:
            return True
        offset, bits = self._seals[rule][:2]
        return self.sealed and (not bits or self.get(offset) & bits != 0)

    def guarded(self, pid):
        """Whether the seal forbids to write a point that GUARDS names."""
        for first, rule in self._guards:
            if first == pid:
                return self.closed(rule)
        return False

    def check(self, offset, value):
        """What `write` would answer."""
        return self.judge(offset, value) if self.has(offset) else p.UNKNOWN

    def judge(self, offset, value):
        """The same of a setting that there is."""
        row = self._row(offset)
        if not self._in_range(row, value) and not self._in_range(row, value, False):
            return p.RANGE
        if self.closed(row[c.SEAL]):
            return p.FORBIDDEN
        # within the documented range but not to be had in this meter
        if row[c.CHOICES] is not None and value not in row[c.CHOICES]:
            return p.RANGE
        why = self.veto(offset, value) if self.veto else p.OK
        return p.RANGE if why is True else why or p.OK

    def write(self, offset, value):
        """Change a setting, after `check`."""
        group = self._group(offset)
        return self.put(group, offset - group.first, value)

    def put(self, group, index, value):
        """The same by its place in its group."""
        offset = group.first + index
        bound = self._is_bound(offset)
        if bound:
            row = self._row(offset)
            if not self._in_range(row, value):
                # allowed by the range that was, and another setting of the same request has changed that
                value = self._allowed(row)
        if group.values[index] != value:
            group.values[index] = value
            group.changed = self.changed = True
            if self.on_change:
                self.on_change(offset)
            if bound:
                for limited, other, _, _, _ in self._limits:
                    if other == offset and self._planned(limited) is None:
                        self._follow(limited)
        return p.OK

    def _follow(self, offset):
        """The range of a setting has changed: a value that is out of it becomes the default, or the lowest
        where that is out of it, too.
        """
        row = self._row(offset)
        if not self._in_range(row, self.get(offset)):
            self.write(offset, self._allowed(row))

    def _allowed(self, row):
        if self._in_range(row, row[c.DEFAULT]):
            return row[c.DEFAULT]
        for offset, other, other_value, low, _ in self._limits:
            if offset == row[c.OFFSET] and self.coming(other) == other_value:
                return low
        return row[c.LOW]


class Commands:
    """Provider for points.COMMAND: writing 1 calls `actions[offset]`, if there is one.

    A command without an action (what it would clear is not kept yet) is accepted.
    """

    def __init__(self, rows, settings, actions):
        self._rows = rows
        self._settings = settings
        self._actions = actions

    def _row(self, index):
        for row in self._rows:
            if row[c.OFFSET] == index:
                return row
        return None

    def read(self, index):
        if self._row(index) is None:
            raise KeyError(index)
        return 0

    def check(self, index, value):
        row = self._row(index)
        if row is None:
            return p.UNKNOWN
        if value not in (0, 1):
            return p.RANGE
        return p.FORBIDDEN if value and self._settings.closed(row[c.SEAL]) else p.OK

    def write(self, index, value):
        if value:
            action = self._actions.get(index)
            if action:
                action()
        return p.OK
