"""A configuration that somebody wants to import into a kw320: whatever it is, it changes nothing before it is
stored, and what is stored is what a form may store.
"""

from __future__ import annotations

import hashlib
from types import SimpleNamespace

from fourquad import points as p
from fourquad.device.network import Parts
from fourquad.models.kw320 import web
from fourquad.protocols.http.restore import Import, Piece
from fourquad.protocols.http.server import Service
from fourquad.protocols.http.sessions import ADMIN

from .frames import need
from .meters import Meter

LONGEST = 1500
PIECES = (1, 13, 200, 1000)
STEPS = 20_000
PHRASE = b"correct horse"
CODES = ("file", "model", "newer", "damaged", "passphrase", "unknown", "type", "range", "sealed", "read_only")
HEAD = b'{\n"format":3,\n"model":"kw320",\n'


class Target:
    """An input: an octet of mode, then a file. Mode bit 0: its sum is made right; bit 1: with a passphrase;
    bits 2 and 3: the size of the pieces.
    """

    longest = LONGEST

    def __init__(self) -> None:
        self._meter = Meter("kw320", {}, ("network",))
        points, registers = self._meter.points, self._meter.device.registers
        parts = Parts(points, registers, None, lambda count: bytes(count), (), name="kw320")
        self._api = Service(parts, web).api

    def run(self, data: bytes) -> None:
        mode = data[0] if data else 0
        text = summed(data[1:]) if mode & 1 else data[1:]
        found = Import(self._api, SimpleNamespace(level=ADMIN), PHRASE if mode & 2 else b"")
        reply = self._sent(found, text, PIECES[mode >> 2 & 3])
        need(not self._meter.changed(), "a change before it is stored", text)
        need(found.fault is None or reply, "a fault that nobody is told", text)
        if found.checked and not found.fault:
            self._stored(found, text)

    def _sent(self, found: Import, text: bytes, size: int) -> bool:
        """Send a file; whether it was refused."""
        for at in range(0, len(text) or 1, size):
            piece = Piece(self._api, found, text[at : at + size], at + size >= len(text))
            for _ in range(STEPS):
                reply = piece.step(0)
                if reply:
                    break
            need(reply, "a piece without an end", text)
            if reply.status != 200:
                body = bytes(reply.body)
                known = any(f'"{each}"' in body.decode() for each in CODES)
                need(reply.status == 422 and known, "answer", text, body)
                return True
        return False

    def _stored(self, found: Import, text: bytes) -> None:
        changes = list(found.changes())
        need(len(changes) == found.count, "number of changes", text)
        need(not changes or len(found.pack()) > 2, "bytes of the batch", text)
        found.apply()
        for group, index, value in changes:
            is_text = isinstance(value, bytes)
            now = group.texts.read(index) if is_text else group.read(index)
            need(now == value, "not what the file says", group.first + index, now, value)
            again = (group.texts if is_text else group).check(index, value)
            need(again == p.OK, "stored, and not allowed", group.first + index, value)
        self._meter.put_back(self._meter.changed())


def summed(text: bytes) -> bytes:
    """A file whose sum is right."""
    text = text.partition(b'"sum"')[0]
    return text + b'"sum":"' + hashlib.sha256(text).hexdigest().encode() + b'"\n}\n'


def seeds() -> list[bytes]:
    """A few settings, texts, points of DNP3, secrets; and what each refusal is for."""
    numbers = b'"settings":{\n"3072":1,\n"3075":4001,\n"3076":400\n},\n'
    texts = b'"settings":{\n"4065":"mail.example",\n"3911":"kitchen"\n},\n'
    points = b'"settings":{\n"5120":1,\n"5184":0,\n"3880":2\n},\n'
    salt = b'"salt":"' + b"00" * 16 + b'",\n"rounds":1000,\n'
    tables = b'"settings":{\n},\n"tables":{\n"4096":"065a0001400040014002",\n"6913":"080002140001"\n},\n'
    sealed = b'"sealed":{\n"4068":"' + b"5a" * 32 + b'"\n},\n'
    bodies = [numbers, texts, points, tables, b'"settings":{\n"3075":"x"\n},\n', b'"settings":{\n"9":1\n},\n']
    bodies += [b'"settings":{\n"3075":0\n},\n', b'"settings":{\n"3075":4001,\n"3075":4001\n},\n']
    out = [bytes((1 | 4 * (i & 3),)) + HEAD + body for i, body in enumerate(bodies)]
    out.append(b"\x0b" + HEAD + salt + numbers + sealed)
    out.append(b"\x0a" + HEAD + salt + numbers + sealed + b'"sum":"00",\n"mac":"00"\n}\n')
    out += [
        b"\x08" + HEAD + numbers + b'"sum":"00"\n}\n',
        b"\x0d" + HEAD.replace(b":3", b":4"),
        b"\x0c{\n}\n",
    ]
    out.append(b"\x0d" + HEAD.replace(b"320", b"321") + numbers)
    return out
