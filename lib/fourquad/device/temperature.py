"""Feeds the calibration with the temperature: its coefficients are for what drifts with it, which is where
the sensor has to be (reference, burdens, transformers).

A change of the gains is taken over as a change of a setting is, in slices between two windows, so it is made
only where it is worth it.
"""

_EVERY_MS = 10000
_WORTH_PPM = 50  # half of what class 0.2S allows a kelvin (IEC 62053-22: 0.01 %)


class Warmth:
    """`sensor`: drivers.lm75.Lm75 or alike."""

    def __init__(self, meter, sensor):
        self._meter = meter
        self._sensor = sensor

    def work(self, now):
        """Read the sensor; ms to the next time."""
        calibration = self._meter.calibration
        # without coefficients nobody needs to know
        if calibration.drift(calibration.celsius + 1):
            celsius = self._sensor.celsius()
            if celsius is not None and calibration.drift(celsius) >= _WORTH_PPM:
                self._meter.calibrate(calibration.record, calibration.source, celsius)
        return _EVERY_MS
