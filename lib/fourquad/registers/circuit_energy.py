"""Energies of many circuits: of each input import and export of active and reactive energy, and apparent
energy, the imports and the apparent one by tariff; and what of those was consumed in this month and in the
last one.

One count is 0.1 kWh (kvarh, kVAh) of the primary side. What several inputs have together is the sum of their
counts, so that circuits add up to the system to the last one always. Joules that do not make a count wait as
a residue of the input: the count goes to the tariff and the month in which it is whole.

A month begins at local midnight of the first; what the registers had then is kept in a file. A month that
went by without power, or over which the clock was set forward, begins and ends with the same registers.
"""

from array import array

from fourquad import points as p
from fourquad.calendar.clock import split
from fourquad.part import Part
from fourquad.points import billing as b
from fourquad.points import circuits as c
from fourquad.registers import image

MODULUS = 1000000000
COUNT = 360000  # J
_TARIFFS = b.RATES - 1
# Places of the registers: of each quantity that is counted by tariff the inputs by tariff, then the exports.
_STEP = _TARIFFS * c.INPUTS
_EXPORT = len(c.BY_TARIFF) * _STEP
_SIZE = _EXPORT + 2 * c.INPUTS
_SOURCES = 5
_MONTH = c.MONTH - c.ENERGY  # place of the first month's among the points
_DAY = 86400


class Months:
    """The registers at the beginning of this month and of the last one, as a group of settings that has
    bytes of its own (device/settings_store.py).
    """

    first = p.GROUP_MONTHS
    texts = None
    values = ()

    def __init__(self, settings):
        self._settings = settings
        self.changed = False
        self.month = array("i", [0])  # that has begun, counted since year 0; 0 is none yet
        self.starts = (array("i", [0] * _EXPORT), array("i", [0] * _EXPORT))

    def save(self):
        """Let it be saved: something has changed."""
        self.changed = self._settings.changed = True

    def dump(self):
        """The bytes of the file."""
        out = bytearray(4 + 8 * _EXPORT)
        at = image.put(out, 0, self.month, 4)
        for values in self.starts:
            at = image.put(out, at, values, 4 * _EXPORT)
        return out

    def load(self, data):
        """Take back what `dump` gave; another length changes nothing."""
        if len(data) == 4 + 8 * _EXPORT:
            at = image.take(data, 0, self.month, "i")
            for values in self.starts:
                at = image.take(data, at, values, "i")


class CircuitEnergy(Part):
    """`settings`, `clock` and `billing` (billing.circuits) of the meter, `group()`: the value of
    CIRCUIT_WIRING. Provider for points.circuits.ENERGY and MONTH.
    """

    name = "circuit_energy"
    size = 4 * (_SIZE + _SOURCES * c.INPUTS)

    def __init__(self, settings, clock, billing, first):
        self._settings = settings
        self._clock = clock
        self._billing = billing
        self._first = first  # place of the first joules
        self.counts = array("i", [0] * _SIZE)
        self._rests = array("i", [0] * (_SOURCES * c.INPUTS))
        self._months = Months(settings)
        self._minute = -1
        self._date = [0] * 7
        settings.groups.append(self._months)
        billing.takers.append(self)

    def provide(self, points, commands):
        points.provide(c.ENERGY, self, 17)
        commands[p.CLEAR_ENERGY] = self.clear

    def add(self, tariff, joules, ms):
        """Joules of a tariff (1-4), as billing/circuits.py has them."""
        rests, first = self._rests, self._first
        for i in range(len(rests)):
            j = joules[first + i]
            if j:
                rest = rests[i] + j
                if rest >= COUNT:
                    n = rest // COUNT
                    rest -= n * COUNT
                    at = _register(i % _SOURCES, tariff - 1, i // _SOURCES)
                    self.counts[at] = (self.counts[at] + n) % MODULUS
                rests[i] = rest

    def minute(self, minute, offset):
        """A minute of UTC begins, and all that was before it is booked: perhaps a month, too."""
        if not self._clock.valid or minute == self._minute:
            return
        self._minute = minute
        month, begun = self._month_of(60 * minute), self._months.month[0]
        if month > begun or month < begun and self._month_of(60 * minute + _DAY) < begun:
            # set back by more than a day: months will end again
            self._begin(month, month - begun if begun and month > begun else 0)

    def interrupt(self, minute, offset):
        """Time goes on elsewhere: `minute` sees it."""
        self._minute = -1

    def _month_of(self, utc):
        zone = self._clock.zone
        split(zone.local(utc) if zone else utc, self._date)
        return 12 * self._date[1] + self._date[2]

    def _begin(self, month, ended):
        months = self._months
        this, last = months.starts
        if ended:
            for i in range(_EXPORT):
                last[i] = this[i] if ended == 1 else self.counts[i]
                this[i] = self.counts[i]
        months.month[0] = month
        months.save()

    def read(self, index):
        if index >= _MONTH:
            return self._consumed(index - _MONTH)
        source, group = divmod(index, c.GROUPS)
        if source >= _SOURCES:
            raise KeyError(index)
        quantity = c.BY_TARIFF.index(source) if source in c.BY_TARIFF else -1
        total = 0
        for n in c.members(self._settings.get(c.CIRCUIT_WIRING), group):
            if quantity < 0:
                total += self.counts[_register(source, 0, n)]
            else:
                for tariff in range(_TARIFFS):
                    total += self.counts[_register(source, tariff, n)]
        return total % MODULUS

    def _consumed(self, index):
        """In month 0 (this one) or 1, of a quantity, of a group, in a tariff (0: in all)."""
        index, rate = divmod(index, b.RATES)
        index, group = divmod(index, c.GROUPS)
        month, quantity = divmod(index, len(c.BY_TARIFF))
        this, last = self._months.starts
        if month > 1:
            raise KeyError(index)
        since, until = (this, self.counts) if month == 0 else (last, this)
        total = 0
        for n in c.members(self._settings.get(c.CIRCUIT_WIRING), group):
            for tariff in range(_TARIFFS) if rate == 0 else (rate - 1,):
                at = _STEP * quantity + c.INPUTS * tariff + n
                gained = (until[at] - since[at]) % MODULUS
                # a cut took back what was counted before the month's file was saved
                total += gained if gained < MODULUS // 2 else 0
        return total % MODULUS

    def check(self, index, value):
        try:
            self.read(index)
        except KeyError:
            return p.UNKNOWN
        return p.READ_ONLY

    write = check

    def clear(self):
        """All registers 0, and nothing consumed."""
        for values in (self.counts, self._rests) + self._months.starts:
            for i in range(len(values)):
                values[i] = 0
        self._months.save()
        self._billing.save_soon = True

    def dump(self, buffer, at):
        at = image.put(buffer, at, self.counts, 4 * _SIZE)
        return image.put(buffer, at, self._rests, 4 * _SOURCES * c.INPUTS)

    def restore(self, buffer, at):
        at = image.take(buffer, at, self.counts, "i")
        return image.take(buffer, at, self._rests, "i")


def _register(source, tariff, n):
    """Place of the register of a source of input `n`; `tariff` from 0 on."""
    if source in c.BY_TARIFF:
        return _STEP * c.BY_TARIFF.index(source) + c.INPUTS * tariff + n
    return _EXPORT + (c.INPUTS if source == c.Q_EXPORT else 0) + n


def make(meter):
    """The part of a meter whose billing is that of billing/circuits.py."""
    return CircuitEnergy(meter.settings, meter.clock, meter.billing, meter.billing.places[0])
