"""The load profile by time range, in the national form that head-ends know:

`P.01(ZYYMMDDhhmmss)(status)(15)(6)(code)(unit)...` heads a run of records without gap and of one status, each
of them a line of values. The time is the end of the first interval; Z is 0 in standard time, 1 in summer
time. The status is that of the load profile (billing/load_profile.py), two hexadecimal digits.
"""

from fourquad import points as p
from fourquad.protocols.iec62056.characters import put
from fourquad.protocols.iec62056.datasets import free, pairs
from fourquad.protocols.iec62056.registers import calendar
from fourquad.protocols.iec62056.streams import LATER

_ALWAYS = (1 << 31) - 1
# Season digits of a time stamp; without one it means both, where an hour comes twice.
_STANDARD = 0
_UTC = 2
# A clock that was set back leaves records that are out of order: so many outside the range are looked at for
# more that are in it, some at a time.
_REACH = 192
_AT_ONCE = 6


def time_range(text):
    """(first, its season digit, last, its season digit) of `from;to`, either may be empty; None if it is not
    of that form.

    A time is YYMMDDhhmm or YYMMDDhhmmss, with the season digit before it (0 standard time, 1 summer time, 2
    UTC) or without (None).
    """
    first, semicolon, last = text.partition(";")
    a = _stamp(first, 0)
    b = _stamp(last, _ALWAYS)
    return None if a is None or b is None else a + b


def _stamp(text, default):
    if not text:
        return default, None
    season = None
    if len(text) & 1:
        if text[0] not in "012":
            return None
        season = int(text[0])
        text = text[1:]
    fields = pairs(text, len(text) // 2) if len(text) in (10, 12) else None
    moment = None if fields is None else calendar((fields + [0])[:6])
    return None if moment is None else (moment, season)


class Profile:
    """A stream (streams.py) of the records of a range, which the provider of PROFILE gives."""

    def __init__(self, registers):
        self._registers = registers
        self._source = None
        self._at = self._marked = 0  # number of the next record
        self._first = self._last = 0
        self._first_utc = self._last_utc = False  # whether that is a second of UTC, else a local one
        self._beside = 0
        self._due = self._due_marked = 0  # stamp that continues the run; 0 wants a header
        self._status = self._status_marked = 0
        self._headed = False  # the header of the next record is out
        self._empty = True

    def start(self, text):
        """Answer for the range `from;to`; whether it is one."""
        bounds = time_range(text)
        if bounds is None:
            return False
        try:
            self._source = self._registers.points.provider(p.PROFILE)
        except KeyError:
            self._source = None
        self._bound(*bounds)
        self._beside = 0
        self._due = self._status = 0
        self._headed = False
        self._empty = True
        self.mark()
        return True

    def _bound(self, first, first_season, last, last_season):
        """Begin at the first record of the range."""
        source = self._source
        self._first_utc = first_season is not None
        self._last_utc = last_season is not None
        if source:
            utc = self._registers.points.provider(p.BILLING).utc
            begin = first if first_season == _UTC else utc(first, first_season == _STANDARD)
            self._at = source.find(begin)
            if self._first_utc:
                first = begin
            if self._last_utc and last_season != _UTC:
                last = utc(last, last_season == _STANDARD)
        self._first = first
        self._last = last

    def _within(self, source):
        """Whether the loaded record is in the range."""
        if (source.moment if self._first_utc else source.stamp) < self._first:
            return False
        return (source.moment if self._last_utc else source.stamp) <= self._last

    def _record(self):
        """Go to the next record of the range: 1 it is loaded, 0 there is none, LATER it is not known yet."""
        source = self._source
        for _ in range(_AT_ONCE):
            if source is None or self._beside > _REACH or not source.load(self._at):
                return 0
            if self._within(source):
                self._beside = 0
                return 1
            self._at += 1
            self._beside += 1
        return LATER

    def line(self, out, at):
        found = self._record()
        if found < 0:
            return LATER
        if not found:
            if self._empty:
                self._empty = False
                return put(out, at, "P.01(ERROR)")
            return at
        self._empty = False
        source = self._source
        if not self._headed and (source.stamp != self._due or source.status != self._status):
            self._headed = True
            return put(out, at, self._header(source))
        self._headed = False
        self._status = source.status
        self._due = source.stamp + 60 * source.minutes
        self._at += 1
        for value in source.values:
            at = put(out, at, "(" + free(value, source.decimals) + ")")
        return put(out, at, b"\r\n")

    def _header(self, source):
        tables = self._registers.tables
        season = 1 if source.summer else 0
        text = f"P.01({season}{self._registers.long_stamp(source.stamp)})({source.status:02X})"
        text += f"({source.minutes})({len(tables.PROFILE_COLUMNS)})"
        for code, unit in tables.PROFILE_COLUMNS:
            text += "(" + tables.PREFIX + code + ")(" + unit + ")"
        return text + "\r\n"

    def more(self):
        # what is not known yet may be nothing: then the next block is empty
        return self._record() != 0

    def mark(self):
        self._marked = self._at
        self._due_marked = self._due
        self._status_marked = self._status
        self._headed_marked = self._headed
        self._empty_marked = self._empty
        self._beside_marked = self._beside

    def back(self):
        self._at = self._marked
        self._due = self._due_marked
        self._status = self._status_marked
        self._headed = self._headed_marked
        self._empty = self._empty_marked
        self._beside = self._beside_marked
