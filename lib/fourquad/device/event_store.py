"""Keeps an event log (events/log.py) in a ring of its own (records/ring.py), a few bytes a record.

A record in flash: key (32 bits), then the words (16 bits each), little-endian; one with the key CLEARED says
that those before it do not count.

A record is saved within 0.1 s; when more than `count` have come, one every REST_MS, so that a value that
chatters at its limit does not wear the flash out: four sectors take a record of 32 bytes every ten seconds
for 16 years. What waits is saved when the supply warns; without a warning it is lost with the cut.
"""

from struct import pack, pack_into, unpack_from

from fourquad import ticks
from fourquad.device.store import Log
from fourquad.records.ring import Ring

REST_MS = 10000
CLEARED = 0xFFFFFFFF
_KEY = 4  # bytes of a payload before its words


class EventStore(Log):
    """Keeps `log` in `ring`, which is mounted and holds payloads of `payload_size(log)` bytes.

    `rest_ms`: the least time between records when many come, after as many as the log has at once.
    """

    def __init__(self, ring, log, meter, rest_ms=REST_MS):
        super().__init__(ring, meter)
        self.log = log
        self._payload = bytearray(payload_size(log))
        self._rest = rest_ms
        self._most = rest_ms * log.count
        self._credit = self._most  # ms, of which a record takes `rest_ms`
        self._ticked = None
        self._restore()

    def _restore(self):
        """Give the log the newest records; any that cannot be read, and those that were lost, read 0."""
        ring, log, data = self._log, self.log, self._payload
        newest = None
        for number in range(ring.newest, max(ring.oldest, ring.newest - log.count + 1) - 1, -1):
            if ring.read(number, data):
                key = unpack_from("<I", data)[0]
                if key == CLEARED:
                    break
                if newest is None:
                    newest = key
                at = log.restore(key, newest)
                if at >= 0:
                    for i in range(log.words):
                        log.values[at + i] = data[_KEY + 2 * i] | data[_KEY + 2 * i + 1] << 8
        self._holds = newest is not None

    def tick(self, now):
        """Clear, or save one record; whether there was anything to do."""
        log = self.log
        if self._ticked is not None:
            self._credit = min(self._credit + ticks.diff(now, self._ticked), self._most)
        self._ticked = now
        if not log.pending and not log.cleared or self._credit < self._rest:
            return False
        self._credit -= self._rest
        return self._save()

    def snapshot(self):
        """Save all that waits: at most `count` records, which fit without an erase as a rule."""
        while (self.log.cleared or self.log.pending) and self._save():
            pass

    def _save(self):
        """Save that there was a clear, or the oldest record that waits; whether the flash took it."""
        log, data = self.log, self._payload
        if log.cleared and not self._holds:
            # there is nothing in flash that it could be about
            log.cleared = False
            return True
        if self.failed:
            return False
        clears = log.cleared
        key = CLEARED if clears else log.oldest_pending()
        at = log.place(key)
        pack_into("<I", data, 0, key)
        for i in range(log.words):
            word = 0 if clears else log.values[at + i]
            data[_KEY + 2 * i] = word & 0xFF
            data[_KEY + 2 * i + 1] = word >> 8 & 0xFF
        try:
            self._log.append(data)
        except OSError:
            self.fails()
            return False
        self._holds = not clears
        if clears:
            log.cleared = False
        else:
            log.pending -= 1
        return True


def payload_size(log):
    """Bytes of a record of `log` in flash."""
    return _KEY + 2 * log.words


def keep(log, name, meter, flash, places):
    """The store that keeps `log` at the place of this name; the log has its records back."""
    mark = meter.mark(name, log.count, log.words)
    ring = Ring(flash, *places[name], payload_size(log), mark=b"FQE", tag=pack("<I", mark))
    ring.mount()
    store = EventStore(ring, log, meter)
    while store.due and not store.failed:
        store.service()
    return store


def connect(meter, part, flash, places):
    """The store of a part that keeps its `log` at the place with its own name (device/store.py), or those of
    its several logs.
    """
    logs = part.kept or ((part.name, part.log),)
    return [keep(log, name, meter, flash, places) for name, log in logs]
