"""A long session between a master and our outstation, in memory and in a capture file that tshark reads."""

from __future__ import annotations

import struct
from pathlib import Path

from protocols.dnp3_fakes import MASTER, Station, frame, text

from fourquad.models.kw320 import dnp3 as kw320
from fourquad.protocols.dnp3 import application as a

DLT_RAW = 101
PORT = 20000


class Wire:
    """Everything that a station received and sent, in order."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self.ours: list[bool] = []  # whether the station sent it

    def tap(self, station: Station) -> Station:
        """`station`, whose octets are kept from now on."""
        run, poll = station.out.run, station.out.poll

        def listen(buffer: bytes, length: int, age_us: int) -> int:
            self.packets.append(bytes(buffer[:length]))
            self.ours.append(False)
            n = run(buffer, length, age_us)
            self._keep(station, n)
            return n

        def wait(now: int) -> int:
            n = poll(now)
            self._keep(station, n)
            return n

        station.out.run, station.out.poll = listen, wait
        return station

    def _keep(self, station: Station, n: int) -> None:
        if n:
            self.packets.append(bytes(station.out.answer[:n]))
            self.ours.append(True)

    def save(self, path: Path) -> None:
        """As a capture of UDP: without addresses tshark would mix what comes from either side."""
        with path.open("wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, DLT_RAW))
            for n, (packet, ours) in enumerate(zip(self.packets, self.ours, strict=True)):
                ends = (b"\x0a\0\0\1", b"\x0a\0\0\2") if ours else (b"\x0a\0\0\2", b"\x0a\0\0\1")
                data = struct.pack(">HHHH", PORT, PORT, 8 + len(packet), 0) + packet
                head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(data), n, 0, 64, 17, 0) + b"".join(ends)
                file.write(struct.pack("<IIII", n // 1000, n % 1000 * 1000, *(2 * [len(head + data)])))
                file.write(head + data)


def time48(ms: int) -> str:
    return text(ms.to_bytes(6, "little"))


MOMENT = time48(1785414896789)
REQUESTS: tuple[tuple[int, str], ...] = (
    (a.READ, "3C 02 06 3C 03 06 3C 04 06 3C 01 06"),
    (a.READ, "3C 01 06"),
    (a.READ, "3C 02 07 05"),
    (a.READ, "3C 03 08 05 00"),
    (a.READ, "01 01 00 00 05 01 02 00 00 05 0A 02 06"),
    (a.READ, "14 01 06 14 02 06 14 05 06 14 06 06"),
    (a.READ, "15 01 06 15 02 06 15 05 06 15 06 06 15 09 06 15 0A 06"),
    (a.READ, "1E 01 00 00 03 1E 02 00 00 03 1E 03 00 00 03 1E 04 00 00 03 1E 05 00 00 03 1E 06 00 00 03"),
    (a.READ, "1E 05 17 02 03 01 1E 05 28 02 00 03 00 01 00"),
    (a.READ, "22 01 06 22 02 06 22 03 06"),
    (a.READ, "28 01 06 28 02 06 28 03 06 28 04 06"),
    (a.READ, "32 01 06 50 01 06"),
    (a.READ, "1E 00 00 50 60"),
    (a.READ, "6E 00 06"),
    (a.WRITE, "50 01 00 07 07 00"),
    (a.WRITE, "32 01 07 01 " + MOMENT),
    (a.WRITE, "22 03 00 00 01 00 00 80 3F 00 00 00 40"),
    (a.SELECT, "0C 01 17 01 00 03 01 00 00 00 00 00 00 00 00 00"),
    (a.OPERATE, "0C 01 17 01 00 03 01 00 00 00 00 00 00 00 00 00"),
    (a.DIRECT_OPERATE, "0C 01 28 01 00 01 00 04 01 00 00 00 00 00 00 00 00 00"),
    (a.DIRECT_OPERATE, "29 02 17 01 00 05 00 00"),
    (a.DIRECT_OPERATE_NO_ACK, "29 03 17 01 00 00 00 A0 40 00"),
    (a.FREEZE, "14 00 06"),
    (a.FREEZE_NO_ACK, "14 00 06"),
    (a.DELAY_MEASUREMENT, ""),
    (a.RECORD_TIME, ""),
    (a.WRITE, "32 03 07 01 " + MOMENT),
    (a.ENABLE_UNSOLICITED, "3C 02 06 3C 03 06"),
    (a.DISABLE_UNSOLICITED, "3C 03 06"),
    (a.ASSIGN_CLASS, "3C 02 06 1E 00 06"),
    (11, "14 00 06"),
)
# Of the list of the manual: group 100 with every qualifier.
READINGS: tuple[tuple[int, str], ...] = tuple(
    (a.READ, objects)
    for objects in (
        "64 01 06",
        "64 00 06",
        "64 01 00 03 07",
        "64 01 01 00 00 26 00",
        "64 01 07 05",
        "64 01 08 27 00",
        "64 01 17 02 03 01",
        "64 01 28 02 00 26 00 00 00",
        "64 01 00 20 28",
        "64 02 06",
    )
)
EVENTS = ("02 01", "02 02", "02 03", "16 01", "16 02", "16 05", "16 06", *(f"20 0{n}" for n in range(1, 9)))


def session(tables: tuple, wire: Wire, more: tuple[tuple[int, str], ...] = ()) -> None:
    """Every request, events in every variation, unsolicited responses, link services, a restart."""
    s = wire.tap(Station(tables))
    for control in (0xC0, 0xC9):
        s.send(frame(control))

    def confirm(answer: tuple[int, int, int, str] | None) -> None:
        if answer and answer[0] & a.CON:
            sequence = s.sequence
            while s.confirm(sequence):
                sequence = (sequence + 1) & 15

    def wait(polls: int) -> None:
        for _ in range(polls):
            for sequence in _unsolicited(s.poll(10)):
                s.confirm(sequence, True)

    for function, objects in REQUESTS + more:
        wait(5)
        confirm(s.request(function, objects))
    for n, variation in enumerate(EVENTS * 4):
        _change(s, n)
        wait(60)
        confirm(s.request(a.READ, variation + " 06"))
    confirm(s.request(a.READ, "3C 01 06 " * 20))
    s.request(a.COLD_RESTART)
    s.poll(10)


def _change(s: Station, n: int) -> None:
    s.meter.io.set_input(n % 6, not s.meter.io.inputs >> (n % 6) & 1)
    s.meter.io.counts[n % 6] = s.meter.io.counts[n % 6] + 1 & 0xFFFFFFFF
    s.meter.secondary[n % 4] += 1.0
    s.clock.now += n % 3


def _unsolicited(octets: bytes) -> list[int]:
    """Sequence number of an unsolicited response, which is in one or two frames."""
    return [octets[11] & 15] if octets and octets[12] == a.UNSOLICITED else []


def whole(options: tuple, points: tuple, controls: tuple, _: tuple | None) -> Wire:
    """The session with a point list; without group 100, which tshark does not know."""
    wire = Wire()
    options = (MASTER, *options[1:])
    session((options, tuple(row for row in points if row[0] != 100), controls, None), wire)
    return wire


def serial() -> Wire:
    """The session with the list of the manual, which has group 100."""
    wire = Wire()
    session(kw320.SERIAL, wire, READINGS)
    return wire
