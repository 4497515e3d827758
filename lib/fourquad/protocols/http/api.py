"""What the pages ask a meter for, by JSON (docs/web-api.md): who may, and which module answers."""

import json

from fourquad import points as p
from fourquad import ticks
from fourquad.net.access import text_of
from fourquad.points import network as n
from fourquad.points.audit import LOGGED_OUT
from fourquad.protocols.http import sessions as s
from fourquad.protocols.http.doors import Doors
from fourquad.protocols.http.reply import CSV, Reply, done, error

# Columns of a route.
_METHOD = 0
_PATH = 1
_LEVEL = 2
_MODULE = 4
# Method, path (where it ends with / more follows), the least level (0: anybody), what answers, its module.
_ROUTES = (
    ("GET", "/api/session", 0, "session", None),
    ("POST", "/api/login", 0, "login", None),
    ("POST", "/api/logout", s.USER, "logout", None),
    ("POST", "/api/password", s.ADMIN, "password", None),
    ("GET", "/api/values/", s.USER, "page", "values"),
    ("GET", "/api/settings/", s.USER, "form", "forms"),
    ("POST", "/api/write", s.ADMIN, "write", "forms"),
    ("GET", "/api/config", s.ADMIN, "plain", "backup"),
    ("POST", "/api/config", s.ADMIN, "sealed", "backup"),
    ("POST", "/api/import", s.ADMIN, "take", "restore"),
    ("GET", "/api/log/", s.USER, "log", "logs"),
    ("GET", "/api/datalog/", s.USER, "datalog", "logs"),
    ("GET", "/api/files/", s.USER, "files", "local"),
    ("GET", "/api/file/", s.USER, "file", "local"),
    ("GET", "/api/firmware", s.USER, "firmware", "running"),
    ("GET", "/api/diagnostics", s.USER, "diagnostics", "logs"),
    ("GET", "/api/audit", s.ADMIN, "audit", "logs"),
    ("GET", "/api/audit.csv", s.ADMIN, "audit_csv", "logs"),
    # after /api/log/: the last that fits answers
    ("GET", "/api/log/quality", s.USER, "events", "waves"),
    ("GET", "/api/waves", s.USER, "waves", "waves"),
    ("GET", "/api/wave/", s.USER, "wave", "waves"),
)
# Modules that few ask for: imported when somebody does, one a step, after those that they import in turn.
_SELDOM = (
    ("sealing", "backup"),
    ("sealing", "backup", "batch", "restore"),
    ("local",),
    ("running",),
)
_IMPORT_S = 60  # without a piece, after which an import that was begun is forgotten


