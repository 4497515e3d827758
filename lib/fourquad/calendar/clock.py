"""Calendar time without a hardware clock: seconds since 2000-01-01 00:00:00, to the end of 2099.

Time is fed by `tick`; a board's real-time clock sets it once at boot. At the end of the calendar the clock
stays at 2099-12-31 23:59:59 and is not valid any more; inside, time goes on, so that intervals still end.
"""

from array import array

from fourquad import points as p
from fourquad import ticks

END = 36525 * 86400  # 2100-01-01
_LAST = END - 1  # made once: on a board it is no small integer
CORRECTION = 300  # s by which a sealed clock may be set within any 24 hours, in all (spec, seals bit 4)
_DAY = 86400
_STOP = (1 << 32) - 1  # the last second that images hold: in 2136
_NOTES = 8  # corrections of a sealed clock that are remembered one by one
_LOW = (0, 2000, 1, 1, 0, 0, 0)
_HIGH = (6, 2099, 12, 31, 23, 59, 59)
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
FIELDS = 7  # weekday, year ... second, as points.WEEKDAY ... points.SECOND
STAMP = 7  # words of the time of an event


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
    out[1] = year
    # as if February had 30 days: the months then begin at fractions of 367
    n = month_days(year, 2)
    if rest_days >= n + 31:
        rest_days += 30 - n
    out[2] = month = (12 * rest_days + 373) // 367
    out[3] = rest_days + 1 - (367 * month - 362) // 12
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
        """`allowed()` says whether the seal lets the clock be set by more than CORRECTION a day."""
        self.now = 0
        self.ms = 0  # of the second, at the last tick
        self.fields = array("H", _LOW)
        self._candidate = array("H", _LOW)
        self._allowed = allowed
        self._last = None
        self._ticked = None
        self._run = 0  # s since power-up
        self._spent = []  # of corrections while sealed: second of _run, ms
        self._shown = -1
        self.zone = None  # of the fields, where a model has one (zone.Zone)
        self.valid = False  # whether anybody has told the time since power-up
        self.on_set = None  # called with old and new time (s, ms, s, ms) when somebody sets the fields
        self.guard = None  # guard(new time): whether it may be set to that

    def tick(self, now_ms):
        """Time goes on to `now_ms` (fourquad.ticks): ms since the last call."""
        if self._last is None:
            self._last = ticks.add(now_ms, -self.ms)
        self._ticked = now_ms
        passed = ticks.diff(now_ms, self._last)
        if passed >= 1000:
            n = passed // 1000
            self._last = ticks.add(self._last, n * 1000)
            self._run += n
            self.now = min(self.now + n, _STOP)
            if self.now >= END:
                self.valid = False
            self.ms = passed - n * 1000
        else:
            self.ms = passed
        return passed

    def set(self, moment, ms=0):
        """The time is `moment` and `ms` since the last tick; what is before the calendar is its beginning."""
        self.now = max(0, min(moment, _STOP))
        self.ms = ms
        self._last = None if self._ticked is None else ticks.add(self._ticked, -ms)
        self.valid = moment < END

    def __getattr__(self, name):
        """`shown`: seconds since 2000, within the calendar; `spent`: ms of corrections within the last 24
        hours while sealed, where the age of restored ones is not known.
        """
        # no properties: they make every store slow (meter/meter.py)
        if name == "shown":
            return self.now if self.now < END else _LAST
        if name == "spent":
            notes = self._spent
            while notes and self._run - notes[0][0] >= _DAY:
                notes.pop(0)
            return sum([note[1] for note in notes])
        raise AttributeError(name)

    def read(self, index):
        """Field 0..6."""
        if self._shown != self.now:
            self._shown = self.now
            split(self.zone.local(self.shown) if self.zone else self.shown, self.fields)
        return self.fields[index]

    def stamp(self, now_ms, out, at):
        """Put the time at `now_ms` (fourquad.ticks, near the last tick) to out[at : at + STAMP]: year, month,
        day, hour, minute, second, millisecond.
        """
        ms = self.ms
        if self._ticked is not None:
            ms += ticks.diff(now_ms, self._ticked)
        fields = self.fields
        if 0 <= ms < 1000:
            self.read(0)
        else:
            fields = self._candidate
            moment = max(0, min(self.now + ms // 1000, _LAST))
            split(self.zone.local(moment) if self.zone else moment, fields)
        for i in range(1, FIELDS):
            out[at + i - 1] = fields[i]
        out[at + FIELDS - 1] = ms % 1000

    def check_set(self, indexes, values, first, count):
        """What `write_set` would answer."""
        return self._candidate_time(indexes, values, first, count)[0]

    def write_set(self, indexes, values, first, count):
        """Set the fields indexes[first : first + count] at once, or EPOCH; MILLISECOND may be the last."""
        why, moment, ms = self._candidate_time(indexes, values, first, count)
        if not why:
            old, old_ms = self.now, self.ms
            if self._sealed():
                self._note(self._step(moment, ms))
            self.set(moment, ms)
            if self.on_set:
                self.on_set(old, old_ms, moment, ms)
        return why

    def _candidate_time(self, indexes, values, first, count):
        c = self._candidate
        ms = 0
        for i in range(FIELDS):
            c[i] = self.read(i)
        for i in range(first, first + count):
            at, value = indexes[i], values[i]
            if at == p.EPOCH and i == first and count <= 2:
                if not 0 <= value < END:
                    return p.RANGE, 0, 0
                split(value, c)
                continue
            if at == p.MILLISECOND and first < i == first + count - 1:
                if not 0 <= value < 1000:
                    return p.RANGE, 0, 0
                ms = value
                continue
            if not 0 <= at < FIELDS:
                return p.READ_ONLY, 0, 0
            if not _LOW[at] <= value <= _HIGH[at]:
                return p.RANGE, 0, 0
            c[at] = value
        if c[3] > month_days(c[1], c[2]):
            return p.RANGE, 0, 0
        moment = seconds(c[1], c[2], c[3], c[4], c[5], c[6])
        # the fields are local time, the one number is not
        if self.zone and indexes[first] != p.EPOCH:
            moment = self.zone.utc(moment)
        if not 0 <= moment < END:
            return p.RANGE, 0, 0
        if self._sealed() and (self.spent + self._step(moment, ms)) // 1000 > CORRECTION:
            return p.FORBIDDEN, 0, 0
        if self.guard and not self.guard(moment):
            return p.FORBIDDEN, 0, 0
        return p.OK, moment, ms

    # Corrections of a sealed clock.

    def _sealed(self):
        return self._allowed is not None and not self._allowed()

    def _step(self, moment, ms):
        """By how many ms a clock that is set to that is corrected."""
        return abs(1000 * (moment - self.now) + ms - self.ms)

    def _note(self, ms):
        notes = self._spent
        notes.append([self._run, ms])
        if len(notes) > _NOTES:
            # the older of two counts as long as the younger
            notes[1][1] += notes.pop(0)[1]

    def restore_spent(self, ms):
        """Take back what `spent` was when power went."""
        self._spent = [[self._run, ms]] if ms else []
