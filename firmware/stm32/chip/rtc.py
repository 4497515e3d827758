"""The chip's clock, which VBAT keeps running through a power cut. It counts UTC."""

import time

from machine import RTC
from micropython import const

_EPOCH_2000 = const(946684800)  # MicroPython's STM32 counts seconds from 2000 on


def seconds():
    """UTC seconds since 1970."""
    return time.time() + _EPOCH_2000


def set_seconds(utc):
    """Set the clock to `utc` seconds since 1970."""
    year, month, day, hour, minute, second, weekday, _ = time.gmtime(utc - _EPOCH_2000)
    RTC().datetime((year, month, day, weekday + 1, hour, minute, second, 0))
