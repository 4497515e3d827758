"""The sums of codes of up to 16 bits in integers and machine code. Never imported by CPython.

What a cycle makes of 16-bit codes x is 2**37 at most. Each cycle hands the kernel for 12 bits
(sums_native.py) its sums divided by 16 (s, and the phasors) and by 256 (q, p, d): those of codes of 12 bits
with four more after the point. What a division of s, q, p and d leaves is put into the next cycle's sum, so
that a window has all of it; the phasors' rounding is below 2**-26 of full scale.

Offsets are taken out of each sample.
"""

from array import array

from fourquad.metering.kernels import native as kernel_native
from fourquad.metering.kernels import sums16_native as wide
from fourquad.metering.kernels import sums_native as native
from fourquad.metering.kernels.plan import FRAMES
from fourquad.metering.kernels.sums_native import FOLLOWS

_OFFSETS = 9  # words of the state that native.finish works from


class Kernel(kernel_native.Kernel):
    """As kernel_native.Kernel, for 16 bits."""

    BITS = 16
    UNIT = 256

    def __init__(self, plan, bits):
        if bits <= 12:
            raise ValueError("these codes are for the kernel for 12 bits")
        super().__init__(plan, bits)
        n = plan.channels
        self.mean_scale = 1 / 16
        self._zeros = array("i", [0] * n)
        self._rests = array("i", [0] * len(self._raw))
        self._tail = array("H", [0] * n)
        # floors and noise in units of the sums
        self._floors = array("i", [0] * n)
        self._noises = array("i", [0] * n)
        state = self._state
        state[_OFFSETS] = native.address(self._zeros)
        kept = (self.offsets, self._rests, self._tail)
        more = array("i", [2 * plan.words] + [native.address(a) for a in kept])
        self._state = array("i", list(state) + list(more))

    def clear(self):
        """Drop both windows, and what is known of the frame before."""
        super().clear()
        native.clear(len(self._rests), self._rests)

    def run(self, buffer, frame, cycles):
        """Add `cycles` cycles of 128 frames of `buffer`, from `frame` on, to both windows."""
        state = self._state
        if not state[FOLLOWS]:
            wide.tail(buffer, frame, state)
            native.start(self._tail, 0, state)
        while cycles:
            self._passes(buffer, frame, state)
            wide.tail(buffer, frame + 127, state)
            # its frame 127 is the tail
            native.finish(0, 0, 0, self._tail, -127, state)
            frame += FRAMES
            cycles -= 1

    def _passes(self, buffer, frame, state):
        wide.channels(0, 0, 0, buffer, frame, state)
        wide.pairs(0, 0, 0, buffer, frame, state)

    def _condition(self, n, sh, sums):
        channels, floors, noises = self.plan.channels, self._floors, self._noises
        wide.units(channels, self.floors, floors)
        wide.units(channels, self.noise, noises)
        return native.condition(self._state, self._pairs, floors, noises, n, sh, sums, self.means, self._view)
