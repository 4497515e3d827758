"""A configuration that is imported: the file of backup.py comes in pieces, is looked at line by line, and
checked as a whole; then all of it is stored as one step, or nothing (device/settings_store.py).

POST /api/import: {"at": octets before this piece, "text": piece, "end": true with the last one}, the first
one with "passphrase" where what is sealed is wanted; then {"apply": true}. What of a file is wrong is said
when all of it has come, because a file that is damaged may say anything.
"""

import json
from binascii import hexlify, unhexlify
from hashlib import sha256

from fourquad import points as p
from fourquad.points import audit as a
from fourquad.points import billing as b
from fourquad.protocols.http import backup, sealing
from fourquad.protocols.http.api import fields
from fourquad.protocols.http.batch import Batch
from fourquad.protocols.http.doors import encoded
from fourquad.protocols.http.passwords import same
from fourquad.protocols.http.reply import done, error

_LINE_MOST = 512  # bytes
_LINES = 1  # in a slice
_CHECKS = 1
_MOST = 1 << 31

# Where in a file the next line is.
_OPEN, _HEAD, _SETTINGS, _TABLES, _SEALED, _TAIL, _ENDED = range(7)


class Import(Batch):
    """One that somebody sends. `at`: octets that have come; `touched`: when, in seconds of the service."""

    def __init__(self, api, session, passphrase):
        Batch.__init__(self, api.points)
        self._api = api
        self.session = session
        self.touched = api.up_s
        self.at = 0
        self.peer = None  # who wants it stored
        self.fault = None  # what is told of what is wrong
        self.working = False
        self.checked = False
        self.sealed = 0  # secrets that it has
        self._passphrase = passphrase
        self._seal = None
        self._making = False  # its key
        self._state = _OPEN
        self._number = 0  # of the line
        self._text = b""  # of the file, that is to be looked at, from _from on
        self._from = 0
        self._digest = sha256()
        self._found = b""
        self._suspect = None  # a fault that is one only if the file is not damaged
        self._broken = False  # something sealed is nothing that was
        self._named = 0  # bits: it says its format, its model
        self._salt = b""
        self._marked = False

    def feed(self, text):
        """The next octets."""
        self.at += len(text)
        rest = self._text[self._from :]
        self._text = rest + text if rest else text
        self._from = 0

    def step(self):
        """A slice of looking at them; whether that is all for now."""
        if self._making:
            self._making = not self._seal.step()
            return False
        for _ in range(_LINES if self.begin() else 0):
            end = self._text.find(b"\n", self._from) + 1
            if self.fault or not end:
                break
            line = self._text[self._from : end]
            self._from = end
            self._number += 1
            if len(line) > _LINE_MOST:
                self._wrong("file")
            else:
                self._line(line)
            if self._making:
                return False
        else:
            return False
        if not self.fault and len(self._text) - self._from > _LINE_MOST:
            self._wrong("file")
        return True

    def over(self):
        """No more comes."""
        if not self.fault and (self._state != _ENDED or self._from < len(self._text)):
            self._wrong("damaged")

    def _wrong(self, code, **more):
        self.fault = {"code": code, "line": self._number}
        self.fault.update(more)

    def _doubt(self, code, pid):
        if not self._suspect:
            self._suspect = {"code": code, "line": self._number, "id": pid}

    def _line(self, line):
        body = line[:-1]
        if body[-1:] == b",":
            body = body[:-1]
        state = self._state
        if state == _TAIL and line[:6] == b'"sum":':
            self._found = self._digest.digest()
        elif not self._found:
            self._digest.update(line)
        if state == _OPEN:
            if body != b"{":
                self._wrong("file")
            self._state = _HEAD
        elif body == b"}" and state != _HEAD:
            self._closed(state)
        elif body == b'"settings":{' and state == _HEAD and self._named == 3:
            self._state = _SETTINGS
        elif body == b'"tables":{' and state == _TAIL and not self._found:
            self._state = _TABLES
        elif body == b'"sealed":{' and state == _TAIL and self._salt and not self._found:
            self._state = _SEALED
        else:
            item = _item(body)
            if not item:
                self._wrong("file")
            elif state == _HEAD:
                self._head(*item)
            elif state == _TAIL:
                self._tail(*item)
            elif state == _ENDED:
                self._wrong("file")
            else:
                self._setting(state, *item)

    def _closed(self, state):
        """A section is over, or the file."""
        if state == _ENDED:
            self._wrong("file")
        elif state != _TAIL:
            self._state = _TAIL
        elif not self._found or (self._salt and self._passphrase and not self._marked):
            self._wrong("damaged")
        else:
            self._state = _ENDED

    def _head(self, key, value):
        if key == "format":
            if not isinstance(value, int) or value < backup.OLDEST:
                self._wrong("file")
            elif value > backup.FORMAT:
                self._wrong("newer", format=value)
            self._named |= 1
        elif key == "model":
            if value != self._api.version:
                self._wrong("model", model=str(value)[:20])
            self._named |= 2
        elif key == "salt":
            self._salt = _octets(value)
            if len(self._salt) != sealing.SALT:
                self._wrong("file")
        elif key == "rounds" and self._salt and not self._seal:
            if not isinstance(value, int) or not sealing.FEWEST <= value <= sealing.MOST:
                self._wrong("file")
            elif self._passphrase:
                self._seal = sealing.Seal(self._passphrase, self._salt, value)
                self._making = True

    def _tail(self, key, value):
        if key == "sum":
            if not same(str(value).encode(), hexlify(self._found)):
                self._wrong("damaged")
            elif self._suspect and not self._salt:
                self.fault = self._suspect
        elif key == "mac" and self._found and self._salt:
            self._marked = True
            mark = hexlify(self._seal.mark(self._found)) if self._seal else b""
            if self._seal and not same(str(value).encode(), mark):
                self._wrong("passphrase")
            elif self._suspect or self._broken:
                self.fault = self._suspect or {"code": "file", "line": self._number}
        else:
            self._wrong("file")

    def _setting(self, state, key, value):
        if not key.isdigit() or len(key) > 6:
            self._doubt("unknown", key[:20])
            return
        pid = int(key)
        offset = pid - p.SETTING
        found = backup.place(self._api, offset) if 0 <= offset < p.SETTINGS else None
        if not found or not self._may(state, offset):
            self._doubt("unknown", pid)
            return
        is_text = found[2]
        if state == _SEALED:
            if not self._seal:
                return
            value = self._shown(value, is_text)
            if value is None:
                self._broken = True
                return
            self.sealed += 1
        elif state == _TABLES:
            value = _octets(value) or (b"" if value == "" else None)
            if value and offset < b.GROUP_TABLES:
                value = value.rstrip(b"\0")
        elif is_text:
            value = encoded(value)
        right = isinstance(value, bytes) if is_text else _is_number(value)
        if not right or not self.put(offset, value):
            self._doubt("type", pid)

    def _may(self, state, offset):
        if state == _TABLES:
            return offset in backup.tables()
        return offset in backup.secrets(self._api) if state == _SEALED else backup.listed(self._api, offset)

    def _shown(self, value, is_text):
        """A secret: bytes, or a number; None where it is none."""
        text = self._seal.show(_octets(value))
        if text is None or is_text:
            return text
        return int(text) if text.isdigit() and len(text) < 10 else None

    def apply(self):
        """As Batch; the audit log has one record of it."""
        audit = self._api.audit_log
        if audit:
            secure = self._api.scheme == b"https://"
            audit.serve("https" if secure else "http", self.peer)
            audit.note(a.IMPORTED, self.session.level, 0, self.count, self._found[:16])
            audit.quiet = True
        try:
            Batch.apply(self)
        finally:
            if audit:
                audit.quiet = False
                audit.serve(None, None)


