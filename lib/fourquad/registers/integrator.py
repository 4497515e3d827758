"""Sums of a second times elapsed time, in integers, into energy registers."""

from math import frexp

from fourquad.registers.energy import P, Q, S
from fourquad.registers.isqrt import isqrt


def per_count(watt_unit, places, clock_hz, watt_hours, ratio_over, ratio_under):
    """Increments that make one count of `watt_hours` on the side that ratio_over / ratio_under says.

    `watt_unit`: watts of a row of 1 / (128 * cycles); `places` as the kernel has them.
    """
    mantissa, exponent = frexp(watt_unit)
    over = clock_hz * 3600 * watt_hours * ratio_under << (places + 30)
    under = int(mantissa * (1 << 30)) * ratio_over
    if exponent >= 0:
        under <<= exponent
    else:
        over <<= -exponent
    return (over + under // 2) // under


class Integrator:
    """Books the closed second of `kernel` into `energy`: `begin`, a slice a phase, and one for the system.

    An increment is a row (an integer) times the mean ticks of a cycle (an integer: what the division leaves
    is carried to the next second, so that no time is ever lost). Reactive energy in the true mode is the
    fundamental's of this very second, plus S times what the harmonics' last window said of theirs. With
    energies of the fundamental, billing and demand still get the whole wave's.
    """

    def __init__(self, kernel, energy, quadrants=None):
        """`quadrants` (quadrants.Quadrants) gets the increments too, for billing."""
        self._kernel = kernel
        self._energy = energy
        self._quadrants = quadrants
        self._power = [0] * 12  # P, Q, S of the system and the phases: rows of the last second
        self._whole = self._power  # the same of the whole wave
        self._cycles = 0
        self._time = 0
        self._rest = 0
        self._roots = [0] * 3
        self.slices = (self._phase_1, self._phase_2, self._phase_3, self.system)  # of the work after `begin`
        self.shares = (0, 0, 0)  # harmonics' part of Q over S of each phase, 2**-20

    def configure(self, rows, phases, copied, generalized, whole=None):
        """`rows`: numbers of the first of three rows of P, Q, V^2 and I^2 where energies come from; `whole`:
        of the whole wave, if those are not. V^2 is one row where phases are copied.
        """
        whole = whole or rows
        self._rows = rows
        self._whole_rows = whole
        self._whole = self._power if rows == whole else [0] * 12
        self._phases = phases
        self._copied = copied
        self._generalized = generalized

    def begin(self, cycles, elapsed):
        """A second of `cycles` cycles; `elapsed` is the sum over them of the frame period."""
        elapsed += self._rest
        time = elapsed // cycles
        self._rest = elapsed - time * cycles
        self._cycles = cycles
        self._time = time * self._kernel.exact_scale

    def phase(self, g):
        """Book phase g (1-3)."""
        k = g - 1
        if k >= self._phases:
            return
        whole = self._whole
        self._measure(k, whole, self._whole_rows, self.shares[k])
        if self._power is not whole:
            self._measure(k, self._power, self._rows, 0)
        self._book(g, self._time)

    def _measure(self, k, w, rows, share):
        """P, Q and S of phase `k` from `rows`, into `w`."""
        at = 3 * k + 3
        if k and self._copied:
            w[at], w[at + 1], w[at + 2] = w[3], w[4], w[5]
            return
        exact = self._kernel.exact
        p_row, q_row, v_row, i_row = rows
        active = exact(p_row + k)
        reactive = exact(q_row + k)
        v = exact(v_row + k)
        self._roots[k] = s = isqrt(v * exact(i_row + k), self._roots[k])
        if self._generalized:
            sign = reactive
            # seeded by the fundamental's reactive power, which is near
            reactive = isqrt(s * s - active * active, abs(sign))
            if sign < 0:
                reactive = -reactive
        elif share:
            reactive += s * share >> 20
        w[at] = active
        w[at + 1] = reactive
        w[at + 2] = s

    def _phase_1(self):
        self.phase(1)

    def _phase_2(self):
        self.phase(2)

    def _phase_3(self):
        self.phase(3)

    def system(self):
        """Book the system; after all phases."""
        for w in (self._power, self._whole):
            for j in range(3):
                w[j] = w[3 + j] + w[6 + j] + w[9 + j]
        self._book(0, self._time)

    def bridge(self, elapsed):
        """Book `elapsed` (ticks / 128) without samples at the last known power."""
        if self._cycles:
            time = elapsed * self._kernel.exact_scale // self._cycles
            for g in range(self._phases + 1):
                self._book(g, time)

    def _book(self, g, time):
        w = self._power
        add = self._energy.add
        at = 3 * g
        active, reactive, apparent = w[at] * time, w[at + 1] * time, w[at + 2] * time
        add(g, P, active)
        add(g, Q, reactive)
        add(g, S, apparent)
        if self._quadrants:
            w = self._whole
            if w is not self._power:
                active, reactive, apparent = w[at] * time, w[at + 1] * time, w[at + 2] * time
            self._quadrants.add(g, active, reactive, apparent)
