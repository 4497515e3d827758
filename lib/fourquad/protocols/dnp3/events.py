"""The event buffer: a ring of fixed size, in the order in which things happened.

An event waits, is selected for a response, is written into it, and is gone when that is confirmed. When the
ring is full the oldest is lost, and `overflow` says so until a master has confirmed a response that told
it.
"""

from array import array

WAITING = 0
SELECTED = 1
WRITTEN = 2

CLASSES = 4
_TOP = 0x3FFFFF80  # a small integer up to there, and a float


class Events:
    """Columns of the ring; `slot(i)` is the place of the i-th oldest in each of them."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.count = 0
        self.overflow = False
        self.told = False  # a response with events under way says that there is an overflow
        self.lost = 0  # events ever, modulo 2**16
        self.unwritten = bytearray(CLASSES)  # by class; capacity is below 256
        self.since = [0] * CLASSES  # tick of the oldest one not written, by class
        two, four = bytes(2 * capacity), bytes(4 * capacity)
        self.point = array("H", two)  # number in the database
        self.integers = array("i", four)  # the value, of binary points and counters
        self.floats = array("f", four)  # of the others
        self.seconds = array("I", four)
        self.ms = array("H", two)
        self.flags = bytearray(capacity)
        self.klass = bytearray(capacity)
        self.state = bytearray(capacity)
        self.variation = bytearray(capacity)
        self._head = 0

    def clear(self):
        """Forget all of them."""
        self.count = self._head = 0
        self.overflow = self.told = False
        for i in range(CLASSES):
            self.unwritten[i] = 0

    def slot(self, i):
        return (self._head + i) % self.capacity

    def add(self, point, klass, value, real, flags, seconds, ms, now):
        """Remember an event; `real`: its value is a float."""
        if self.count == self.capacity:
            self._drop_oldest()
        at = self.slot(self.count)
        self.count += 1
        self.point[at] = point
        # as both, because another master's restart may make it the other kind
        self.floats[at] = value
        if not real:
            self.integers[at] = value if value < 0x80000000 else value - 0x100000000
        elif -_TOP < value < _TOP:
            self.integers[at] = int(value)
        self.seconds[at] = seconds
        self.ms[at] = ms
        self.flags[at] = flags
        self.klass[at] = klass
        self.state[at] = WAITING
        if not self.unwritten[klass]:
            self.since[klass] = now
        self.unwritten[klass] += 1

    def _drop_oldest(self):
        at = self._head
        if self.state[at] < WRITTEN:
            self.unwritten[self.klass[at]] -= 1
        self._head = (at + 1) % self.capacity
        self.count -= 1
        self.overflow = True
        self.told = False
        self.lost = (self.lost + 1) & 0xFFFF

    def select(self, i, variation):
        """Take the i-th oldest into the next response."""
        at = self.slot(i)
        self.state[at] = SELECTED
        self.variation[at] = variation

    def written(self, at):
        """The event in slot `at` is in a response."""
        self.state[at] = WRITTEN
        self.unwritten[self.klass[at]] -= 1

    def release(self):
        """No confirmation came: what was written waits again."""
        self.told = False
        for i in range(self.count):
            at = self.slot(i)
            if self.state[at] == WRITTEN:
                self.unwritten[self.klass[at]] += 1
                self.state[at] = WAITING

    def unselect(self):
        """What was selected and not written waits again."""
        for i in range(self.count):
            at = self.slot(i)
            if self.state[at] == SELECTED:
                self.state[at] = WAITING

    def confirmed(self):
        """What was written has arrived: make room."""
        state = self.state
        while self.count and state[self._head] == WRITTEN:
            self._head = (self._head + 1) % self.capacity
            self.count -= 1
        kept = 0
        for i in range(self.count):
            at = self.slot(i)
            if state[at] != WRITTEN:
                if kept != i:
                    self._move(at, self.slot(kept))
                kept += 1
        self.count = kept
        if self.told:
            self.overflow = self.told = False

    def _move(self, source, target):
        for column in (
            self.point,
            self.integers,
            self.floats,
            self.seconds,
            self.ms,
            self.flags,
            self.klass,
            self.state,
            self.variation,
        ):
            column[target] = column[source]
