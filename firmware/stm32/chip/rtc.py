"""The chip's clock, which VBAT keeps running through a power cut. It counts UTC."""

import time

from machine import RTC
from micropython import const

_KNOWN_SINCE = const(1735689600)  # 2025: before it, the clock was never set
_EPOCH_2000 = const(946684800)  # MicroPython's STM32 counts seconds from 2000 on


def seconds():
    """UTC seconds since 1970; None if the clock was never set."""
    now = time.time() + _EPOCH_2000
    return now if now >= _KNOWN_SINCE else None


def set_seconds(utc):
    """Set the clock to `utc` seconds since 1970."""
    year, month, day, hour, minute, second, weekday, _ = time.gmtime(utc - _EPOCH_2000)
    RTC().datetime((year, month, day, weekday + 1, hour, minute, second, 0))
