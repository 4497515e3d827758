"""The time line on which a meter's energies are booked, minute by minute.

Energies come once a second, as joules that were gathered until now. What was before the turn of a minute, or
before somebody set the clock, is split off in proportion to time and booked first; then the minute's work is
done, or time goes on elsewhere; then the rest is booked. So each joule is in one interval and one tariff, and
in all sums once, and each interval has the time that its joules took.
"""

from fourquad import points as p
from fourquad import ticks
from fourquad.part import Part

CORRECTION = 10  # s: a clock that is set by no more is corrected, and open intervals go on
_MINUTE = 60000  # ms
_LONGEST = 120 * _MINUTE  # ms that are made up for minute by minute
MINUTE, MS = 0, 1  # places of `marks`: until when all is booked, a minute of UTC and ms in it


def place(utc, ms):
    """The minute of a second of UTC and `ms`, and the ms in it."""
    ms += utc % 60 * 1000
    return utc // 60 + ms // _MINUTE, ms % _MINUTE


class Timeline(Part):
    """What an owner of engines inherits. It has `marks`, `clock`, `quadrants` and `readings`, and gives

    - `_add(joules, amps, ms)`: energies of so many ms,
    - `_boundary()`: a minute of UTC has begun,
    - `_began(minute, ms)`: the first time that is known after power-up,
    - `_jumped(old, new, by_hand)`: time goes on at another second of UTC,
    - `_corrected()`: the clock was set by a few seconds,
    - `_booked_all(now)`: all is booked,
    - `_read(self_read's second)`: what waited for a slice of its own.
    """

    def __init__(self):
        self._running = self._later = self._reading = False
        self._end = self._end_ms = self._end_ticks = 0
        # of the clock, since the last booking: minute and ms before and after, whether intervals end
        self._sets = []
        self._marked = 0  # how many of them were before the mark
        self._amps = [0] * 3
        self._amp_rests = [0] * 3
        self._parts = [0] * len(self.quadrants.joules)
        self._amp_parts = [0] * 3

    def mark(self, now, ticked):
        """A second of samples ends at `now` (ms ticks); the clock was told the time at `ticked`."""
        self._end = self.clock.now
        self._end_ms = self.clock.ms + ticks.diff(now, ticked)
        self._end_ticks = now
        self._marked = len(self._sets)

    def second(self):
        """Book what was gathered until the mark, but for what is after a self-read; `rest` does that."""
        self._later = True
        self.book(self._end, self._end_ms, self._end_ticks, self._marked)
        self._later = False

    def rest(self):
        """A self-read is a slice of its own: do it, and book what is after it."""
        if self._reading:
            self._reading = False
            self._read(60 * self.marks[MINUTE])
            self.book(self._end, self._end_ms, self._end_ticks, self._marked)

    def move(self, old, old_ms, new, new_ms, ends=False):
        """The clock was set: what was gathered until then is booked before it. `ends`: open intervals end,
        however little it was set by.
        """
        self._sets.append(place(old, old_ms) + place(new, new_ms) + (ends,))

    def book(self, utc, ms, now, sets=-1):
        """Book what was gathered until `utc` (seconds) and `ms`; `now` in ms ticks. Of the clock's sets the
        first `sets` were before that, or all.
        """
        minute, ms = place(utc, ms)
        marks = self.marks
        if not self._running:
            self._running = True
            self._sets = []
            begin = max(0, minute * _MINUTE + ms - self.quadrants.span)
            self._began(begin // _MINUTE, begin % _MINUTE)
        if sets < 0:
            sets = len(self._sets)
        # how long it took, before and between the sets
        length, at_minute, at_ms = 0, marks[MINUTE], marks[MS]
        for i in range(sets):
            s = self._sets[i]
            length += max(0, (s[0] - at_minute) * _MINUTE + s[1] - at_ms)
            at_minute, at_ms = s[2], s[3]
        length += max(0, (minute - at_minute) * _MINUTE + ms - at_ms)
        joules = self.quadrants.joules
        self._gather(length)
        turned = sets > 0 or marks[MINUTE] < minute
        if turned:
            lead, lead_amps, lead_ms = list(joules), list(self._amps), length
        for _ in range(sets):
            s = self._sets[0]
            length = self._until(s[0], s[1], length)
            if not self._reading:
                self._sets.pop(0)
                self._marked -= 1
                self._turn(s)
            if self._reading:
                return
        length = self._until(minute, -1, length)
        if self._reading:
            return
        self._add(joules, self._amps, length)
        for i in range(len(joules)):
            joules[i] = 0
        marks[MS] = ms
        if turned:
            self._lead(lead, lead_amps, lead_ms)
        self._booked_all(now)

    def _gather(self, ms):
        """Currents as mA s: they are no energies, so the RMS of the second stands for it."""
        for k in range(3):
            total = self._amp_rests[k] + int(self.readings[p.I1 + k] * 1000.0 + 0.5) * ms
            self._amps[k] = total // 1000
            self._amp_rests[k] = total % 1000

    def _until(self, minute, ms, length):
        """Book of `length` ms what lies before a place of the time line, or before its minute if `ms` is -1;
        how much is left. A self-read that wants a slice of its own stops it.
        """
        marks = self.marks
        if (minute - marks[MINUTE]) * _MINUTE + ms - marks[MS] > _LONGEST:
            self._jumped(60 * marks[MINUTE], 60 * minute, False)
            return 0
        while marks[MINUTE] < minute and not self._reading:
            length = self._split(_MINUTE - marks[MS], length)
            marks[MINUTE] += 1
            marks[MS] = 0
            self._boundary()
        if ms > marks[MS] and not self._reading:
            length = self._split(ms - marks[MS], length)
            marks[MS] = ms
        return length

    def _split(self, part, length):
        """Book the share of `part` ms of `length`, and leave the rest, of so many ms."""
        part = min(part, length)
        if part <= 0:
            return length
        parts, amps = self._parts, self._amp_parts
        for left, taken in ((self.quadrants.joules, parts), (self._amps, amps)):
            for i in range(len(taken)):
                taken[i] = share = left[i] * part // length
                left[i] -= share
        self._add(parts, amps, part)
        return length - part

    def _turn(self, s):
        """Time goes on where the clock was set to."""
        old_minute, old_ms, minute, ms, ends = s
        marks = self.marks
        step = (minute - old_minute) * _MINUTE + ms - old_ms
        if abs(step) // 1000 <= CORRECTION and not ends:
            self._corrected()
            while marks[MINUTE] < minute:
                marks[MINUTE] += 1
                self._boundary()
        else:
            self._jumped(60 * old_minute + old_ms // 1000, 60 * minute + ms // 1000, True)
        marks[MINUTE] = minute
        marks[MS] = ms
