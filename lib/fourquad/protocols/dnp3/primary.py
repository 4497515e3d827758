"""The outstation as a primary station (IEEE 1815, 9.2.6): user data frames that the master's link confirms.

One frame is under way at a time; before the first one, and after anything went wrong, the link is reset. A
frame that is not confirmed is repeated, then what is left of the message is dropped: the application layer
has time-outs of its own. Only a profile that asks for it loads this.
"""

from fourquad import ticks
from fourquad.protocols.dnp3 import link

TIMEOUT_MS = 1000
RETRIES = 2
_HEADER = link.HEADER


class Primary:
    """`size`: octets of the longest message in frames. `busy`: whether one is under way."""

    def __init__(self, size):
        self._buffer = bytearray(size)
        self.busy = False
        self.failed = 0  # messages dropped because nobody confirmed
        self._at = self._end = 0
        self._late = False  # what is under way is the last frame of another message
        self._to = -1  # destination of what is under way
        self._since = 0
        self._left = 0  # repetitions
        self._who = -1  # destination whose link is reset
        self._reset = False  # whether the reset is what is under way
        self._bit = 0  # frame count bit of the next frame

    def restart(self):
        self.busy = False
        self._who = -1

    def send(self, target, start, end, now):
        """Take the frames in target[start:end], a message, and put there what is to be sent first; its end.

        Of a message that was under way only the frame that went out last is waited for, because its
        acknowledgement would pass for one of the next frame; the rest is dropped.
        """
        b = self._buffer
        self._late = self.busy
        b[: end - start] = memoryview(target)[start:end]
        self._at = 0
        self._end = end - start
        if self.busy:
            return start
        self.busy = True
        return self._begin(target, start, now)

    def reply(self, control, source, target, n, now):
        """A master's reply came; what is sent then to target[n:], its end."""
        if not self.busy or source != self._to:
            return n
        function = control & 15
        if function == link.ACK and self._reset:
            self._reset = False
            self._who = source
            self._bit = link.FCB
        elif function == link.ACK:
            self._bit ^= link.FCB
            if not self._late:
                self._at += self._frame()
                if self._at == self._end:
                    self.busy = False
                    return n
        elif function == link.NACK and not self._reset:
            self._who = -1
        elif function == link.NOT_SUPPORTED:
            return self._give_up(n)
        else:
            return n
        return self._begin(target, n, now)

    def poll(self, target, now):
        """Time goes on; the length of what is repeated, in `target`, or 0."""
        if ticks.diff(now, self._since) < TIMEOUT_MS:
            return 0
        if self._late:
            self._who = -1
            return self._begin(target, 0, now)
        if not self._left:
            return self._give_up(0)
        self._left -= 1
        return self._put(target, 0, now)

    def _give_up(self, n):
        self.busy = False
        self._who = -1
        self.failed = (self.failed + 1) & 0xFFFF
        return n

    def _begin(self, target, n, now):
        b = self._buffer
        self._to = b[4] | b[5] << 8
        self._reset = self._who != self._to
        self._late = False
        self._left = RETRIES
        return self._put(target, n, now)

    def _put(self, target, n, now):
        self._since = now
        b, at = self._buffer, self._at
        destination, us = self._to, b[at + 6] | b[at + 7] << 8
        if self._reset:
            return link.put_header(target, n, link.PRM | link.RESET_LINK, 0, destination, us)
        size = self._frame()
        control = link.PRM | link.FCV | link.CONFIRMED_DATA | self._bit
        link.put_header(target, n, control, b[at + 2] - 5, destination, us)
        target[n + _HEADER : n + size] = memoryview(b)[at + _HEADER : at + size]
        return n + size

    def _frame(self):
        """Octets of the frame that is under way."""
        length = self._buffer[self._at + 2] - 5
        return _HEADER + length + 2 * ((length + 15) >> 4)
