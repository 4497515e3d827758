"""What servers say to posts over HTTP and FTP, and to mail: the clients alone, what is said in pieces of any
size. Whether a file has arrived is judged from the octets by rules of this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fourquad import points as p
from fourquad.calendar.clock import Clock
from fourquad.events.mailbox import Mailbox
from fourquad.meter.settings import Settings
from fourquad.models.kw320.logged import MAILED
from fourquad.models.rows import by_offset, text
from fourquad.models.services import mail as tables
from fourquad.points import mail as m
from fourquad.points import network as n
from fourquad.protocols.mail.client import Client
from fourquad.protocols.posts import ftp, http

from .frames import need

LONGEST = 1200
PIECE = 1024
LINE = 0
PIECES = (1, LINE, 7, 512)  # octets that come at once
FILE = b"Time,V1\r\n2026-01-01 00:05:00,230.000\r\n"
STATUS = re.compile(rb"HTTP/1\.. ([1-9]\d\d)( [^\n]*)?\r*")


class File:
    """A file in one piece."""

    gone = False

    def begin(self) -> None:
        self.done = False

    def piece(self, buffer: bytearray) -> int:
        buffer[: len(FILE)] = FILE
        self.done = True
        return len(FILE)


class Job:
    """What is posted."""

    key, name, kind = b"SN-1-5-0-4", b"file.csv", b"text/csv"
    host, path, address, user, secret = b"192.0.2.7", b"/in", "192.0.2.7", b"user", b"secret"

    def __init__(self) -> None:
        self.file = File()


class Meter:
    """What the mailbox and the client of mail see of a meter."""

    class Model:
        NAME = "mail"

    model = Model

    def __init__(self) -> None:
        texts = by_offset(*tables.texts(0), text(n.HOST_NAME, b"fourquad"))
        self.settings = Settings(by_offset(*tables.numbers(0, MAILED)), texts=texts)
        self.clock = Clock()
        self.points = p.Points()
        self.settings.provide(self.points)
        self.points.provide(p.STATE, self)
        self.mailbox = Mailbox(self)
        self.mailbox.provide(self.points, {})
        self.state = self

    logs = ()

    def read(self, index: int) -> int:
        """The time."""
        return (4, 2026, 1, 1, 0, 5, 0)[index] if index < 7 else 820454700


class Target:
    """An input: an octet of mode, then octets. Mode bits 0-1: HTTP, FTP, mail, mail with a password; bits 2
    and 3: the size of the pieces.
    """

    longest = LONGEST

    def __init__(self) -> None:
        self._meter = meter = Meter()
        meter.settings.write(m.MAIL, 1)
        words = meter.points.provider(p.SETTING + m.MAIL).texts
        for offset, value in (
            (m.MAIL_TO, b"a@b"),
            (m.MAIL_TO + 1, b"c@d"),
            (m.MAIL_USER, b"me"),
            (m.MAIL_SERVER, b"192.0.2.7"),
        ):
            words.write(offset - p.GROUP_NETWORK, value)
        self._mail = Client(meter.points, meter.mailbox, str, MAILED, b"SN")
        self._ways: tuple[Any, ...] = (http.Way(bytearray(PIECE)), ftp.Way(bytearray(PIECE)))

    def run(self, data: bytes) -> None:
        mode = data[0] if data else 0
        octets, size = data[1:], PIECES[mode >> 2 & 3]
        if mode & 3 < 2:
            self._post(self._ways[mode & 3], octets, size)
        else:
            self._meter.settings.write(m.MAIL_AUTH, mode & 1)
            self._send(octets, size)

    def _post(self, way: Any, octets: bytes, size: int) -> None:
        """One attempt to post a file."""
        way.begin(Job())
        said, stored = drain(way), b""
        for part in pieces(octets, size):
            if way.over:
                break
            way.run(bytearray(part), len(part))
            said += drain(way)
            if getattr(way, "where", None):
                need(way.where[0] == "192.0.2.7" and 0 < way.where[1] < 65536, "where data go", octets)
                way.where = None
                way.data_opened()
                said += drain(way)
            if way.scheme == "ftp":
                count = way.data_piece()
                stored += bytes(way.answer[:count])
                if way.data_over():
                    way.data_lost()
        way.ended(4)
        need(way.over and not way.busy and way.poll() == 0, "an attempt that does not end", octets)
        if way.scheme == "http":
            need(way.arrived == accepted(octets), "whether it has arrived", octets)
            need(said.endswith(FILE), "the request", said)
        else:
            if way.arrived:
                need(stored == FILE and way.code == 250, "an arrived file", octets, stored)
                need(b"\nRNTO file.csv\r\n" in said, "its name", said)
            need(said.count(b"\r") == said.count(b"\n") == said.count(b"\r\n"), "commands", said)

    def _send(self, octets: bytes, size: int) -> None:
        """One attempt to send a mail."""
        client = self._mail
        self._meter.mailbox.begin(1)
        need(client.wants(0) == ("192.0.2.7", 587), "whom it calls")
        client.opened(("192.0.2.7", 587), 0)
        sent = self._meter.mailbox.said[m.SAYS_SENT]
        said = b""
        for part in pieces(octets, size):
            if client.closing:
                break
            count = client.run(bytearray(part), len(part), 0)
            while count or client.busy:
                need(count <= PIECE, "a piece", octets)
                said += bytes(client.answer[:count])
                count = client.poll(0)
        client.lost(0)
        need(
            client.closing and not client.busy and client.poll(0) == 0, "an attempt that does not end", octets
        )
        if self._meter.mailbox.said[m.SAYS_SENT] != sent:
            need(b"\r\n.\r\n" in said and b"\nDATA\r\n" in said, "a mail that was sent", octets, said)
            need(octets.count(b"250") >= 4 and b"354" in octets, "a mail that nobody took", octets)


def pieces(octets: bytes, size: int) -> Iterator[bytes]:
    """What comes at once."""
    if size == LINE:
        yield from octets.splitlines(keepends=True)
    else:
        yield from (octets[at : at + size] for at in range(0, len(octets), size))


def drain(way: Any) -> bytes:
    """All that is said now."""
    said = b""
    for _ in range(20):
        count = way.poll()
        need(0 <= count <= PIECE, "a piece")
        said += bytes(way.answer[:count])
        if not way.busy:
            return said
    raise AssertionError("it never stops")


def accepted(octets: bytes) -> bool:
    """Whether an answer says that the file is there: the first head that is no interim one, or what there is
    of it when all has been said.
    """
    lines = octets.split(b"\n")
    at = 0
    while at < len(lines) - 1:
        found = STATUS.fullmatch(lines[at])
        if not found:
            return False
        code = int(found[1])
        end = at + 1
        while end < len(lines) - 1 and lines[end].rstrip(b"\r"):
            end += 1
        if not 100 <= code < 200 or code == 101 or end >= len(lines) - 1:
            return 200 <= code < 300
        at = end + 1
    return False


def seeds() -> list[bytes]:
    """Conversations that succeed and fail."""
    ftp_good = (
        b"220 hi\r\n331 ?\r\n230 in\r\n200 I\r\n250 here\r\n227 ok (192,0,2,7,19,137)\r\n"
        b"150 go\r\n226 done\r\n350 to?\r\n250 done\r\n"
    )
    mail_good = (
        b"220 hi\r\n250-me\r\n250-AUTH PLAIN LOGIN\r\n250 HELP\r\n"
        b"%s250 from\r\n250 to\r\n250 to\r\n354 go\r\n250 queued\r\n"
    )
    out = [
        b"\x0cHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"\x00HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nServer: x\r\n\r\nbody",
        b"\x04HTTP/1.0 500 Internal Server Error\r\n\r\n<html>",
        b"\x08HTTP/1.1 204\n\n",
        b"\x04HTTP/1.1 101 Switching Protocols\r\n\r\n",
    ]
    out += [bytes((1 | size << 2,)) + ftp_good for size in range(4)]
    out.append(
        b"\x01"
        + ftp_good.replace(b"350 to?\r\n250 done", b"350 to?\r\n553 there\r\n250 gone\r\n350 to?\r\n250")
    )
    out.append(b"\x01220-many\r\n lines\r\n220 end\r\n530 no\r\n")
    out += [bytes((2 | size << 2,)) + mail_good % b"" for size in range(4)]
    out.append(b"\x03" + mail_good % b"235 in\r\n")
    out.append(b"\x03" + mail_good.replace(b"PLAIN ", b"") % b"334 VQ==\r\n334 UA==\r\n235 in\r\n")
    out.append(b"\x02220 hi\r\n250 me\r\n250 from\r\n550 no\r\n550 no\r\n")
    return out
