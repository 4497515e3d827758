"""Values and clock of an emulated meter that speaks BACnet MS/TP, over a line that somebody else drives.

The meter is taken to be alone on its line: it answers whoever asks it while nobody has the token.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

from fourquad.points import columns as c
from fourquad.protocols.bacnet import codes as b
from fourquad.protocols.bacnet import columns as col
from fourquad.protocols.bacnet.mstp import frames
from fourquad_tools.tables import BACNET_UNITS

# bytes, milliseconds to wait at most -> what came
Transact = Callable[[bytes, float], Awaitable[bytes]]
STATION = 126  # who asks: no address that masters are polled at first
TRIES = 10  # the meter may have begun to speak just then
REPLY_MS = 300
_VALUE_AT = 3  # octets of an acknowledgement before the object
_PRESENT_VALUE, _LOCAL_DATE = 85, 56
_DEVICE = (8, 0x3FFFFF)  # whatever its instance
_REAL, _ENUMERATED = 4, 9
_KINDS = (b.ANALOG_INPUT, b.ANALOG_VALUE, b.BINARY_INPUT)


class BacnetError(Exception):
    """The meter does not answer, or refuses; the message says what was asked."""


def _frame(kind: int, meter: int, apdu: bytes, expecting: bool) -> bytes:
    buffer = bytearray(frames.MAX_FRAME)
    npdu = bytes((1, 4 if expecting else 0)) + apdu
    buffer[frames.HEADER : frames.HEADER + len(npdu)] = npdu
    return bytes(buffer[: frames.put(buffer, kind, meter, STATION, len(npdu))])


def _reply(answer: bytes) -> bytes | None:
    """The APDU that is for us among the frames that came."""
    receiver = frames.Receiver()
    receiver.address = STATION
    at = 0
    while at < len(answer):
        at = receiver.next(answer, at, len(answer))
        if receiver.found == frames.VALID and receiver.kind == frames.DATA_NOT_EXPECTING_REPLY:
            return bytes(receiver.data[frames.HEADER + 2 : frames.HEADER + receiver.length])
    return None


async def _read(transact: Transact, meter: int, kind: int, instance: int, name: int) -> bytes:
    """A property of an object, encoded."""
    reference = b"\x0c" + struct.pack(">IBB", kind << 22 | instance, 0x19, name)
    service = bytes((0, 4, 1, b.READ_PROPERTY))
    request = _frame(frames.DATA_EXPECTING_REPLY, meter, service + reference, True)
    for _ in range(TRIES):
        apdu = _reply(await transact(request, REPLY_MS))
        if apdu is not None:
            break
    else:
        raise BacnetError(f"MAC {meter}: no answer")
    begin = _VALUE_AT + len(reference)
    if apdu[0] >> 4 != b.COMPLEX_ACK >> 4 or apdu[begin - 1] != name:
        raise BacnetError(f"object {kind}, {instance}: {apdu.hex()}")
    return apdu[begin + 1 : -1]


def _number(data: bytes) -> float | int | None:
    tag, length = data[0] >> 4, data[0] & 7
    if tag == _REAL:
        value = round(struct.unpack_from(">f", data, 1)[0], 6)
        return None if value != value else value
    return int.from_bytes(data[1 : 1 + length], "big")


def _address(model: ModuleType) -> int:
    row = model.PORTS[0]
    (address,) = [r[c.DEFAULT] for r in model.SETTINGS if r[c.OFFSET] == row[c.PORT_ADDRESS]]
    return int(address)


async def read_points(transact: Transact, model: ModuleType) -> dict[str, dict[str, Any]]:
    """Name of each object to its present value, None where the system type has none, and its unit."""
    points: dict[str, dict[str, Any]] = {}
    for kind, rows in model.OBJECTS.OBJECTS:
        for i, row in enumerate(rows if kind in _KINDS else ()):
            value = _number(await _read(transact, _address(model), kind, i + 1, _PRESENT_VALUE))
            points[row[col.NAME].decode()] = {"value": value, "unit": BACNET_UNITS[row[col.UNITS]]}
    return points


async def set_clock(transact: Transact, utc: float, model: ModuleType) -> None:
    """TimeSynchronization, until the meter has that date: nobody confirms it. Its clock has no zone."""
    when = time.gmtime(utc)
    date = bytes((0xA4, when.tm_year - 1900, when.tm_mon, when.tm_mday, when.tm_wday + 1))
    clock = bytes((0xB4, when.tm_hour, when.tm_min, min(when.tm_sec, 59), 0))
    apdu = bytes((0x10, b.TIME_SYNCHRONIZATION)) + date + clock
    meter = _address(model)
    for _ in range(TRIES):
        await transact(_frame(frames.DATA_NOT_EXPECTING_REPLY, meter, apdu, False), 20)
        if await _read(transact, meter, *_DEVICE, _LOCAL_DATE) == date:
            return
    raise BacnetError("the clock is not set")
