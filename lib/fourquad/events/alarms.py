"""Alarms of limits (KW320 manual 4.4, 6.3.4): channels that watch a reading or an input each, and records of
what they found. The provider for points.ALARM.

A channel's condition holds while the value, rounded to the whole number that a record shows, is greater than
the set point, equal to it or less. Readings are looked at when their window ends, ten times a second, inputs
when they change. What has held for the channel's delay without a break is an alarm, to 5 ms; it ends as soon
as the condition does. Two channels that are a pair stand only while both conditions hold, each for its own
delay. Each begin and each end is a record with the value of that window.

A channel whose settings change begins anew, and one that is off stands no more: neither is a recovery, and
has no record.
"""

from array import array

from fourquad import points as p
from fourquad import ticks
from fourquad.events.log import EventLog
from fourquad.events.watch import Watch
from fourquad.part import Part
from fourquad.points import alarms as a
from fourquad.points import modules as m

_N = a.COUNT
_SETTINGS = a.SETTINGS_END - p.GROUP_ALARMS
_FIRST = a.FIRST - p.GROUP_ALARMS
_OCCURRED = 1
_PAIR = 2
_UNIT_MS = 10  # of delays
_FAR_MS = 1 << 27
_TOLD = 4  # records a slice: 3 ms


class Alarms(Part):
    """`values`: the settings of points.GROUP_ALARMS in one array; `watch`: a Watch; `io` may be None. All
    masks have a bit for each channel.
    """

    name = "alarms"
    store = "event_store"
    event_bit = 0
    follows = range(p.GROUP_ALARMS, a.SETTINGS_END)

    def __init__(self, values, clock, watch, io=None, records=a.RECORDS):
        self.log = EventLog(records, a.WORDS)
        self.values = self.log.values
        self.standing = 0
        self.flashes = 0
        self._settings = values
        self._taken = array("i", [0] * _SETTINGS)  # the settings that are in force
        self._clock = clock
        self._watch = watch
        self._io = io
        self._ratios = None
        self._since = array("i", [0] * _N)
        self._enabled = 0
        self._paired = 0
        self._todo = 0  # whose limits are to be found
        self._armed = 0  # that are looked at
        self._waiting = 0  # for their first value
        self._true = 0  # conditions
        self._met = 0  # the same for their delays
        self._untold = 0  # what has no record yet
        self._changed_at = 0  # of these
        self._stamped = -1  # when the last record is of
        self._relays = self._outputs = 0
        self._changed = True
        self._now = 0
        self.wake = 0
        self.after_window = (self._look,)
        if io:
            io.watch(self._on_input)

    def provide(self, points, commands):
        self._watch.points = points
        points.provide(p.ALARM, self, 3)
        commands[p.CLEAR_ALARMS] = self.clear

    def clear(self):
        """Forget the records; what stands goes on."""
        self._tell(_N)
        self.log.clear()

    # Settings.

    def configure(self):
        """Take over the settings soon, a channel at each tick."""
        self._changed = True

    def _take_over(self):
        new, old = self._settings, self._taken
        enabled = new[a.CHANNELS - p.GROUP_ALARMS] if new[a.ON - p.GROUP_ALARMS] else 0
        pairs = new[a.PAIRS - p.GROUP_ALARMS]
        anew = enabled ^ self._enabled
        for i in range(_N):
            at = _FIRST + a.FIELDS * i
            for k in range(a.RELAY):
                if new[at + k] != old[at + k]:
                    anew |= 1 << i
        paired = 0
        for k in range(_N // 2):
            if pairs >> k & 1:
                paired |= 3 << 2 * k
        anew |= paired ^ self._paired
        self._tell(_N)
        self._enabled, self._paired = enabled, paired
        for i in range(_SETTINGS):
            old[i] = new[i]
        self._drop(anew)
        self._todo |= anew & enabled
        if not self._armed:
            self._ratios = self._watch.ratios()

    def _drop(self, channels):
        """These channels begin anew, and what stands with them ends."""
        rest = ~channels
        self._todo &= rest
        self._armed &= rest
        self._waiting &= rest
        self._true &= rest
        self._met &= rest
        self.standing &= rest
        self.standing &= self._wanted()
        self._route()

    def _prepare(self, i):
        at = _FIRST + a.FIELDS * i
        taken = self._taken
        self._watch.prepare(i, taken[at + a.CODE], taken[at + a.COMPARISON], taken[at + a.SET_POINT])
        if not self._armed >> i & 1:
            self._waiting |= 1 << i

    # Time.

    def window(self, now, ticked):
        """A window ends at `now`; its readings will be there soon."""
        self._tell(_N)
        self._now = now
        if self._changed:
            self.wake = now

    def _look(self):
        """The readings of a window are there: a slice."""
        if self._waiting:
            for i in range(_N):
                if self._waiting >> i & 1 and not self._todo >> i & 1 and self._watch.ready(i):
                    self._waiting &= ~(1 << i)
                    self._armed |= 1 << i
        if self._armed:
            if self._ratios is not self._watch.ratios():
                # the other side of the transformers, or other transformers: what stands, stands
                self._ratios = self._watch.ratios()
                self._todo |= self._armed
                self.wake = self._now
            self._compare(self._armed, self._now)

    def _on_input(self, changed, now):
        """Inputs have changed at `now`; the readings may be half those of the next window."""
        asked = self._watch.asked & self._armed
        if asked:
            self._tell(_N)
            self._compare(asked, now)

    def _compare(self, channels, now):
        channels &= ~self._todo
        true = self._watch.beyond(channels) | self._true & ~channels
        begun = true & ~self._true
        if true != self._true:
            self._true = true
            for i in range(_N):
                if begun >> i & 1:
                    self._since[i] = now
            self._advance(now)

    def tick(self, now):
        """Settings that are to be taken over, a limit that is to be found, a delay that has passed, records
        that are to be made.
        """
        self._now = now
        self.wake = ticks.add(now, _FAR_MS)
        self._tell(_TOLD)
        if self._changed:
            self._changed = False
            self._take_over()
        for i in range(_N):
            if self._todo >> i & 1:
                self._prepare(i)
                self._todo &= ~(1 << i)
                break
        self._advance(now)
        if self._todo or self._untold:
            self.wake = now

    def _advance(self, now):
        """See which conditions have held for their delays, and what follows from it."""
        self._met &= self._true
        timed = self._true & ~self._met
        if timed:
            for i in range(_N):
                if timed >> i & 1:
                    due = _UNIT_MS * self._taken[_FIRST + a.FIELDS * i + a.DELAY]
                    due = ticks.add(self._since[i], due)
                    if ticks.diff(now, due) >= 0:
                        self._met |= 1 << i
                    elif ticks.diff(self.wake, due) > 0:
                        self.wake = due
        wanted = self._wanted()
        if wanted != self.standing:
            # in the order of their times
            self._tell(_N)
            self._untold = wanted ^ self.standing
            self._changed_at = now
            self.standing = wanted
            self._route()
            # the others at the next ticks
            self._tell(_TOLD)
            if self._untold:
                self.wake = now

    def _wanted(self):
        """The alarms that follow from what is met."""
        met, paired = self._met, self._paired
        both = met & met >> 1 & paired & 0x5555
        return met & ~paired | both | both << 1

    # Records.

    def _tell(self, most):
        """Make so many of the records that are due."""
        if self._untold:
            for i in range(_N):
                if most and self._untold >> i & 1:
                    self._untold &= ~(1 << i)
                    self._record(i)
                    most -= 1

    def _record(self, i):
        log = self.log
        before = log.number
        at = log.add()
        code = self._taken[_FIRST + a.FIELDS * i + a.CODE]
        status = code << 8
        if self._paired >> i & 1:
            status |= _PAIR
        if self.standing >> i & 1:
            status |= _OCCURRED
        values = log.values
        values[at] = status
        values[at + 1] = code
        values[at + 2] = self._watch.word(i)
        if before and self._changed_at == self._stamped:
            last = a.WORDS * (before - 1)
            for k in range(3, a.WORDS):
                values[at + k] = values[last + k]
        else:
            self._stamped = self._changed_at
            self._clock.stamp(self._changed_at, values, at + 3)

    # Outputs.

    def _route(self):
        """Give the alarms that stand to relays, digital outputs and the backlight."""
        taken, standing = self._taken, self.standing
        self.flashes = 1 if standing and taken[a.FLASH - p.GROUP_ALARMS] else 0
        relays = outputs = 0
        for i in range(_N):
            relay = taken[_FIRST + a.FIELDS * i + a.RELAY]
            if relay and standing >> i & 1:
                relays |= 1 << relay - 1
        for k in range(a.OUTPUTS):
            if taken[a.DO1 - p.GROUP_ALARMS + k] & standing:
                outputs |= 1 << k
        if self._io:
            self._switch(m.RELAY1, relays, relays ^ self._relays)
            self._switch(m.DO1, outputs, outputs ^ self._outputs)
        self._relays, self._outputs = relays, outputs

    def _switch(self, first, states, changed):
        """Tell what is not any more as it was."""
        k = 0
        while changed:
            if changed & 1:
                self._io.alarm_output(first + k, states >> k & 1)
            changed >>= 1
            k += 1

    # The provider.

    def read(self, index):
        if index < a.STANDING:
            return self.values[index]
        if index == a.STANDING:
            return self.standing
        if index == a.FLASHES:
            return self.flashes
        if index == a.LOST:
            return self.log.lost
        raise KeyError(index)

    def check(self, index, value):
        return p.READ_ONLY if index <= a.LOST else p.UNKNOWN

    write = check


def make(meter):
    """The part of a meter; None where the model has no settings of alarms."""
    table = getattr(meter.model, "WATCHED", None)
    for group in meter.settings.groups:
        if group.first == p.GROUP_ALARMS and table:
            watch = Watch(table, meter.chain, meter.billing, meter.io)
            records = getattr(meter.model, "ALARM_RECORDS", a.RECORDS)
            return Alarms(group.values, meter.clock, watch, meter.io, records)
    return None
