"""A permission that a password gives for half an hour: clears and presets need it (SEALS: meter/settings.py).
Provider for points.ACCESS.

It is low after the start. Its time runs by the meter's ticks, whatever the clock shows. The password is that
of the setting PASSWORD; after three wrong ones, at the panel or by a master, none is taken for five minutes.
"""

from fourquad import points as p
from fourquad import ticks
from fourquad.part import Part
from fourquad.points import access as a

PERMISSION_S = 1800
TRIES = 3
LOCK_S = 300
_HIGHEST = 9999
_SECOND_MS = 1000


class Permission(Part):
    """`settings` of the meter; their `permitted` is kept up to date."""

    name = "permission"

    def __init__(self, settings):
        self._settings = settings
        self._left = 0  # s of the permission, or of the lock
        self._locked = False
        self._wrong = 0
        self._ticked = None
        self._rest = 0  # ms
        settings.permitted = False

    def provide(self, points, commands):
        points.provide(p.ACCESS, self)

    def window(self, now, ticked):
        """Time passes."""
        before, self._ticked = self._ticked, now
        if before is None or not self._left:
            return
        self._rest += ticks.diff(now, before)
        seconds = self._rest // _SECOND_MS
        self._rest -= seconds * _SECOND_MS
        self._left -= min(seconds, self._left)
        if not self._left:
            self._end()

    def _end(self):
        self._settings.permitted = self._locked = False
        self._left = self._wrong = 0

    def _begin(self, seconds):
        self._left = seconds
        self._rest = 0

    def read(self, index):
        if index == a.PERMISSION:
            return 1 if self._settings.permitted else 0
        if index in (a.NEW_PASSWORD, a.ENTRY):
            return 0
        if index == a.SECONDS:
            return self._left
        if index == a.LOCKED:
            return 1 if self._locked else 0
        raise KeyError(index)

    def check(self, index, value):
        if index not in (a.PERMISSION, a.NEW_PASSWORD, a.ENTRY):
            return p.READ_ONLY if index <= a.LOCKED else p.UNKNOWN
        if not 0 <= value <= _HIGHEST:
            return p.RANGE
        if index != a.NEW_PASSWORD:
            # what is not even tried is no record in a log of wrong ones
            return p.FORBIDDEN if self._locked else p.OK
        return self._settings.check(p.PASSWORD, value) if self._settings.permitted else p.FORBIDDEN

    def write(self, index, value):
        """A password, the present one or a new one."""
        settings = self._settings
        if index == a.NEW_PASSWORD:
            return settings.write(p.PASSWORD, value)
        if self._locked:
            return p.FORBIDDEN
        if value != settings.get(p.PASSWORD):
            self._wrong += 1
            if self._wrong >= TRIES:
                settings.permitted = False
                self._locked = True
                self._begin(LOCK_S)
            return p.FORBIDDEN
        self._wrong = 0
        if index == a.PERMISSION:
            settings.permitted = True
            self._begin(PERMISSION_S)
        return p.OK


def make(meter):
    """The part of a meter."""
    return Permission(meter.settings)
