"""Phasors of a window in integers and machine code (phasors_native.py), for codes of at most 16 bits. Never
imported by CPython.

On an RP2040: 0.1 ms a cycle and channel to sum, 4 ms a channel to transform to 63 orders; all of a window of
four channels 37 ms. Phasors have 15 bits of the largest order: 0.004 % of it at worst.
"""

from array import array
from math import sqrt

from fourquad.metering.kernels import phasors_native as native
from fourquad.metering.kernels.phasors_native import EVEN, FIRST, ODD, ORDERS, WEIGHTED, WORDS
from fourquad.metering.kernels.plan import FRAMES
from fourquad.metering.kernels.sums_native import clear
from fourquad.metering.kernels.table import AMPLITUDE, bend

_ONE = 1 << 14  # of factors and weights
_SLOT = FRAMES  # halfwords of a slot's phasors
_ROW = 2 * FRAMES  # halfwords from channel to channel: where its sums were
_UNIT = sqrt(2) / (FRAMES * AMPLITUDE)  # RMS of a phasor as correlated


class Spectrum:
    """Phasors of the orders 1 to `orders` - 1 of every channel, of linear forms of them, and their sums.

    A form is a tuple of (channel, coefficient) as in wiring.py. Forms are put into one of two slots by `mix`;
    `measure`, `fundamental` and `cross` work on slots; `even` to `ratios` are of the slot measured last.
    """

    SLICES = 4  # of a transform

    def __init__(self, kernel):
        n = kernel.plan.channels
        self._channels = n
        self._words = kernel.plan.words
        self._shift = kernel.bits - 12 if kernel.bits > 12 else 0  # of a peak's samples, for 32 bits
        self._cosines = kernel.cosines
        self._sums = array("i", [0] * (FRAMES * n))
        # two slots of phasors; while channels are transformed, the long phasors of one
        self._slots = array("h", [0] * (2 * _SLOT))
        self._powers = array("b", [0] * n)
        self._terms = array("i", [0] * 6)
        self._found = array("i", [0] * WORDS)
        self._magnitudes = array("H", [0] * (FRAMES // 2))
        self._weights = array("H", [0] * (FRAMES // 2))
        self._turns = [None] * n
        self._bends = [(0.0, 0)] * n
        self._units = [1.0, 1.0]
        self.cycles = 0
        self.first = 0.0
        self.made_for = -1  # kept by who configures it

    def configure(self, orders, weights):
        """Orders end before `orders` (at most 64); `weights` are theirs, from 0 on."""
        self._orders = orders
        for h in range(orders):
            self._weights[h] = int(weights[h] * _ONE + 0.5)

    def follow(self, channels):
        """The slices (1.2 ms of an RP2040) of taking over by how many frames each channel is sampled later
        than its frame, and what its filter takes.
        """
        for c in range(self._channels):
            wanted = (channels[c].delay, channels[c].sinc)
            if wanted == self._bends[c]:
                continue
            if wanted in self._bends[:c]:
                turns = self._turns[self._bends.index(wanted)]
            else:
                turns = array("h", [0] * FRAMES) if wanted[0] or wanted[1] else None
                for h in range(FRAMES // 2 if turns else 0):
                    re, im = bend(h, wanted[0], wanted[1])
                    turns[2 * h] = int(round(native.TURN * re))
                    turns[2 * h + 1] = int(round(native.TURN * im))
                    if not h & 7:
                        yield
            self._turns[c] = turns
            self._bends[c] = wanted

    def begin(self):
        """A new window."""
        clear(len(self._sums), self._sums)
        self.cycles = 0

    def add(self, buffer, frame, cycles):
        """Add cycles that follow on each other, 12 at most."""
        native.add(buffer, frame, cycles, self._channels, self._sums, 2 * self._words)
        self.cycles += cycles

    def centre(self, c):
        """Take the DC out of a channel; first of all."""
        native.centre(self._sums, c * FRAMES)

    def peak(self, form):
        """Largest magnitude of a form's samples; before its channels are transformed."""
        unit = self._factors(form, False)
        return native.peak(self._sums, self._terms, len(form), self._shift) * unit / self.cycles

    def transform(self, c, part):
        """One of SLICES slices of a channel's transform."""
        at = c * FRAMES
        if part == 0:
            self._powers[c] = native.fold(self._sums, at)
        step = -(-self._orders // self.SLICES)
        first = part * step or 1
        last = min((part + 1) * step, self._orders)
        native.transform(self._sums, at, self._cosines, first, last, self._slots)
        if last == self._orders:
            row = c * _ROW
            self._powers[c] += native.scale(self._slots, last, self._sums, row)
            if self._turns[c]:
                native.rotate(self._sums, row, last, self._turns[c])

    def mix(self, form, slot):
        """Put the phasors of a form into a slot (0 or 1)."""
        self._units[slot] = self._factors(form, True) * _UNIT / self.cycles
        native.mix(self._sums, self._terms, len(form), self._orders, self._slots, slot * _SLOT)

    def _factors(self, form, phasors):
        """Terms of a form for the machine code; its unit."""
        terms = self._terms
        if len(form) == 1:
            c, factor = form[0]
            terms[0] = c * _ROW if phasors else c
            terms[1] = _ONE if factor > 0 else -_ONE
            return abs(factor) * 2.0 ** self._powers[c] if phasors else abs(factor)
        unit = 0.0
        for c, factor in form:
            unit += abs(factor) * 2.0 ** self._powers[c] if phasors else abs(factor)
        k = 0
        for c, factor in form:
            if phasors:
                factor *= 2.0 ** self._powers[c]
            terms[k] = c * _ROW if phasors else c
            terms[k + 1] = int(round(factor / unit * _ONE))
            k += 2
        return unit

    def measure(self, slot):
        """Sums of the squares over the orders of a slot: of the fundamental (`first`), and of what `even` ...
        `by_orders` give, all in a unit of their own; the RMS of all.
        """
        found = self._found
        native.measure(self._slots, slot * _SLOT, self._orders, self._weights, self._magnitudes, found)
        self.first = first = float(found[FIRST])
        high = found[EVEN] + found[ODD]
        return sqrt(first + high * 65536.0 + (found[EVEN + 1] + found[ODD + 1])) * self._units[slot]

    def even(self):
        """Squares of the even orders."""
        return self._found[EVEN] * 65536.0 + self._found[EVEN + 1]

    def odd(self):
        """Squares of the odd orders from 3 on."""
        return self._found[ODD] * 65536.0 + self._found[ODD + 1]

    def weighted(self):
        """Squares of all orders times their weights."""
        return self._found[WEIGHTED] * 262144.0 + self._found[WEIGHTED + 1] * 4

    def by_orders(self):
        """Squares of all orders times their number."""
        return self._found[ORDERS] * 65536.0 + self._found[ORDERS + 1] * 4096.0

    def ratios(self, values, at):
        """Orders 2, 3 ... of the slot measured last over its fundamental to values[at ...], in 0.01 %."""
        native.ratios(self._magnitudes, self._orders, values, at)

    def fundamental(self, slot):
        """Real and imaginary part (RMS) of a slot's fundamental against the window's first frame."""
        at = slot * _SLOT + 2
        unit = self._units[slot]
        return self._slots[at] * unit, self._slots[at + 1] * unit

    def cross(self):
        """Sum over the orders from 2 on of Im(A B*), A in slot 0 and B in slot 1."""
        total = native.cross(self._slots, 0, self._slots, _SLOT, self._orders)
        return total * 64.0 * self._units[0] * self._units[1]
