"""DNP3: the outstations of a kw320, that of the serial port and that of the network with its events."""

from __future__ import annotations

from typing import Any

from fourquad import points as p
from fourquad import ticks
from fourquad.models.kw320 import dnp3 as tables
from fourquad.protocols.dnp3.outstation import Outstation

from .frames import dnp3_fragment, dnp3_frames, need
from .meters import BEGIN, Meter
from .snapshot import Snapshot

LONGEST = 1200
MAX_FRAGMENT = 2048
LOOKS_MS = (1, 20, 700, 6000)  # between two fragments
READ_ONLY = {0, 1, 23, 24}  # confirm, read, delay measurement, record current time


class Target:
    """An input: an octet of mode, then fragments. Bit 0: octets as they are; else each fragment stands after
    two octets, its length and a look at the clock afterwards. Bit 1: the network's outstation.
    """

    longest = LONGEST

    def __init__(self) -> None:
        self._meter = Meter("kw320", {p.ADDRESS_1: 1, p.PROTOCOL_1: 1})
        self._stations = [self._station(lists) for lists in (tables.SERIAL, tables.NETWORK)]
        self._now = BEGIN

    def _station(self, lists: tuple[Any, ...]) -> tuple[Outstation, Snapshot]:
        """An outstation that waits for its first request, and how it is then."""
        station = Outstation(self._meter.points, lists, p.SETTING + p.ADDRESS_1)
        station.poll(BEGIN)
        return station, Snapshot(station, self._meter.kept)

    def run(self, data: bytes) -> None:
        mode = data[0] if data else 0
        station, kept = self._stations[mode >> 1 & 1]
        kept.put_back()
        self._now = BEGIN
        fragments = [] if mode & 1 else split(data[1:])
        if mode & 1:
            self._say(station, data[1:], 1)
        for number, (fragment, look) in enumerate(fragments):
            self._say(station, dnp3_fragment(fragment, number), LOOKS_MS[look & 3])
        changed = self._meter.changed()
        if changed:
            able = mode & 1 or any(len(f) > 1 and f[1] not in READ_ONLY for f, _ in fragments)
            need(able, "a change that nobody asked for", data)
        self._meter.put_back(changed)

    def _say(self, station: Outstation, octets: bytes, ms: int) -> None:
        check(bytes(station.answer[: station.run(octets, len(octets), 0)]), octets)
        self._now = ticks.add(self._now, ms)
        check(bytes(station.answer[: station.poll(self._now)]), octets)


def split(data: bytes) -> list[tuple[bytes, int]]:
    """The fragments of an input, each with the look at the clock after it; eight at most."""
    out: list[tuple[bytes, int]] = []
    while len(data) > 1 and len(out) < 8:
        length, look = data[0], data[1]
        out.append((data[2 : 2 + length], look))
        data = data[2 + length :]
    return out


def check(answer: bytes, octets: bytes) -> None:
    """Good frames; a fragment no longer than the standard's limit, with a function of an outstation."""
    part = b""
    for control, data in dnp3_frames(answer):
        if control & 0x4F != 0x44:
            continue
        need(data, "user data without a transport header", octets, answer)
        part = data[1:] if data[0] & 0x40 else part + data[1:]
        if data[0] & 0x80:
            need(4 <= len(part) <= MAX_FRAGMENT, "length of a fragment", octets, answer)
            need(part[1] in (0x81, 0x82), "function of an answer", octets, answer)


def seeds() -> list[bytes]:
    """Requests of a master, one by one and as sessions."""
    texts = (
        "C0 01 3C 02 06 3C 03 06 3C 04 06 3C 01 06",
        "C1 01 64 01 00 03 07 1E 00 06 14 05 01 00 00 0A 00",
        "C2 01 01 02 17 02 03 01 1E 05 28 02 00 03 00 01 00",
        "C3 01 02 03 07 05 20 00 08 02 00 16 00 06 22 03 06 15 05 06",
        "C4 01 32 01 06 50 01 06 28 01 06 0A 01 06",
        "C5 02 50 01 00 07 07 00",
        "C6 02 32 01 07 01 00 00 00 00 9B 01",
        "C7 03 0C 01 17 01 01 03 00 00 00 00 00 01 00 00 00 00",
        "C8 04 0C 01 17 01 01 03 00 00 00 00 00 01 00 00 00 00",
        "C9 05 0C 01 28 01 00 01 00 03 01 00 00 00 00 01 00 00 00 00",
        "CA 05 29 03 17 01 00 00 00 A0 40 00",
        "CB 07 14 00 06",
        "CC 14 3C 02 06 3C 03 06 3C 04 06",
        "CD 15 3C 02 06",
        "CE 16 3C 02 06 1E 00 00 01 02 14 00 06",
        "CF 17",
        "C0 18",
        "C1 0D",
        "D0 00",
        "C0 02 22 01 17 01 02 2C 01",
    )
    bodies = [bytes.fromhex(text) for text in texts]
    packed = [bytes((len(body), i & 3)) + body for i, body in enumerate(bodies)]
    sessions = [packed[7] + packed[8], packed[12] + packed[0] + packed[18], packed[14] + packed[1]]
    raw = [b"\x01" + dnp3_fragment(body, 0) for body in bodies[:3]]
    raw.append(b"\x01" + bytes.fromhex("05 64 05 C9 01 00 03 00") + b"\x00\x00")
    return [bytes((mode,)) + one for mode in (0, 2) for one in packed + sessions] + raw
