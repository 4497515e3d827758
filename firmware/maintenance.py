"""Calibration and wiring check on a board, for `fourquad calibrate` and `fourquad check-wiring`: the meter
runs under the console's command.
"""

import time

import board
import machine

import main
from fourquad.metering.inspect import look

_SETTLE_MS = 1300


class Session:
    """A meter that measures while the console waits. `end` starts the board anew."""

    isolated = getattr(board, "ISOLATED", False)

    def __init__(self):
        self._app = app = main.build()
        app.sampler.start(app.meter.frame_period)
        self._run(2 * _SETTLE_MS)

    def _run(self, ms):
        loop = self._app.loop
        end = time.ticks_add(time.ticks_ms(), ms)
        now = time.ticks_ms()
        while time.ticks_diff(end, now) > 0:
            loop.visit(now)
            now = time.ticks_ms()

    def look(self, ms):
        """What maintenance sees after `ms` more; numbers are told in full."""
        self._run(ms)
        return look(self._app.meter)

    def show_noise(self, sensitive):
        self._app.meter.show_noise(sensitive)
        self._run(_SETTLE_MS)

    def calibrate(self, record):
        self._app.meter.calibrate(record)
        self._run(_SETTLE_MS)

    def store(self, record):
        """Keep `record`. ValueError: it cannot be right."""
        self._app.meter.calibrate(record)
        self._app.calibrations.save(record)

    def factory(self):
        """Go back to the factory's copy; it, or None."""
        return self._app.calibrations.restore_factory()

    def end(self):
        self._app.stop()
        machine.reset()
