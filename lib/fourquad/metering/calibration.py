"""What calibration says of each channel, and how it is found from known values.

A record is a tuple of 32-bit integers: version, number of channels, then FIELDS a channel (secondary side):
- GAIN: by how much more than nominal a code is worth, ppm;
- PHASE: by how much the channel leads what it measures (transformer, filter), 1e-4 degrees;
- OFFSET: RMS of what the channel reads with nothing connected, uV or uA; its square is taken off. DC needs no
  calibration: it is measured and taken out all the time;
- LOW_GAIN, LOW_PHASE, LOW_LEVEL, LEVEL: a current transformer's error changes when there is little current
  (IEC 61869-2 allows class 0.5S 1.5 % at 1 % of the rated current and 0.5 % at 20 %). At LOW_LEVEL uA and
  below, gain and phase differ by LOW_GAIN and LOW_PHASE from what holds at LEVEL uA and above; between them
  the difference follows the logarithm of the current;
- TEMPERATURE: change of the gain, ppm a kelvin from REFERENCE_C on, where a board tells the temperature
  (lib/fourquad/device/temperature.py).

Gain and phase go into the channels when the meter is configured: they cost nothing a sample.
"""

from math import log

VERSION = 1
HEAD = 2
FIELDS = 8
GAIN, PHASE, OFFSET, LOW_GAIN, LOW_PHASE, LOW_LEVEL, LEVEL, TEMPERATURE = range(FIELDS)
REFERENCE_C = 23  # IEC 62053-22 clause 7.1: reference temperature

MILLION = 1000000
_FRAMES_A_UNIT = 128 / 360 / 10000  # of PHASE
_DEGREES = 57.2957795

# What a front end that works can need. Beyond it a part is missing, broken or the wrong one.
GAIN_LIMIT = 150000
PHASE_LIMIT = 80000
LOW_GAIN_LIMIT = 50000
LOW_PHASE_LIMIT = 30000
TEMPERATURE_LIMIT = 1000


def blank(channels):
    """The record that changes nothing."""
    return (VERSION, channels) + (0,) * (FIELDS * channels)


def size(channels):
    """Number of integers in a record."""
    return HEAD + FIELDS * channels


def field(record, channel, name):
    """One value of a record."""
    return record[HEAD + FIELDS * channel + name]


def changed(record, channel, name, value):
    """The record with another value in it."""
    at = HEAD + FIELDS * channel + name
    return tuple(record[:at]) + (int(value),) + tuple(record[at + 1 :])


def fault(record, kinds):
    """What is wrong with a record for channels of these `kinds` ("V" or "I"), in words; "" if nothing is."""
    if len(record) != size(len(kinds)) or record[0] != VERSION or record[1] != len(kinds):
        return "made for another number of channels, or by another version"
    for c in range(len(kinds)):
        gain, phase, offset, low_gain, low_phase, low, level, kelvin = record[
            HEAD + FIELDS * c : HEAD + FIELDS * (c + 1)
        ]
        name = f"channel {c}: "
        if abs(gain) > GAIN_LIMIT:
            return f"{name}gain {gain / 10000:+.2f} % is beyond {GAIN_LIMIT // 10000} %"
        if abs(phase) > PHASE_LIMIT:
            return f"{name}phase {phase / 10000:+.2f} degrees is beyond {PHASE_LIMIT // 10000}"
        if offset < 0:
            return name + "offset is negative"
        if abs(low_gain) > LOW_GAIN_LIMIT or abs(low_phase) > LOW_PHASE_LIMIT:
            return name + "error at low current is beyond 5 % or 3 degrees"
        if (low_gain or low_phase or low or level) and not (kinds[c] == "I" and 0 < 2 * low <= level):
            return name + "the second point must be a current, at most half of the first"
        if abs(kelvin) > TEMPERATURE_LIMIT:
            return f"{name}temperature coefficient is beyond {TEMPERATURE_LIMIT} ppm"
    return ""


class Calibration:
    """The calibration of `channels`, which keep their nominal values in it. `source` is "none", "factory" or
    "own".
    """

    def __init__(self, channels):
        self._channels = channels
        self._nominal = tuple([(c.gain, c.delay) for c in channels])
        self.kinds = tuple([c.kind for c in channels])
        self.record = blank(len(channels))
        self.source = "none"
        self.celsius = REFERENCE_C

    def apply(self, record, source="own", celsius=None):
        """Put `record` on the channels, at `celsius` degrees or the ones before. ValueError: it cannot be
        right.
        """
        wrong = fault(record, self.kinds)
        if wrong:
            raise ValueError(wrong)
        self.record = tuple(record)
        self.source = source
        if celsius is not None:
            self.celsius = celsius
        for i in range(len(self._channels)):
            c = self._channels[i]
            gain, delay = self._nominal[i]
            ppm = field(record, i, GAIN) + field(record, i, TEMPERATURE) * (self.celsius - REFERENCE_C)
            c.gain = gain + gain * ppm / MILLION
            c.delay = delay + field(record, i, PHASE) * _FRAMES_A_UNIT
            c.noise = field(record, i, OFFSET) / MILLION
            c.low = self._low(i)

    def drift(self, celsius):
        """The largest change of a gain, ppm, between the degrees in force and `celsius`."""
        most = 0
        for i in range(len(self._channels)):
            most = max(most, abs(field(self.record, i, TEMPERATURE)))
        return most * abs(celsius - self.celsius)

    def _low(self, i):
        """(gain, radians, square of the low current, logarithm of the span of squares), or None."""
        r = self.record
        gain, phase = field(r, i, LOW_GAIN), field(r, i, LOW_PHASE)
        if not gain and not phase:
            return None
        low, level = field(r, i, LOW_LEVEL) / MILLION, field(r, i, LEVEL) / MILLION
        return gain / MILLION, phase / 10000 / _DEGREES, low * low, 2 * log(level / low)


# How values are found from a reference.


def gain(present, read, true):
    """GAIN that makes a reading of `read` under GAIN `present` become `true`. ValueError: nonsense."""
    if not true > 0 or not read > 0:
        raise ValueError(f"reads {read:g} where {true:g} is applied")
    ppm = round(((MILLION + present) * (true / read)) - MILLION)
    if abs(ppm) > GAIN_LIMIT:
        raise ValueError(
            f"reads {read:.5g} where {true:.5g} is applied: "
            f"{100 * (read / true - 1):+.1f} % is more than parts can be off"
        )
    return ppm


def phase(present, read, true):
    """PHASE of a current channel that makes a lag of `read` degrees become `true`. ValueError: nonsense."""
    error = true - read
    while error > 180:
        error -= 360
    while error < -180:
        error += 360
    units = present + round(error * 10000)
    if abs(units) > PHASE_LIMIT:
        raise ValueError(f"current lags by {read:.2f} degrees where {true:.2f} are applied: check the wiring")
    return units
