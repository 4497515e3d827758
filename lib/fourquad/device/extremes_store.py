"""Maxima and minima in a journal of their own: a record of two pages, only when something has changed.

At most one every 15 minutes, after a clear one every 2: 20 years of that are 0.7 (5.3) million records or
11,000 (82,000) erases of each sector, of the 100,000 that a part is good for. What changed since is saved
when the supply warns; without a warning 15 minutes of it can be lost.
"""

from fourquad.device.register_store import RegisterStore
from fourquad.records.journal import Journal

INTERVAL_S = 900
CLEARED_S = 120


class ExtremesStore(RegisterStore):
    """Keeps the records of `extremes` (registers.extremes.Extremes)."""

    def __init__(self, journal, extremes):
        super().__init__(journal, extremes.record, INTERVAL_S)
        self._extremes = extremes

    def tick(self, now_ms):
        """As RegisterStore, when something has changed; sooner after a clear."""
        self.set_interval(CLEARED_S if self._extremes.cleared else INTERVAL_S)
        return super().tick(now_ms)

    def _begin(self):
        return self._pending() and super()._begin()

    def _go_on(self):
        return self._kept(super()._go_on())

    def _save(self):
        # what was begun is not kept yet
        return (self._pending() or self._journal.begun) and self._kept(super()._save())

    def _pending(self):
        """Whether something has changed. Asked before it is written: what changes from now on is for the next
        record.
        """
        extremes = self._extremes
        changed = extremes.changed
        extremes.changed = extremes.cleared = False
        return changed

    def _kept(self, done):
        if not done:
            self._extremes.changed = True
        return done


def connect(meter, extremes, flash, places):
    """The store of registers.extremes.Extremes (device/store.py)."""
    extremes.mark = meter.mark("extremes")
    journal = Journal(flash, *places["extremes"], len(extremes.buffer))
    extremes.buffer = journal.payload
    store = ExtremesStore(journal, extremes)
    payload = store.restore()
    if payload is not None:
        extremes.load(payload)
    return [store]