class Work:
    """A request that is worked on by steps: the base of the two that there are."""

    busy = True

    def __init__(self, api, found):
        self.api = api
        self.found = found
        self._changes = None
        found.working = True
        found.touched = api.up_s

    def checks(self):
        """A slice of checking all; whether it is done. `fault` says what is wrong."""
        found = self.found
        if not self._changes:
            self._changes = found.changes()
            found.count = 0
        for _ in range(_CHECKS):
            change = next(self._changes, None)
            if not change:
                return True
            found.count += 1
            found.fault = found.refused(change)
            if found.fault:
                return True
        return False

    def refusal(self):
        """What is wrong, told; the import is over."""
        told = self.found.fault
        self.drop()
        return error(422, told.pop("code"), **told)

    def drop(self):
        """It is over; with it the import."""
        if self.api.importing is self.found:
            self.api.importing = None


class Piece(Work):
    """A piece of the file."""

    def __init__(self, api, found, text, last):
        Work.__init__(self, api, found)
        self._last = last
        self._all = False
        found.feed(text)

    def step(self, now):
        """A slice."""
        found = self.found
        if not self._all:
            self._all = found.step()
            if self._all and self._last:
                found.over()
        elif self._last and not found.fault and not found.checked:
            found.checked = self.checks()
        else:
            found.working = False
            if found.fault:
                return self.refusal()
            if not self._last:
                return done(at=found.at)
            return done(at=found.at, changes=found.count, sealed=found.sealed)
        return None


