"""Exact sums of a second times elapsed time, into energy registers.

The rows' coefficients become integers (28 binary places) once; from then on everything is integer arithmetic.
The only rounding is the division of a sum by the number of cycles, below one part in 2**28 of a code squared times
a tick; it does not add up to anything.
"""

from math import frexp

from fourquad.registers.energy import P, Q, S
from fourquad.registers.isqrt import isqrt

_PLACES = 28
_HALF_ROOT = 20  # V^2 and I^2 keep 8 binary places under the root


def per_count(watt_unit, clock_hz, watt_hours, ratio_over, ratio_under):
    """Increments that make one count of `watt_hours` on the side that ratio_over / ratio_under says."""
    mantissa, exponent = frexp(watt_unit)
    over = clock_hz * 3600 * watt_hours * ratio_under << (_PLACES + 30)
    under = int(mantissa * (1 << 30)) * ratio_over
    if exponent >= 0:
        under <<= exponent
    else:
        over <<= -exponent
    return (over + under // 2) // under


def _integers(row):
    return tuple([(at, int(round(factor * (1 << _PLACES)))) for at, factor in row])


class Integrator:
    """Books the closed second of `kernel` into `energy`, a slice a phase and one for the system."""

    def __init__(self, kernel, energy):
        self._kernel = kernel
        self._energy = energy
        self._power = [0] * 12  # P, Q, S of the system and the phases: row sums of `_cycles` cycles
        self._cycles = 0
        self._roots = [0] * 3
        self._phases = 0

    def configure(self, rows, phases, copied, generalized):
        """`rows` as Readings.energy_rows gives them."""
        self._active, self._reactive, self._volts, self._amps = [
            [_integers(r) for r in part] for part in rows
        ]
        self._phases = phases
        self._copied = copied
        self._generalized = generalized

    def forget(self):
        """The last known power is not valid any more."""
        self._cycles = 0

    def phase(self, g, cycles, elapsed):
        """Book phase g (1-3); `elapsed` is the sum over the cycles of the frame period."""
        w = self._power
        at = 3 * g
        k = g - 1
        if k >= self._phases:
            w[at] = w[at + 1] = w[at + 2] = 0
            return
        if k and self._copied:
            for j in range(3):
                w[at + j] = w[3 + j]
        else:
            v = self._row(self._volts[k]) >> _HALF_ROOT
            i = self._row(self._amps[k]) >> _HALF_ROOT
            self._roots[k] = root = isqrt(v * i, self._roots[k])
            active = self._row(self._active[k])
            reactive = self._row(self._reactive[k])
            s = root << _HALF_ROOT
            if self._generalized:
                sign = reactive
                # seeded by the fundamental's reactive power, which is near
                reactive = isqrt(s * s - active * active, abs(sign))
                if sign < 0:
                    reactive = -reactive
            w[at] = active
            w[at + 1] = reactive
            w[at + 2] = s
        self._book(g, cycles, elapsed)

    def system(self, cycles, elapsed):
        """Book the system; after all phases."""
        w = self._power
        for j in range(3):
            w[j] = w[3 + j] + w[6 + j] + w[9 + j]
        self._book(0, cycles, elapsed)
        self._cycles = cycles

    def bridge(self, elapsed):
        """Book `elapsed` (ticks / 128) without samples at the last known power."""
        if self._cycles:
            for g in range(4):
                self._book(g, self._cycles, elapsed)

    def _row(self, row):
        total = self._kernel.total
        out = 0
        for at, factor in row:
            out += factor * total(at)
        return out

    def _book(self, g, cycles, elapsed):
        w = self._power
        energy = self._energy
        at = 3 * g
        energy.add(g, P, w[at] * elapsed // cycles)
        energy.add(g, Q, w[at + 1] * elapsed // cycles)
        energy.add(g, S, w[at + 2] * elapsed // cycles)
