"""Local time: an offset from UTC, and daylight saving by rule. The only place where local time is made.

Minutes and seconds are counted from 2000-01-01 00:00:00. A rule says where in the year daylight saving begins
or ends: month, which of its weekdays (1-4, 5 is the last), weekday (0 Sunday), minute of the day in local
standard time. The European rule for Berlin is 3, 5, 0, 120 and 10, 5, 0, 120.
"""

from struct import pack, unpack

from fourquad.calendar.clock import END, days, month_days, split

_FORMAT = "<hBBBBBHBBBH"
SIZE = 14
_DAY = 1440
NONE = b"\0" * SIZE


def pack_zone(offset, shift=0, begin=(0, 0, 0, 0), end=(0, 0, 0, 0)):
    """Bytes of a zone: `offset` in minutes east, `shift` in minutes (0: no daylight saving), two rules."""
    return pack(_FORMAT, offset, 1 if shift else 0, shift, *(begin + end))


def refuse(data):
    """Why the bytes are no zone; None if they are one."""
    if len(data) != SIZE:
        return "zone: wrong length"
    fields = unpack(_FORMAT, data)
    if not -840 <= fields[0] <= 840:
        return "zone: offset beyond 14 hours"
    if fields[1] > 1 or (fields[1] and not 1 <= fields[2] <= 120):
        return "zone: daylight saving of more than 2 hours"
    if fields[1]:
        for at in (3, 7):
            month, week, weekday, minute = fields[at : at + 4]
            if not (1 <= month <= 12 and 1 <= week <= 5 and weekday <= 6 and minute < _DAY):
                return "zone: bad rule of daylight saving"
        if fields[3] == fields[7]:
            return "zone: daylight saving begins and ends in one month"
    return None


def _day_of(year, month, week, weekday):
    """Day number (from 2000-01-01) of the week-th weekday of a month."""
    first = days(year, month, 1)
    # 2000-01-01 was a Saturday
    day = first + (weekday - (first + 6)) % 7 + 7 * (week - 1)
    while day >= first + month_days(year, month):
        day -= 7
    return day


class Zone:
    """A zone; UTC until `set`."""

    def __init__(self):
        self.set(NONE)

    def set(self, data):
        """Take the bytes of a zone, which `refuse` has nothing against."""
        fields = unpack(_FORMAT, data)
        self.data = bytes(data)
        self.offset = fields[0]  # minutes of standard time
        self._shift = fields[2] if fields[1] else 0
        self._begin = fields[3:7]
        self._end = fields[7:11]
        # minutes of standard time: what `_from` and `_until` bound holds the transitions of one year
        self._from = self._until = self._on = self._off = 0

    def _year(self, minute):
        out = [0] * 7
        # before 2000 the rules of 2000 do, after 2099 none are needed
        split(max(minute, 0) * 60, out)
        year = out[1]
        self._from = days(year, 1, 1) * _DAY if minute >= 0 else minute
        self._until = (days(year, 12, 31) + 1) * _DAY
        self._on = _day_of(year, *self._begin[:3]) * _DAY + self._begin[3]
        self._off = _day_of(year, *self._end[:3]) * _DAY + self._end[3]

    def shift(self, minute):
        """Minutes of daylight saving at a minute of UTC: 0 when there is none."""
        if not self._shift:
            return 0
        minute += self.offset
        if not self._from <= minute < self._until:
            self._year(minute)
        if self._on < self._off:
            summer = self._on <= minute < self._off
        else:
            summer = minute >= self._on or minute < self._off
        return self._shift if summer else 0

    def local_minute(self, minute):
        """The minute of local time at a minute of UTC."""
        return minute + self.offset + self.shift(minute)

    def local(self, seconds):
        """Seconds of local time at seconds of UTC, kept within the calendar."""
        local = seconds + 60 * (self.offset + self.shift(seconds // 60))
        return max(0, min(local, END - 1))

    def utc(self, seconds, standard_time=False):
        """Seconds of UTC at seconds of local time; of an hour that comes twice the first, the second if it is
        told to be `standard_time`; and of one that does not come at all the hour after it.
        """
        standard = seconds - 60 * self.offset
        summer = standard - 60 * self._shift
        if not self._shift or not self.shift(summer // 60):
            return standard
        return standard if standard_time and not self.shift(standard // 60) else summer
