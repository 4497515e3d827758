"""Monotonic time as MicroPython counts it: integers that wrap at 2**30.

Milliseconds and microseconds alike: `time.ticks_ms()` and `time.ticks_us()` of MicroPython have this period,
and the values stay small integers, so that arithmetic on them allocates nothing.
"""

PERIOD = 1 << 30
_HALF = PERIOD >> 1
_MASK = PERIOD - 1


def add(ticks, delta):
    """`ticks` plus `delta` (|delta| < 2**29), wrapped."""
    return (ticks + delta) & _MASK


def diff(end, start):
    """Ticks from `start` to `end`, signed; right while they are less than 2**29 apart."""
    return ((end - start + _HALF) & _MASK) - _HALF
