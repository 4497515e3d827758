"""What a meter's billing keeps in flash besides its registers: periods, load profile, time-of-use tables."""

from fourquad import ticks
from fourquad.points import billing as b

_TABLES = "-tou"  # after a model's name: the file of its tables
_FORCE_MS = 1000


class Log:
    """A log whose erases may wait a second for a better moment; the face of a RegisterStore."""

    def __init__(self, log, meter):
        self._log = log
        self._meter = meter
        self._since = None
        self.failed = False

    @property
    def due(self):
        """True while a sector wants to be erased ahead."""
        return self._log.due

    def overdue(self, now_ms):
        """True when that has been so for a second."""
        if not self._log.due:
            self._since = None
            return False
        if self._since is None:
            self._since = now_ms
        return ticks.diff(now_ms, self._since) >= _FORCE_MS

    def service(self):
        """Do the erase that is due."""
        try:
            self._log.service()
        except OSError:
            self.failed = True
            self._meter.fault(b.MEMORY_FAULT)
        self._since = None


def connect(meter, flash, places):
    """Mount the billing periods and the load profile that `meter` keeps (none, if it keeps none) in `flash`,
    at their `places` (layout.lay). A list of what wants to be served.
    """
    billing = meter.billing
    if not billing:
        return []
    logs = []
    periods = ring = None
    # only what a model has is imported
    if billing.table.PERIODS:
        from fourquad.records.periods import Periods

        size = billing.periods.record_size
        mark = meter.mark("periods", size, billing.layout)
        periods = Periods(flash, *places["periods"], size, mark & 0xFFFF)
        logs.append(periods)
    if billing.table.PROFILE:
        from fourquad.records.profile import ProfileRing

        ring = ProfileRing(flash, *places["profile"])
        logs.append(ring)
    for log in logs:
        log.mount()
        # before anything is shown: what is there is whole, and a record fits without an erase
        try:
            while log.due:
                log.service()
        except OSError:
            meter.fault(b.MEMORY_FAULT)
    billing.connect(periods, ring)
    return [Log(log, meter) for log in logs]


def load_tables(meter, settings_store):
    """Give a meter the time-of-use tables that were last saved for its model."""
    if meter.tables:
        meter.tables.load(settings_store.load(meter.model.NAME + _TABLES, meter.tables.words))


def save_tables(meter, settings_store):
    """Save the tables if they have changed. OSError: flash."""
    tables = meter.tables
    if tables and tables.changed:
        tables.changed = False
        settings_store.save(meter.model.NAME + _TABLES, tables.dump())
