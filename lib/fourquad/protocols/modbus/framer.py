"""Frames of Modbus RTU by silence (Modbus over serial line V1.02, 2.5.1.1).

A frame ends with 3.5 characters of silence; more than 1.5 characters within it spoil it. A character is
11 bits. Above 19200 baud the times are fixed: 1.750 ms and 0.750 ms.
Times are `fourquad.ticks` in microseconds.
"""

from fourquad import ticks
from fourquad.protocols.modbus.rtu import MAX_FRAME


def character_us(baud):
    """The duration of one character."""
    return (11000000 + baud - 1) // baud


def t15_us(baud):
    """The longest silence within a frame."""
    return 750 if baud > 19200 else 16500000 // baud


def t35_us(baud):
    """The silence that ends a frame."""
    return 1750 if baud > 19200 else (38500000 + baud - 1) // baud


class Framer:
    """Collects bytes into `buffer` until silence. `strict=False` lets gaps between t1.5 and t3.5 pass."""

    def __init__(self, baud, strict=True):
        self.buffer = bytearray(MAX_FRAME)
        self.spoiled = 0  # frames dropped for a gap inside or for their length
        self._strict = strict
        self._count = 0
        self._last = 0
        self._bad = False
        self.set_baud(baud)

    def set_baud(self, baud):
        """Take another speed; what was being received is forgotten."""
        self.character = character_us(baud)
        self.t15 = t15_us(baud)
        self.t35 = t35_us(baud)
        self._count = 0
        self._bad = False

    def feed(self, data, count, now_us):
        """Take `count` bytes of `data`, the last of which was complete at `now_us`; how many it took.

        That is all of them, or none while a finished run waits for `poll`.
        """
        if not count:
            return 0
        if self._count or self._bad:
            silence = ticks.diff(now_us, self._last) - count * self.character
            if silence >= self.t35:
                return 0
            if silence > self.t15 and self._strict:
                self._bad = True
        end = self._count + count
        if end > MAX_FRAME:
            self._bad = True
        if not self._bad:
            self.buffer[self._count : end] = memoryview(data)[:count]
            self._count = end
        self._last = now_us
        return count

    def poll(self, now_us):
        """The length of a finished run, in `buffer` until bytes are fed again; 0 if there is none."""
        if not self._count and not self._bad:
            return 0
        if ticks.diff(now_us, self._last) < self.t35:
            return 0
        count = 0 if self._bad else self._count
        if self._bad:
            self.spoiled += 1
        self._count = 0
        self._bad = False
        return count

    def due(self):
        """The time at which `poll` will have a run if nothing more is fed; None if nothing was fed."""
        return ticks.add(self._last, self.t35) if self._count or self._bad else None
