"""Log-in, and new passwords. Both take time (passwords.py), and go on by steps."""

import json

from fourquad import points as p
from fourquad.points import audit as a
from fourquad.points import network as n
from fourquad.protocols.http import passwords
from fourquad.protocols.http import sessions as s
from fourquad.protocols.http.reply import Reply, done, error

_LOGINS = 3  # of server.COUNTERS
_WRONG = 4
_LONGEST = 64  # bytes of what is tried


class Doors:
    """`api`: api.Api; `random(n)` gives so many bytes. One password is looked at at a time."""

    def __init__(self, api, random):
        self.api = api
        self.random = random
        self.busy = False

    def kept(self, level):
        """What is kept of the password of a level: b"" while it is the manual's."""
        texts, at = self._place(level)
        return texts.read(at)

    def _place(self, level):
        points = self.api.points
        pid = p.SETTING + n.HTTP_USER + level - 1
        return points.provider(pid).texts, pid - points.base(pid)

    def defaults(self):
        """The levels whose password is the manual's."""
        return [name for i, name in enumerate(s.LEVELS) if not self.kept(i + 1)]

    def cookie(self, sid, more=""):
        """The line that sets the cookie of a session."""
        secure = "; Secure" if self.api.scheme == b"https://" else ""
        return f"Set-Cookie: sid={sid.decode()}; Path=/; HttpOnly; SameSite=Strict{secure}{more}\r\n"

    def login(self, connection, asked, now):
        """What answers a log-in: a Reply, or a job."""
        level, password = _level(asked), _text(asked, "password")
        if not level or password is None:
            return error(400, "json")
        return self._try(Login(self, connection, level, password), now)

    def change(self, connection, asked, now):
        """What answers the wish for a new password."""
        level, password = _level(asked), _text(asked, "current")
        new = _text(asked, "password")
        if not level or password is None or new is None:
            return error(400, "json")
        texts, at = self._place(level)
        if texts.check(at, b"") == p.FORBIDDEN:
            return error(422, "sealed")
        if not passwords.allowed(new):
            return error(422, "range")
        return self._try(Change(self, connection, level, password, new), now)

    def _try(self, job, now):
        wait_s = self.api.sessions.wait_s(job.door, now)
        if wait_s:
            return error(429, "locked", f"Retry-After: {wait_s}\r\n", wait_s=wait_s)
        if self.busy:
            return error(503, "busy", "Retry-After: 1\r\n")
        self.busy = True
        return job

    def put(self, level, text):
        """Keep a password."""
        texts, at = self._place(level)
        texts.write(at, text)


class Trial:
    """Whether a password is that of a level; `step` gives a Reply at last. What it does then: `right`."""

    busy = True

    def __init__(self, doors, connection, level, password):
        self.doors = doors
        self.connection = connection
        self.level = level
        self.door = (connection.peer[0], level)
        self._password = password
        self._work = None
        self._kept = doors.kept(level)
        if self._kept:
            self._work = passwords.of_kept(password, self._kept)

    def step(self, now):
        """A slice."""
        if self._work and not self._work.step():
            return None
        if self._work:
            right = passwords.same(self._work.text(), self._kept)
        else:
            default = self.doors.api.tables.PASSWORDS[self.level - 1]
            right = not self._kept and passwords.same(self._password, default)
        return self.decide(right, now)

    def decide(self, right, now):
        """It is known whether it is the right one."""
        api = self.doors.api
        if right:
            api.sessions.right(self.door)
            return self.right(now)
        self.drop()
        api.sessions.wrong(self.door, now)
        api.service.tally(_WRONG)
        api.audit(a.REFUSED, self.level)
        if api.sessions.wait_s(self.door, now):
            api.audit(a.LOCKED, self.level)
        return error(401, "password")

    def drop(self):
        """It is over."""
        self.doors.busy = False


class Login(Trial):
    """Begins a session."""

    session = None

    def step(self, now):
        """A slice; what the session is told is made in one of its own."""
        if not self.session:
            return Trial.step(self, now)
        told = json.dumps(self.doors.api.told(self.session)).encode()
        return Reply(200, told, extra=self.doors.cookie(self.session.sid))

    def right(self, now):
        """The password is right."""
        self.drop()
        api = self.doors.api
        self.session = api.sessions.begin(self.level, now)
        api.service.tally(_LOGINS)
        api.audit(a.LOGGED_IN, self.level)


class Change(Trial):
    """Another password for a level; `current` is that of who changes it, an administrator."""

    def __init__(self, doors, connection, level, current, new):
        Trial.__init__(self, doors, connection, s.ADMIN, current)
        self._of = level
        self._new = new
        self._making = None

    def right(self, now):
        """It may be changed."""
        self._making = passwords.Derivation(self._new, self.doors.random(passwords.SALT))

    def step(self, now):
        """A slice."""
        if not self._making:
            return Trial.step(self, now)
        if not self._making.step():
            return None
        self.drop()
        api = self.doors.api
        api.works_for(self.level)
        self.doors.put(self._of, self._making.text())
        api.sessions.end_level(self._of, self.connection.session)
        return done()


def _level(asked):
    """The level that is named, from 1 on; 0 for none."""
    name = asked.get("level") if asked else None
    return s.LEVELS.index(name) + 1 if name in s.LEVELS else 0


def _text(asked, key):
    """What is named, as bytes; None where it is no text, or too long."""
    text = encoded(asked.get(key)) if asked else None
    return text if text is None or len(text) <= _LONGEST else None


def encoded(text):
    """A text as bytes; None where it is none."""
    try:
        return text.encode() if isinstance(text, str) else None
    except ValueError:
        return None  # half of a pair of surrogates
