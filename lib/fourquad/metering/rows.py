"""The rows that readings are made of, as readings.py orders them: linear forms of a kernel's sums."""

from fourquad.metering.forms import Products, scaled, weight
from fourquad.metering.readings import FAST

MARGIN = 1.5  # covers the weights of skew and of rotation in a row


class Units:
    """What one unit of a scaled row is: V^2, A^2 and W (per frame and cycle)."""

    def __init__(self, network):
        v = max([weight(x) for x in network.stars + network.lines]) or 1.0
        i = max([weight(x) for x in network.amps + (network.neutral,)]) or 1.0
        self.volt = MARGIN * v * v
        self.amp = MARGIN * i * i
        self.power = MARGIN * v * i


class Rows:
    """The rows of `network` on `plan`; `full_wave`: whether S and PF are of the whole wave."""

    def __init__(self, network, plan, full_wave):
        self._network = network
        self._plan = plan
        self.full_wave = full_wave
        self.units = Units(network)
        self.fast = FAST if full_wave else FAST + 9

    def each(self):
        """Every row in its order, one at a time: each takes an RP2040 some 0.5 ms."""
        net, units, full_wave = self._network, self.units, self.full_wave
        make = Products(self._plan, net.channels)
        copied = net.copied
        stars = (net.stars[0],) * 3 if copied else net.stars
        amps = (net.amps[0],) * 3 if copied else net.amps
        for x in net.stars + net.lines:
            yield scaled(make.full(x, x), units.volt)
        for x in amps + (net.neutral,):
            yield scaled(make.full(x, x), units.amp)
        for k in range(3):
            yield scaled(make.full(stars[k], amps[k]), units.power)
        for k in range(3):
            yield scaled(make.imag(stars[k], amps[k]), units.power)
        # where S and PF come from: V^2, I^2 and P of the fundamental
        if not full_wave:
            for x in stars:
                yield scaled(make.real(x, x), units.volt)
            for x in amps:
                yield scaled(make.real(x, x), units.amp)
            for k in range(3):
                yield scaled(make.real(stars[k], amps[k]), units.power)
        three = net.phases == 3
        for forms, unit, there in (
            (net.stars, units.volt, three),
            (net.amps, units.amp, three and not copied),
        ):
            for order in (1, -1):
                yield scaled(make.sequence(forms, order), unit) if there else ()
        for k in range(3):
            yield scaled(make.real(stars[k], amps[k]), units.power)
        lines = net.lines
        first = lines[0] if net.delta else net.stars[0]
        for x in net.stars + (lines[1:] if net.delta else net.stars[1:]):
            yield scaled(make.real(first, x), units.volt)
            yield scaled(make.imag(first, x), units.volt)
        for x in net.amps[1:]:
            yield scaled(make.real(net.amps[0], x), units.amp)
            yield scaled(make.imag(net.amps[0], x), units.amp)
