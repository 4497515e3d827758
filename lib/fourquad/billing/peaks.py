"""Maximum demands and forecasts of those under way, as readings: in W, var, VA and A of the side that is
presented. Provider for points.PEAKS: the maxima in the order of the channels of the demands, then forecasts.

When a maximum was is in points.MAXIMUM.
"""

from fourquad import points as p
from fourquad.part import Part
from fourquad.points import billing as b
from fourquad.points import values as v

_POWER = 0.1  # W of a count
_CURRENT = 0.001  # A


class Peaks(Part):
    """`meter` has settings, readings and billing."""

    name = "peaks"

    def __init__(self, meter):
        self._settings = meter.settings
        self._ratios = meter.readings
        self._demand = meter.billing.demand

    def provide(self, points, commands):
        points.provide(p.PEAKS, self)

    def read(self, index):
        channels = self._demand.channels
        if index >= 2 * len(channels):
            raise KeyError(index)
        quantity = channels[index % len(channels)]
        kind = b.DEMAND_PREDICTED if index >= len(channels) else b.DEMAND_MAXIMUM
        value = self._demand.read(kind, quantity, 0)
        primary = self._settings.get(p.BASIC_MODE) == v.PRESENT_PRIMARY
        ratios = self._ratios
        if quantity >= b.CURRENT_1:
            return value * _CURRENT * (ratios.current_ratio if primary else 1)
        return value * _POWER * (ratios.voltage_ratio * ratios.current_ratio if primary else 1)

    def check(self, index, value):
        return p.READ_ONLY if index < 2 * len(self._demand.channels) else p.UNKNOWN

    write = check


def make(meter):
    """The part of a meter that has billing before it; None for another one."""
    return Peaks(meter) if meter.billing else None
