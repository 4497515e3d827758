"""A channel by which files of the module's data loggers are posted (KW320 manual 5.1.8.7), one at a time and
in their order: a client (fourquad.net). A file that did not arrive is posted again, after a pause that
doubles, under the same key.
"""

from fourquad import points as p
from fourquad import ticks
from fourquad.net import piece
from fourquad.net.access import text_of
from fourquad.points import columns as c
from fourquad.points import posts as q
from fourquad.protocols.posts import url

# Results below 100; others are codes of the server.
NO_ADDRESS = 1  # the name of the host is unknown
NO_CONNECTION = 2
SILENT = 3  # no answer within TIMEOUT_MS
BROKEN = 4  # the connection ended before the file had arrived
NOT_UNDERSTOOD = 5  # the answer is not of the protocol
BAD_URL = 6
GONE = 7  # records were overwritten meanwhile
NO_TLS = 8  # this device has none, or does not trust the server

TIMEOUT_MS = 30000
PAUSE_MS = 5000
LONGEST_MS = 600000
NAME_MS = 20000  # for the address of a host

_SCHEMES = (" ", "http", "ftp")  # by POST_METHOD: of a URL, or its beginning
_KINDS = (b"text/csv", b"application/json")


class Job:
    """A file that is to be said: `file` has `begin()`, `piece(buffer)`, `done`, `gone`; the rest is bytes."""

    file = key = name = kind = host = address = path = user = secret = None


class Test:
    """The file of a test."""

    gone = False
    _TEXT = b"test\r\n"

    def begin(self):
        self.done = False

    def piece(self, buffer):
        buffer[: len(self._TEXT)] = self._TEXT
        self.done = True
        return len(self._TEXT)


