"""Alarms of limits (KW320 manual 4.4, 6.3.4): channels that watch a reading or an input each, and records of
what they found. The provider for points.ALARM.

A channel's condition holds while the value, rounded to the whole number that a record shows, is greater than
the set point, equal to it or less. Readings are looked at when their window ends, ten times a second, inputs
when they change. What has held for the channel's delay without a break is an alarm, to 5 ms; it ends as soon
as the condition does. Two channels that are a pair stand only while both conditions hold, each for its own
delay. Each begin and each end is a record with the value of that instant.

A channel whose settings change begins anew, and one that is off stands no more: neither is a recovery, and
has no record. What is not measured yet, or is of a module that is not there, meets no condition.
"""

from array import array

from fourquad import points as p
from fourquad import ticks
from fourquad.events import limits
from fourquad.events.log import EventLog
from fourquad.part import Part
from fourquad.points import alarms as a
from fourquad.points import columns as c
from fourquad.points import modules as m
from fourquad.points import values as v

_N = a.COUNT
_SETTINGS = a.FIRST - p.GROUP_ALARMS + a.FIELDS * _N
_FIRST = a.FIRST - p.GROUP_ALARMS
_SEEN = 1
_AND = 2
_UNIT_MS = 10  # of delays
_FAR_MS = 1 << 27
_REVERSED = (1801, 3000)  # 0.1 degrees by which the second phase lags: 240 if reversed, 120 if not
_DEMANDS = p.SECONDARY + p.P_DEMAND


