"""Reads the thermometer, for the point TEMPERATURE and for the calibration: its coefficients are for what
drifts, which is where such a sensor has to be (reference, burdens, transformers).

A change of the gains is taken over as a change of a setting is, in slices between two windows, so it is made
only where it is worth it.
"""

from fourquad.meter.state import NO_NUMBER

_EVERY_MS = 10000
_WORTH_PPM = 50  # half of what class 0.2S allows a kelvin (IEC 62053-22: 0.01 %)


class Warmth:
    """`sensor`: drivers.lm75.Lm75 or alike. It has `celsius()`, degrees or None, and `drifts`: whether it is
    where the temperature coefficients of the calibration want it.
    """

    def __init__(self, meter, sensor):
        self._meter = meter
        self._sensor = sensor

    def work(self, now):
        """Read the sensor; ms to the next time."""
        celsius = self._sensor.celsius()
        self._meter.state.temperature = NO_NUMBER if celsius is None else celsius
        if celsius is not None and self._sensor.drifts:
            calibration = self._meter.calibration
            degrees = round(celsius)
            if calibration.drift(degrees) >= _WORTH_PPM:
                self._meter.calibrate(calibration.record, calibration.source, degrees)
        return _EVERY_MS
