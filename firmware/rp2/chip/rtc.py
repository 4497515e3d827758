"""The chip's clock. It counts UTC; it forgets the time when the power fails."""

import time

from machine import RTC
from micropython import const

_KNOWN_SINCE = const(1735689600)  # 2025: before it, the clock was never set


def seconds():
    """UTC seconds since 1970; None if the clock was never set."""
    # MicroPython's RP2040 counts from 1970 on
    now = time.time()
    return now if now >= _KNOWN_SINCE else None


def set_seconds(utc):
    """Set the clock to `utc` seconds since 1970."""
    year, month, day, hour, minute, second, weekday, _ = time.gmtime(utc)
    RTC().datetime((year, month, day, weekday, hour, minute, second, 0))
