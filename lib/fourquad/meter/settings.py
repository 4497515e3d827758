"""Settings and commands of a model, as providers of points.

Their rows have the columns of points/columns.py. The mark in the column SEAL: 0 never sealed; 1 sealed
whenever the seal is closed; else sealed by the bits of SEAL_OPTIONS in mark >> 1.
"""

from array import array

from fourquad import points as p
from fourquad.points import columns as c

_COUNT = 128
_ABSENT = 255

# Those that the measurement depends on.
MEASUREMENT = (
    p.NOMINAL_FREQUENCY,
    p.WIRING_U,
    p.WIRING_I,
    p.PT1,
    p.PT2,
    p.CT1,
    p.CT2,
    p.POLARITY_1,
    p.POLARITY_2,
    p.POLARITY_3,
    p.VAR_PF_CONVENTION,
    p.ENERGY_WAVE,
    p.REACTIVE_MODE,
    p.ENERGY_SIDE,
    p.BASIC_MODE,
)


class Settings:
    """The values of a model's settings; provider for points.SETTING (two blocks).

    `on_change(offset)` is called after a value has changed; `changed` is then True until the owner resets it.
    """

    def __init__(self, rows, on_change=None, limits=()):
        """A row of `limits` is (offset, other offset, value, low, high): while the other setting has this
        value, this range holds instead of the row's. A change of the other that leaves a value out of range
        makes it the default.
        """
        self.rows = rows
        self._limits = limits
        self.veto = None  # called with offset and value: whether it cannot be had beside the others
        self.on_change = on_change
        self.changed = False
        self.sealed = False
        self.values = array("i", [row[c.DEFAULT] for row in rows])
        self._place = bytearray([_ABSENT] * _COUNT)
        for i in range(len(rows)):
            self._place[rows[i][c.OFFSET]] = i

    def get(self, offset):
        """The value of a setting; 0 where the model has none."""
        at = self._place[offset]
        return 0 if at == _ABSENT else self.values[at]

    def has(self, offset):
        return self._place[offset] != _ABSENT

    def place(self, index):
        """Where the value of a setting lies in `values`; KeyError where the model has none."""
        at = self._place[index]
        if at == _ABSENT:
            raise KeyError(index)
        return at

    def index(self, place):
        """The setting whose value lies there."""
        return self.rows[place][c.OFFSET]

    def default(self, offset, value):
        """Start with another value than the table's (type of current input, board), if the model has the
        setting; no callback.
        """
        if self.has(offset):
            self.values[self._place[offset]] = value

    def load(self, values):
        """Take back saved values in the order of the rows; one that is not allowed any more keeps its
        default.
        """
        for i in range(min(len(values), len(self.rows))):
            row = self.rows[i]
            if self._in_range(row, values[i]) and (row[c.CHOICES] is None or values[i] in row[c.CHOICES]):
                self.values[i] = values[i]

    def _in_range(self, row, value):
        for offset, other, other_value, low, high in self._limits:
            if offset == row[c.OFFSET] and self.get(other) == other_value:
                return low <= value <= high
        return row[c.LOW] <= value <= row[c.HIGH]

    def closed(self, seal):
        """Whether the seal forbids what has this mark in its row."""
        return self.sealed and (seal & 1 or (seal >> 1) & self.get(p.SEAL_OPTIONS)) != 0

    def read(self, index):
        at = self._place[index]
        if at == _ABSENT:
            raise KeyError(index)
        return self.values[at]

    def check(self, index, value):
        at = self._place[index]
        if at == _ABSENT:
            return p.UNKNOWN
        row = self.rows[at]
        if not self._in_range(row, value):
            return p.RANGE
        if self.closed(row[c.SEAL]):
            return p.FORBIDDEN
        # within the documented range but not to be had in this meter
        if row[c.CHOICES] is not None and value not in row[c.CHOICES]:
            return p.RANGE
        return p.RANGE if self.veto and self.veto(index, value) else p.OK

    def write(self, index, value):
        at = self._place[index]
        if not self._in_range(self.rows[at], value):
            # allowed when it was checked, but a setting before it in the same request has changed the range
            value = self.rows[at][c.DEFAULT]
        if self.values[at] != value:
            self.values[at] = value
            self.changed = True
            if self.on_change:
                self.on_change(index)
            for limited, other, _, _, _ in self._limits:
                if other == index:
                    self._follow(limited)
        return p.OK

    def _follow(self, index):
        """The range of a setting has changed: a value that is out of it becomes the default."""
        row = self.rows[self._place[index]]
        if not self._in_range(row, self.get(index)):
            self.write(index, row[c.DEFAULT])


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
