"""Watchdog: resets the chip when the loop stands still. Unlike MicroPython's own it can be stopped again.

A meter that was stopped by Ctrl-C must stay stopped, so that modules can be copied to it.
"""

from machine import WDT, mem32
from micropython import const

from chip.which import regs

_ENABLE = const(1 << 30)
_BITE_MS = const(50)

TIMEOUT_MS = 5000  # of 8388 at most; ten erases at their worst


def bit():
    """Whether the chip was last reset because its program stood still (a reset by command is none)."""
    return mem32[regs.WATCHDOG_REASON] & 1


class Watchdog:
    """Not armed before `start`."""

    def __init__(self):
        self._dog = None

    def start(self):
        """Arm it."""
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
        """Disarm it."""
        mem32[regs.WATCHDOG_CTRL] = mem32[regs.WATCHDOG_CTRL] & ~_ENABLE
        self._dog = None
