"""The connection of data of posts by FTP (ftp.py): a client (fourquad.net) of whichever channel has it."""

from fourquad.points import posts as q


class Data:
    """`loggers`: the part; its `line` is the channel that has the connection, or None."""

    busy = False

    def __init__(self, loggers):
        self._loggers = loggers
        self._way = None
        self.answer = b""
        self.closing = False

    def wants(self, now):
        """(address, port) that the server has told, once."""
        line = self._loggers.line
        way = line.way if line else None
        if way is None or getattr(way, "where", None) is None:
            return None
        self._way = way
        self.answer = way.answer
        where, way.where = way.where, None
        return where

    def opened(self, peer, now):
        """It stands."""
        self.closing = self._way.over
        self._way.data_opened()

    def room(self):
        """What a server says here is read, to hear its end, and is nothing to us."""
        return 64

    def run(self, buffer, length, now):
        """Such octets."""
        return 0

    def poll(self, now):
        """The next piece."""
        count = self._way.data_piece()
        self.closing = self._way.data_over()
        self.busy = (count > 0 or self._way.moved) and not self.closing
        return count

    def lost(self, now):
        """It is gone."""
        self._way.data_lost()

    failed = lost


def make(row, parts):
    """The service of a row of SERVICES."""
    return Data(parts.points.provider(q.POSTED))
