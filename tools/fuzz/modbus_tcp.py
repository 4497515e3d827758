"""Modbus TCP: a connection to a kw320, its frames in pieces of any size."""

from __future__ import annotations

from fourquad import points as p
from fourquad.protocols.modbus.tcp import Connection

from . import modbus
from .frames import need
from .meters import Meter
from .modbus import MAINTENANCE, UNIT, WRITES
from .snapshot import Snapshot

LONGEST = 900
PIECES = (1, 7, 64, 260)  # octets that come at once
HEAD = 7
LEAST, MOST = 2, 254  # octets of unit and request, as the header tells them
ADDRESS = 0x1001  # register of the meter's address
NOBODY = 11  # exception code of a gateway without that slave
EXCEPTIONS = range(1, 12)


class Target:
    """An input: an octet of mode, then octets. Mode bit 0: as they are; else requests, each after an octet
    with its length, which begin with the unit and get a good header. Bits 1 and 2: the size of the pieces.
    """

    longest = LONGEST

    def __init__(self) -> None:
        self._meter = Meter("kw320", {p.ADDRESS_1: UNIT})
        self._connection = Connection(self._meter.device.registers, p.SETTING + p.ADDRESS_1)
        self._kept = Snapshot(self._connection, self._meter.kept)

    def run(self, data: bytes) -> None:
        mode = data[0] if data else 0
        octets = data[1:] if mode & 1 else framed(data[1:])
        self._kept.put_back()
        answers = self._say(octets, PIECES[mode >> 1 & 3])
        requests, spoilt = split(octets)
        need(self._connection.closing == spoilt, "whether the connection is to be closed", octets)
        need(len(answers) == len(requests), "number of answers", octets, *answers)
        unit = UNIT
        for request, answer in zip(requests, answers, strict=True):
            check(request, answer, unit)
            unit = renamed(request, answer, unit)
        changed = self._meter.changed()
        wrote = any(answer[7] in WRITES for answer in answers)
        need(wrote or not changed, "a change that no answer confirms", octets, *answers)
        self._meter.put_back(changed)

    def _say(self, octets: bytes, size: int) -> list[bytes]:
        """What a client hears that sends all of it, in pieces."""
        connection = self._connection
        answers = []
        while octets and not connection.closing:
            count = min(size, len(octets), connection.room())
            need(count > 0, "no room", octets)
            length = connection.run(octets[:count], count, 0)
            octets = octets[count:]
            while length:
                answers.append(bytes(connection.answer[:length]))
                length = connection.poll(0)
        return answers


def framed(data: bytes) -> bytes:
    """The requests of an input with headers; their transactions count on."""
    out = b""
    number = 0xFFFE
    while data:
        body, data = data[1 : 1 + data[0]], data[1 + data[0] :]
        out += number.to_bytes(2, "big") + bytes(2) + len(body).to_bytes(2, "big") + body
        number = number + 1 & 0xFFFF
    return out


def split(octets: bytes) -> tuple[list[bytes], bool]:
    """The whole frames, and whether what comes next is no Modbus."""
    frames: list[bytes] = []
    while len(octets) >= HEAD - 1:
        length = int.from_bytes(octets[4:6], "big")
        if octets[2:4] != bytes(2) or not LEAST <= length <= MOST:
            return frames, True
        if len(octets) < HEAD - 1 + length:
            break
        frames.append(octets[: HEAD - 1 + length])
        octets = octets[HEAD - 1 + length :]
    return frames, False


def renamed(request: bytes, answer: bytes, unit: int) -> int:
    """The meter's address after an answer: a write may have changed it."""
    if answer[7] not in (6, 16):
        return unit
    first = int.from_bytes(request[8:10], "big")
    words = request[10:12] if answer[7] == 6 else request[13:]
    at = 2 * (ADDRESS - first)
    return int.from_bytes(words[at : at + 2], "big") if 0 <= at < len(words) else unit


def check(request: bytes, answer: bytes, unit: int = UNIT) -> None:
    """An answer has its request's header, and what its function says; the meter's address is `unit`."""
    need(answer[:4] == request[:4] and answer[6] == request[6], "header of the answer", request, answer)
    need(int.from_bytes(answer[4:6], "big") == len(answer) - 6, "length of the answer", request, answer)
    asked, said = request[7:], answer[7:]
    function = asked[0]
    if request[6] not in (0, unit, 255):
        need(said == bytes((function | 0x80, NOBODY)), "answer for another unit", request, answer)
    elif said[0] == function | 0x80:
        need(len(said) == 2 and said[1] in EXCEPTIONS, "exception", request, answer)
    elif function in (1, 2, 3):
        count = int.from_bytes(asked[3:5], "big")
        size = 2 * count if function == 3 else (count + 7) // 8
        need(len(asked) == 5 and said[0] == function, "answer to a read", request, answer)
        need(said[1] == size == len(said) - 2, "length of what was read", request, answer)
    elif function in WRITES:
        need(said == asked[:5], "answer to a write", request, answer)
    else:
        need(function == MAINTENANCE == said[0], "function of the answer", request, answer)


def seeds() -> list[bytes]:
    """The requests of Modbus RTU without their check, for each way of the units; raw ones; what is none."""
    bodies = [seed[2:] for seed in modbus.seeds() if seed[:1] == b"\1"]
    packed = [bytes((len(body),)) + body for body in bodies]
    out = [bytes((2 * (i & 3),)) + one for i, one in enumerate(packed)]
    out += [b"\6" + b"".join(packed[i : i + 3]) for i in (0, 4, 9)]
    out += [b"\6\x06" + bytes((unit,)) + bytes.fromhex("03 40 00 00 02") for unit in (0, 2, 255)]
    out.append(b"\6\6" + bytes.fromhex("01 06 1001 0009 06 09 03 4000 0002 06 01 03 4000 0002"))
    out.append(b"\3" + framed(packed[3] + packed[0])[:-2])
    out.append(b"\7" + framed(packed[3]) + bytes.fromhex("0001 0001 0006 01 03 4000 0002"))
    return out
