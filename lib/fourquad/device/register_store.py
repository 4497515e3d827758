"""When the registers are saved: once a minute, on the power-fail warning, and once at boot."""

from fourquad import ticks

MIN_INTERVAL_S = 10
MAX_INTERVAL_S = 3600
_FORCE_MS = 1000
_AGAIN_MS = 1000


class RegisterStore:
    """Keeps the bytes that `source()` gives in `journal`.

    `source()` returns what must survive as `journal.payload_size` bytes; one buffer filled anew each time
    is best, for then a save allocates nothing. `interval_s` (10..3600 s) is the time between saves.

    The main loop calls `tick(now_ms)` at each visit; where it can spare the time (right after the start of
    a long answer) it calls `service()` if `due`, and without regard to anything if `overdue(now_ms)`. A save
    of `tick` goes over several of its calls: the first makes the image, each that follows programs a page,
    the last one commits. What is saved at once meanwhile is made anew and takes its place. Where `source()`
    fills `journal.payload`, nobody else may call it.

    `failed` becomes True when the flash takes no record any more; the meter measures on, and should say so.
    """

    def __init__(self, journal, source, interval_s=60):
        self._journal = journal
        self._source = source
        self._saved_ms = self._warned_ms = None
        self._due_ms = None
        self.saves = 0
        self.failed = False
        self.set_interval(interval_s)

    def set_interval(self, interval_s):
        """Save every `interval_s` seconds from now on. ValueError outside of 10..3600."""
        if not MIN_INTERVAL_S <= interval_s <= MAX_INTERVAL_S:
            raise ValueError("interval outside of 10..3600 s")
        self._interval_ms = interval_s * 1000

    def restore(self):
        """The last saved payload (bytes), or None on a new flash. Two erases and one page program: 0.1 s on
        an RP2040.

        The payload is written once more before anyone sees it, so that what was shown once is never taken
        back; the next sector is erased too, and what a cut left torn (on a flash that held other data up to
        the whole journal: 3 s). When this returns, a snapshot needs no erase.
        """
        payload = self._journal.mount()
        if payload is not None:
            payload = bytes(payload)
            try:
                self._journal.confirm()
            except OSError:
                self.failed = True
        self.service()
        try:
            self._journal.clean()
        except OSError:
            self.failed = True
        return payload

    def tick(self, now_ms):
        """Begin to save if the interval has passed (`now_ms` as in `fourquad.ticks`), or go on with that;
        whether there was anything to do.
        """
        if not self._journal.due:
            self._due_ms = None
        elif self._due_ms is None:
            self._due_ms = now_ms
        if self._journal.begun:
            return self._go_on()
        if self._saved_ms is None:
            self._saved_ms = now_ms
        if ticks.diff(now_ms, self._saved_ms) < self._interval_ms:
            return False
        self._saved_ms = now_ms
        return self._begin()

    def snapshot(self, now_ms=None):
        """Save at once, on the power-fail warning: some page programs, no erase. True if it did. What `tick`
        has begun is older, and given up.

        With `now_ms` given, a call less than a second after the last such save does nothing: a supply that
        bounces shall not eat up the erased pages.
        """
        if now_ms is not None:
            if self._warned_ms is not None and 0 <= ticks.diff(now_ms, self._warned_ms) < _AGAIN_MS:
                return False
            self._warned_ms = self._saved_ms = now_ms
        return self._save()

    def _begin(self):
        self._journal.begin(self._source())
        return True

    def _go_on(self):
        try:
            if self._journal.go_on():
                self.saves += 1
        except OSError:
            self.failed = True
            return False
        return True

    def _save(self):
        try:
            self._journal.append(self._source())
        except OSError:
            self.failed = True
            return False
        self.saves += 1
        return True

    @property
    def due(self):
        """True while a sector wants to be erased ahead."""
        return self._journal.due

    def overdue(self, now_ms):
        """True when an erase has been due for a second since `tick` saw it: do it now."""
        return (
            self._journal.due and self._due_ms is not None and ticks.diff(now_ms, self._due_ms) >= _FORCE_MS
        )

    def service(self):
        """Do the erase that is due: one sector, 45 ms on an RP2040, 400 ms at worst."""
        try:
            self._journal.service()
        except OSError:
            self.failed = True
        self._due_ms = None
