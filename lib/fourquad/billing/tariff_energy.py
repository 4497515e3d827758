"""Energies by tariff: the provider for points.TARIFF_ENERGY.

Counted are seven quantities of each group by tariff; a total is the sum of its tariffs modulo the roll-over,
so that they add up to the last count always. Joules that do not make a count wait as one residue a quantity:
the count goes to the tariff in which it becomes whole, as a pulse of the meter would. Nothing is lost over
years.
"""

from array import array

from fourquad import points as p
from fourquad.points import billing as b
from fourquad.registers import image

_TARIFFS = b.RATES - 1
_PLACES = b.BASES * _TARIFFS
_GROUP = 80  # ids of a group


def derived(base, quantity, rate, modulus):
    """An energy out of the counted ones: `base(quantity, tariff)` gives those."""
    if rate == 0 and quantity < b.BASES:
        value = 0
        for tariff in range(1, b.RATES):
            value += base(quantity, tariff)
        return value % modulus
    if quantity < b.BASES:
        return base(quantity, rate)
    if quantity == b.REACTIVE_IMPORT:
        one, other, sign = b.REACTIVE_Q1, b.REACTIVE_Q2, 1
    elif quantity == b.REACTIVE_EXPORT:
        one, other, sign = b.REACTIVE_Q3, b.REACTIVE_Q4, 1
    elif quantity in (b.ACTIVE_NET, b.ACTIVE_TOTAL):
        one, other = b.ACTIVE_IMPORT, b.ACTIVE_EXPORT
        sign = 1 if quantity == b.ACTIVE_TOTAL else -1
    elif quantity in (b.REACTIVE_NET, b.REACTIVE_TOTAL):
        one, other = b.REACTIVE_IMPORT, b.REACTIVE_EXPORT
        sign = 1 if quantity == b.REACTIVE_TOTAL else -1
    else:
        raise KeyError(quantity)
    value = derived(base, one, rate, modulus) + sign * derived(base, other, rate, modulus)
    return value if sign < 0 else value % modulus


class TariffEnergy:
    """`count_wh`: Wh of one count; `modulus`: the count that is shown as 0 again.

    `allowed()` says whether registers may be preset and cleared; `noted(id, old value)` hears of it.
    """

    def __init__(self, groups, count_wh, modulus, allowed=None, noted=None):
        self.groups = groups
        self.count_wh = count_wh
        self.modulus = modulus
        self._counts = array("i", [0] * (_PLACES * groups))
        self._rests = array("q", [0] * (b.BASES * groups))
        self._per_count = 3600 * count_wh
        self._over = 1
        self._allowed = allowed
        self._noted = noted
        self.watcher = None  # who counts what the registers gain: `count` before a preset, `follow` after it
        self.size = 4 * len(self._counts) + 8 * len(self._rests)

    def set_ratio(self, over, under):
        """The registers are of the primary side, `over` / `under` times the secondary one; energies stay."""
        old = self._per_count
        self._per_count = 3600 * self.count_wh * under
        self._over = over
        for i in range(len(self._rests)):
            self._rests[i] = self._rests[i] * self._per_count // old

    def set_modulus(self, modulus):
        """Roll over at another count from now on."""
        self.modulus = modulus
        for i in range(len(self._counts)):
            if self._counts[i] >= modulus:
                self._counts[i] %= modulus

    def add(self, tariff, joules):
        """Add whole joules (in the order of Quadrants.joules) to tariff 1-4."""
        rests, per_count = self._rests, self._per_count
        for i in range(len(rests)):
            j = joules[i]
            if j:
                rest = rests[i] + j * self._over
                if rest >= per_count:
                    n = rest // per_count
                    rest -= n * per_count
                    at = _TARIFFS * i + tariff - 1
                    self._counts[at] = (self._counts[at] + n) % self.modulus
                rests[i] = rest

    def read(self, index):
        group, index = divmod(index, _GROUP)
        quantity, rate = divmod(index, b.RATES)
        if group >= self.groups:
            raise KeyError(index)
        counts, first = self._counts, _PLACES * group - 1

        def base(q, tariff):
            return counts[first + _TARIFFS * q + tariff]

        return derived(base, quantity, rate, self.modulus)

    def check(self, index, value):
        group, place = divmod(index, _GROUP)
        if group >= self.groups or place >= b.RATES * b.CURRENT_1:
            return p.UNKNOWN
        if place >= b.RATES * b.BASES:
            return p.READ_ONLY
        if self._allowed and not self._allowed():
            return p.FORBIDDEN
        return p.OK if 0 <= value < self.modulus else p.RANGE

    def write(self, index, value):
        """Preset one register; its residue starts anew. A total's difference goes to tariff 1."""
        if self._noted:
            self._noted(p.TARIFF_ENERGY + index, self.read(index))
        if self.watcher:
            self.watcher.count()
        group, place = divmod(index, _GROUP)
        quantity, rate = divmod(place, b.RATES)
        at = _PLACES * group + _TARIFFS * quantity
        if rate:
            self._counts[at + rate - 1] = value
        else:
            others = self._counts[at + 1] + self._counts[at + 2] + self._counts[at + 3]
            self._counts[at] = (value - others) % self.modulus
        self._rests[b.BASES * group + quantity] = 0
        if self.watcher:
            self.watcher.follow()
        return p.OK

    def joules(self, i):
        """Secondary joules in the registers of source `i` (in the order of Quadrants.joules)."""
        counts = 0
        for tariff in range(_TARIFFS):
            counts += self._counts[_TARIFFS * i + tariff]
        return (counts * self._per_count + self._rests[i]) // self._over

    def clear(self):
        """All registers 0; `noted` hears of the total active import."""
        if self._noted:
            self._noted(p.TARIFF_ENERGY, self.read(0))
        if self.watcher:
            self.watcher.count()
        for values in (self._counts, self._rests):
            for i in range(len(values)):
                values[i] = 0
        if self.watcher:
            self.watcher.follow()

    def dump(self, buffer, at):
        """`size` bytes to buffer[at:]; the place after them."""
        at = image.put(buffer, at, self._counts, 4 * len(self._counts))
        return image.put(buffer, at, self._rests, 8 * len(self._rests))

    def restore(self, buffer, at):
        """Take back what `dump` wrote; the place after it."""
        at = image.take(buffer, at, self._counts, "i")
        return image.take(buffer, at, self._rests, "q")
