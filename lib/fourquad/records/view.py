"""Reading a ring in windows while it goes on."""


class View:
    """What a reader sees who goes through a ring in windows: the records that there were when it latched, by
    how many there are before them. New ones change nothing of it.
    """

    def __init__(self, ring):
        self._ring = ring
        self._first = self.count = 0

    def latch(self):
        """See the records that there are now."""
        self._first = self._ring.oldest
        self.count = self._ring.count

    @property
    def gone(self):
        """How many of them have made room for new ones, or were cleared."""
        return min(self._ring.oldest - self._first, self.count)

    def read(self, offset, buffer, at=0):
        """As Ring.read, of the record with `offset` records before it. KeyError: there is none, or it is
        gone.
        """
        if not 0 <= offset < self.count:
            raise KeyError(offset)
        return self._ring.read(self._first + offset, buffer, at)
