"""Watchdog: resets the chip when the loop stands still.

The independent watchdog cannot be stopped once it runs (RM0433 46.3). A meter that was stopped by Ctrl-C must
stay stopped, so that modules can be copied to it: from then on a timer feeds it.
"""

import machine
from machine import WDT, Timer

TIMEOUT_MS = 5000
_FEED_MS = 1000
_BITE_MS = 50


def bit():
    """Whether the chip was last reset because its program stood still (a reset by command is none)."""
    return machine.reset_cause() == machine.WDT_RESET


class Watchdog:
    """Not armed before `start`."""

    def __init__(self):
        self._dog = None
        self._timer = None

    def start(self):
        """Arm it."""
        if self._timer is not None:
            self._timer.deinit()
            self._timer = None
        self._dog = WDT(timeout=TIMEOUT_MS)

    def bite(self):
        """Reset the chip as if the loop stood still: it will know that something failed."""
        WDT(timeout=_BITE_MS)
        while True:
            pass

    def feed(self):
        """The loop is alive."""
        if self._dog is not None:
            self._dog.feed()

    def stop(self):
        """Let a timer feed it."""
        if self._dog is not None and self._timer is None:
            self._dog.feed()
            self._timer = Timer(-1, period=_FEED_MS, callback=self._beat)

    def _beat(self, timer):
        self.feed()