class Apply(Work):
    """All of it is stored."""

    _checked = _given = False

    def step(self, now):
        """A slice; then the device makes it true when it has the time."""
        found = self.found
        if not self._checked:
            self._checked = self.checks()
            return self.refusal() if found.fault else None
        settings = self.api.points.provider(p.SETTING).settings
        if not self._given:
            if found.stale:
                self.drop()
                return error(409, "stale")
            if not found.count:
                self.drop()
                return done(changes=0)
            if settings.batch:
                return None
            found.close()
            settings.batch = found
            self._given = True
            self.busy = False
        if found.result is None:
            return None
        self.drop()
        if found.result:
            return error(found.result, "flash" if found.result == 500 else "memory")
        return done(changes=found.count)


def take(api, connection, rest):
    """POST /api/import."""
    asked = fields(connection.request)
    if not asked:
        return error(400, "json")
    found = api.importing
    if found and found.working:
        return error(503, "busy", "Retry-After: 1\r\n")
    mine = found and found.session is connection.session
    if asked.get("apply") is True:
        if not mine or not found.checked:
            return error(409, "at", at=0)
        found.peer = connection.peer
        return Apply(api, found)
    at, text = asked.get("at"), encoded(asked.get("text"))
    connection.request.body = None  # there is little room
    if not _is_number(at) or text is None:
        return error(400, "json")
    if at == 0:
        if found and not mine:
            return error(503, "busy", "Retry-After: 30\r\n")
        passphrase = encoded(asked.get("passphrase", ""))
        if passphrase is None or (passphrase and not backup.allowed(passphrase)):
            return error(422, "passphrase")
        found = api.importing = Import(api, connection.session, passphrase)
    elif not mine or at != found.at or found.checked:
        return error(409, "at", at=found.at if mine else 0)
    return Piece(api, found, text, asked.get("end") is True)


def _item(body):
    """The name and the value that a line is, or None."""
    try:
        found = json.loads(b"{" + body + b"}")
    except (ValueError, RuntimeError):
        return None
    if not isinstance(found, dict) or len(found) != 1:
        return None
    return list(found.items())[0]


def _octets(value):
    """The bytes of hexadecimal digits; none where there are none."""
    text = encoded(value)
    if not text or len(text) % 2:
        return b""
    try:
        return unhexlify(text)
    except ValueError:
        return b""


def _is_number(value):
    return isinstance(value, int) and not isinstance(value, bool) and -_MOST <= value < _MOST
