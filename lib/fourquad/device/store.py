"""What a part keeps in flash of its own, besides the meter's image: one face for all, and what connects them.

A part says which module of this package has its stores (`store` in part.py); the module's `connect(meter,
part, flash, places)` mounts them at their places (layout.lay), gives the part back what it had, and answers a
list of stores.
"""

from fourquad import ticks
from fourquad.points import billing as b

_FORCE_MS = 1000


class Store:
    """A store that has nothing to do; all times are `now` in ms (fourquad.ticks)."""

    due = False  # whether a sector wants to be erased ahead
    failed = False  # the flash takes nothing any more

    def overdue(self, now):
        """Whether that was so for a second."""
        return False

    def service(self):
        """Do the erase that is due: 45 ms on an RP2040, 400 ms at worst."""

    def tick(self, now):
        """Save what has waited for long enough, at most a record; whether there was any. It is called ten
        times a second.
        """
        return False

    def snapshot(self):
        """The supply warns: save what is not saved yet."""


class Log(Store):
    """Something with `due` and `service()`, such as records.ring.Ring, whose erases may wait a second for a
    better moment.
    """

    def __init__(self, log, meter):
        self._log = log
        self._meter = meter
        self._since = None

    @property
    def due(self):
        """True while a sector wants to be erased ahead."""
        return self._log.due

    def overdue(self, now):
        """True when that has been so for a second."""
        if not self._log.due:
            self._since = None
            return False
        if self._since is None:
            self._since = now
        return ticks.diff(now, self._since) >= _FORCE_MS

    def service(self):
        """Do the erase that is due."""
        try:
            self._log.service()
        except OSError:
            self.fails()
        self._since = None

    def fails(self):
        """The flash has not taken something: the meter measures on, and says so."""
        self.failed = True
        self._meter.fault(b.MEMORY_FAULT)


def mount(log, meter):
    """Find what `log` (records.ring, records.periods) has, and erase ahead what a cut left, before anything
    is shown: what is there is whole, and a record fits without an erase. The store that serves it.
    """
    store = Log(log, meter)
    log.mount()
    while log.due and not store.failed:
        store.service()
    return store


def connect(meter, flash, places):
    """The stores of all parts of `meter`."""
    stores = []
    for part in meter.parts:
        if part.store:
            # only what a model has is imported
            module = __import__("fourquad.device." + part.store, None, None, ("connect",))
            stores += module.connect(meter, part, flash, places)
    return stores
