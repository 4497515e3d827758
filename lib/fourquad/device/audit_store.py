"""Keeps the audit log (meter/audit.py) in a ring, as device/event_store.py does with other logs: each record
within 0.1 s while fewer than the log has at once have come, and one every REST_MS after that. Those of a
thousand records that the log itself does not hold any more are read from the ring.
"""

from struct import pack

from fourquad.device.event_store import EventStore, payload_size
from fourquad.records.ring import Ring

REST_MS = 1000


class Older:
    """What is in flash."""

    def __init__(self, ring, words):
        self._ring = ring
        self._words = words

    @property
    def kept(self):
        """How many records are in flash."""
        return self._ring.count

    def read(self, back, words):
        """Fill `words` with the record that was saved `back` records before the last one; whether it can be
        had.
        """
        ring = self._ring
        number = ring.newest - back
        if not ring.oldest <= number <= ring.newest:
            return False
        data = bytearray(ring.size)
        if not ring.read(number, data):
            return False
        at = ring.size - 2 * self._words
        for i in range(self._words):
            words[i] = data[at + 2 * i] | data[at + 2 * i + 1] << 8
        return True


def connect(meter, part, flash, places):
    """The store of the part, which has its newest records back (device/store.py)."""
    log = part.log
    mark = meter.mark(part.name, log.count, log.words)
    ring = Ring(flash, *places[part.name], payload_size(log), mark=b"FQA", tag=pack("<I", mark))
    ring.mount()
    store = EventStore(ring, log, meter, REST_MS)
    while store.due and not store.failed:
        store.service()
    part.keeper = Older(ring, log.words)
    return [store]
