"""BACnet MS/TP: the master node of an s4100 with its objects and trend logs."""

from __future__ import annotations

from typing import Any

from fourquad import models, ticks
from fourquad import points as p
from fourquad.protocols.station import Station

from .frames import mstp_data, mstp_frame, need
from .meters import BEGIN, Meter
from .snapshot import Snapshot

LONGEST = 1200
MAX_APDU = 480
LOOK_MS = 5
ADDRESS, MASTER, BROADCAST = 1, 9, 255
TOKEN, TEST_REQUEST, EXPECTING, NOT_EXPECTING = 0, 3, 5, 6
SAID = {0, 1, 2, 4, 6, 7}  # types of frames that it may say
# Headers of the network layer: plain, behind a router, to all networks.
HEADERS = (b"\x01\x04", b"\x01\x0c\x00\x05\x01\x07", b"\x01\x2c\xff\xff\x00\x00\x05\x01\x07\xfe")
WRITE_PROPERTY, TIME_SYNCHRONIZATION = 15, 6
# PDUs that it may say: unconfirmed requests, acknowledgements, errors, rejects, aborts.
ANSWERS = {1, 2, 3, 5, 6, 7}


class Target:
    """An input: an octet of mode, then APDUs. Bit 0: octets as they are; else each APDU stands after two
    octets, its length and how it is sent: bits 0 and 1 the type of the frame, bits 2 and 3 the header of the
    network layer, bit 4 whether the node gets the token afterwards.
    """

    longest = LONGEST

    def __init__(self) -> None:
        self._meter = Meter("s4100", {p.ADDRESS_1: ADDRESS})
        row = models.load("s4100").PORTS[0]
        self._node: Any = Station(row, (self._meter.points, None)).machine
        self._node.poll(BEGIN)
        self._kept = Snapshot(self._node, self._meter.kept)
        self._now = BEGIN

    def run(self, data: bytes) -> None:
        self._kept.put_back()
        self._now = BEGIN
        self._acknowledged = False
        raw = bool(data) and data[0] & 1
        requests = [] if raw else split(data[1:])
        if raw:
            self._say(data[1:])
        for apdu, how in requests:
            self._say(framed(apdu, how))
            if how & 16:
                self._say(mstp_frame(TOKEN, ADDRESS, MASTER))
        changed = self._meter.changed()
        if changed:
            able = raw or self._acknowledged or any(unseen(apdu, how) for apdu, how in requests)
            need(able, "a change that no answer confirms", data)
        self._meter.put_back(changed)

    def _say(self, octets: bytes) -> None:
        node = self._node
        node.run(octets, len(octets), 0)
        for _ in range(3):
            self._now = ticks.add(self._now, LOOK_MS)
            apdu = check(bytes(node.answer[: node.poll(self._now)]), octets)
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
    """A frame with it."""
    kind = (EXPECTING, NOT_EXPECTING, EXPECTING, TEST_REQUEST)[how & 3]
    to = BROADCAST if how & 3 == 2 else ADDRESS
    return mstp_frame(kind, to, MASTER, HEADERS[(how >> 2 & 3) % len(HEADERS)] + apdu)


def unseen(apdu: bytes, how: int) -> bool:
    """Whether a request may change something and have no answer: a time, a write that waits for the token."""
    if len(apdu) > 3 and apdu[0] >> 4 == 0:
        return apdu[3] == WRITE_PROPERTY and how & 3 == 1
    return len(apdu) > 1 and apdu[0] >> 4 == 1 and apdu[1] == TIME_SYNCHRONIZATION


def check(said: bytes, octets: bytes) -> bytes:
    """One good frame of a node, or none; its APDU, which is no longer than the node says that it takes."""
    if not said:
        return b""
    need(said[2] in SAID, "type of a frame", octets, said)
    data = mstp_data(said)
    if said[2] != NOT_EXPECTING:
        return b""
    need(data[:1] == b"\x01" and data[1] in (0, 0x20), "header of the network layer", octets, said)
    apdu = data[6 + data[4] :] if data[1] else data[2:]
    need(0 < len(apdu) <= MAX_APDU and apdu[0] >> 4 in ANSWERS, "APDU of an answer", octets, said)
    return apdu


def seeds() -> list[bytes]:
    """Requests of a master, one by one and as sessions."""
    texts = (
        "00 05 01 0C 0C 00 00 00 0B 19 55",
        "00 05 01 0C 0C 02 3F FF FF 19 4C 29 05",
        "00 05 01 0E 0C 00 00 00 0B 1E 09 55 09 67 1F 0C 00 80 00 03 1E 09 08 1F",
        "00 00 01 0E 0C 00 C0 00 01 1E 09 69 09 50 1F",
        "00 05 01 0F 0C 00 80 00 03 19 55 3E 44 43 48 00 00 3F 49 08",
        "00 05 01 0F 0C 00 80 00 0B 19 55 3E 44 44 7A 00 00 3F",
        "00 05 01 0F 0C 02 3F FF FF 19 4D 3E 75 06 00 4D 61 69 6E 73 3F",
        "00 05 01 0F 0C 02 3F FF FF 19 4B 3E C4 02 00 00 09 3F",
        "00 05 01 0F 0C 02 3F FF FF 19 40 3E 21 1F 3F",
        "00 05 01 0F 0C 05 00 00 02 19 85 3E 11 3F",
        "00 05 01 0F 0C 05 00 00 02 19 8D 3E 21 00 3F",
        "00 05 01 0F 0C 05 00 00 02 19 8E 3E A4 7E 0B 1D 07 B4 09 00 14 00 3F",
        "00 05 01 0F 0C 05 00 00 02 19 84 3E 0C 00 00 00 05 19 55 3F",
        "00 05 01 1A 0C 05 00 00 02 19 83",
        "00 05 01 1A 0C 05 00 00 02 19 83 3E 21 01 31 05 3F",
        "00 05 01 1A 0C 05 00 00 02 19 83 6E 21 01 31 FB 6F",
        "00 05 01 1A 0C 05 00 00 02 19 83 7E A4 7E 0B 1D 07 B4 09 00 14 00 31 05 7F",
        "00 05 01 11 09 05 19 01 2D 08 00 23 65 67 62 64 66 21",
        "00 05 01 14 09 02",
        "10 08 09 03 1B 3F FF FF",
        "10 07 3D 09 00 56 6F 6C 74 73 5F 41 42",
        "10 07 2C 00 00 00 03",
        "10 06 A4 7E 0B 11 02 B4 16 2D 1E 46",
    )
    bodies = [bytes.fromhex(text) for text in texts]

    def packed(number: int, how: int) -> bytes:
        return bytes((len(bodies[number]), how)) + bodies[number]

    each = [b"\0" + packed(i, (i % 3) << 2) for i in range(len(bodies))]
    log = b"\0" + packed(9, 0) + packed(22, 0) + packed(13, 0) + packed(10, 0)
    late = b"\0" + packed(0, 0x11) + packed(19, 0x12) + packed(17, 0) + packed(0, 0)
    raw = b"\x01" + mstp_frame(TOKEN, ADDRESS, MASTER) + mstp_frame(1, ADDRESS, MASTER)
    return [*each, log, late, b"\0" + packed(0, 3), raw]
