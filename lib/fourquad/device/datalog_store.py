"""Rings for the data logs: each has its place in flash, of which it takes as much as its settings ask for.

A change of settings begins a ring that hides the old one, as soon as the settings are in their file: until
then a power cut brings both back. Units begin in the same sectors whatever the settings, so that a new ring
finds no headers that a cut seems to have torn.
"""

from struct import pack

from fourquad.device.store import Log
from fourquad.protocols.crc import checksum
from fourquad.records.ring import Ring
from fourquad.records.slots import Slots

_UNITS = 48  # of a place, if that makes none larger than a sector of the manual's
_SPAN = 16  # sectors of a unit at most: 64 KB
_LEAST = 4  # units of a ring
_SPARE = 2  # units that are not full of records


class _Nothing:
    """Instead of a ring."""

    due = False


class DataLogStore(Log):
    """Keeps the records of one `log` (events.datalog.DataLog) at `place`, (first sector, sectors)."""

    def __init__(self, log, name, meter, flash, place):
        super().__init__(_Nothing, meter)
        self._data = log
        self._name = name
        self._flash = flash
        self._first, self._sectors = place
        self._span = min(_SPAN, -(-self._sectors // _UNITS))
        # records can be read at once; what is to be erased and copied waits for pauses
        self._start()
        log.erasing = False

    def tick(self, now):
        """Begin a ring for new settings, once they are saved."""
        data = self._data
        if not data.ring:
            self._log = _Nothing
        elif not self._log.due:
            data.erasing = False
        if data.failed and not self.failed:
            self.fails()
        if not data.waiting or data.settings.changed:
            return False
        self._start()
        return True

    def _start(self):
        data, span = self._data, self._span
        if not data.waiting or not data.ready():
            return
        units, size = self._sectors // span, data.stored
        sectors, per_sector = data.wanted()
        places = Slots(self._flash, self._first, self._sectors, size, span).places
        wanted = max(_LEAST, -(-sectors * per_sector // places) + _SPARE)
        if wanted > units:
            # what there is of flash says how many there are
            wanted, sectors, per_sector = units, units - _SPARE, places
        tag = pack("<I", self._meter.mark(self._name, data.settings.tag, size))
        ring = Ring(self._flash, self._first, wanted * span, size, span, b"FQL", tag)
        ring.mount()
        self._log = ring
        data.start(ring, sectors, per_sector)


def connect(meter, logs, flash, places):
    """The stores of events.datalog.DataLogs (device/store.py)."""
    logs.retrieval.checksum = checksum
    stores = []
    for n in range(len(logs.logs)):
        name = "log" + str(n + 1)
        logs.logs[n].begin()
        stores.append(DataLogStore(logs.logs[n], name, meter, flash, places[name]))
    return stores
