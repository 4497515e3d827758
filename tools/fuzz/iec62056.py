"""IEC 62056-21: the server of an a1000 behind its port, by whole sessions."""

from __future__ import annotations

from fourquad import points as p
from fourquad import ticks
from fourquad.protocols.station import Station

from .frames import iec_framed, need
from .meters import Meter

LONGEST = 600
PASSWORD = 99999998
LOOKS = ((250, 2), (250, 8), (1100, 2), (1600, 3))  # (ms, how often) behind a message
KNOWN = bytes(range(32, 127)) + b"\x01\x02\x03\x04\x06\x15\r\n"
SEVEN_BITS = bytes(c & 0x7F for c in range(256))
EVEN = bytes(c for c in range(256) if c.bit_count() % 2 == 0)
OPENING = (b"/?!\r\n", b"\x06051\r\n")


class Target:
    """An input: an octet of mode, then messages, each behind an octet: its upper 6 bits are the length, the
    lower 2 how long the master waits. Mode bit 0: messages are framed with a good block check, but those that
    begin with "/", ACK or NAK. Bit 1: the session is opened and its password given before.
    """

    longest = LONGEST

    def __init__(self) -> None:
        self._meter = Meter(
            "a1000", {p.IEC_PASSWORD_1: PASSWORD, p.IEC_PASSWORD_2: PASSWORD, p.IEC_BARE_1: 1}
        )
        self._before = self._meter.digest()
        self._now = 0

    def run(self, data: bytes) -> None:
        mode = data[0] if data else 0
        device = self._meter.device
        self._station = Station(self._meter.meter.model.PORTS[0], (self._meter.points, device.registers))
        if mode & 2:
            for message in (*OPENING, iec_framed(b"P1\x02(%08d)" % PASSWORD)):
                self._say(message, 3)
        for message, wait in split(data[1:]):
            framed = mode & 1 and message[:1] not in (b"/", b"\x06", b"\x15")
            self._say(iec_framed(bytes(c & 0x7F for c in message)) if framed else message, wait)
        after = self._meter.digest()
        if after != self._before:
            need(mode & 2, "a change without a password", data)
            self._meter.put_back()
            self._before = self._meter.digest()

    def _say(self, message: bytes, wait: int) -> None:
        self._station.run(message, len(message), 0)
        ms, times = LOOKS[wait]
        answer = b""
        for _ in range(times + len(message) // 16):
            self._now = ticks.add(self._now, ms)
            for _ in range(400):
                count = self._station.poll(self._now)
                need(0 <= count <= len(self._station.machine.answer), "length of a piece", message)
                answer += bytes(self._station.machine.answer[:count])
                if not count:
                    break
        check(answer, message)


def check(answer: bytes, message: bytes) -> None:
    """Characters of seven bits, or of eight with even parity; every block that ends has its check."""
    plain = answer.translate(SEVEN_BITS)
    even = not answer.translate(None, EVEN)
    need(even or plain == answer, "neither plain nor with even parity", message, answer)
    place = 0
    while (start := min((i for c in b"\x01\x02" if (i := plain.find(c, place)) >= 0), default=-1)) >= 0:
        end = min((i for c in b"\x03\x04" if (i := plain.find(c, start)) >= 0), default=-1)
        if end < 0 or end + 1 >= len(plain):
            return  # the master interrupted it
        total = 0
        for c in plain[start + 1 : end + 1]:
            total ^= c
        need(total == plain[end + 1], "block check", message, answer)
        need(not plain[start + 1 : end].translate(None, KNOWN), "character", message, answer)
        place = end + 2


def split(data: bytes) -> list[tuple[bytes, int]]:
    """The messages of an input, each with how long the master waits behind it; eight at most."""
    out = []
    while data and len(out) < 8:
        length = data[0] >> 2
        out.append((data[1 : 1 + length], data[0] & 3))
        data = data[1 + length :]
    return out


def pack(*messages: bytes) -> bytes:
    return b"".join(bytes((len(message) << 2 | 1,)) + message for message in messages)


def seeds() -> list[bytes]:
    """Sessions: sign-on, readout, programming with every kind of command."""
    bodies = (
        b"P1\x02(00000001)",
        b"R1\x021-1:1.8.0()",
        b"R1\x021.6.4*101()",
        b"R5\x02P.01(2601010000;2601020000)",
        b"R6\x02P.01(;)",
        b"R3\x0213.0.1()",
        b"W1\x020.9.1(101112)",
        b"W1\x020.9.4(0260208120000)",
        b"W1\x021.8.0(123.45*kWh)",
        b"W5\x0213.0.1(0000,F1;0630,F2;2200,F1)",
        b"W5\x0211.0.3(26;0101,b4;1225,F1)",
        b"W1\x0213.3.0(60;60;3,5,0,120;10,5,0,120)",
        b"W5\x0296.51.3(1,7,8;12,2,99,1,16)",
        b"W1\x0296.80.0(1)",
        b"W1\x0296.90.1(11111111)",
        b"B0",
        b"E2\x020()",
    )
    out = [mode + pack(body) for body in bodies for mode in (b"\x01", b"\x03")]
    out.append(b"\x00" + pack(b"/?!\r\n", b"\x06050\r\n"))
    out.append(b"\x00" + pack(b"/?1!\r\n", b"\x06001\r\n", b"\x15"))
    out.append(b"\x01" + pack(*OPENING, bodies[0], bodies[1], bodies[6]))
    out.append(b"\x03" + pack(bodies[4], b"\x06", b"\x06", b"\x15", bodies[15]))
    return out
