"""Rings for the module's data loggers (events/loggers.py), as the data logs have them, and one for what has
been posted of them.
"""

from struct import pack, pack_into, unpack_from

from fourquad.device.datalog_store import DataLogStore
from fourquad.device.store import Log
from fourquad.records.ring import Ring


class PostStore(Log):
    """The newest record of `ring`, which is mounted, is the state of the posts: words of 32 bits, the low
    byte first.
    """

    def __init__(self, part, ring, meter):
        super().__init__(ring, meter)
        self._part = part
        self._data = bytearray(ring.size)
        part.keep = self._keep
        number = ring.newest
        while number >= ring.oldest and not ring.read(number, self._data):
            number -= 1
        if number >= ring.oldest:
            for i in range(len(part.state)):
                part.state[i] = unpack_from("<I", self._data, 4 * i)[0]

    def _keep(self, state):
        for i in range(len(state)):
            pack_into("<I", self._data, 4 * i, state[i])
        self._log.append(self._data)

    def snapshot(self):
        """The supply warns."""
        self._part.save()

    def tick(self, now):
        """Records are committed as they are made; one that failed is told here."""
        if self._part.failed and not self.failed:
            self.fails()
        return False


def connect(meter, part, flash, places):
    """The stores of events.loggers.Loggers (device/store.py)."""
    size = 4 * len(part.state)
    mark = meter.mark("posts", size)
    ring = Ring(flash, *places["posts"], size, mark=b"FQP", tag=pack("<I", mark))
    ring.mount()
    store = PostStore(part, ring, meter)
    while store.due and not store.failed:
        store.service()
    logs = DataLogStore(part, meter, flash, [places[name] for name in part.places], part.places)
    return [logs, store]
