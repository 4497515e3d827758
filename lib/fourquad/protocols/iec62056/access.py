"""Passwords, and the lock after wrong ones: of one port, so that nobody locks others out from afar."""

from fourquad import ticks
from fourquad.protocols.iec62056.datasets import digits

PASSWORD_DIGITS = 8
TRIES = 3  # wrong passwords in a row
LOCK_MS = 300000  # for which none is taken then (ours)

GRANTED = 0
WRONG = 1
LAST = 2  # wrong, and locked from now on
LOCKED = 3


class Access:
    """`passwords`: the point ids of P1 and P2, numbers of eight digits."""

    def __init__(self, points, passwords):
        self._points = points
        self._passwords = passwords
        self._wrong = 0
        self._since = None

    def locked(self, now):
        """Whether no password is taken at `now` (ms ticks)."""
        # a negative difference is one of more than six days
        if self._since is not None and not 0 <= ticks.diff(now, self._since) < LOCK_MS:
            self._since = None
            self._wrong = 0
        return self._since is not None

    def enter(self, level, text, now):
        """Try `text` as the password of a level, 1 or 2."""
        if self.locked(now):
            return LOCKED
        if digits(text, PASSWORD_DIGITS, PASSWORD_DIGITS) == self._points.read(self._passwords[level - 1]):
            self._wrong = 0
            return GRANTED
        self._wrong += 1
        if self._wrong < TRIES:
            return WRONG
        self._since = now
        return LAST
