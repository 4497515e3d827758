"""Billing of many circuits: their energies on the time line of billing.py, for the parts that want them.

The joules of each second are those of the primary side: of input n (0-17) from the place
b.BASES + SOURCES * n on import and export
of active energy, import (inductive) and export of reactive energy, apparent energy; then, for each input, the
mA s of its current. What does not make one is kept for the next second.
"""

from fourquad.billing.billing import Billing
from fourquad.points import billing as b
from fourquad.points import circuits as c

SOURCES = 5  # energies of an input
_CURRENTS = b.BASES + SOURCES * c.INPUTS  # place of the mA s of the first
_SECONDS = 3600


class Counter:
    """Makes joules of increments, as quadrants.Quadrants does for a meter of one circuit, whose places stay
    0. `ratios` (metering.circuits.CircuitReadings): `over` of each input and `under`, primary over secondary.
    """

    def __init__(self, ratios):
        self._ratios = ratios
        self.joules = [0] * (_CURRENTS + c.INPUTS)
        self._rests = [0] * (SOURCES * c.INPUTS)
        self._per_wh = 1
        self.span = 0  # ms in which they were gathered

    def set_unit(self, per_wh):
        """Increments are from now on of this many to a Wh of the secondary side."""
        old, self._per_wh = self._per_wh, per_wh
        for i in range(len(self._rests)):
            self._rests[i] = self._rests[i] * per_wh // old

    def add(self, n, active, reactive, apparent):
        """Increments of an input; active is negative for export, reactive for capacitive import."""
        at, factor = SOURCES * n, _SECONDS * self._ratios.over[n]
        self._count(at if active >= 0 else at + 1, abs(active) * factor)
        self._count(at + 2 if reactive >= 0 else at + 3, abs(reactive) * factor)
        self._count(at + 4, apparent * factor)

    def _count(self, i, increment):
        rest, unit = self._rests[i] + increment, self._per_wh * self._ratios.under
        if rest >= unit:
            joules = rest // unit
            self.joules[b.BASES + i] += joules
            rest -= joules * unit
        self._rests[i] = rest


class CircuitBilling(Billing):
    """`takers` are parts with `add(tariff, joules, ms)`; `minute(minute, offset)`: a minute of UTC begins,
    that many before standard time; and `interrupt(minute, offset)`: time goes on with that minute.
    """

    def __init__(self, meter, table):
        readings = meter.readings
        sides = (readings.secondary, readings.primary)
        super().__init__(table, meter.settings, meter.clock, None, *sides, model=meter.model)
        self._circuits = readings.circuits
        self.quadrants = Counter(readings)
        self._parts = [0] * len(self.quadrants.joules)
        self._rests = [0] * c.INPUTS
        self.takers = []
        self.places = (b.BASES, _CURRENTS)

    def _gather(self, ms):
        super()._gather(ms)
        joules = self.quadrants.joules
        for n in range(c.INPUTS):
            total = self._rests[n] + int(self._circuits[c.FIELDS * n + c.AMPS] * 1000.0 + 0.5) * ms
            joules[_CURRENTS + n] += total // 1000
            self._rests[n] = total % 1000

    def _add(self, joules, amps, ms):
        super()._add(joules, amps, ms)
        for taker in self.takers:
            taker.add(self._booked or 1, joules, ms)

    def follow(self, minute):
        super().follow(minute)
        for taker in self.takers:
            taker.minute(minute, self.zone.offset)

    def _jumped(self, old, new, by_hand):
        for taker in self.takers:
            taker.interrupt(new // 60, self.zone.offset)
        super()._jumped(old, new, by_hand)


def make(meter):
    """The billing of a meter with many circuits."""
    return CircuitBilling(meter, meter.model.BILLING)
