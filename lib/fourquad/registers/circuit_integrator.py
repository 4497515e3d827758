"""Sums of a second times elapsed time, in integers, for the energies of many circuits: as
integrator.py, which see, for inputs with a transformer each.
"""

from fourquad.points import circuits as c
from fourquad.registers.isqrt import isqrt


class CircuitIntegrator:
    """Books the closed second of `kernel` into `counter` (billing.circuits.Counter): `begin`, then `slices`.
    `readings` (metering.circuits.CircuitReadings) know the rows.
    """

    def __init__(self, kernel, counter, readings):
        self._kernel = kernel
        self._counter = counter
        self._readings = readings
        self._power = [0] * (3 * c.INPUTS)  # P, Q, S of the inputs: rows of the last second
        self._roots = [0] * c.INPUTS
        self._cycles = self._time = self._rest = 0
        self.shares = ()
        self.slices = tuple([lambda at=n: self._input(at) for n in range(c.INPUTS)])

    def configure(self, rows, phases, copied, generalized, whole=None):
        """What rows it needs the readings know."""

    def begin(self, cycles, elapsed):
        """A second of `cycles` cycles; `elapsed` is the sum over them of the frame period."""
        elapsed += self._rest
        time = elapsed // cycles
        self._rest = elapsed - time * cycles
        self._cycles = cycles
        self._time = time * self._kernel.exact_scale

    def _input(self, n):
        """Measure and book an input."""
        w, at, readings = self._power, 3 * n, self._readings
        if not readings.measured(n):
            w[at] = w[at + 1] = w[at + 2] = 0
            return
        exact = self._kernel.exact
        active, reactive, volts, amps = readings.exact_rows(n)
        self._roots[n] = s = isqrt(exact(volts) * exact(amps), self._roots[n])
        w[at] = exact(active)
        w[at + 1] = exact(reactive) + (s * readings.input_shares[n] >> 20)
        w[at + 2] = s
        self._book(n, self._time)

    def bridge(self, elapsed):
        """Book `elapsed` (ticks / 128) without samples at the last known power."""
        if self._cycles:
            time = elapsed * self._kernel.exact_scale // self._cycles
            for n in range(c.INPUTS):
                self._book(n, time)

    def _book(self, n, time):
        w, at = self._power, 3 * n
        if self._counter:
            self._counter.add(n, w[at] * time, w[at + 1] * time, w[at + 2] * time)
