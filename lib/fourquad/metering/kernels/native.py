"""The sums in integers and machine code (sums_native.py), for codes of at most 12 bits. Never imported by
CPython.

One pass of 64 steps a channel, one of 128 a pair. Nothing in `run` or `close_fast` allocates but the float
`advance`.
"""

from array import array
from math import atan2

from fourquad.metering.kernels import sums_native as native
from fourquad.metering.kernels.plan import FRAMES
from fourquad.metering.kernels.spectrum_native import Spectrum
from fourquad.metering.kernels.sums_native import COUNT, FOLLOWS, IM, RE, REFERENCE
from fourquad.metering.kernels.table import TABLE, squeeze

_TURN = 0.15915494  # of a radian
_Q = 28  # binary places of a form's coefficients


class Kernel:
    """See docs/architecture.md section 1. `buffer` holds halfwords."""

    BITS = 12
    UNIT = 1  # squares of a code in a unit of the sums

    def __init__(self, plan, bits):
        if bits > self.BITS:
            raise ValueError("codes are too wide for this kernel")
        n = plan.channels
        self.plan = plan
        self.bits = bits
        self.offsets = array("i", [1 << (bits - 1)] * n)
        self.floors = array("i", [0] * n)
        self.noise = array("i", [0] * n)
        self.means = array("i", [0] * n)
        self.mean_scale = 1 / 256
        self.alive = self.steady = 0
        self.advance = 0.0
        self.fast = self.second = self._table = self._making = self._spectrum = None
        self.fast_scale = self.second_scale = self.exact_scale = self.UNIT
        self.places = 0
        self._pairs = bytes([c for pair in plan.pairs for c in pair])
        self.cosines = array("i", TABLE)
        self._raw = array("i", [0] * (4 * n + 2 * len(plan.pairs)))
        self._last = array("H", [0] * n)
        self._size = plan.size
        # two more than the plan has: the reference's phasor against the one before, real and imaginary
        self._words = 2 * plan.size + 4
        self._sums = array("i", [0] * self._words)
        self._second_sums = array("i", [0] * self._words)
        self._closed = array("i", [0] * self._words)
        self._view = array("i", [0] * (plan.size + 2))
        kept = (self.cosines, self._raw, self._pairs, self._last, self.offsets, self._sums)
        self._state = array("i", [n, len(plan.pairs), 0, 0, 0] + [native.address(a) for a in kept] + [0, 0])
        self._cycles_second = 0
        self._rows = self._fast_rows = 0

    def spectrum(self, old=None):
        """What makes phasors of the channels. `old`: a kernel of the same channels, whose one is taken: a
        second one would need twice the memory for a moment.
        """
        if old and old.plan.channels == self.plan.channels:
            self._spectrum = old.spectrum()
        if not self._spectrum:
            self._spectrum = Spectrum(self)
        return self._spectrum

    def halves(self):
        """What watches half cycles of the channels."""
        # only what somebody asks for is imported
        from fourquad.metering.kernels.halves_native import Halves

        return Halves(self)

    def follow(self, channel):
        """Take `advance` from this channel from now on."""
        self._state[REFERENCE] = channel
        self._state[RE] = self._state[IM] = 0

    def forms(self, rows, fast):
        """Take over `rows` at once: `add_form` each of them, then `use_forms`."""
        for row in rows:
            self.add_form(row)
        self.use_forms(fast)

    def add_form(self, row):
        """One more linear form of the sums, in use from `use_forms` on: a tuple of (sum, coefficient), its
        coefficients' magnitudes add up to 1 at most.
        """
        if self._making is None:
            self._making = []
            self._made = 0
        table = self._making
        table.append(len(row))
        for at, factor in row:
            table.append(at)
            table.append(int(round(factor * (1 << _Q))))
        self._made += 1

    def use_forms(self, fast):
        """Take over the forms that were added; the first `fast` are made of both windows, all of them of the
        second.
        """
        self._table = array("i", self._making)
        self._making = None
        self._rows = self._made
        self._fast_rows = fast
        self.fast = array("i", [0] * fast)
        self.second = array("i", [0] * self._rows)

    def clear(self):
        """Drop both windows, and what is known of the frame before."""
        native.clear(self._words, self._sums)
        native.clear(self._words, self._second_sums)
        self._cycles_second = self._state[COUNT] = 0
        self.resync()

    def resync(self):
        """The next frame does not follow on the last one."""
        self._state[FOLLOWS] = 0
        self._state[RE] = self._state[IM] = 0

    def run(self, buffer, frame, cycles):
        """Add `cycles` cycles of 128 frames of `buffer`, from `frame` on, to both windows."""
        state = self._state
        if not state[FOLLOWS]:
            native.start(buffer, frame, state)
        while cycles:
            native.passes(0, 0, 0, buffer, frame, state)
            native.finish(0, 0, 0, buffer, frame, state)
            frame += FRAMES
            cycles -= 1

    def close_fast(self):
        """Close the fast window: number of its cycles; `fast`, `alive` and `advance` are now of it."""
        n = self._state[COUNT]
        self._state[COUNT] = 0
        if not n:
            return 0
        sums = self._sums
        sh = squeeze(n)
        self.fast_scale = self.UNIT << sh
        native.carry(self._words, sums, self._second_sums)
        self._cycles_second += n
        self.alive = self._condition(n, sh, sums)
        self.steady = native.steady(self._state, self.alive, self._view)
        native.forms(self._fast_rows, self._table, self._view, self.fast)
        view = self._view
        self.advance = atan2(view[self._size + 1], view[self._size]) * _TURN
        native.clear(self._words, sums)
        return n

    def close_second(self):
        """Close the second's window: number of its cycles; `second` and `exact` are of it from now on."""
        n = self._cycles_second
        self._cycles_second = 0
        if not n:
            return 0
        closed = self._closed
        self._closed = self._second_sums
        self._second_sums = closed
        native.clear(self._words, closed)
        sh = squeeze(n)
        self.second_scale = self.exact_scale = self.UNIT << sh
        sums = self._closed
        self._condition(n, sh, sums)
        native.forms(self._rows, self._table, self._view, self.second)
        return n

    def _condition(self, n, sh, sums):
        return native.condition(
            self._state, self._pairs, self.floors, self.noise, n, sh, sums, self.means, self._view
        )

    def exact(self, i):
        """Row i of the second as an integer: its unit is `exact_scale` / 2**places."""
        return self.second[i]

    def adjust(self, fast, row, by):
        """Add `by` to a row of the closed fast window, or of the second."""
        view = self.fast if fast else self.second
        view[row] += int(round(by))
