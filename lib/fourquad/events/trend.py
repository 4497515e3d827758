"""Trend logs: a value at the end of each sub-interval of demand, with the times at which a log was switched,
was cleared, and the clock was set; BACnet gives them to masters (protocols/bacnet/trend.py).

A record in flash: seconds of local time since 2000 (32 bits), its kind (8 bits), its value (32 bits),
little-endian. A model's LOGS says how many there are, LOGGED what they may have: (point, what its value is
over). The engine of the sub-intervals (billing/sub_intervals.py) comes before it in PARTS.
"""

from struct import pack_into

from fourquad import points as p
from fourquad.calendar.octets import moment
from fourquad.part import Part
from fourquad.points import system as s

# Kinds of records, as BACnet numbers what a record has.
STATUS = 0  # bits: DISABLED, PURGED
VALUE = 2
TIME_CHANGE = 9  # seconds by which the clock was set, a float

DISABLED = 1
PURGED = 2

RECORD = 9  # bytes
_MOST = 5760
_NAN = float("nan")


class Trend:
    """One log. `ring`: its records once device/trend_store.py has made it one; `failed`: it takes no more."""

    ring = None
    failed = False

    def __init__(self, meter, number):
        self._meter = meter
        self._enable = s.LOG_ENABLE + s.LOG_STEP * number
        self._source = s.LOG_SOURCE + s.LOG_STEP * number
        self._stops = s.LOG_STOPS + s.LOG_STEP * number
        self._times = (s.LOG_START + s.LOG_TEXTS * number, s.LOG_STOP + s.LOG_TEXTS * number)
        self._record = bytearray(RECORD)
        self._was = None  # settings that the records are of
        self._enabled = 0

    # Records.

    def size(self):
        """How many records there is room for."""
        return min(_MOST, self.ring.capacity) if self.ring else 0

    def total(self):
        """How many there have been."""
        return self.ring.newest + 1 if self.ring else 0

    def oldest(self):
        """Number of the oldest record, from 0 on; `total` where there is none."""
        return max(self.ring.oldest, self.total() - self.size()) if self.ring else 0

    def count(self):
        return self.total() - self.oldest()

    def _put(self, kind):
        """Commit the record, whose value is in its place."""
        clock = self._meter.clock
        moment = clock.zone.local(clock.shown) if clock.zone else clock.shown
        pack_into("<IB", self._record, 0, moment, kind)
        if self.ring is None or self.failed:
            return
        try:
            self.ring.append(self._record)
        except OSError:
            self.failed = True

    def _status(self, bits):
        pack_into("<I", self._record, 5, bits)
        self._put(STATUS)

    def clear(self):
        """Forget all records."""
        if self.ring is None or self.failed:
            return
        try:
            self.ring.clear()
        except OSError:
            self.failed = True
        self._status(PURGED | (0 if self._enabled else DISABLED))

    # Settings.

    def follow(self):
        """The settings are there, or one of them has changed."""
        get = self._meter.settings.get
        now = (get(self._source), get(s.SUB_INTERVAL))
        enabled = get(self._enable)
        if self.ring is not None:
            if enabled != self._enabled:
                self._status(0 if enabled else DISABLED)
            self._enabled = enabled
            if now != self._was:
                self.clear()
        self._was = now
        self._enabled = enabled

    def full(self):
        """Whether it is full and stops then."""
        return self._meter.settings.get(self._stops) != 0 and self.count() >= self.size()

    def take(self, logged):
        """A sub-interval is over."""
        if self.ring is None or not self._enabled or not self._within():
            return
        settings = self._meter.settings
        if settings.get(self._stops) and self.count() >= self.size() - 1:
            # the last record says that it was the last
            settings.write(self._enable, 0)
            return
        point, over = logged[settings.get(self._source) - 1]
        try:
            value = _NAN if point is None else self._meter.points.read(point) / (over or 1)
        except KeyError:
            # the system type has none
            value = _NAN
        pack_into("<f", self._record, 5, value)
        self._put(VALUE)

    def clock_set(self, passed):
        """The clock was set by so many seconds."""
        if self._enabled:
            pack_into("<f", self._record, 5, passed)
            self._put(TIME_CHANGE)

    def _within(self):
        """Whether it is between start and stop."""
        clock = self._meter.clock
        now = clock.zone.local(clock.shown) if clock.zone else clock.shown
        texts = self._meter.points.provider(p.SETTING + s.GROUP_SYSTEM).texts
        start, stop = [moment(texts.read(at - s.GROUP_SYSTEM)) for at in self._times]
        return (start is None or now >= start) and (stop is None or now < stop)


class Trends(Part):
    """All of them; a provider of points.system.LOGS."""

    name = "trends"
    store = "trend_store"

    def __init__(self, meter):
        self._clock = meter.clock
        self._logged = meter.model.LOGGED
        self.logs = [Trend(meter, n) for n in range(meter.model.LOGS)]
        self.follows = (s.SUB_INTERVAL,)
        for n in range(len(self.logs)):
            at = s.LOG_STEP * n
            self.follows += (s.LOG_ENABLE + at, s.LOG_SOURCE + at)
        self._next = meter.clock.on_set
        meter.clock.on_set = self._set
        meter.intervals.ended = self._take

    def provide(self, points, commands):
        points.provide(s.LOGS, self)

    def configure(self):
        for log in self.logs:
            log.follow()

    def _take(self):
        for log in self.logs:
            log.take(self._logged)

    def _set(self, old, old_ms, new, new_ms):
        if self._next:
            self._next(old, old_ms, new, new_ms)
        for log in self.logs:
            log.clock_set(new - old + (new_ms - old_ms) / 1000)

    # Points, and records for who reads many.

    def log(self, index):
        """The log that a point is of."""
        return self.logs[index // s.LOG_FIELDS]

    def read(self, index):
        n, field = divmod(index, s.LOG_FIELDS)
        if n >= len(self.logs) or field > s.LOG_SIZE:
            raise KeyError(index)
        log = self.logs[n]
        return (log.count, log.total, log.size)[field]()

    def check(self, index, value):
        n, field = divmod(index, s.LOG_FIELDS)
        if n >= len(self.logs) or field > s.LOG_SIZE:
            return p.UNKNOWN
        if field != s.LOG_COUNT:
            return p.READ_ONLY
        return p.OK if value == 0 else p.RANGE

    def write(self, index, value):
        self.log(index).clear()
        return p.OK


def make(meter):
    """The part of a meter whose model has LOGS."""
    return Trends(meter)
