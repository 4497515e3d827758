"""IEC 62056-21: the server of an a1000 behind its port, by whole sessions."""

from __future__ import annotations

from fourquad import points as p
from fourquad import ticks
from fourquad.points import billing as b
from fourquad.protocols.station import Station

from .frames import iec_framed, need
from .meters import BEGIN, Meter
from .snapshot import Snapshot

LONGEST = 600
PASSWORD = 99999998
LOOKS = ((250, 1), (250, 4), (1100, 2), (1600, 3))  # (ms, how often) after a message
TAKEN = 16  # octets of a message that a machine looks at in one poll
SLASH = 0x2F
LEAST = 24  # octets of a piece of an answer that is not the last
OPENING = ((b"/?!\r\n", 1), (b"\x06051\r\n", 2), (iec_framed(b"P1\x02(%08d)" % PASSWORD), 1))
KNOWN = bytes(range(32, 127)) + b"\x01\x02\x03\x04\x06\x15\r\n"
SEVEN_BITS = bytes(c & 0x7F for c in range(256))
EVEN = bytes(c for c in range(256) if c.bit_count() % 2 == 0)


class Port:
    """A meter with its port, as they are before a session and in one whose password was given."""

    def __init__(self, programming: bool) -> None:
        settings = {p.IEC_PASSWORD_1: PASSWORD, p.IEC_PASSWORD_2: PASSWORD, p.IEC_BARE_1: 1}
        self.meter = Meter("a1000", settings)
        if programming:
            self.meter.write(p.BILLING + b.PROGRAM_MODE, 1)
        row, parts = self.meter.meter.model.PORTS[0], (self.meter.points, self.meter.device.registers)
        self._station = Station(row, parts)
        self._station.poll(BEGIN)
        self._now = BEGIN
        closed = Snapshot(self._station, self.meter.kept), BEGIN
        for message, wait in OPENING:
            answers = self.say(message, wait)
        need(answers == [b"\x06"], "the session was not opened", *answers)
        self._states = closed, (Snapshot(self._station, self.meter.kept), self._now)

    def begin(self, opened: bool) -> None:
        """From one of the two states on."""
        kept, self._now = self._states[opened]
        kept.put_back()

    def say(self, message: bytes, wait: int) -> list[bytes]:
        """A message, and what comes while the master waits: as much as goes over the line in that time. An
        identification begins another answer, which may have another parity.
        """
        station = self._station
        station.run(message, len(message), 0)
        pieces = [self._poll(message) for _ in range(1 + len(message) // TAKEN)]
        ms, times = LOOKS[wait]
        for _ in range(times):
            self._now = ticks.add(self._now, ms)
            room = station.machine.baud // 10 * ms // 1000
            for _ in range(1 + room // LEAST):
                pieces.append(self._poll(message))
                if not pieces[-1]:
                    break
        answers: list[bytes] = []
        for piece in pieces:
            if piece and (not answers or piece[0] & 0x7F == SLASH):
                answers.append(b"")
            if piece:
                answers[-1] += piece
        return answers

    def _poll(self, message: bytes) -> bytes:
        count = self._station.poll(self._now)
        need(0 <= count <= len(self._station.machine.answer), "length of a piece", message)
        return bytes(self._station.machine.answer[:count])


class Target:
    """An input: an octet of mode, then messages, each after an octet: its upper 6 bits are the length, the
    lower 2 how long the master waits. Mode bit 0: messages are framed with a good block check, but those that
    begin with "/", ACK or NAK. Bit 1: the session is opened and its password given before. Bit 2: the meter
    is in programming mode.
    """

    longest = LONGEST

    def __init__(self) -> None:
        self._ports = Port(False), Port(True)

    def run(self, data: bytes) -> None:
        mode = data[0] if data else 0
        port = self._ports[mode >> 2 & 1]
        opened = bool(mode & 2)
        port.begin(opened)
        for message, wait in split(data[1:]):
            framed = mode & 1 and message[:1] not in (b"/", b"\x06", b"\x15")
            octets = iec_framed(bytes(c & 0x7F for c in message)) if framed else message
            for answer in port.say(octets, wait):
                check(answer, octets)
        changed = port.meter.changed()
        need(opened or not changed, "a change without a password", data)
        port.meter.put_back(changed)


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
    """The messages of an input, each with how long the master waits after it; eight at most."""
    out: list[tuple[bytes, int]] = []
    while data and len(out) < 8:
        length = data[0] >> 2
        out.append((data[1 : 1 + length], data[0] & 3))
        data = data[1 + length :]
    return out


def pack(*messages: bytes, wait: int = 1) -> bytes:
    return b"".join(bytes((len(message) << 2 | wait,)) + message for message in messages)


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
    out = [mode + pack(body) for body in bodies for mode in (b"\x01", b"\x03", b"\x07")]
    out.append(b"\x00" + pack(b"/?!\r\n", b"\x06050\r\n"))
    out.append(b"\x00" + pack(b"/?1!\r\n", b"\x06001\r\n", b"\x15"))
    out.append(b"\x01" + pack(b"/?!\r\n", b"\x06051\r\n", bodies[0], bodies[1], bodies[6]))
    out.append(b"\x03" + pack(bodies[4], b"\x06", b"\x06", b"\x15", bodies[15]))
    out.append(b"\x00" + pack(b"/?!\r\n") + pack(b"\x06050\r\n", b"\x15", b"\x15", wait=3))
    out.append(b"\x00" + pack(b"/?!\r\n", b"\x06050\r\n", b"\xaf"))  # noise in an answer, with parity
    out.append(b"\x02" + pack(b"\x01B0\x03q", b"/?!\r\n"))
    return out
