"""The data logs (KW320 manual 4.5, 6.3.8): registers as a master would have read them, at whole minutes.

A log has settings (log_settings.py), and a `ring` of records once device/datalog_store.py has made it one;
log_window.py gives its records to masters. A record in flash: minute of local time since 2000 (32 bits,
little-endian), then the registers as function 03 answers them.

Records are made in the first second of a minute of the clock that is a multiple of the interval since
midnight, and stamped with that minute. A clock that is set makes none, and nothing is made up for the time
without power.
"""

from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad.events.log_settings import HEAD, SECTORS, SPAN, LogSettings, allowed
from fourquad.events.log_window import Retrieval
from fourquad.part import Part
from fourquad.points import datalogs as g

_STAMP = 4  # bytes of a record in flash before the registers
_SECTOR = 65536
_BLOCKS = (g.WORDS * g.LOGS + 63) >> 6


class DataLog:
    """One log. `ring`: its records, None while it has none; `waiting`: for one, after `begin`; `wrong`: its
    list has an error; `maximum`: how many records there may be.
    """

    def __init__(self, settings):
        self.settings = settings
        self.ring = None
        self.waiting = self.wrong = False
        self.erasing = False  # flash is being made ready for new settings
        self.failed = False  # the flash takes nothing any more
        self.maximum = 0
        self._runs = None
        self._per_sector = 1
        self._newest = -1  # minute of the newest record
        self._stamp = bytearray(_STAMP)

    @property
    def size(self):
        """Bytes of a record as masters see it."""
        return HEAD + 2 * self.settings.registers

    @property
    def stored(self):
        """Bytes of a record in flash."""
        return _STAMP + 2 * self.settings.registers

    def begin(self):
        """Settings have changed or have been loaded: begin anew, as soon as somebody has asked `ready`."""
        self.ring = None
        self.maximum = 0
        self.wrong = False
        self.waiting = self.erasing = self.settings.enabled

    def ready(self):
        """Look at the settings, all of which are there by now; whether there is to be a ring."""
        self._runs = self.settings.runs()
        if self._runs is None:
            self.wrong = True
            self.waiting = self.erasing = False
        return self.waiting

    def wanted(self):
        """How many records there are to be: (sectors, records of a sector)."""
        return self.settings.sectors, _SECTOR // self.size

    def start(self, ring, sectors, per_sector):
        """Record into `ring`, which is mounted: `sectors` of `per_sector` records each, of which the oldest
        goes when there is a record too many.
        """
        self._per_sector = per_sector
        self.maximum = sectors * per_sector
        self.ring = ring
        self.waiting = False
        self._newest = self.minute(ring.newest) if ring.count else -1

    def minute(self, number):
        """The minute of a record, -1 if it cannot be read."""
        return unpack_from("<I", self._stamp)[0] if self.ring.read(number, self._stamp) else -1

    @property
    def oldest(self):
        """Number of the oldest record."""
        ring = self.ring
        count = ring.newest + 1
        over = count - self.maximum
        # whole sectors go
        first = -(-over // self._per_sector) * self._per_sector if over > 0 else 0
        return max(first, ring.oldest)

    @property
    def count(self):
        """How many records there are."""
        return self.ring.newest + 1 - self.oldest if self.ring else 0

    def due(self, minute):
        """Whether there is a record to be made of a minute."""
        if not self.ring or minute == self._newest or not self.settings.due(minute):
            return False
        return self.settings.mode != SPAN or self.count < self.maximum

    def record(self, minute, buffer, read):
        """Make one, in `buffer`; `read` as DataLogs.fetch."""
        pack_into("<I", buffer, 0, minute)
        at = _STAMP
        runs = self._runs
        for i in range(0, len(runs), 2):
            if read(runs[i], runs[i + 1], buffer, at):
                for k in range(at, at + 2 * runs[i + 1]):
                    buffer[k] = 0
            at += 2 * runs[i + 1]
        self._newest = minute
        try:
            self.ring.append(memoryview(buffer)[:at])
        except OSError:
            self.failed = True


class DataLogs(Part):
    """All of them. `fetch(address, count, target, at)`: the `read` of a register map; `loggable`: (first,
    last) registers that may be recorded.
    """

    name = "logs"
    store = "datalog_store"
    fetch = None  # until there is a register map
    busy = True  # there may be something to do in flash, as its store has not seen yet
    first = p.GROUP_LOGS

    def __init__(self, meter, loggable):
        settings, clock = meter.settings, meter.clock
        self._clock = clock
        self._read_bytes = bytearray(2)
        self._buffer = bytearray(246)
        self._minute = None
        self._late = 0  # bits of the logs that have a record to make of `_minute`
        self.after_reading = (self._look,) + (self._take,) * g.LOGS
        first = self.first
        self.logs = [
            DataLog(LogSettings(first + g.WORDS * n, loggable, settings, clock)) for n in range(g.LOGS)
        ]
        self._points = None
        self.retrieval = Retrieval(self.logs, self._buffer)
        settings.groups.extend([log.settings for log in self.logs])

    def provide(self, points, commands):
        points.provide(p.SETTING + p.GROUP_LOGS, self, _BLOCKS)
        points.provide(p.LOG, self.retrieval, 3)
        self._points = points

    @property
    def texts(self):
        """The settings, as a configuration has them."""
        from fourquad.events.log_texts import LogTexts

        return LogTexts(self, self._points)

    # Recording.

    def _look(self):
        """Has a minute begun?"""
        clock = self._clock
        local = clock.zone.local(clock.shown) if clock.zone else clock.shown
        minute = local // 60
        before = self._minute
        if minute == before:
            return
        self._minute = minute
        self._late = 0
        if before is None or minute != before + 1 or not self.fetch:
            return
        for n in range(g.LOGS):
            if self.logs[n].due(minute):
                self._late |= 1 << n

    def _take(self):
        """Make the record of a log."""
        if not self._late:
            return
        for n in range(g.LOGS):
            if self._late >> n & 1:
                self._late &= ~(1 << n)
                # what is in the buffer may be somebody's window
                self.retrieval.spoil()
                self.logs[n].record(self._minute, self._buffer, self.fetch)
                self.busy = True
                return

    # Settings: a provider of points.

    def read_block(self, master, index, count, target, at):
        """Registers `index` on of all logs, big-endian, to target[at:]."""
        for i in range(index, index + count):
            word = self.logs[i // g.WORDS].settings.words[i % g.WORDS]
            target[at] = word >> 8
            target[at + 1] = word & 0xFF
            at += 2

    def write_block(self, master, index, count, data, at):
        """Take big-endian words of data[at:], all or none: OK, or the reason why none."""
        n, place = divmod(index, g.WORDS)
        if place + count > g.WORDS:
            return p.READ_ONLY
        for i in range(count):
            if not allowed(place + i, data[at + 2 * i] << 8 | data[at + 2 * i + 1]):
                return p.RANGE
        if not place and data[at + 1] > SECTORS - self._sectors(n):
            return p.RANGE
        if self.logs[n].settings.put(place, count, data, at):
            self.begin(n, master)
        return p.OK

    def begin(self, n, master):
        """A log has other settings, from `master`."""
        self.logs[n].begin()
        self.busy = True
        self.retrieval.reset(n, master)

    def _sectors(self, n):
        """Of all logs but one."""
        return sum([self.logs[other].settings.sectors for other in range(g.LOGS) if other != n])

    def read(self, index):
        if index >= g.WORDS * g.LOGS:
            raise KeyError(index)
        return self.logs[index // g.WORDS].settings.words[index % g.WORDS]

    def check(self, index, value):
        if index >= g.WORDS * g.LOGS:
            return p.UNKNOWN
        n, place = divmod(index, g.WORDS)
        if not 0 <= value <= 0xFFFF or not allowed(place, value):
            return p.RANGE
        return p.OK

    def write(self, index, value):
        data = self._read_bytes
        data[0], data[1] = value >> 8, value & 0xFF
        return self.write_block(None, index, 1, data, 0)


def make(meter):
    """The part of a meter; a model's LISTED are the registers that it lets be recorded."""
    return DataLogs(meter, meter.model.LISTED)
