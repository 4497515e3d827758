"""Increments of active, reactive and apparent energy into whole joules of the seven counted quantities.

Reactive energy goes to the quadrant that the signs of active and reactive power name (IEC 62053-23: 1 import
inductive, 2 export inductive, 3 export capacitive, 4 import capacitive). A joule is one of the secondary
side, and stands for a var second and a VA second too. What does not make a joule is kept for the next time.
"""

from fourquad.points import billing as b

_SECONDS = 3600


class Quadrants:
    """`joules` gathers what was added since its owner took it: 7 for the system, then 7 for each phase."""

    def __init__(self, groups):
        """`groups`: 1 for the system alone, 4 with the phases."""
        self.groups = groups
        self.joules = [0] * (b.BASES * groups)
        self._rests = [0] * (b.BASES * groups)
        self._per_wh = 1
        self.span = 0  # ms in which they were gathered

    def set_unit(self, per_wh):
        """Increments are from now on of this many to a Wh of the secondary side."""
        old, self._per_wh = self._per_wh, per_wh
        for i in range(len(self._rests)):
            self._rests[i] = self._rests[i] * per_wh // old

    def add(self, group, active, reactive, apparent):
        """Increments of a group; active is negative for export, reactive for capacitive import."""
        if group >= self.groups:
            return
        at = b.BASES * group
        if active < 0:
            quadrant = b.REACTIVE_Q2 if reactive >= 0 else b.REACTIVE_Q3
            self._count(at + b.ACTIVE_EXPORT, -active)
        else:
            quadrant = b.REACTIVE_Q1 if reactive >= 0 else b.REACTIVE_Q4
            self._count(at + b.ACTIVE_IMPORT, active)
        self._count(at + quadrant, reactive if reactive >= 0 else -reactive)
        self._count(at + b.APPARENT, apparent)

    def _count(self, i, increment):
        rest = self._rests[i] + increment * _SECONDS
        if rest >= self._per_wh:
            joules = rest // self._per_wh
            self.joules[i] += joules
            rest -= joules * self._per_wh
        self._rests[i] = rest
