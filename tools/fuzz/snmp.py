"""SNMP: the agent of a kw320 with all its objects, of v2c and of v3 with authentication and privacy."""

from __future__ import annotations

import functools
import hashlib
from typing import Any

from fourquad import ticks
from fourquad.models.kw320 import snmp as tables
from fourquad.net import PIECE
from fourquad.points import network as n
from fourquad.protocols.snmp.agent import Agent
from fourquad_tools.sim.aes import ECB, Aes

from .frames import need
from .meters import BEGIN, Meter
from .snapshot import Snapshot

LONGEST = 1200
STEP_MS = 300
PEER = ("192.0.2.9", 40000)
TARGET = ("192.0.2.10", 162)
ENGINE = b"\x80\x00\x7e\xd9\x05engine.."
USER = b"fourquad"
KEY, PRIV_KEY = bytes(range(32)), bytes(range(100, 132))
RESPONSE, REPORT = 0xA2, 0xA8
SETTINGS = {n.SNMP: 1, n.SNMP_TRAPS: 2, n.SNMP_AUTH: 2, n.SNMP_PRIV: 1}
TEXTS = {
    n.SNMP_ENGINE: b"engine..",
    n.SNMP_AUTH_KEY: bytes(20) + KEY,
    n.SNMP_PRIV_KEY: bytes(20) + PRIV_KEY,
    n.SNMP_TARGET: TARGET[0].encode(),
}
DESCRIPTION, BULK = "2b06010201010100", "2b06010401"
MOST = 400  # visits for one answer
IDLE = 3  # visits without anything to do, after which there will be nothing more


class Station:
    """A meter with an agent of v2c and one of v3, in this order in `agents`."""

    def __init__(self) -> None:
        self.meter = Meter("kw320", SETTINGS, ("network",))
        groups: list[Any] = self.meter.meter.settings.groups
        texts = next(group.texts for group in groups if group.texts)
        for offset, text in TEXTS.items():
            texts.write(offset - 768, text)
        self.agents: list[Any] = []
        for version in (0, 1):
            self.meter.meter.settings.write(n.SNMP_VERSION, version)
            agent = Agent(self.meter.points, tables, Aes, bytes)
            agent.began(BEGIN)
            self.agents.append(agent)
        self.meter.keep()


class Target:
    """An input: an octet of mode, then octets. Bits 0 and 1: as they are to the agent of v2c; to that of v3;
    a PDU in a good message of v2c; a scoped PDU in a good one of v3. Bit 2: of v3 with privacy. Bit 3: from
    who gets its informs.
    """

    longest = LONGEST

    def __init__(self) -> None:
        station = Station()
        self._meter, self._agents = station.meter, station.agents
        self._kept = Snapshot(self._agents, self._meter.kept)

    def run(self, data: bytes) -> None:
        mode = data[0] if data else 0
        self._kept.put_back()
        octets = whole(data)
        agent = self._agents[mode & 1]
        now = BEGIN
        length = agent.datagram(octets, len(octets), TARGET if mode & 8 else PEER, now)
        idle = 0
        for _ in range(MOST):
            if length:
                check(bytes(agent.answer[:length]), octets)
            idle = 0 if length or agent.busy else idle + 1
            if idle == IDLE:
                break
            now = ticks.add(now, 0 if agent.busy else STEP_MS)
            length = agent.poll(now)
        need(not agent.busy, "it does not come to an end", octets)
        need(not self._meter.changed(), "a change", octets)
        self._meter.put_back(False)


def tlv(tag: int, data: bytes) -> bytes:
    """A value."""
    size = len(data)
    return bytes((tag, size)) + data if size < 0x80 else bytes((tag, 0x82, size >> 8, size & 255)) + data


def whole(data: bytes, time: int = 0) -> bytes:
    """The datagram of an input, of v3 at a second of the engine's time."""
    mode, octets = data[0] if data else 0, data[1:]
    if mode & 3 == 2:
        return message(octets)
    return secured(octets, mode >> 2 & 1, time) if mode & 3 == 3 else octets


def message(pdu: bytes) -> bytes:
    """Of v2c."""
    return tlv(0x30, b"\x02\x01\x01" + tlv(4, b"public") + pdu)


