"""Alerts: what is to be looked at now, a bit each, not latched (points.system.ALERTS). Each second they
follow from the readings, the system type and the settings.

A model's ALERTS: highest voltage at the inputs to neutral and between lines (V), percent over which a
measured value is out of range, lowest and highest frequency (Hz), lowest power factor, and the part of the
rated current above which a power factor counts. Where it has OPENS_CONTACT, bits of alerts, its first relay
is a contact that is closed while the meter has power and none of these alerts is there.
"""

from fourquad import points as p
from fourquad.part import Part
from fourquad.points import modules as m
from fourquad.points import system as s

# Bits; three in a row are of phases A, B, C.
VOLTAGE = 0
CURRENT = 3
FREQUENCY = 6
LOSS = 8
FACTOR = 11
CLOCK = 14

# Columns of a model's SYSTEM_TYPES that count here (meter/system_type.py).
_PHASES = 3
_NEUTRAL = 4
_LINES = 5
_BY_PHASE = 6
_NOMINAL = 8

UNRELIABLE = 7  # unreliable-other of BACnetReliability
_ENDS = ((0, 1), (1, 2), (2, 0))  # the phases of each line voltage
_ALL = 0x7F  # alerts of voltages, currents and frequency


class Alerts(Part):
    """`bits`: what is to be looked at."""

    name = "alerts"

    def __init__(self, meter):
        self._meter = meter
        self._limits = meter.model.ALERTS
        self._outputs = meter.model.OUTPUTS
        self.bits = 0
        self._loss = 0
        self._opens = getattr(meter.model, "OPENS_CONTACT", 0)
        self.after_reading = (self._ranges, self._losses)

    def provide(self, points, commands):
        points.provide(s.ALERTS, self)
        points.provide(s.RELIABLE, Reliable(self))

    def _ranges(self):
        """Voltages, currents, frequency and power factors that are out of range."""
        meter = self._meter
        row = meter.system.row
        star, line, over, low, high, factor, least = self._limits
        volts = meter.readings.secondary  # at the inputs
        shown = meter.readings.primary
        rated = meter.settings.get(p.CT1)
        bits = 0
        for i in range(row[_PHASES]):
            if row[_NEUTRAL] and volts[p.V1 + i] * 100 > over * star:
                bits |= 1 << VOLTAGE + i
            amps = shown[p.I1 + i]
            if amps * 100 > over * rated:
                bits |= 1 << CURRENT + i
            if row[_BY_PHASE] and amps > least * rated and -factor < shown[p.PF1 + i] < factor:
                bits |= 1 << FACTOR + i
        if not row[_NEUTRAL]:
            for i in range(row[_LINES]):
                if self._line(volts, i) * 100 > over * line:
                    for end in _ENDS[i]:
                        bits |= 1 << VOLTAGE + end
        if not low <= volts[p.FREQUENCY] <= high:
            bits |= 1 << FREQUENCY
        if not meter.clock.valid:
            bits |= 1 << CLOCK
        self.bits = bits | self._loss

    def _line(self, readings, i):
        """A line voltage; one phase alone has its own where the others have a phase voltage."""
        return readings[p.V1 if self._meter.system.row[_PHASES] == 1 else p.V12 + i]

    def _losses(self):
        """Phases that are lost: too low a voltage, or one too much below the others."""
        meter = self._meter
        row = meter.system.row
        get = meter.settings.get
        shown = meter.readings.primary
        nominal = get(s.SYSTEM_VOLTAGE) / 10
        part = (100 - get(s.LOSS_THRESHOLD)) / 100
        imbalance = get(s.IMBALANCE_THRESHOLD) / 100
        loss = 0
        if row[_NEUTRAL]:
            least = part * nominal * row[_NOMINAL]
            for i in range(row[_PHASES]):
                if shown[p.V1 + i] < least:
                    loss |= 1 << LOSS + i
            if row[_PHASES] > 1:
                lowest = self._lowest(shown, p.V1, row[_PHASES], imbalance)
                if lowest >= 0:
                    loss |= 1 << LOSS + lowest
        else:
            for i in range(row[_LINES]):
                if self._line(shown, i) < part * nominal:
                    for end in _ENDS[i]:
                        loss |= 1 << LOSS + end
        if row[_LINES] == 3:
            lowest = self._lowest(shown, p.V12, 3, imbalance)
            if lowest >= 0:
                one, other = _ENDS[lowest]
                if not row[_NEUTRAL]:
                    loss |= 1 << LOSS + one | 1 << LOSS + other
                elif shown[p.V1 + one] <= shown[p.V1 + other]:
                    loss |= 1 << LOSS + one
                else:
                    loss |= 1 << LOSS + other
        self._loss = loss
        self.bits = self.bits & ~(7 << LOSS) | loss
        if self._opens:
            meter.io.alarm_output(m.RELAY1, not self.bits & self._opens)

    def _lowest(self, readings, first, count, imbalance):
        """Which of some voltages is too much below the highest; -1 for none."""
        low = high = first
        for i in range(first + 1, first + count):
            if readings[i] < readings[low]:
                low = i
            if readings[i] > readings[high]:
                high = i
        return low - first if readings[high] - readings[low] > imbalance * readings[high] else -1

    # Points.

    def read(self, index):
        meter = self._meter
        if index == s.BITMAP:
            return self.bits
        if index == s.MAXIMUM_POWER:
            return meter.system.maximum_power()
        if index == s.VOLTAGE_RELIABILITY:
            return meter.system.voltage_reliability()
        if index == s.ENERGY_RESETS:
            return meter.directions.resets[0]
        if index == s.POWER_UPS:
            return meter.system.ups[0]
        if index == s.OUTPUTS:
            return self._outputs
        if index >= s.APPARENT:
            return meter.directions.energy(index - s.APPARENT)
        raise KeyError(index)

    def check(self, index, value):
        return p.READ_ONLY

    write = check


class Reliable:
    """Provider of points.system.RELIABLE: whether alerts spoil a reading."""

    def __init__(self, alerts):
        self._alerts = alerts

    def read(self, index):
        return UNRELIABLE if self._alerts.bits & _spoil(index) else 0

    def check(self, index, value):
        return p.READ_ONLY

    write = check


def _spoil(index):
    """The alerts that spoil a reading."""
    for first in (p.V1, p.I1, p.P1, p.Q1, p.S1, p.PF1):
        if first <= index < first + 3:
            phase = index - first
            volts, amps = 1 << VOLTAGE + phase, 1 << CURRENT + phase
            if first == p.V1:
                return volts
            return amps if first == p.I1 else volts | amps | 1 << FREQUENCY
    if p.V12 <= index < p.V12 + 3:
        one, other = _ENDS[index - p.V12]
        return 1 << VOLTAGE + one | 1 << VOLTAGE + other
    if index in (p.V_AVG, p.VL_AVG):
        return 7 << VOLTAGE
    if index in (p.I_AVG, p.I_SUM):
        return 7 << CURRENT
    return 1 << FREQUENCY if index == p.FREQUENCY else _ALL


def make(meter):
    """The part of a meter whose model has ALERTS."""
    return Alerts(meter)
