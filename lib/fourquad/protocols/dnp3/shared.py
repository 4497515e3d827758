"""What the outstations of one meter have together, where each master has one of its own: the points, and the
buffers that only one at a time needs.
"""

from fourquad.protocols.dnp3 import profile
from fourquad.protocols.dnp3.application import MAX_FRAGMENT
from fourquad.protocols.dnp3.configuration import find
from fourquad.protocols.dnp3.database import Database
from fourquad.protocols.dnp3.link import MAX_DATA
from fourquad.protocols.dnp3.transport import SEGMENT


class Shared:
    """`answer`: where frames are put that the network is to take at once. `database` is None where settings
    do not say what the points are: then masters may give them different classes.
    """

    def __init__(self, points, tables, answer):
        self.answer = answer
        self.data = bytearray(MAX_DATA)
        self.small = bytearray(SEGMENT)
        self.database = None
        self._points = points
        self._tables = tables
        self._events = []  # of each outstation
        # one fragment is put together or waits at a time, as a rule; it has its place from the start on
        self._free = [bytearray(MAX_FRAGMENT)]

    def points(self):
        """The database of one more outstation; None: it has its own. It may still be made, by its `step`."""
        settings = find(self._tables, self._points)
        if settings and self.database is None:
            self.database = Database(self._tables[profile.POINTS], self._points, settings)
        return self.database

    def ready(self):
        """Whether the points are there; a slice of making them, if not."""
        database = self.points()
        if database and database.work:
            try:
                database.step()
            except MemoryError:
                if not self._events:
                    self.database = None
                raise
            return False
        return True

    def join(self, events):
        """An outstation is there, and wants to know of events of the database."""
        self._events.append(events)

    def add(self, *event):
        """An event of the database, for each outstation (events.py)."""
        for events in self._events:
            events.add(*event)

    def restart(self, now):
        """One of the outstations begins anew: the others miss nothing, and know what they wait to send by
        either kind of value.
        """
        self.database.restart(self if len(self._events) > 1 else None, now)

    def take(self, size):
        """A buffer of `size` octets; MemoryError."""
        if size == MAX_FRAGMENT and self._free:
            return self._free.pop()
        return bytearray(size)

    def give(self, buffer):
        """Give a buffer of a fragment back; one is kept."""
        if not self._free:
            self._free.append(buffer)
