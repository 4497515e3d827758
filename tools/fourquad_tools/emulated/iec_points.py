"""Values and clock of an emulated meter that speaks IEC 62056-21, over a line that somebody else drives."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from fourquad.protocols.iec62056.characters import WITH_PARITY, block_check

# bytes, milliseconds to wait at most, milliseconds of silence that end an answer -> the answer
Transact = Callable[[bytes, float, float], Awaitable[bytes]]
ADDRESS = "000001"
PASSWORD = "00000000"
_ACK = b"\x06"
_LINE = re.compile(r"([^()]+)\(([^()*]*)(?:\*([^()]*))?\)(?:\((\d+)\))?\r\n")


class IecError(Exception):
    """The meter does not answer, or refuses; the message says what was asked."""


async def _ask(transact: Transact, data: bytes, what: str, ms: float = 3000, silence: float = 200) -> bytes:
    answer = await transact(bytes(WITH_PARITY[c] for c in data), ms, silence)
    plain = bytes(c & 0x7F for c in answer)
    if not plain or bytes(WITH_PARITY[c] for c in plain) != answer:
        raise IecError(f"{what}: {answer.hex() or 'no answer'}")
    return plain


async def _sign_on(transact: Transact) -> bytes:
    """The character of the speed that the meter offers."""
    answer = await _ask(transact, f"/?{ADDRESS}!\r\n".encode(), f"sign-on of meter {ADDRESS}")
    return answer[4:5]


def _framed(body: bytes) -> bytes:
    data = b"\x01" + body + b"\x03"
    return data + bytes([block_check(data, 1, len(data))])


async def read_points(transact: Transact) -> dict[str, dict[str, Any]]:
    """The data readout: code to value and unit, a stamp next to it where there is one."""
    speed = await _sign_on(transact)
    answer = await _ask(transact, b"\x060" + speed + b"0\r\n", "data readout", 20000, 400)
    if answer[:1] != b"\x02" or block_check(answer, 1, len(answer) - 1) != answer[-1]:
        raise IecError("data readout: bad block check")
    points: dict[str, dict[str, Any]] = {}
    for code, value, unit, stamp in _LINE.findall(answer[1:-1].decode("ascii")):
        points[code] = {"value": float(value) if value else None, "unit": unit}
        if stamp:
            points[code]["time"] = stamp
    return points


async def set_clock(transact: Transact, utc: float) -> None:
    """Set the meter's clock, with its first password as it comes."""
    speed = await _sign_on(transact)
    await _ask(transact, b"\x060" + speed + b"1\r\n", "programming mode")
    text = time.strftime("%y%m%d%H%M%S", time.gmtime(utc))
    for body in (f"P1\x02({PASSWORD})", f"W1\x020.9.4({text})"):
        if await _ask(transact, _framed(body.encode()), "clock") != _ACK:
            raise IecError(f"the clock is not set: {body[:2]} was refused")
    await transact(bytes(WITH_PARITY[c] for c in _framed(b"B0")), 300, 100)