class Alarms(Part):
    """`values`: the settings of points.GROUP_ALARMS in one array; `table`: rows of what can be watched, by
    codes; `readings`, `chain`, `billing` and `io` are the meter's, `billing` and `io` may be None.
    """

    name = "alarms"
    store = "event_store"
    event_bit = 0
    follows = range(p.GROUP_ALARMS, p.GROUP_ALARMS + _SETTINGS)

    def __init__(self, table, values, clock, chain, billing=None, io=None):
        self.log = EventLog(a.RECORDS, a.WORDS)
        self.values = self.log.values
        self.standing = 0  # channels, a bit each, as all masks here
        self.flashes = 0
        self._table = table
        self._settings = values
        self._taken = array("i", [0] * _SETTINGS)  # the settings that are in force
        self._clock = clock
        self._chain = chain
        self._readings = chain.readings
        self._billing = billing
        self._io = io
        self._points = None
        self._ratios = None
        self._sources = limits.sources(_N)
        self._limits = array("i", limits.NEVER * _N)
        self._copies = array("i", [limits.ABSENT] * _N)  # of what has no array of its own
        self._arrays = [self._copies] * _N
        self._places = bytearray(_N)
        self._factors = [0] * _N
        self._signed = 0  # values
        self._stamped = -1  # when the last record was made
        self._since = array("i", [0] * _N)
        self._enabled = 0
        self._paired = 0
        self._todo = 0  # whose limits are to be found
        self._armed = 0  # that are looked at
        self._waiting = 0  # for their first value
        self._asked = 0  # of terminals
        self._unseen = 0  # inputs that have not been on yet
        self._true = 0  # conditions
        self._met = 0  # the same for their delays
        self._relays = self._outputs = 0
        self._changed = True
        self._now = 0
        self.wake = 0
        self.after_window = (self._look,)
        if io:
            io.watch(self._on_input)

    def provide(self, points, commands):
        self._points = points
        points.provide(p.ALARM, self, 3)
        commands[p.CLEAR_ALARMS] = self.log.clear

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
        self._enabled, self._paired = enabled, paired
        for i in range(_SETTINGS):
            old[i] = new[i]
        self._drop(anew)
        self._todo |= anew & enabled

    def _drop(self, channels):
        """These channels begin anew, and what stands with them ends."""
        rest = ~channels
        self._todo &= rest
        self._armed &= rest
        self._waiting &= rest
        self._asked &= rest
        self._unseen &= rest
        self._true &= rest
        self._met &= rest
        self.standing &= rest
        self.standing &= self._wanted()
        self._route()

    def _prepare(self, i):
        """Find the limit of a channel."""
        at = _FIRST + a.FIELDS * i
        bit = 1 << i
        row = self._table[self._taken[at + a.CODE]]
        pid, watch = row[c.WATCHED], row[c.WATCH]
        comparison, n = self._taken[at + a.COMPARISON], self._taken[at + a.SET_POINT]
        if watch == v.WATCH_SIGNED and n > 32767:
            n -= 65536
        values, place = self._place(pid)
        if values is None:
            limit = limits.NEVER
            values, place = self._copies, i
            self._copies[i] = limits.ABSENT
            if p.MODULE <= pid < p.MODULE + 64 and self._io:
                self._asked |= bit
                limit = limits.of_integers(comparison, n)
                if watch == v.WATCH_INPUT:
                    limit = limits.of_integers(v.EQUAL, 1 if n == v.INPUT_ON else 0)
                    if not v.INPUT_ON <= n <= v.INPUT_GOES_OFF:
                        limit = limits.NEVER
                    if n == v.INPUT_GOES_OFF:
                        self._unseen |= bit
        elif watch == v.WATCH_ORDER:
            limit = limits.between(_REVERSED[0], _REVERSED[1], self._factor(row))
        elif isinstance(values[0], float):
            limit = limits.of_floats(comparison, n, self._factor(row))
        else:
            limit = limits.of_integers(comparison, n)
        limits.bind(self._sources, i, values, place)
        self._arrays[i] = values
        self._places[i] = place
        self._factors[i] = self._factor(row)
        self._signed = self._signed | bit if watch == v.WATCH_SIGNED else self._signed & ~bit
        for k in range(limits.ROW):
            self._limits[limits.ROW * i + k] = limit[k]
        if not self._armed & bit:
            self._waiting |= bit

    def _place(self, pid):
        """Where a value lies: (array, place); (None, 0) if it must be asked for, or is not there."""
        try:
            values = getattr(self._points.provider(pid), "values", None)
            place = pid - self._points.base(pid)
        except KeyError:
            return None, 0
        return (values, place) if values and place < len(values) else (None, 0)

    def _factor(self, row):
        """What a value is to be multiplied by."""
        fast = p.FAST <= row[c.WATCHED] < p.FAST + p.FAST_READINGS
        return row[c.FACTOR] / (self._readings.fast_ratios[row[c.SIDE]] if fast else 1)

    def _ready(self, i):
        """Whether a channel's value has been measured."""
        pid = self._watched(i)[c.WATCHED]
        if _DEMANDS <= pid < p.SECONDARY + p.READINGS:
            return self._billing is not None and self._billing.demand.windows > 0
        if pid < p.SECONDARY + p.READINGS:
            return self._chain.valid
        return self._chain.harmonics.windows > 0 if p.HARMONIC <= pid < p.EXTREME else True

    def _watched(self, i):
        """The row of what a channel watches."""
        return self._table[self._taken[_FIRST + a.FIELDS * i + a.CODE]]

    # Time.

    def window(self, now, ticked):
        """A window ends at `now`; its readings will be there soon."""
        self._now = now
        if self._changed:
            self.wake = now

    def _look(self):
        """The readings of a window are there: a slice."""
        if self._waiting:
            for i in range(_N):
                if self._waiting >> i & 1 and not self._todo >> i & 1 and self._ready(i):
                    self._waiting &= ~(1 << i)
                    self._armed |= 1 << i
        if self._armed:
            if self._ratios is not self._readings.fast_ratios:
                # the other side of the transformers, or other transformers: what stands, stands
                self._ratios = self._readings.fast_ratios
                self._todo |= self._armed
                self.wake = self._now
            self._compare(self._now)

    def _on_input(self, changed, now):
        """Inputs have changed at `now`."""
        if self._asked & self._armed:
            self._compare(now)

    def _compare(self, now):
        asked = self._asked & self._armed
        if asked:
            for i in range(_N):
                if asked >> i & 1:
                    self._ask(i)
        true = limits.beyond(self._armed & ~self._todo, self._sources, self._limits)
        true |= self._true & self._todo
        begun = true & ~self._true
        if true != self._true:
            self._true = true
            for i in range(_N):
                if begun >> i & 1:
                    self._since[i] = now
            self._advance(now)

    def _ask(self, i):
        """Get the value of a terminal."""
        row = self._watched(i)
        index = row[c.WATCHED] - p.MODULE
        value = limits.ABSENT
        if self._io.online(index, 1) and (row[c.WATCH] != v.WATCH_INPUT or self._io.states >> index & 1):
            value = self._io.read(index)
            if self._unseen >> i & 1:
                if value:
                    self._unseen &= ~(1 << i)
                else:
                    value = limits.ABSENT
        self._copies[i] = value

    def tick(self, now):
        """Settings that are to be taken over, a limit that is to be found, a delay that has passed."""
        self._now = now
        self.wake = ticks.add(now, _FAR_MS)
        if self._changed:
            self._changed = False
            self._take_over()
        for i in range(_N):
            if self._todo >> i & 1:
                self._prepare(i)
                self._todo &= ~(1 << i)
                break
        self._advance(now)
        if self._todo:
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
        changed = wanted ^ self.standing
        if changed:
            self.standing = wanted
            for i in range(_N):
                if changed >> i & 1:
                    self._record(i, now)
            self._route()

    def _wanted(self):
        """The alarms that follow from what is met."""
        met, paired = self._met, self._paired
        both = met & met >> 1 & paired & 0x5555
        return met & ~paired | both | both << 1

    def _record(self, i, now):
        log = self.log
        before = log.number
        at = log.add()
        code = self._taken[_FIRST + a.FIELDS * i + a.CODE]
        status = code << 8
        if self._paired >> i & 1:
            status |= _AND
        if self.standing >> i & 1:
            status |= _SEEN
        values = log.values
        values[at] = status
        values[at + 1] = code
        values[at + 2] = self._value(i)
        if before and now == self._stamped:
            # many at once: 16 of them shall not take long
            last = a.WORDS * (before - 1)
            for k in range(3, a.WORDS):
                values[at + k] = values[last + k]
        else:
            self._stamped = now
            self._clock.stamp(now, values, at + 3)

    def _value(self, i):
        """What a channel watches, as the word of a record."""
        x = self._arrays[i][self._places[i]]
        if x == limits.ABSENT:
            return 0
        if isinstance(x, float):
            x *= self._factors[i]
            # what is beyond a word, and a NaN, is not to be rounded
            if -40000 < x < 70000:
                x = int(x + 0.5) if x >= 0 else -int(0.5 - x)
            else:
                x = 65535 if x > 0 else -32768 if x < 0 else 0
        low, high = (-32768, 32767) if self._signed >> i & 1 else (0, 65535)
        return (low if x < low else high if x > high else x) & 0xFFFF

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
        if index < len(self.values):
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
            return Alarms(table, group.values, meter.clock, meter.chain, meter.billing, meter.io)
    return None
