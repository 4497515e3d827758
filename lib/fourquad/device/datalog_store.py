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


class Rings:
    """The rings of several `logs` (events.datalog.DataLog) as one: `due` is whether any has something to do,
    as `look` found it.
    """

    def __init__(self, logs):
        self._logs = logs
        self.due = False

    def look(self):
        due = False
        for log in self._logs:
            if log.ring:
                if log.ring.due:
                    due = True
                else:
                    log.erasing = False
        self.due = due

    def service(self):
        """Let one of them do a step."""
        for log in self._logs:
            if log.ring and log.ring.due:
                log.ring.service()
                break
        self.look()


class DataLogStore(Log):
    """Keeps the records of the logs of `part` (events.datalog.DataLogs), each at its place of `places`:
    (first sector, sectors); `names`: what these are called.
    """

    def __init__(self, part, meter, flash, places, names=()):
        logs = part.logs
        super().__init__(Rings(logs), meter)
        self._part = part
        self._logs = logs
        self._flash = flash
        self._places = places
        self._names = names
        # records can be read at once; what is to be erased and copied waits for pauses
        for n in range(len(logs)):
            logs[n].begin()
            self._start(n)
            logs[n].erasing = False

    def tick(self, now):
        """Begin a ring for new settings, once they are saved."""
        if not self._part.busy:
            return False
        logs = self._logs
        waiting = False
        for n in range(len(logs)):
            if logs[n].waiting:
                if not logs[n].settings.changed:
                    self._start(n)
                    return True
                waiting = True
            if logs[n].failed and not self.failed:
                self.fails()
        self._log.look()
        self._part.busy = waiting
        return False

    def _start(self, n):
        log = self._logs[n]
        if not log.waiting or not log.ready():
            return
        first, there = self._places[n]
        span = min(_SPAN, -(-there // _UNITS))
        size = log.stored
        sectors, per_sector = log.wanted()
        places = Slots(self._flash, first, there, size, span).places
        units = max(_LEAST, -(-sectors * per_sector // places) + _SPARE)
        if units > there // span:
            # what there is of flash says how many there are
            units, sectors, per_sector = there // span, there // span - _SPARE, places
        name = self._names[n] if self._names else _name(n)
        tag = pack("<I", self._meter.mark(name, log.settings.tag, size))
        ring = Ring(self._flash, first, units * span, size, span, b"FQL", tag)
        ring.mount()
        log.start(ring, sectors, per_sector)


def _name(n):
    return "log" + str(n + 1)


def connect(meter, logs, flash, places):
    """The store of events.datalog.DataLogs (device/store.py)."""
    logs.retrieval.checksum = checksum
    own = [places[_name(n)] for n in range(len(logs.logs))]
    return [DataLogStore(logs, meter, flash, own)]
