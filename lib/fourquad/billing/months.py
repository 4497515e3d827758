"""Energies at the ends of the last months: all registers as they were at local midnight of the first, for the
last seven months. A provider of points from MONTH_ENERGY on, each of which can be preset.

What counts is that a month has begun, not that its midnight was seen: of months that went by without power,
or over which the clock was set forward, each gets the registers as they are. A clock that is set back changes
nothing; by less than a day it does not repeat a midnight either. Nothing happens while nobody knows the time.

They are kept in a file like a group of settings (meter/settings.py), because they change once a month.
"""

from array import array

from fourquad import points as p
from fourquad.calendar.clock import split
from fourquad.part import Part
from fourquad.points import values as v
from fourquad.registers.energy import MODULUS, SIGNED

_LAST = p.MONTHS * p.ENERGIES
# Places after the energies: the month that has begun (counted since year 0, 0 is none yet), their side.
_BEGUN = _LAST
_SIDE = _LAST + 1
_DAY = 86400


class Register:
    """The energies, as a provider and as a group of settings (meter.settings.Group)."""

    first = p.MONTH_ENERGY - p.SETTING
    texts = None

    def __init__(self, settings):
        self._settings = settings
        self.values = array("i", [0] * (_LAST + 2))
        self.changed = False

    def save(self):
        """Let it be saved: something has changed."""
        self.changed = self._settings.changed = True

    def read(self, index):
        if not 0 <= index < _LAST:
            raise KeyError(index)
        return self.values[index]

    def check(self, index, value):
        if not 0 <= index < _LAST:
            return p.UNKNOWN
        if not _in_range(index, value):
            return p.RANGE
        return p.FORBIDDEN if self._settings.guarded(p.MONTH_ENERGY) else p.OK

    def write(self, index, value):
        """Preset an energy."""
        self.values[index] = value
        self.save()
        return p.OK

    def restore(self, index, value):
        """Take back a saved value; one that cannot be changes nothing."""
        if 0 <= index < len(self.values) and (index >= _LAST or _in_range(index, value)):
            self.values[index] = value


def _in_range(index, value):
    return (1 - MODULUS if index % p.ENERGIES in SIGNED else 0) <= value < MODULUS


class Months(Part):
    """`settings`, `clock` and `energy` (registers.energy.Energy) of the meter."""

    name = "months"
    follows = (p.ENERGY_SIDE,)

    def __init__(self, settings, clock, energy):
        self._settings = settings
        self._clock = clock
        self._energy = energy
        self._minute = -1
        self._date = [0] * 7
        self._register = Register(settings)
        settings.groups.append(self._register)
        self.values = self._register.values
        self.after_booking = (self.look,)

    def configure(self):
        """Energies of the other side are none of this meter's."""
        side = 1 if self._settings.get(p.ENERGY_SIDE) == v.ENERGY_SECONDARY else 0
        if side != self.values[_SIDE]:
            for i in range(_LAST):
                self.values[i] = 0
            self.values[_SIDE] = side
            self._register.save()

    def look(self):
        """Once a second, after its energies were booked: whether a month has begun."""
        minute = self._clock.now // 60
        if minute == self._minute or not self._clock.valid:
            return
        self._minute = minute
        month, begun = self._month(0), self.values[_BEGUN]
        if month > begun:
            if begun:
                self._shift(min(month - begun, p.MONTHS))
        elif month == begun or self._month(_DAY) >= begun:
            return
        self.values[_BEGUN] = month
        self._register.save()

    def _month(self, ahead):
        """The month of local time, so many seconds ahead."""
        seconds = self._clock.now + ahead
        split(self._clock.zone.local(seconds) if self._clock.zone else seconds, self._date)
        return 12 * self._date[1] + self._date[2]

    def _shift(self, months):
        """So many months have ended with the registers as they are."""
        values, now = self.values, self._energy.values
        begun = months * p.ENERGIES
        for i in range(_LAST - 1, begun - 1, -1):
            values[i] = values[i - begun]
        for i in range(begun):
            values[i] = now[i % p.ENERGIES]


def make(meter):
    """The part of a meter; None for one that counts no energies."""
    if not meter.energy:
        return None
    return Months(meter.settings, meter.clock, meter.energy)