class Api:
    """`service`: server.Service; `parts`: fourquad.net; `tables`: the model's pages; `secure`: TLS is around
    it.
    """

    def __init__(self, service, parts, tables, secure):
        self.service = service
        self.sessions = service.sessions
        self.points = parts.points
        self.registers = parts.registers
        self.tables = tables
        self.shared = parts.shared
        self.audit_log = parts.audit
        self.version = parts.name
        self.scheme = b"https://" if secure else b"http://"
        self.up_s = 0  # since the service began
        self.importing = None  # restore.Import, while somebody sends a file
        self._second = None
        self.doors = Doors(self, parts.random)
        # now, because it takes longer than an answer may
        self._modules = {name: _module(name) for name in _modules(self.points)}

    def audit(self, what, level):
        """Somebody of this level has done `what` (points/audit.py), which is to be remembered."""
        if self.audit_log:
            self.audit_log.note(what, level)

    def works_for(self, level):
        """What is changed now is changed by somebody of this level."""
        if self.audit_log:
            self.audit_log.user = level

    def tick(self, now):
        """Time goes on."""
        if self._second is None:
            self._second = now
        passed = ticks.diff(now, self._second) // 1000
        if passed > 0:
            self.up_s += passed
            self._second = ticks.add(self._second, 1000 * passed)
            if self.importing and self.up_s - self.importing.touched > _IMPORT_S:
                self.importing = None

    def session_of(self, connection, now):
        """The session of a request, or None."""
        request = connection.request
        return self.sessions.find(request.sid, self.idle_s() * 1000, now, not request.idle)

    def idle_s(self):
        """Seconds without a request after which a session is over."""
        return 60 * self.points.read(p.SETTING + n.HTTP_IDLE)

    def refusal(self, connection, now):
        """Why a request whose head has come is not wanted, before its body is taken; None: it is."""
        request = connection.request
        connection.route = None
        if request.path[:5] != "/api/":
            return error(405, extra="Allow: GET, HEAD\r\n") if request.method == "POST" else None
        method = "POST" if request.method == "POST" else "GET"
        found = others = None
        for row in _ROUTES:
            if row[_PATH] == request.path or row[_PATH][-1] == "/" and request.path.startswith(row[_PATH]):
                others = row[_METHOD]
                if others == method:
                    found = row
        if not others:
            return error(404)
        if not found:
            allowed = "POST" if others == "POST" else "GET, HEAD"
            return error(405, extra=f"Allow: {allowed}\r\n")
        connection.route = found
        connection.session = session = self.session_of(connection, now)
        if method == "POST" and request.origin is not None and request.origin != self.scheme + request.host:
            return error(403, "origin")
        if not found[_LEVEL]:
            return error(415, "type") if method == "POST" and not request.json else None
        if not session:
            return error(401, "login")
        if method == "POST" and request.token != session.csrf:
            return error(403, "csrf")
        if session.level < found[_LEVEL]:
            return error(403, "level")
        return error(415, "type") if method == "POST" and not request.json else None

    def ready(self, connection):
        """Whether the modules that answer a request are there; one is imported, if not."""
        for names in _SELDOM:
            if connection.route and connection.route[_MODULE] == names[-1]:
                for name in names:
                    if name not in self._modules:
                        self._modules[name] = _module(name)
                        return False
        return True

    def answer(self, connection, now):
        """The answer to a request that is there with its body: a Reply, or what makes one by steps."""
        _, path, _, name, module = connection.route
        if not module:
            return getattr(self, name)(connection, now)
        if module not in self._modules:
            return error(404)
        return getattr(self._modules[module], name)(self, connection, connection.request.path[len(path) :])

    # Who is there.

    def session(self, connection, now):
        """Whose session it is."""
        return Reply(200, json.dumps(self.told(connection.session)).encode())

    def told(self, session):
        """What a page is told of a session, or of none."""
        return {
            "level": s.LEVELS[session.level - 1] if session else None,
            "csrf": session.csrf.decode() if session else None,
            "defaults": self.doors.defaults() if session else [],
            "idle_s": self.idle_s(),
            "model": self.tables.NAME,
            "version": self.version,
            "title": text_of(self.points, n.HTTP_TITLE),
        }

    def login(self, connection, now):
        """Who knows the password of a level."""
        return self.doors.login(connection, fields(connection.request), now)

    def logout(self, connection, now):
        """The session is over."""
        self.sessions.end(connection.session)
        self.audit(LOGGED_OUT, connection.session.level)
        reply = done()
        reply.extra = self.doors.cookie(b"", "; Max-Age=0")
        return reply

    def password(self, connection, now):
        """A level has another password."""
        return self.doors.change(connection, fields(connection.request), now)


def _modules(points):
    """Those that this meter wants: not every one has power quality."""
    names = ("values", "forms", "logs")
    try:
        points.provider(p.QUALITY)
    except KeyError:
        return names
    return names + ("waves",)


def _module(name):
    return __import__("fourquad.protocols.http." + name, None, None, ("_",))


def fields(request):
    """The object that the body of a request is; None where it is none."""
    if request.body is None:
        return None
    try:
        found = json.loads(request.body)
    except (ValueError, RuntimeError):
        return None
    return found if isinstance(found, dict) else None


def csv(texts, name):
    """A file that is to be kept under this name."""
    return Reply(200, texts, CSV, f'Content-Disposition: attachment; filename="{name}"\r\n')
