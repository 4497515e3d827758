"""What keeps the meter's memory: registers to the journal, settings to their file, the clock to the
chip's clock.
"""

from fourquad import ticks
from fourquad.device.billing_store import save_tables
from fourquad.device.settings_store import save_settings
from fourquad.points import billing as b

_EPOCH_2000 = 946684800  # seconds from 1970 to where the meter's clock begins
_KNOWN_SINCE = 1735689600  # 2025: before it, the chip's clock was never set
_CLOCK_MS = 10000
_FOLLOW_MS = 100
_URGENT_MS = 20
_PATIENCE_MS = 1000
_ERASE_MS = 50
_FILE_MS = 60


class Snapshot:
    """What must survive, when the supply warns (`warning.failing`): one page, at once."""

    def __init__(self, meter, store, warning):
        self._meter = meter
        self._store = store
        self.warning = warning

    def do(self, now):
        self.warning.failing = False
        self._meter.close()
        self._store.snapshot(now)


class Erase:
    """The sector that the journal wants erased ahead."""

    hides_in_ms = _ERASE_MS

    def __init__(self, store):
        self._store = store

    def due(self, now):
        return self._store.due

    def overdue(self, now):
        return self._store.overdue(now)

    def do(self, now):
        self._store.service()


class SaveSettings:
    """The files of settings and tables, one at a time, after a change."""

    hides_in_ms = _FILE_MS

    def __init__(self, meter, files):
        self._meter = meter
        self._files = files
        self._since = None
        self.failed = False

    def due(self, now):
        tables = self._meter.tables
        if not self._meter.settings.changed and not (tables and tables.changed):
            self._since = None
            return False
        if self._since is None:
            self._since = now
        return True

    def overdue(self, now):
        return ticks.diff(now, self._since) >= _PATIENCE_MS

    def do(self, now):
        try:
            if self._meter.settings.changed:
                save_settings(self._meter, self._files)
            else:
                save_tables(self._meter, self._files)
        except OSError:
            self.failed = True
            self._meter.fault(b.MEMORY_FAULT)


class Keeper:
    """Saves the registers when their time has come; follows changed port settings.

    `rtc`: the chip's clock, with `seconds()` since 1970 and `set_seconds(utc)`.
    """

    def __init__(self, meter, store, ports, rtc):
        self._rtc = rtc
        self._meter = meter
        self._store = store
        self._ports = ports
        self._clock = self._followed = None

    def set_clock(self):
        """Take the time from the chip, if it was ever told."""
        now = self._rtc.seconds()
        if now >= _KNOWN_SINCE:
            self._meter.clock.set(now - _EPOCH_2000)

    def work(self, now):
        """One slice; ms to the next one."""
        if self._meter.urgent():
            self._store.snapshot()
        elif self._followed is None or ticks.diff(now, self._followed) >= _FOLLOW_MS:
            self._followed = now
            if self._store.tick(now):
                return 0
            if self._store.failed:
                self._meter.fault(b.MEMORY_FAULT)
            for port in self._ports:
                port.follow()
            if self._clock is None or ticks.diff(now, self._clock) >= _CLOCK_MS:
                self._clock = now
                utc = self._meter.clock.now + _EPOCH_2000
                if abs(utc - self._rtc.seconds()) > 2:
                    self._rtc.set_seconds(utc)
        return _URGENT_MS
