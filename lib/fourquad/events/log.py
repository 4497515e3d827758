"""The newest records of an event log, of 16-bit words each, as masters read them; a provider of points.

Records have numbers from 1 to `count`, which go round: the newest overwrites the oldest. What is not yet in
flash (device/event_store.py) is the last `pending` of them; one that is overwritten before it got there is
counted in `lost`, unless it was older than a clear.
"""

from array import array

from fourquad import points as p

_MOST = 1 << 30  # keys stay small integers


class EventLog:
    """`count` records of `words` words each. `values` has them one after the other by their numbers; `code`
    is its type, "i" where masters read it as points, "H" takes half of the room.

    `number` of the newest, 0 when there is none; `fresh`: one has come since somebody reset it.
    """

    def __init__(self, count, words, code="i"):
        self.count = count
        self.words = words
        self.values = array(code, [0] * (count * words))
        self.number = 0
        self._keys = _MOST // count * count
        self.key = 0  # of the newest: it counts on where numbers begin anew, 1 after a clear
        self.pending = 0
        self.lost = 0
        self.fresh = False
        self.cleared = False  # in flash the old ones are still there

    def add(self):
        """A new record: where its first word is in `values`; all its words are the caller's to fill, at once.
        It allocates nothing.
        """
        key = self.key + 1
        self.key = key if key < self._keys else 0
        number = self.number
        at = number * self.words if number < self.count else 0
        self.number = number + 1 if number < self.count else 1
        if self.pending < self.count:
            self.pending += 1
        else:
            self.lost += 1
        self.fresh = True
        return at

    def clear(self):
        """Forget all records."""
        values = self.values
        for i in range(len(values)):
            values[i] = 0
        self.number = self.key = self.pending = 0
        self.fresh = False
        self.cleared = True

    # For the store, which knows records by their keys.

    def oldest_pending(self):
        """Key of the oldest record that is not in flash."""
        return (self.key - self.pending + 1) % self._keys

    def place(self, key):
        """Where the record with this key is in `values`."""
        return (key - 1) % self.count * self.words

    def restore(self, key, newest):
        """A record is in flash, and the newest one there has the key `newest`: the place for its words, -1 if
        it is not among the newest `count`.
        """
        self.key = newest
        self.number = (newest - 1) % self.count + 1
        return self.place(key) if (newest - key) % self._keys < self.count else -1

    # The provider.

    def read(self, index):
        return self.values[index]

    def check(self, index, value):
        return p.READ_ONLY if index < len(self.values) else p.UNKNOWN

    write = check
