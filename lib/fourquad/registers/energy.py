"""Energy registers: integers with residues, so that ten years of seconds add up exactly.

Increments are integers of a fine unit, `per_count` of which make one count of a register (0.1 kWh on the
primary side or 1 Wh on the secondary one). What does not make a count stays in the residue of its source.
Energies are counted by direction: of the system by the sign of its total power, of each phase by its own.
"""

from array import array
from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad.part import Part
from fourquad.points import values as v
from fourquad.registers.image import put

MODULUS = 1000000000  # a register's range is 0..999999999
DUMP_SIZE = 4 * (p.ENERGIES + 20 + 1)
_FORMAT = "<i"

# Group 0 is the system, 1-3 the phases. Registers of sources 0-4: P import, P export, Q import, Q export, S.
_REGISTERS = (
    (p.EP_IMP, p.EP_EXP, p.EQ_IMP, p.EQ_EXP, p.ES),
    (p.EP1_IMP, p.EP1_IMP + 1, p.EQ1_IMP, p.EQ1_IMP + 1, p.ES1),
    (p.EP1_IMP + 2, p.EP1_IMP + 3, p.EQ1_IMP + 2, p.EQ1_IMP + 3, p.ES1 + 1),
    (p.EP1_IMP + 4, p.EP1_IMP + 5, p.EQ1_IMP + 4, p.EQ1_IMP + 5, p.ES1 + 2),
)
SIGNED = (p.EP_NET, p.EQ_NET)
P = 0
Q = 2
S = 4


class Energy(Part):
    """24 registers in the order of points.EP_IMP ..., a provider for points.ENERGY. A change of the side that
    they are of (ENERGY_SIDE) clears them.
    """

    name = "energy"
    follows = (p.ENERGY_SIDE,)
    size = DUMP_SIZE

    def __init__(self, sealed=None, settings=None):
        """`sealed()` tells whether presets are refused."""
        self.values = array("i", [0] * p.ENERGIES)
        self._residues = [0] * 20
        self.per_count = 1
        self._sealed = sealed
        self._settings = settings
        self.secondary = False  # the side whose increments are booked

    def provide(self, points, commands):
        points.provide(p.ENERGY, self)
        commands[p.CLEAR_ENERGY] = self.clear

    def configure(self):
        """The side is another from the next booking on, which `scale` is told."""
        if (self._settings.get(p.ENERGY_SIDE) == v.ENERGY_SECONDARY) != self.secondary:
            self.clear()

    def scale(self, per_count, secondary):
        """Increments are from now on of this many to a count, and of this side."""
        if secondary != self.secondary:
            # again, for what was booked since the setting was written
            self.secondary = secondary
            self.clear()
        self.set_unit(per_count)

    def set_unit(self, per_count):
        """Increments are from now on of this many to a count; residues keep their worth."""
        if per_count == self.per_count:
            return
        old, self.per_count = self.per_count, per_count
        for i in range(20):
            self._residues[i] = self._residues[i] * per_count // old

    def add(self, group, source, increment):
        """Add to source P, Q (signed: an export is negative) or S of a group."""
        if increment < 0:
            source += 1
            increment = -increment
        at = 5 * group + source
        rest = self._residues[at] + increment
        if rest >= self.per_count:
            counts = rest // self.per_count
            rest -= counts * self.per_count
            self._count(group, source, counts)
        self._residues[at] = rest

    def _count(self, group, source, counts):
        v = self.values
        r = _REGISTERS[group][source]
        v[r] = (v[r] + counts) % MODULUS
        if group or source == S:
            return
        r = p.EP_TOTAL + (source & 2)
        v[r] = (v[r] + counts) % MODULUS
        r += 1
        net = v[r] + (-counts if source & 1 else counts)
        # the sign stays with the direction of the wrap: one above 999999999 is 0
        v[r] = net % MODULUS if net >= 0 else -(-net % MODULUS)

    def read(self, index):
        return self.values[index]

    def check(self, index, value):
        if not 0 <= index < p.ENERGIES:
            return p.UNKNOWN
        if self._sealed and self._sealed():
            return p.FORBIDDEN
        low = 1 - MODULUS if index in SIGNED else 0
        return p.OK if low <= value < MODULUS else p.RANGE

    def write(self, index, value):
        """Preset one register; its residue starts anew."""
        self.values[index] = value
        for g in range(4):
            for s in range(5):
                if _REGISTERS[g][s] == index:
                    self._residues[5 * g + s] = 0
        return p.OK

    def clear(self):
        for i in range(p.ENERGIES):
            self.values[i] = 0
        for i in range(20):
            self._residues[i] = 0

    def dump(self, buffer, offset):
        """Registers, residues (in 2**-31 counts) and their side."""
        offset = put(buffer, offset, self.values, 4 * p.ENERGIES)
        for r in self._residues:
            pack_into(_FORMAT, buffer, offset, (r << 31) // self.per_count)
            offset += 4
        pack_into(_FORMAT, buffer, offset, 1 if self.secondary else 0)
        return offset + 4

    def restore(self, buffer, offset):
        """Take back what `dump` wrote, unless it is of the other side than the setting's: the power went
        between the change and the next dump.
        """
        for i in range(p.ENERGIES):
            self.values[i] = unpack_from(_FORMAT, buffer, offset)[0]
            offset += 4
        for i in range(20):
            # the smallest residue that dumps the same again
            self._residues[i] = -(-unpack_from(_FORMAT, buffer, offset)[0] * self.per_count >> 31)
            offset += 4
        if unpack_from(_FORMAT, buffer, offset)[0] != self.secondary:
            self.clear()
        return offset + 4


def make(meter):
    """The part of a meter."""
    return Energy(lambda: meter.settings.guarded(p.ENERGY), meter.settings)
