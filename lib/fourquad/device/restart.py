"""Begins anew because a master wants it (points.system.RESTART): what is to be saved is saved first."""

from fourquad.points import system as s

_LOOK_MS = 50


class Restart:
    """A job. `again()`: on a board it does not come back."""

    def __init__(self, meter, keeper, again):
        self._keeper = keeper
        self._again = again
        self._wanted = False
        meter.commands[s.RESTART] = self._want

    def _want(self):
        self._wanted = True

    def work(self, now):
        """Do it now, if it is wanted; in how many ms the next look is due."""
        if self._wanted:
            self._wanted = False
            self._keeper.power_fails(now)
            self._again()
        return _LOOK_MS
