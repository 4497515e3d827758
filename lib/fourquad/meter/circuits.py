"""The measuring chain of a meter with many circuits, and their readings as points. A model names it as CHAIN
and as a part; its settings are CIRCUIT_WIRING and a CT for each input.
"""

from fourquad import points as p
from fourquad.meter import chain
from fourquad.metering.circuit_harmonics import CircuitHarmonics
from fourquad.metering.circuits import CircuitNetwork, CircuitReadings, CircuitRows
from fourquad.metering.level import Levels
from fourquad.part import Part
from fourquad.points import circuits as c
from fourquad.registers.circuit_integrator import CircuitIntegrator


class Chain(chain.Chain):
    """See meter.chain.Chain; the channels of currents are the inputs (metering/circuits.py)."""

    def kinds(self):
        return CircuitNetwork, CircuitRows, CircuitReadings, CircuitHarmonics, self._integrator

    def _integrator(self, kernel, energy, counter):
        self.readings.input_parts = self.harmonics.input_parts
        return CircuitIntegrator(kernel, counter, self.readings)

    def _swap(self, made, nominal):
        for _ in super()._swap(made, nominal):
            yield
        r, jobs = self.readings, []
        for n in range(c.INPUTS):
            if not self._net.inputs[n]:
                continue
            channel, squares, actives, reactive = r.rows_of(n)
            if self.channels[channel].low:
                jobs.append((self.channels[channel].low, squares, actives, reactive))
        self._levels = Levels(jobs) if jobs else None
        # the inputs are read before they are booked
        at = self._second_slices.index(self.integrator.slices[0])
        self._second_slices = self._second_slices[:at] + r.slices + self._second_slices[at:]


class Circuits(Part):
    """`meter` has the chain above."""

    name = "circuits"
    follows = (c.CIRCUIT_WIRING,) + tuple([c.CT_1 + n for n in range(c.INPUTS)])

    def __init__(self, meter):
        self._meter = meter
        self._settings = meter.settings
        self._chain = meter.chain

    def provide(self, points, commands):
        points.provide(c.READINGS, p.ReadOnly(self._chain.readings.circuits), 3)
        # parts that come after this one are there by now
        alarms = getattr(self._meter, "alarms", None)
        if alarms:
            points.provide(c.ALARM_RECORDS, p.ReadOnly(alarms.log.values), 4)
        points.provide(c.SPECTRUM, p.ReadOnly(self._chain.harmonics.spectra), 10)

    def configure(self):
        """Take over how the inputs make user channels, and their ratios."""
        get = self._settings.get
        over = [get(c.CT_1 + n) for n in range(c.INPUTS)]
        self._chain.readings.group(get(c.CIRCUIT_WIRING), over, get(p.CT2) or 1)

    def ratios(self):
        """Primary over secondary current of each input."""
        r = self._chain.readings
        return [over / r.under for over in r.over]


def make(meter):
    """The part of a meter."""
    return Circuits(meter)
