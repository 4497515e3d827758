"""Harmonics of many currents: those of the voltages and the windows are harmonics.py's; of each input THD,
the orders up to the 31st, odd and even HD, and the K factor, in the same units. THD counts all orders.
"""

from array import array
from math import sqrt

from fourquad import points as p
from fourquad.metering.harmonics import DISTORTED, Harmonics, word
from fourquad.points import circuits as c


class CircuitHarmonics(Harmonics):
    """Besides, `spectra`: points.circuits.WORDS whole numbers of each input; `input_parts`: the harmonics'
    part of Q over S of each.
    """

    def __init__(self, values, flow=None):
        super().__init__(values, flow)
        self.spectra = array("H", [0] * (c.WORDS * c.INPUTS))
        self.input_parts = [0.0] * c.INPUTS
        self._ratios = array("i", [0] * p.ORDERS)
        self._inputs = (None,) * c.INPUTS
        self._stages = self._stages + (self._input,)

    def configure(self, network, spectrum, nominal, keep=False):
        super().configure(network, spectrum, nominal, keep)
        self._inputs = network.inputs
        self._counts = self._counts + (c.INPUTS,)
        self._stage = len(self._stages)
        if not keep:
            for n in range(c.INPUTS):
                self.input_parts[n] = 0.0

    def clear(self):
        super().clear()
        for i in range(len(self.spectra)):
            self.spectra[i] = 0

    def _input(self, n):
        at = c.WORDS * n
        s, values = self._spectrum, self.spectra
        form, phase, _ = self._inputs[n] or ((), 0, 0)
        rms = 0.0
        if self._lives(form):
            s.mix(form, 1)
            rms = s.measure(1)
            if self._quiet(form, rms):
                rms = 0.0
        if not rms or not s.first:
            for i in range(at, at + c.WORDS):
                values[i] = 0
            return
        one = s.first
        s.ratios(self._ratios, 0)
        for i in range(c.ORDERS):
            values[at + c.THD + 1 + i] = self._ratios[i]
        odd, even = s.odd(), s.even()
        values[at + c.THD] = thd = word(10000 * sqrt((odd + even) / one))
        values[at + c.ODD] = word(10000 * sqrt(odd / one))
        values[at + c.EVEN] = word(10000 * sqrt(even / one))
        values[at + c.K] = word(10 * s.by_orders() / (one + odd + even))
        if thd > DISTORTED:
            self.distorted = True
        if self._rms[phase] and self._lives(self._stars[phase]):
            s.mix(self._stars[phase], 0)
            self.input_parts[n] = s.cross() / (self._rms[phase] * rms)
