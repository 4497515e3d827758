"""The settings of the data logs as texts (meter/texts.py), g.BLOCK registers each, big-endian, without the
zeros at their end: what a configuration has of them (protocols/http/backup.py).
"""

from fourquad import points as p
from fourquad.events.log_settings import SECTORS, allowed
from fourquad.points import datalogs as g


class LogTexts:
    """Those of `part` (events.datalog.DataLogs)."""

    rows = values = ()

    def __init__(self, part, points):
        self._part = part
        self._points = points

    def read(self, index):
        """The block that begins at a register; KeyError where none does."""
        if index % g.BLOCK or not 0 <= index < g.WORDS * len(self._part.logs):
            raise KeyError(index)
        data = bytearray(2 * g.BLOCK)
        self._part.read_block(None, index, g.BLOCK, data, 0)
        return bytes(data).rstrip(b"\0")

    def check(self, index, data):
        """What `write` would answer."""
        if len(data) > 2 * g.BLOCK:
            return p.RANGE
        place = index % g.WORDS
        data += bytes(2 * g.BLOCK - len(data))
        for i in range(g.BLOCK):
            if not allowed(place + i, data[2 * i] << 8 | data[2 * i + 1]):
                return p.RANGE
        if not place:
            sectors = [self._sectors(n, index, data) for n in range(len(self._part.logs))]
            if sum(sectors) > SECTORS:
                return p.RANGE
        return p.OK

    def _sectors(self, n, index, data):
        """Those that a log will have once the block of another, and what comes with it, is stored."""
        if n != index // g.WORDS:
            request = self._points.request
            data = request.planned(p.SETTING + p.GROUP_LOGS + g.WORDS * n) if request else None
            if data is None:
                return self._part.logs[n].settings.sectors
        return data[1] if len(data) > 1 else 0

    def write(self, index, data):
        """Change it, after `check`."""
        n, place = divmod(index, g.WORDS)
        if self._part.logs[n].settings.put_block(place, data):
            self._part.begin(n, None)
        return p.OK
