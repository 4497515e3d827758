"""What was consumed in this month and in those before: active energy in total and by tariff. Provider for
points.CONSUMPTION, each of which can be preset, which changes no other register.

A month begins at local midnight of the first. In months that went by without power, or over which the clock
was set forward, nothing was consumed; a clock that is set back changes nothing. No month ends while nobody
knows the time: what is counted meanwhile belongs to the month that was.
"""

from array import array
from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad.calendar.clock import split
from fourquad.part import Part
from fourquad.points import billing as b
from fourquad.registers import image

MODULUS = 1000000000
_N = b.CONSUMPTIONS
_PLACES = _N * b.CONSUMPTION_MONTHS
_DAY = 86400


class Consumption(Part):
    """`tariffs` (billing.tariff_energy.TariffEnergy) counts; `clock` is the meter's; `billing` saves a
    preset soon. What the registers have gained since `count` is no part of the image: it is counted again.
    """

    name = "consumption"
    billing = None
    size = 4 * (_PLACES + _N + 1)

    def __init__(self, settings, clock, tariffs):
        self._settings = settings
        self._clock = clock
        self._tariffs = tariffs
        self.counted = array("i", [0] * _PLACES)
        self._last = array("i", [0] * _N)  # the registers when they were looked at
        self._month = 0  # that has begun, counted since year 0; 0 is none yet
        self._date = [0] * 7

    def provide(self, points, commands):
        points.provide(p.CONSUMPTION, self)

    def minute(self, minute):
        """A minute of UTC begins, and all that was before it is booked."""
        self.count()
        if not self._clock.valid:
            return
        month = self._month_of(60 * minute)
        if month > self._month:
            if self._month:
                self._shift(min(month - self._month, b.CONSUMPTION_MONTHS))
            self._month = month
        elif month < self._month and self._month_of(60 * minute + _DAY) < self._month:
            # set back by more than a day: months will end again
            self._month = month

    def count(self):
        """Take over what the registers have gained."""
        tariffs, last, counted = self._tariffs, self._last, self.counted
        for i in range(1, _N):
            now = tariffs.read(i)
            if now != last[i]:
                gained = (now - last[i]) % tariffs.modulus
                last[i] = now
                counted[i] = (counted[i] + gained) % MODULUS
                counted[0] = (counted[0] + gained) % MODULUS

    def follow(self):
        """The registers were preset: nothing was consumed by that."""
        for i in range(1, _N):
            self._last[i] = self._tariffs.read(i)

    def _month_of(self, utc):
        zone = self._clock.zone
        split(zone.local(utc) if zone else utc, self._date)
        return 12 * self._date[1] + self._date[2]

    def _shift(self, months):
        counted = self.counted
        for i in range(_PLACES - 1, -1, -1):
            before = i - months * _N
            counted[i] = counted[before] if before >= 0 else 0

    def read(self, index):
        if index >= _PLACES:
            raise KeyError(index)
        if index < _N:
            self.count()
        return self.counted[index]

    def check(self, index, value):
        if index >= _PLACES:
            return p.UNKNOWN
        if not 0 <= value < MODULUS:
            return p.RANGE
        return p.FORBIDDEN if self._settings.guarded(p.CONSUMPTION) else p.OK

    def write(self, index, value):
        """Preset; a total's difference goes to tariff 1, as far as that has it."""
        self.count()
        counted = self.counted
        if index % _N == 0:
            counted[index + 1] = max(0, counted[index + 1] + value - counted[index])
        counted[index] = value
        if self.billing:
            self.billing.save_soon = True
        return p.OK

    def dump(self, buffer, at):
        at = image.put(buffer, at, self.counted, 4 * _PLACES)
        at = image.put(buffer, at, self._last, 4 * _N)
        pack_into("<I", buffer, at, self._month)
        return at + 4

    def restore(self, buffer, at):
        at = image.take(buffer, at, self.counted, "i")
        at = image.take(buffer, at, self._last, "i")
        self._month = unpack_from("<I", buffer, at)[0]
        return at + 4


def make(meter):
    """The part of a meter; None for one without energies by tariff."""
    billing = meter.billing
    if not (billing and billing.table.GROUPS):
        return None
    part = Consumption(meter.settings, meter.clock, billing.tariffs)
    billing.on_minute = part.minute
    billing.tariffs.watcher = part
    part.billing = billing
    return part
