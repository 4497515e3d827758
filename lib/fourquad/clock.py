"""Calendar time without a hardware clock: seconds since 2000-01-01 00:00:00, to the end of 2099.

Time is fed by `tick`; a board's real-time clock sets it once at boot.
"""

from array import array

from fourquad import points as p
from fourquad import ticks

END = 36525 * 86400  # 2100-01-01
CORRECTION = 300  # s by which a sealed clock may be set (spec, seals bit 4)
_LOW = (0, 2000, 1, 1, 0, 0, 0)
_HIGH = (6, 2099, 12, 31, 23, 59, 59)
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
FIELDS = 7  # weekday, year ... second, as points.WEEKDAY ... points.SECOND


def month_days(year, month):
    """Days of a month, 2000-2099 (every fourth year is a leap year)."""
    if month == 2:
        return 28 if year & 3 else 29
    return 30 if month in (4, 6, 9, 11) else 31


def days(year, month, day):
    """Days from 2000-01-01 to a date."""
    y = year - 2000
    n = 365 * y + (y + 3) // 4 + _BEFORE[month - 1] + day - 1
    return n + 1 if month > 2 and not y & 3 else n


def seconds(year, month, day, hour, minute, second):
    """Seconds from 2000-01-01 00:00:00 to a time."""
    return days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second


def split(moment, out):
    """Put weekday (0 Sunday), year, month, day, hour, minute, second of `moment` into `out`."""
    n, rest = divmod(moment, 86400)
    out[0] = (n + 6) % 7  # 2000-01-01 was a Saturday
    four, rest_days = divmod(n, 1461)
    year = 2000 + 4 * four
    if rest_days >= 366:
        year += 1 + (rest_days - 366) // 365
        rest_days = (rest_days - 366) % 365
    month = 1
    while rest_days >= month_days(year, month):
        rest_days -= month_days(year, month)
        month += 1
    out[1] = year
    out[2] = month
    out[3] = rest_days + 1
    out[4] = rest // 3600
    out[5] = rest // 60 % 60
    out[6] = rest % 60


class Clock:
    """The meter's calendar clock.

    Fields are checked and set together (`check_set`, `write_set`): a field that a request leaves out keeps
    its value, and only a real date is taken. The weekday follows from the date; a written one needs to be
    0..6 only.
    """

    def __init__(self, allowed=None):
        """`allowed()` says whether the seal lets the clock be set by more than CORRECTION."""
        self.now = 0
        self.ms = 0  # of the second, at the last tick
        self.fields = array("H", _LOW)
        self._candidate = array("H", _LOW)
        self._allowed = allowed
        self._last = None
        self._shown = -1
        self.zone = None  # of the fields, where a model has one (zone.Zone)
        self.valid = False  # whether anybody has told the time since power-up
        self.on_set = None  # called with old and new time when somebody sets the fields

    def tick(self, now_ms):
        """Time goes on to `now_ms` (fourquad.ticks): ms since the last call."""
        if self._last is None:
            self._last = ticks.add(now_ms, -self.ms)
        passed = ticks.diff(now_ms, self._last)
        if passed >= 1000:
            n = passed // 1000
            self._last = ticks.add(self._last, n * 1000)
            self.now = (self.now + n) % END
            self.ms = passed - n * 1000
        else:
            self.ms = passed
        return passed

    def set(self, moment, ms=0):
        """The time is `moment` and `ms` now."""
        self.now = moment % END
        self.ms = ms
        self._last = None
        self.valid = True

    def read(self, index):
        """Field 0..6."""
        if self._shown != self.now:
            self._shown = self.now
            split(self.zone.local(self.now) if self.zone else self.now, self.fields)
        return self.fields[index]

    def check_set(self, indexes, values, first, count):
        """What `write_set` would answer."""
        return self._candidate_time(indexes, values, first, count)[0]

    def write_set(self, indexes, values, first, count):
        """Set the fields indexes[first : first + count] at once; or EPOCH, or EPOCH and MILLISECOND."""
        why, moment = self._candidate_time(indexes, values, first, count)
        if not why:
            old, last = self.now, first + count - 1
            self.set(moment, values[last] if indexes[last] == p.MILLISECOND else 0)
            if self.on_set:
                self.on_set(old, moment)
        return why

    def _candidate_time(self, indexes, values, first, count):
        c = self._candidate
        for i in range(FIELDS):
            c[i] = self.read(i)
        for i in range(first, first + count):
            at, value = indexes[i], values[i]
            if at == p.EPOCH and i == first and count <= 2:
                if not 0 <= value < END:
                    return p.RANGE, 0
                split(value, c)
                continue
            if at == p.MILLISECOND and i == first + 1 and indexes[first] == p.EPOCH:
                if not 0 <= value < 1000:
                    return p.RANGE, 0
                continue
            if not 0 <= at < FIELDS:
                return p.READ_ONLY, 0
            if not _LOW[at] <= value <= _HIGH[at]:
                return p.RANGE, 0
            c[at] = value
        if c[3] > month_days(c[1], c[2]):
            return p.RANGE, 0
        moment = seconds(c[1], c[2], c[3], c[4], c[5], c[6])
        # the fields are local time, the one number is not
        if self.zone and indexes[first] != p.EPOCH:
            moment = self.zone.utc(moment)
        if self._allowed and not self._allowed() and abs(moment - self.now) > CORRECTION:
            return p.FORBIDDEN, 0
        return p.OK, moment
