"""BACnet/IP: the node of a kw320 with its objects, subscriptions and relays."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from fourquad import ticks
from fourquad.models.services.bacnet import services
from fourquad.net import PIECE
from fourquad.points import network as n
from fourquad.protocols.bacnet.ip.service import make

from .bacnet import ANSWERS, unseen
from .frames import need
from .meters import BEGIN, Meter
from .snapshot import Snapshot

LONGEST = 1600
OCTETS = 1500  # of a datagram
STEP_MS = 700
PEERS = (("192.0.2.9", 47808), ("192.0.2.10", 47809), ("192.0.2.1", 47808))
UNICAST, BROADCAST, FORWARDED, RESULT, REGISTER, DISTRIBUTE = 0x0A, 0x0B, 4, 0, 5, 9
SAID = (UNICAST, BROADCAST, RESULT, REGISTER, DISTRIBUTE)
FUNCTIONS = (UNICAST, BROADCAST, FORWARDED, RESULT)
ORIGIN = b"\xc0\x00\x02\x63\xba\xc0"
HEADERS = (b"\x01\x04", b"\x01\x0c\x00\x05\x01\x07", b"\x01\x2c\xff\xff\x00\x00\x05\x01\x07\xfe", b"")
SETTINGS = {n.BACNET: 1, n.BACNET_FOREIGN: 0, n.BACNET_BBMD: 192, n.BACNET_BBMD + 2: 2, n.BACNET_BBMD + 3: 1}


class Target:
    """An input: an octet of mode, then datagrams. Bit 0: octets as they are; else each APDU stands after two
    octets, its length and how it is sent: bits 0 and 1 the function of the data link, bits 2 and 3 the header
    of the network layer, bits 4 and 5 from whom. Mode bit 1: as a foreign device.
    """

    longest = LONGEST

    def __init__(self) -> None:
        self._meter = Meter("kw320", SETTINGS, ("network",))
        [row] = services("fourquad.models.kw320.bacnet")
        self._node: Any = make(row, SimpleNamespace(points=self._meter.points, shared={}))
        self._node.poll(BEGIN)
        self._kept = Snapshot(self._node, self._meter.kept)

    def run(self, data: bytes) -> None:
        mode = data[0] if data else 0
        self._kept.put_back()
        self._now = BEGIN
        self._acknowledged = False
        self._meter.meter.settings.write(n.BACNET_FOREIGN, mode >> 1 & 1)
        before = self._meter.digest()
        requests = [] if mode & 1 else split(data[1:])
        if mode & 1:
            self._say(data[1 : 1 + OCTETS], PEERS[0])
        for apdu, how in requests:
            self._say(framed(apdu, how), PEERS[(how >> 4 & 3) % len(PEERS)])
        if self._meter.digest() != before:
            able = mode & 1 or self._acknowledged or any(unseen(apdu, 0) for apdu, _ in requests)
            need(bool(able), "a change that no answer confirms", data)
        self._meter.put_back(self._meter.changed())

    def _say(self, octets: bytes, peer: tuple[str, int]) -> None:
        node = self._node
        self._check(node.datagram(octets, len(octets), peer, self._now), octets)
        for _ in range(4):
            self._now = ticks.add(self._now, STEP_MS)
            self._check(node.poll(self._now), octets)

    def _check(self, length: int, octets: bytes) -> None:
        if not length:
            return
        said = bytes(self._node.answer[:length])
        need(length <= PIECE and len(said) == int.from_bytes(said[2:4], "big"), "length", octets, said)
        need(
            said[0] == 0x81 and said[1] in (UNICAST, BROADCAST, RESULT, REGISTER, DISTRIBUTE),
            "function",
            octets,
        )
        if said[1] in (RESULT, REGISTER):
            need(length == 6, "length of a word of the data link", octets, said)
            return
        npdu = said[4:]
        need(npdu[:1] == b"\x01" and npdu[1] & ~4 in (0, 0x20), "header of the network layer", octets, said)
        apdu = npdu[6 + npdu[4] :] if npdu[1] & 0x20 else npdu[2:]
        need(len(apdu) > 0 and apdu[0] >> 4 in ANSWERS | {0}, "APDU of an answer", octets, said)
        self._acknowledged |= apdu[:1] == b"\x20"


def split(data: bytes) -> list[tuple[bytes, int]]:
    """The APDUs of an input, each with how it is sent; eight at most."""
    out: list[tuple[bytes, int]] = []
    while len(data) > 2 and len(out) < 8:
        length, how = data[0] or 256, data[1]
        out.append((data[2 : 2 + length], how))
        data = data[2 + length :]
    return out


def framed(apdu: bytes, how: int) -> bytes:
    """A datagram with it."""
    function = FUNCTIONS[how & 3]
    body = (ORIGIN if function == FORWARDED else b"") + HEADERS[how >> 2 & 3] + apdu
    return bytes((0x81, function)) + (4 + len(body)).to_bytes(2, "big") + body


def seeds() -> list[bytes]:
    """Requests of a client, one by one and as sessions."""
    texts = (
        "00 05 01 0C 0C 00 00 00 02 19 55",
        "00 05 01 0C 0C 02 3F FF FF 19 4C",
        "00 05 01 0C 0C 02 3F FF FF 19 98",
        "00 05 01 0E 0C 00 00 00 02 1E 09 55 09 16 1F 0C 01 00 00 01 1E 09 08 1F",
        "00 05 01 0F 0C 00 00 00 02 19 16 3E 44 40 00 00 00 3F",
        "00 05 01 0F 0C 01 00 00 01 19 55 3E 91 01 3F 49 08",
        "00 05 01 0F 0C 01 00 00 01 19 55 3E 00 3F 49 08",
        "00 05 01 0F 0C 02 3F FF FF 19 4D 3E 75 06 00 4D 61 69 6E 73 3F",
        "00 05 01 05 09 12 1C 00 00 00 02 29 01 39 3C",
        "00 05 01 05 09 12 1C 00 C0 00 01 29 00 3A 0E 10",
        "00 05 01 05 09 12 1C 00 00 00 02",
        "00 05 01 11 09 05 19 01",
        "00 05 01 14 09 01",
        "10 08 09 00 1B 3F FF FF",
        "10 07 3D 04 00 56 31 32",
        "10 06 A4 7E 0B 11 02 B4 16 2D 1E 46",
        "20 01 01",
        "50 01 01 91 01 91 1F",
    )
    bodies = [bytes.fromhex(text) for text in texts]

    def packed(number: int, how: int) -> bytes:
        return bytes((len(bodies[number]), how)) + bodies[number]

    each = [bytes((0,)) + packed(i, i % 3 << 2) for i in range(len(bodies))]
    told = b"\0" + packed(8, 0) + packed(16, 0) + packed(9, 0x10) + packed(2, 0) + packed(10, 0)
    foreign = b"\2" + packed(13, 2) + bytes((2, 0x2F, 0, 0)) + packed(13, 1)
    commands = b"\0" + packed(5, 0) + packed(6, 4) + packed(12, 0)
    return [*each, told, foreign, commands, b"\1" + framed(bodies[0], 0), b"\1\x81\x05\x00\x06\x00\x3c"]