def secured(scoped: bytes, private: int, time: int = 0) -> bytes:
    """Of v3, of boot 1 and a second of it, with the digest that is right."""
    salt = b""
    if private:
        salt = b"saltsalt"
        scoped = tlv(4, cfb(local(PRIV_KEY)[:16], b"\0\0\0\1" + time.to_bytes(4, "big") + salt, scoped))
    mark = bytes(24)
    head = tlv(0x30, b"\x02\x01\x07\x02\x02\x04\x00\x04\x01" + bytes((5 + 2 * private,)) + b"\x02\x01\x03")
    second = tlv(2, time.to_bytes(time.bit_length() // 8 + 1, "big"))
    names = tlv(4, ENGINE) + b"\x02\x01\x01" + second + tlv(4, USER)
    before = b"\x02\x01\x03" + head
    security = tlv(0x30, names + tlv(4, mark) + tlv(4, salt))
    whole = tlv(0x30, before + tlv(4, security) + scoped)
    at = whole.index(names) + len(names) + 2
    return whole[:at] + hmac(local(KEY), whole)[:24] + whole[at + 24 :]


@functools.cache
def local(key: bytes) -> bytes:
    """The engine's (RFC 3414, A.2)."""
    return hashlib.sha256(key + ENGINE + key).digest()


def hmac(key: bytes, data: bytes) -> bytes:
    """RFC 2104 with SHA-256."""
    inner, outer = pads(key)
    return hashlib.sha256(outer + hashlib.sha256(inner + data).digest()).digest()


@functools.cache
def pads(key: bytes) -> tuple[bytes, bytes]:
    """A key for the inner and the outer hash."""
    key = key.ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in key), bytes(b ^ 0x5C for b in key)


def cfb(key: bytes, iv: bytes, data: bytes) -> bytes:
    """AES-128 in CFB mode."""
    out, cipher = b"", Aes(key, ECB)
    for at in range(0, len(data), 16):
        stream = cipher.encrypt(iv)
        iv = bytes(a ^ b for a, b in zip(data[at : at + 16], stream, strict=False))
        out += iv
    return out


def walk(data: bytes, at: int, end: int, asked: bytes) -> None:
    """Every value of what is encoded lies within what it is in."""
    while at < end:
        need(at + 2 <= end, "a value without a length", asked, data)
        tag, size = data[at], data[at + 1]
        at += 2
        if size & 0x80:
            count = size & 0x7F
            size = int.from_bytes(data[at : at + count], "big")
            at += count
        need(at + size <= end, "a value that is too long", asked, data)
        if tag & 0x20:
            walk(data, at, at + size, asked)
        at += size


def check(said: bytes, asked: bytes) -> None:
    """What is said is a message, and no longer than a piece."""
    need(len(said) <= PIECE and said[0] == 0x30, "a message", asked, said)
    need(said[1] == 0x82 and int.from_bytes(said[2:4], "big") == len(said) - 4, "its length", asked, said)
    need(said[4:6] == b"\x02\x01" and said[6] in (0, 1, 3), "its version", asked, said)
    walk(said, 4, len(said), asked)


def pdu(tag: int, *names: str, first: int = 0, second: int = 0) -> bytes:
    """A request for objects."""
    bindings = b"".join(tlv(0x30, tlv(6, bytes.fromhex(each)) + b"\x05\0") for each in names)
    return tlv(tag, b"\x02\x02\x03\xe8" + bytes((2, 1, first, 2, 1, second)) + tlv(0x30, bindings))


def seeds() -> list[bytes]:
    """Every kind of PDU in each version, discovery, an acknowledgement."""
    bodies = [
        pdu(0xA0, DESCRIPTION),
        pdu(0xA0, DESCRIPTION, "2b0601040181fd59010101" + "0200", "2b06010401"),
        pdu(0xA1, BULK),
        pdu(0xA1, "2b0601040181fd5901010701050300"[:26]),
        pdu(0xA5, BULK, second=20),
        pdu(0xA5, DESCRIPTION, BULK, "2b060102010b", first=1, second=100),
        pdu(0xA3, DESCRIPTION),
        pdu(0xA2),
        pdu(0xA7, DESCRIPTION),
    ]
    scoped = [tlv(0x30, tlv(4, ENGINE) + tlv(4, b"") + body) for body in bodies]
    out = [b"\2" + body for body in bodies] + [b"\3" + one for one in scoped[:6]]
    out += [b"\7" + one for one in (scoped[0], scoped[5])]
    out += [b"\0" + message(bodies[0]).replace(b"\2\1\1", b"\2\1\0", 1), b"\0" + message(bodies[0])[:-3]]
    head = b"\x02\x01\x07\x02\x02\x04\x00\x04\x01\x04\x02\x01\x03"
    empty = tlv(4, tlv(0x30, b"\4\0\2\1\0\2\1\0\4\0\4\0\4\0"))
    discovery = tlv(0x30, b"\x02\x01\x03" + tlv(0x30, head) + empty + tlv(0x30, b"\4\0\4\0" + pdu(0xA0)))
    out.append(b"\1" + discovery)
    out.append(
        b"\x09"
        + discovery.replace(b"\4\x01\4", b"\4\x01\0").replace(b"\4\0\2\1\0", tlv(4, b"other") + b"\2\1\0")
    )
    out.append(b"\x0a" + pdu(0xA2))
    return out
