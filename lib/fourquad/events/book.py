"""What happened to a meter, in four logs: readings out of range, maximum demands, changes by somebody, and
openings of the cover. Provider of blocks of registers from points.EVENT_LOGS on (points/book.py).

A voltage is out of range above 120 % of the setting NOMINAL_VOLTAGE, a current above 120 % of
MAXIMUM_CURRENT; it is back below 118 %. A demand that rises from window to window makes one record, when it
has risen no more. A setting that is written makes one if its value changes; a wrong password makes one.
"""

from array import array
from struct import pack_into

from fourquad import points as p
from fourquad.calendar.clock import split
from fourquad.events.log import EventLog
from fourquad.part import Part
from fourquad.points import access as a
from fourquad.points import book as k
from fourquad.registers import image

_WATCHED = (p.V1, p.V2, p.V3, p.I1, p.I2, p.I3)
_OVER = 1.2
_BACK = 1.18
_NEVER = 0xFFFFFFFF

# What a written point is a change of: first point, the one after the last, what happened.
_CHANGES = (
    (p.SCHEDULE, p.SCHEDULE + 64, k.TABLES),
    (p.COMMAND, p.COMMAND + 64, k.CLEARED),
    (p.STATE + p.RUN_TIME, p.STATE + p.RUN_TIME + 1, k.PRESET),
    (p.STATE + p.WEEKDAY, p.STATE + p.SECOND + 1, k.CLOCK_SET),
    (p.STATE + p.EPOCH, p.STATE + p.MILLISECOND + 1, k.CLOCK_SET),
    (p.TARIFF_ENERGY, p.DEMAND, k.PRESET),
    (p.TABLE, p.TABLE + 64, k.TABLES),
    (p.CONSUMPTION, p.SETTING, k.PRESET),
    (p.ACCESS + a.PERMISSION, p.ACCESS + a.PERMISSION + 1, k.PERMITTED),
)
_PASSWORDS = (p.ACCESS + a.PERMISSION, p.ACCESS + a.ENTRY)
_NAMES = ("alarm log", "demand log", "program log", "cover log")


