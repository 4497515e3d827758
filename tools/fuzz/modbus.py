"""Modbus RTU: the slave over the whole register map of a kw320q."""

from __future__ import annotations

from fourquad import points as p
from fourquad.protocols.modbus.rtu import Slave

from .frames import modbus_crc, need
from .meters import Meter
from .snapshot import Snapshot

LONGEST = 600
UNIT = 1
MAX_FRAME = 256
WRITES = (5, 6, 16)
MAINTENANCE = 100  # calibration over the port, behind seal and password
# Starts of the map's regions and how much of each a master reads at once.
BLOCKS = (
    (0x1000, 60),
    (0x1100, 120),
    (0x4000, 125),
    (0x4048, 30),
    (0x4200, 32),
    (0x4294, 12),
    (0x4500, 125),
    (0x4620, 30),
    (0x6000, 125),
    (0x6100, 12),
    (0x8000, 16),
    (0x8CFD, 83),
    (0x8E00, 68),
)


class Target:
    """An input: an octet of mode, then frames. Mode 0: octets as they are; else so many frames (1 to 3), each
    after an octet with its length, which get a good CRC.
    """

    longest = LONGEST

    def __init__(self) -> None:
        self._meter = Meter("kw320q", {p.ADDRESS_1: UNIT})
        assert self._meter.device.registers is not None
        self._slave = Slave(self._meter.device.registers, p.SETTING + p.ADDRESS_1)
        self._kept = Snapshot(self._slave, self._meter.kept)

    def run(self, data: bytes) -> None:
        frames = split(data)
        octets = b"".join(frames)
        self._kept.put_back()
        length = self._slave.run(octets, len(octets), 0)
        answer = bytes(self._slave.answer[:length])
        if answer:
            check(answer, octets)
        changed = self._meter.changed()
        if changed:
            wrote = len(answer) == 8 and answer[1] in WRITES
            need(wrote or _broadcast(octets), "a change that no answer confirms", octets, answer)
        self._meter.put_back(changed)


def split(data: bytes) -> list[bytes]:
    """The frames of an input."""
    mode, rest = data[0] % 4 if data else 0, data[1:]
    if not mode:
        return [rest]
    frames = []
    for _ in range(mode):
        body, rest = rest[1 : 1 + rest[0]] if rest else b"", rest[1 + rest[0] :] if rest else b""
        frames.append(body + modbus_crc(body))
    return frames


def check(answer: bytes, octets: bytes) -> None:
    """An answer is to one of the requests, as long as its function says, with a good CRC."""
    need(5 <= len(answer) <= MAX_FRAME, "length of the answer", octets, answer)
    need(modbus_crc(answer[:-2]) == answer[-2:], "CRC of the answer", octets, answer)
    function = answer[1]
    need(answer[0] == UNIT, "another unit answers", octets, answer)
    need(bytes((UNIT, function & 0x7F)) in octets, "an answer to nobody", octets, answer)
    if function & 0x80:
        need(len(answer) == 5 and 1 <= answer[2] <= 11, "exception", octets, answer)
    elif function == MAINTENANCE:
        need(len(answer) >= 5, "answer of the maintenance", octets, answer)
    elif function in WRITES:
        need(len(answer) == 8 and answer[:6] in octets, "answer to a write", octets, answer)
    else:
        need(function in (1, 2, 3) and answer[2] == len(answer) - 5, "answer to a read", octets, answer)


def _good(frame: bytes) -> bool:
    return len(frame) >= 4 and modbus_crc(frame[:-2]) == frame[-2:]


def _broadcast(octets: bytes) -> bool:
    """Whether there is a good frame of a write to everybody anywhere within them."""
    return any(
        _good(octets[at:end])
        for at in range(len(octets) - 1)
        if octets[at] == 0 and octets[at + 1] in WRITES
        for end in range(at + 8, len(octets) + 1)
    )


def seeds() -> list[bytes]:
    """Requests of a master: reads of every block, writes, a broadcast, two frames in one run."""
    bodies = [bytes((1, 1, 0, 0, 0, 2)), bytes((1, 2, 0, 0, 0, 6)), bytes((1, 5, 0, 0, 0xFF, 0))]
    bodies += [bytes((1, 3, first >> 8, first & 255, 0, count)) for first, count in BLOCKS]
    bodies += [bytes((1, 6, at >> 8, at & 255, 0, 1)) for at in (0x1003, 0x1010, 0x1015, 0x1016)]
    clock = b"".join(value.to_bytes(2, "big") for value in (4, 2028, 2, 29, 23, 59, 59))
    bodies.append(bytes((1, 16, 0x10, 0x3F, 0, 7, 14)) + clock)
    bodies.append(bytes((0, 16, 0x10, 0x3F, 0, 7, 14)) + clock)
    bodies.append(bytes((1, 16, 0x40, 0x48, 0, 2, 4, 1, 2, 3, 4)))
    bodies.append(bytes((1, 16, 0x11, 0xC0, 0, 4, 8, 2, 10, 0, 1, 0x40, 2, 0x40, 3)))
    bodies.append(bytes((1, 16, 0x60, 0, 0, 4, 8, 1, 0, 15, 0, 0, 0, 0, 0)))
    sealed = [b"\1" + bytes((len(body),)) + body for body in bodies]
    raw = [b"\0" + body + modbus_crc(body) for body in bodies[:3]]
    both = [b"\2" + b"".join(bytes((len(body),)) + body for body in bodies[-2:])]
    maintenance = [b"\1\x03\x01" + bytes((MAINTENANCE, code)) for code in range(6)]
    return sealed + raw + both + maintenance
