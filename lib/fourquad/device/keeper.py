"""What keeps the meter's memory: registers to the journal, settings to their file, the clock to the
chip's clock.
"""

from fourquad import ticks
from fourquad.device.settings_store import KEPT, save_batch, save_settings
from fourquad.device.tables_store import save_tables
from fourquad.points import billing as b

_EPOCH_2000 = 946684800  # seconds from 1970 to where the meter's clock begins
_CLOCK_MS = 10000
_FOLLOW_MS = 100
_URGENT_MS = 20
_PATIENCE_MS = 1000
_MOMENT_MS = 150
_ERASE_MS = 50
_FILE_MS = 60


class Erase:
    """The sector that the journal wants erased ahead. `erasing()`, of a flash whose erases only begin, tells
    whether another one would wait; None where they stand still until they are finished.
    """

    def __init__(self, store, erasing=None):
        self._store = store
        self._erasing = erasing
        self.hides_in_ms = 0 if erasing else _ERASE_MS

    def due(self, now):
        return self._store.due and not (self._erasing and self._erasing())

    def overdue(self, now):
        return self._store.overdue(now)

    def do(self, now):
        self._store.service()


class SaveSettings:
    """The files of settings and tables, one at a time, after a change. `erasing()` as in Erase: a file that
    needs an erase of its own would wait for that one, too.
    """

    hides_in_ms = _FILE_MS

    def __init__(self, meter, files, erasing=None):
        self._meter = meter
        self._files = files
        self._erasing = erasing
        self._since = None
        self.failed = False

    def due(self, now):
        """Whether something has changed; it waits a second at most for a better moment, and for the end of an
        erase.
        """
        if not self.changed(now):
            return False
        if self._erasing and self._erasing():
            # what was overdue meanwhile may wait a moment more, for an answer that hides it
            late = ticks.diff(now, self._since) - _PATIENCE_MS + _MOMENT_MS
            if late > 0:
                self._since = ticks.add(self._since, late)
            return False
        return True

    def changed(self, now):
        """Whether something has changed."""
        settings, tables = self._meter.settings, self._meter.tables
        if not settings.changed and not settings.batch and not (tables and tables.changed):
            self._since = None
            return False
        if self._since is None:
            self._since = now
        return True

    def overdue(self, now):
        """Whether that was a second ago."""
        return ticks.diff(now, self._since) >= _PATIENCE_MS

    def do(self, now):
        """Save a file, which takes some 70 ms, 130 at worst. False: there was no room for it in the heap."""
        settings = self._meter.settings
        try:
            if settings.batch and settings.batch is not KEPT:
                save_batch(self._meter, self._files)
            elif settings.changed:
                save_settings(self._meter, self._files)
            elif self._meter.tables and self._meter.tables.changed:
                save_tables(self._meter, self._files)
            elif settings.batch and self.failed:
                # something is not in its file: the next start takes it from that of the batch
                settings.batch = None
            elif settings.batch:
                save_batch(self._meter, self._files)
        except OSError:
            self.failed = True
            self._meter.fault(b.MEMORY_FAULT)
        except MemoryError:
            # it stays due: there is room again when a client of the network has gone
            self._since = now
            self._meter.fault(b.MEMORY_FAULT)
            return False
        return True


class Keeper:
    """Saves the registers when their time has come, and what must survive when the supply warns; follows
    changed port settings.

    `stores`: those of the parts (store.py); `settings`: the SaveSettings; `rtc`: a clock that may run without
    the supply, with `seconds()` since 1970 (None if it was never set; it may have a fraction) and
    `set_seconds(utc)`; `warning.failing` becomes True when the supply is about to fail.
    """

    def __init__(self, meter, store, stores, settings, ports, rtc, warning):
        self._rtc = rtc
        self._meter = meter
        self._store = store
        self._stores = [store] + stores
        self._settings = settings
        self._ports = ports
        self._clock = self._followed = None
        self._turn = 0
        self.warning = warning

    def set_clock(self):
        """Take the time from `rtc`, if it was ever told."""
        now = self._rtc.seconds()
        if now is not None:
            whole = int(now)
            self._meter.clock.set(whole - _EPOCH_2000, int((now - whole) * 1000))

    def _tell_clock(self):
        """Give the time to `rtc`, if it is another one."""
        utc = self._meter.clock.now + _EPOCH_2000
        now = self._rtc.seconds()
        if now is None or abs(utc - now) > 2:
            self._rtc.set_seconds(utc)

    def power_fails(self, now):
        """The supply warns: the registers first, a page or some; then what the parts keep, then settings that
        are not yet saved.
        """
        self.warning.failing = False
        self._meter.close()
        self._store.snapshot(now)
        for store in self._stores[1:]:
            store.snapshot()
        self._tell_clock()
        while self._settings.changed(now) and self._settings.do(now):
            pass

    def save_urgent(self):
        """Save what no power cut may undo; whether there was anything."""
        if not self._meter.urgent():
            return False
        self._store.snapshot()
        return True

    def work(self, now):
        """One slice; ms to the next one."""
        if not self.save_urgent() and (
            self._followed is None or ticks.diff(now, self._followed) >= _FOLLOW_MS
        ):
            self._followed = now
            for _ in self._stores:
                store = self._stores[self._turn]
                # the next visit begins with the one after it: one that always saves keeps none from its turn
                self._turn = (self._turn + 1) % len(self._stores)
                if store.tick(now):
                    return 0
                if store.failed:
                    self._meter.fault(b.MEMORY_FAULT)
            for port in self._ports:
                port.follow()
            if self._clock is None or ticks.diff(now, self._clock) >= _CLOCK_MS:
                self._clock = now
                self._tell_clock()
        return _URGENT_MS
