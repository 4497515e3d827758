"""The chip's clock. It counts UTC; it forgets the time when the power fails."""

import time

from machine import RTC

# MicroPython's RP2040 counts seconds from 1970 on.


def seconds():
    """UTC seconds since 1970."""
    return time.time()


def set_seconds(utc):
    """Set the clock to `utc` seconds since 1970."""
    year, month, day, hour, minute, second, weekday, _ = time.gmtime(utc)
    RTC().datetime((year, month, day, weekday, hour, minute, second, 0))