class Channel:
    """The machine of channel `number` (from 0 on). `loggers`: the part that has the files
    (fourquad.events.loggers).
    """

    def __init__(self, number, points, loggers, resolve, shared, tls=False):
        self.answer = piece(shared)
        self.closing = False
        self.secure = None
        self._number = number
        self._tls = tls
        self._points = points
        self._loggers = loggers
        self._resolve = resolve
        self._shared = shared
        self.way = None  # how it speaks
        self._scheme = None
        self._job = None
        self._logger = None  # whose file it is; None of a test
        self._rested = None  # since when nothing is tried
        self._pause = 0
        self._asked = None  # since when the address of the host is asked for
        self._heard = 0

    @property
    def busy(self):
        return self._job is not None and self.way is not None and not self.way.over and self.way.busy

    def _get(self, offset):
        return self._points.read(p.SETTING + offset + q.POST_STEP * self._number)

    def _text(self, offset):
        return text_of(self._points, offset + q.POST_TEXTS * self._number)

    # Whom it calls, and what it has to say.

    def wants(self, now):
        """(address, port) of the server, while there is a file for it."""
        if self._get(q.POST_TEST):
            self._points.write(p.SETTING + q.POST_TEST + q.POST_STEP * self._number, 0)
            self._job = self._test()
            self._rested = None
        if self._rested is not None:
            if ticks.diff(now, self._rested) < self._pause:
                return None
            self._rested = None
        if self._job is None or self._stale():
            self._logger = self._loggers.next(self._number)
            if self._logger is None:
                return None
            self._job = self._file(self._logger)
        where = url.parse(self._text(q.POST_URL), self._get(q.POST_PORT))
        if where is None or not where[0].startswith(_SCHEMES[self._get(q.POST_METHOD)]):
            self._end(BAD_URL, now)
            return None
        scheme, host, port, path = where
        self._scheme = _SCHEMES[self._get(q.POST_METHOD)]
        self.secure = host if scheme != self._scheme else None
        if self.secure and not self._tls:
            self._end(NO_TLS, now)
            return None
        self._asked = now if self._asked is None else self._asked
        address = self._resolve(host)
        if not address:
            if address is None or ticks.diff(now, self._asked) >= NAME_MS:
                self._end(NO_ADDRESS, now)
            return None
        self._job.host = (host if port == url.PORTS[scheme] else host + ":" + str(port)).encode()
        self._job.path = path.encode()
        self._job.address = address
        if self._scheme == "ftp":
            # there is one connection of data
            if self._loggers.line not in (None, self):
                return None
            self._loggers.line = self
        return address, port

    def _test(self):
        self._logger = None
        job = Job()
        job.file = Test()
        job.key = self._loggers.serial + b"-test"
        job.name = b"test.txt"
        job.kind = b"text/plain"
        return self._with_secrets(job)

    def _file(self, n):
        job = self._with_secrets(Job())
        loggers = self._loggers
        job.key = loggers.id_of(n)
        fixed = self._text(q.POST_NAME).encode() if self._get(q.POST_FIXED) else b""
        job.name = fixed or loggers.name_of(n, self._get(q.POST_METHOD) == q.FTP)
        job.kind = _KINDS[self._points.read(p.SETTING + q.LOGGER_FORM + q.LOGGER_STEP * n)]
        job.file = loggers.file(n, job.user or loggers.serial)
        return job

    def _with_secrets(self, job):
        job.user = self._text(q.POST_USER).encode()
        if self._get(q.POST_AUTHORIZE) or self._get(q.POST_METHOD) == q.FTP:
            job.secret = self._text(q.POST_SECRET).encode()
        return job

    # The connection.

    def opened(self, peer, now):
        """It stands."""
        self.closing = self._stale()
        if self.closing:
            return
        self._heard = now
        if self.way is None or self.way.scheme != self._scheme:
            module = __import__("fourquad.protocols.posts." + self._scheme, None, None, ("Way",))
            self.way = module.Way(self.answer)
        self.way.begin(self._job)

    def _stale(self):
        """Whether the file has been cleared since."""
        if self._logger is None or self._job.key == self._loggers.id_of(self._logger):
            return False
        self._job = self._logger = self._asked = None
        if self._loggers.line is self:
            self._loggers.line = None
        return True

    def room(self):
        """How much of an answer is taken now."""
        return self.way.room()

    def run(self, buffer, length, now):
        """The server says something."""
        self._heard = now
        self.way.run(buffer, length)
        self._look(now)
        return 0

    def poll(self, now):
        """The next piece for it."""
        if self.closing or self._job is None:
            return 0
        count = self.way.poll()
        if count or self.way.busy or self.way.moved:
            self.way.moved = False
            self._heard = now
        elif ticks.diff(now, self._heard) >= TIMEOUT_MS:
            self.way.ended(SILENT)
        self._look(now)
        return 0 if self.closing else count

    def _look(self, now):
        if self.way.over and not self.closing:
            self.closing = True
            self._end(self.way.code, now, self.way.arrived)

    def untrusted(self):
        """There is no TLS with this server."""
        self.way.ended(NO_TLS)

    def lost(self, now):
        """The connection is gone."""
        if not self.closing:
            self.way.ended(BROKEN)
            self._look(now)

    def failed(self, now):
        """There was none."""
        self._end(NO_CONNECTION, now)

    def _end(self, result, now, arrived=False):
        """An attempt is over."""
        if self._loggers.line is self:
            self._loggers.line = None
        said, at = self._loggers.said, q.POST_SAYS * self._number
        said[at + q.POST_RESULT] = result
        which = q.POST_SENT if arrived else q.POST_FAILED
        said[at + which] = (said[at + which] + 1) & 0xFFFF
        if arrived and self._logger is not None:
            self._loggers.sent(self._logger, self._job.key)
        tested = self._logger is None
        # what it was is asked for again: it may have been cleared, or its settings may be others
        self._job = self._logger = self._asked = None
        if arrived:
            self._pause = 0
        elif not tested:
            self._pause = min(max(PAUSE_MS, 2 * self._pause), LONGEST_MS)
            self._rested = now


def make(row, parts):
    """The service of a row of SERVICES, whose table is the number of the channel."""
    loggers = parts.points.provider(q.POSTED)
    tls = parts.tls is not None
    return Channel(row[c.TABLES], parts.points, loggers, parts.resolve, parts.shared, tls)
