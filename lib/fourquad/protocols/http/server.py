"""The web server of a meter: the service and the machine of one connection, as fourquad.net wants them.

Requests of a connection are answered one by one, in their order; while one is answered nothing more is taken
of it. An answer is made in pieces: one row of a table after the other, never the whole of it in memory. The
service's row names, as TABLES, the module with the model's pages (models/<model>/web.py).
"""

from fourquad import ticks
from fourquad.net import piece
from fourquad.points import columns as c
from fourquad.protocols.http import request as r
from fourquad.protocols.http.api import Api
from fourquad.protocols.http.files import Files
from fourquad.protocols.http.reply import error
from fourquad.protocols.http.sessions import Sessions

_ROOM = 96  # bytes that are taken at once: 2 ms of a head
_BODY = 512  # the same of a body, which is only copied
LATE_MS = 10000  # that a request may take to come
_LINGER_MS = 1000  # that what comes after a refused request is read over
_CROWD = 3  # connections from which on one is closed after its answer, so that others find room

# Offsets into Service.counters; each wraps at 2**16.
REQUESTS = 0
REFUSED = 1  # with a status from 400 on
LATE = 2  # closed because a request did not come whole
LOGINS = 3
WRONG_PASSWORDS = 4
COUNTERS = ("requests", "refused_requests", "late", "logins", "wrong_passwords")


def make(row, parts):
    """The service."""
    tables = __import__(row[c.TABLES], None, None, ("PAGES",))
    return Service(parts, tables, row[c.NAME] == "https")


class Service:
    """`parts` as fourquad.net has them, with `random(n)`, so many bytes that nobody can guess, and `files`,
    the rows of files.py, or None; `secure`: TLS is around it.
    """

    patient = True

    def __init__(self, parts, tables, secure=False):
        self.counters = [0] * len(COUNTERS)
        self.piece = piece(parts.shared)
        self.used = 0  # connections
        self.sessions = Sessions(parts.random)
        self.files = Files(parts.files)
        self.api = Api(self, parts, tables, secure)

    def connection(self):
        """The machine of one more connection."""
        return Connection(self)

    def tick(self, now):
        """Time goes on."""
        self.sessions.age(now)
        self.api.tick(now)

    def tally(self, which):
        """Count."""
        self.counters[which] = (self.counters[which] + 1) & 0xFFFF


class Connection:
    """A machine as fourquad.net wants it. `peer`: (host, port) of the client; `request`: the one that is
    being taken in, or answered.
    """

    def __init__(self, service):
        self.answer = service.piece
        self.busy = False
        self.closing = False
        self.peer = None
        self.request = r.Request()
        self.route = None  # of the request: a row of api.py
        self._service = service
        self._open = False
        self._forget(0)

    def _forget(self, now):
        self._reply = None
        self._job = None  # what the answer waits for
        self._rest = b""  # of what came, after the request
        self._since = now
        self._lingers = False

    def opened(self, peer, now):
        """A client has connected."""
        self.peer = peer
        self.closing = self.busy = False
        self.request.clear()
        self._forget(now)
        self._open = True
        self._service.used += 1

    def lost(self, now):
        """It is gone."""
        if self._open:
            self._open = False
            self._service.used -= 1
        if self._job:
            self._job.drop()
        self.busy = False
        self.request.clear()
        self._forget(now)

    def room(self):
        """How many bytes are taken now."""
        if self._lingers:
            return _ROOM
        request = self.request
        if self._rest or request.state in (r.HEAD, r.WHOLE) or request.fault:
            return 0
        return _BODY if request.state == r.BODY else _ROOM

    def run(self, buffer, length, now):
        """Bytes came; `poll` has what is to be said to them."""
        if not self._lingers:
            self._rest = bytes(memoryview(buffer)[:length])
            self._feed(now)
        return 0

    def _feed(self, now):
        """Take in what has come."""
        request = self.request
        if request.state == r.START:
            self._since = now
        self._rest = request.take(self._rest)
        if request.fault and not self._reply:
            self._reply = error(
                request.fault, extra="Allow: GET, HEAD, POST\r\n" if request.fault == 405 else ""
            )
        self.busy = request.state in (r.HEAD, r.WHOLE) or request.fault > 0

    def _judge(self, now):
        """The head is there: whether the body is wanted."""
        request = self.request
        self._reply = self._service.api.refusal(self, now)
        if self._reply:
            request.skip()
        else:
            request.accept()
        self._rest = request.take(self._rest)
        self.busy = request.state == r.WHOLE

    def poll(self, now):
        """The next piece of the answer."""
        request = self.request
        if self.closing or self._lingers:
            if self._lingers and ticks.diff(now, self._since) >= _LINGER_MS:
                self.closing = True
            return 0
        if request.state == r.HEAD and not request.fault:
            self._judge(now)
            return 0
        if request.state != r.WHOLE and not request.fault:
            if request.state != r.START and ticks.diff(now, self._since) >= LATE_MS:
                self._service.tally(LATE)
                request.fault = 408
                self._reply = error(408)
                self.busy = True
            return 0
        if not self._reply:
            if self._job:
                self._reply = self._job.step(now)
                self.busy = self._job.busy or self._reply is not None
            elif self._service.api.ready(self):
                self._begin(now)
            return 0
        return self._say(now)

    def _begin(self, now):
        """Look for an answer, or for what makes one in time."""
        self._reply = self._service.files.find(self.request)
        if not self._reply:
            self._reply = self._service.api.answer(self, now)
        if hasattr(self._reply, "step"):
            self._job = self._reply
            self._reply = None

    def _say(self, now):
        reply, request = self._reply, self.request
        self.busy = True
        if not reply.begun:
            request.keep = request.keep and not request.fault and self._service.used < _CROWD
        n = reply.piece(self.answer, request, request.keep)
        if reply.ended:
            self._end(now)
        return n

    def _end(self, now):
        """The answer is made."""
        request, reply = self.request, self._reply
        self._service.tally(REQUESTS)
        if reply.status >= 400:
            self._service.tally(REFUSED)
        self.busy = False
        self._reply = self._job = None
        if request.fault:
            # who still sends would lose the answer to a reset
            self._lingers = True
            self._rest = b""
            self._since = now
        elif reply.bare or not request.keep:
            self.closing = True
        else:
            request.clear()
            self.route = None
            if self._rest:
                self._feed(now)
