"""The web server of a kw320 with its network module: requests of somebody who is logged in, or raw octets."""

from __future__ import annotations

import re
from binascii import hexlify
from typing import Any

from fourquad.device.network import Parts
from fourquad.models.kw320 import web
from fourquad.protocols.http.server import Service
from fourquad.protocols.http.sessions import ADMIN

from .frames import need
from .meters import Meter
from .snapshot import Snapshot

LONGEST = 1500
PIECES = (1, 7, 64, 256)  # octets that come at once
CALLS = 20_000  # after which an answer that does not end is a fault
FORMS = 16  # of an input, the rest of which is nothing
STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) [A-Z][A-Za-z -]*\r\n")
KNOWN = (200, 304, 400, 401, 403, 404, 405, 411, 413, 414, 415, 417, 422, 429, 431, 501, 503, 505)
TOKEN = hexlify(bytes(range(16)))
HEAD = b"Host: m\r\nCookie: sid=%s\r\nX-CSRF-Token: %s\r\n" % (TOKEN, TOKEN)
VALUES = ("dashboard", "basic", "energy", "minmax", "harmonics", "sequence", "io", "about")
SETTINGS = ("meter", "ports", "alarms", "network", "access", "http", "time")
FILES = (("/", "text/html", '"tag"', bytes(1500)),)


class Station:
    """A meter and its web `service`, where somebody is logged in."""

    def __init__(self) -> None:
        self.meter = Meter("kw320", {}, ("network",))
        points, registers = self.meter.points, self.meter.device.registers
        parts = Parts(points, registers, None, lambda count: bytes(range(count)), FILES, name="kw320")
        self.service = Service(parts, web)
        self.log_in(0)

    def log_in(self, now: int) -> None:
        """The administrator has TOKEN."""
        self.service.sessions.begin(ADMIN, now)


class Target:
    """An input: an octet of mode, then octets. Mode bit 0: as they are; else bodies, each after an octet with
    its length, of forms. Bits 1 and 2: the size of the pieces.
    """

    longest = LONGEST

    def __init__(self) -> None:
        station = Station()
        self._meter = station.meter
        self._connection = station.service.connection()
        self._connection.opened(("10.0.0.1", 1), 0)
        self._kept = Snapshot(self._connection, self._meter.kept)

    def run(self, data: bytes) -> None:
        octets, size = whole(data)
        self._kept.put_back()
        said = say(self._connection, octets, size)
        answers = split(said, b"HEAD" in octets)
        changed = self._meter.changed()
        need(200 in answers or not changed, "a change that no answer confirms", octets, said)
        need(TOKEN in octets or not changed, "a change by nobody", octets, said)
        self._meter.put_back(changed)


def whole(data: bytes) -> tuple[bytes, int]:
    """What a client sends for an input, and the size of its pieces."""
    mode = data[0] if data else 0
    return data[1:] if mode & 1 else forms(data[1:]), PIECES[mode >> 1 & 3]


def say(connection: Any, octets: bytes, size: int, now: int = 0) -> bytes:
    """What a client hears that sends all of it, in pieces."""
    said = b""
    for _ in range(CALLS):
        count = min(size, len(octets), connection.room())
        if count:
            length = connection.run(octets[:count], count, now)
            octets = octets[count:]
        else:
            length = connection.poll(now)
            if not length and not connection.busy and (not octets or not connection.room()):
                need(not octets or connection.closing, "no room", octets)
                return said
        need(0 <= length <= len(connection.answer), "length of a piece", octets)
        said += bytes(connection.answer[:length])
    need(False, "an answer without an end", octets, said)
    return said


def forms(data: bytes) -> bytes:
    """The bodies of an input as forms of who is logged in."""
    out = b""
    for _ in range(FORMS):
        if not data:
            break
        body, data = data[1 : 1 + data[0]], data[1 + data[0] :]
        head = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        out += b"POST /api/write HTTP/1.1\r\n" + HEAD + head + body
    return out


def split(said: bytes, heads: bool) -> list[int]:
    """The status of each answer; `heads`: there may be some without their bodies."""
    found: list[int] = []
    while said:
        line = STATUS.match(said)
        need(line, "status line", said)
        assert line is not None
        found.append(int(line[1]))
        need(found[-1] in KNOWN, "status", said)
        head, end, said = said.partition(b"\r\n\r\n")
        need(end, "end of a head", head)
        lines = [each.partition(b": ")[::2] for each in head.split(b"\r\n")[1:]]
        need(all(name and value for name, value in lines), "lines of a head", head)
        fields = {name.lower(): value for name, value in lines}
        if heads and (not said or STATUS.match(said)):
            continue
        if b"content-length" in fields:
            size = int(fields[b"content-length"])
            need(len(said) >= size, "length of a body", head, said)
            said = said[size:]
        elif fields.get(b"transfer-encoding") == b"chunked":
            said = after_chunks(said)
        elif found[-1] != 304:
            need(fields.get(b"connection") == b"close", "a body without an end", head)
            return found
    return found


def after_chunks(said: bytes) -> bytes:
    """What comes after a body in chunks (RFC 9112, 7.1)."""
    while True:
        line, end, said = said.partition(b"\r\n")
        need(end and re.fullmatch(rb"[0-9a-f]+", line), "size of a chunk", line, said)
        size = int(line, 16)
        need(said[size : size + 2] == b"\r\n", "end of a chunk", said)
        said = said[size + 2 :]
        if not size:
            return said


def seeds() -> list[bytes]:
    """Pages, forms and logs; log-ins, forms, and what each status is for."""
    pages = [f"/api/values/{name}" for name in VALUES] + [f"/api/settings/{name}" for name in SETTINGS]
    pages += ["/", "/none", "/api/session", "/api/diagnostics", "/api/log/alarms", "/api/log/soe.csv"]
    pages += ["/api/datalog/1.csv", "/api/log/none", "/api/config", "/api/audit", "/api/audit.csv"]
    raw = [b"GET %s HTTP/1.1\r\n%s\r\n" % (page.encode(), HEAD) for page in pages]
    raw += [b"%s HTTP/1.1\r\nHost: m\r\n\r\n" % one for one in (b"HEAD /", b"PUT /", b"BREW /")]
    raw.append(b"GET / HTTP/1.0\r\n\r\n")
    raw.append(b'GET / HTTP/1.1\r\nHost: m\r\nIf-None-Match: "tag"\r\n\r\n')
    for path, body in (
        (b"login", b'{"level":"user","password":"view"}'),
        (b"login", b'{"level":"admin","password":"wrong"}'),
        (b"password", b'{"level":"user","current":"admin","password":"longer"}'),
        (b"logout", b"{}"),
    ):
        kind = b"Origin: http://m\r\nContent-Type: application/json\r\n"
        head = b"POST /api/%s HTTP/1.1\r\n%s%sContent-Length: %d\r\n\r\n" % (path, HEAD, kind, len(body))
        raw.append(head + body)
    raw.append(b"".join(raw[:3]))
    bodies = [b'{"3075":4001}', b'{"3075":4001,"3137":0}', b'{"3866":"kitchen"}', b'{"384":1}']
    bodies += [b"[", b'{"x":1}']
    bodies += [b'{"449":2027,"450":2,"451":28,"452":1,"453":2,"454":3}', b'{"3865":1}', b'{"192":5}']
    packed = [bytes((len(body),)) + body for body in bodies]
    return [bytes((1 | 2 * (i & 3),)) + one for i, one in enumerate(raw)] + [b"\6" + one for one in packed]