class Book(Part):
    """`meter` has a clock, settings, readings and billing."""

    name = "book"
    store = "event_store"

    def __init__(self, meter):
        self._meter = meter
        self.logs = tuple([EventLog(k.RECORDS, k.WORDS, "H") for _ in range(k.LOGS)])
        self.kept = tuple([(_NAMES[i], self.logs[i]) for i in range(k.LOGS)])
        self._now = None  # ms ticks of the last window
        self._over = 0  # a bit for each of _WATCHED
        self._most = array("i", [0] * len(_WATCHED))
        channels = meter.billing.demand.channels
        self._stamps = array("I", [_NEVER] * len(channels))  # of maxima when they were looked at
        self._told = array("I", [0] * len(channels))  # of those that have a record
        self._windows = 0
        self._date = [0] * 7
        self.after_reading = (self._look, self._demands)
        self.size = 4 * len(channels)

    def provide(self, points, commands):
        points.provide(p.EVENT_LOGS, self)
        points.heard = self.heard
        for i in range(k.LOGS):
            commands[p.CLEAR_EVENT_LOG + i] = self.logs[i].clear

    def _add(self, which, what, point, value, now=None):
        """A record of now; where its time is."""
        log = self.logs[which]
        values, at = log.values, log.add()
        self._meter.clock.stamp(self._now if now is None else now, values, at)
        values[at + k.WHAT] = what
        values[at + k.POINT] = point & 0xFFFF
        values[at + k.HIGH] = value >> 16 & 0xFFFF
        values[at + k.LOW] = value & 0xFFFF
        return at

    def window(self, now, ticked):
        """A window ends."""
        self._now = now

    # Alarms.

    def _look(self):
        """A second's readings."""
        get = self._meter.settings.get
        readings = self._meter.readings.secondary
        for i in range(len(_WATCHED)):
            volts = i < 3
            value = int(readings[_WATCHED[i]] * (10 if volts else 1000) + 0.5)
            full = get(p.NOMINAL_VOLTAGE) if volts else get(p.MAXIMUM_CURRENT)
            bit = 1 << i
            if self._over & bit:
                self._most[i] = max(value, self._most[i])
                if value < full * _BACK:
                    self._over ^= bit
                    self._add(k.ALARMS, k.IN_RANGE, p.SECONDARY + _WATCHED[i], self._most[i])
            elif value > full * _OVER:
                self._over |= bit
                self._most[i] = value
                self._add(k.ALARMS, k.OVER_RANGE, p.SECONDARY + _WATCHED[i], value)

    # Demands.

    def _demands(self):
        """Maxima that the last window has not raised."""
        demand = self._meter.billing.demand
        if demand.windows == self._windows:
            return
        self._windows = demand.windows
        channels = demand.channels
        for i in range(len(channels)):
            place = demand.place(channels[i], 0)
            stamp = demand.stamps[place]
            if stamp != self._stamps[i]:
                self._stamps[i] = stamp
            elif stamp != self._told[i]:
                self._told[i] = stamp
                if stamp:
                    self._tell_maximum(channels[i], stamp, demand.maxima[place])

    def _tell_maximum(self, quantity, stamp, value):
        at = self._add(k.DEMANDS, k.MAXIMUM, p.MAXIMUM + 8 * quantity, value)
        values = self.logs[k.DEMANDS].values
        zone = self._meter.clock.zone
        split(zone.local(stamp) if zone else stamp, self._date)
        for i in range(6):
            values[at + i] = self._date[1 + i]
        values[at + 6] = 0

    # Changes.

    def on_setting(self, offset):
        """A setting has another value; before anything is measured nobody has done that."""
        if self._now is None:
            return
        if offset == p.PASSWORD:
            self._add(k.PROGRAM, k.NEW_PASSWORD, p.SETTING + offset, 0)
        else:
            self._add(k.PROGRAM, k.SETTING, p.SETTING + offset, self._meter.settings.get(offset))

    def heard(self, pid, value, why):
        """Somebody has written a point, or was refused; before anything is measured nobody has done that."""
        if self._now is None:
            return
        if why:
            if pid in _PASSWORDS and why == p.FORBIDDEN:
                self._add(k.PROGRAM, k.REFUSED, 0, 0)
            return
        for first, end, what in _CHANGES:
            if first <= pid < end:
                if what == k.CLEARED and not value:
                    return
                secret = what not in (k.PRESET, k.CLEARED)
                self._add(k.PROGRAM, what, pid, 0 if secret else value)
                return

    def cover(self, is_open, now):
        """The cover's switch, at `now` (ms ticks)."""
        log = self.logs[k.COVER]
        newest = (log.number - 1) * log.words
        # the last one may be from before a power cut
        if is_open != (log.number > 0 and log.values[newest + k.WHAT] == k.OPENED):
            self._add(k.COVER, k.OPENED if is_open else k.CLOSED, 0, 0, now)

    # The provider.

    def read(self, index):
        raise KeyError(index)

    def check(self, index, value):
        return p.READ_ONLY

    write = check

    def read_block(self, master, index, count, target, at):
        """As the register map wants it: protocols/modbus/map.py."""
        for i in range(index, index + count):
            log, place = self.logs[i // k.STEP], i % k.STEP
            word = log.number if not place else 0
            if 0 < place <= k.RECORDS * k.WORDS:
                word = log.values[place - 1]
            pack_into(">H", target, at, word)
            at += 2

    def write_block(self, master, index, count, data, at):
        """Nobody writes it."""
        return p.READ_ONLY

    # The image: which maxima have a record.

    def dump(self, buffer, at):
        return image.put(buffer, at, self._told, 4 * len(self._told))

    def restore(self, buffer, at):
        return image.take(buffer, at, self._told, "I")


def make(meter):
    """The part of a meter that has billing before it; None for another one."""
    return Book(meter) if meter.billing else None
