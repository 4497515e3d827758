"""Apparent energy by the direction of the active power, of the system and of each phase, and the count of
resets of all energies.

It looks at the joules of a second before billing books them: its part comes before billing's.
"""

from array import array

from fourquad import points as p
from fourquad.part import Part
from fourquad.points import billing as b
from fourquad.points import system as s
from fourquad.registers import image
from fourquad.registers.ratios import energy_ratio

_GROUPS = 4
_PLACES = 2 * _GROUPS  # import and export of each group


class Directions(Part):
    """Counts are of as many Wh as billing's, and roll over with them."""

    name = "directions"
    follows = (p.PT1, p.PT2, p.CT1, p.CT2)
    size = 12 * _PLACES + 4

    def __init__(self, meter):
        self._meter = meter
        self._counts = array("i", [0] * _PLACES)
        self._rests = array("q", [0] * _PLACES)
        self._watts = meter.readings.secondary
        table = meter.model.BILLING
        self._modulus = table.MODULI[-1]
        self._wh = 3600 * table.COUNT_WH
        self._over, self._per_count = 1, self._wh
        self.resets = array("I", [0])
        self.after_booking = (self._book,)

    def configure(self):
        """Other transformers: energies stay."""
        over, under = energy_ratio(self._meter.settings, self._meter.model)
        old, self._per_count = self._per_count, self._wh * under
        self._over = over
        for i in range(_PLACES):
            self._rests[i] = self._rests[i] * self._per_count // old

    def _book(self):
        joules = self._meter.chain.quadrants.joules
        for group in range(_GROUPS):
            j = joules[b.BASES * group + b.APPARENT]
            if j:
                watts = self._watts[p.P1 + group - 1 if group else p.P_SUM]
                at = 2 * group + (1 if watts < 0 else 0)
                rest = self._rests[at] + j * self._over
                if rest >= self._per_count:
                    n = rest // self._per_count
                    rest -= n * self._per_count
                    self._counts[at] = (self._counts[at] + n) % self._modulus
                self._rests[at] = rest

    def energy(self, index):
        """Energy number `index` from points.system.APPARENT on. KeyError: there is none."""
        group, which = divmod(index, 3)
        if not 0 <= group < _GROUPS:
            raise KeyError(index)
        consumed, given = self._counts[2 * group], self._counts[2 * group + 1]
        if which == s.APPARENT_NET:
            return consumed - given
        return consumed if which == s.APPARENT_IMPORT else given

    def clear(self):
        """These energies 0, and billing's; counted."""
        for i in range(_PLACES):
            self._counts[i] = self._rests[i] = 0
        self.resets[0] += 1
        self._meter.points.write(p.COMMAND + p.CLEAR_TARIFF_ENERGY, 1)

    def dump(self, buffer, at):
        at = image.put(buffer, at, self._counts, 4 * _PLACES)
        at = image.put(buffer, at, self._rests, 8 * _PLACES)
        return image.put(buffer, at, self.resets, 4)

    def restore(self, buffer, at):
        at = image.take(buffer, at, self._counts, "i")
        at = image.take(buffer, at, self._rests, "q")
        return image.take(buffer, at, self.resets, "I")


def make(meter):
    """The part of a meter with energies by quadrant."""
    return Directions(meter)
