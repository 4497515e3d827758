"""Points read over Modbus by a model's own tables: for a meter that is at the other end of a line."""

from __future__ import annotations

import struct
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

from fourquad import points as p
from fourquad.points import names
from fourquad.points import values as v
from fourquad.protocols.crc import checksum

MOST = 120  # registers in one request
Transact = Callable[[bytes], Awaitable[bytes]]


class ModbusError(Exception):
    """No answer, or not the one that was asked for."""


def frame(*parts: bytes) -> bytes:
    """Bytes of a frame with its CRC."""
    data = b"".join(parts)
    crc = checksum(data, len(data), 0)
    return data + bytes((crc & 0xFF, crc >> 8))


async def read_registers(transact: Transact, unit: int, address: int, count: int) -> bytes:
    """Holding registers as bytes."""
    out = b""
    while count:
        part = min(count, MOST)
        answer = await transact(frame(struct.pack(">BBHH", unit, 3, address, part)))
        if len(answer) != 5 + 2 * part or answer[:2] != bytes((unit, 3)):
            raise ModbusError(f"register {address:04X}H: {answer.hex() or 'no answer'}")
        if checksum(answer, len(answer), 0):
            raise ModbusError(f"register {address:04X}H: bad CRC")
        out += answer[3:-2]
        address += part
        count -= part
    return out


async def read_points(transact: Transact, unit: int, model: ModuleType) -> dict[str, dict[str, Any]]:
    """Name to value and unit of every point that has a register."""
    values: dict[int, Any] = {}
    for address, count, _, pid in model.SETTING_REGISTERS:
        values[pid] = int.from_bytes(await read_registers(transact, unit, address, count), "big")
    side = p.PRIMARY if values.get(p.SETTING + p.BASIC_MODE) == v.PRESENT_PRIMARY else p.SECONDARY
    named = {pid for pid, *_ in names.POINTS}
    codes = {"float": ">f", "dword": ">i", "word": ">H"}
    for address, count, kind, first in model.REGIONS:
        base = side + first - p.PRESENTED if first - first % 64 == p.PRESENTED else first
        if kind not in codes or base not in named:
            continue
        raw = await read_registers(transact, unit, address, count)
        for i, (value,) in enumerate(struct.iter_unpack(codes[kind], raw)):
            values[base + i] = value
    energy_side = values.get(p.SETTING + p.ENERGY_SIDE, 0)
    return {
        name: {"value": names.scaled(pid, values[pid], scale, energy_side), "unit": unit_name}
        for pid, name, unit_name, scale in names.POINTS
        if pid in values
    }


def clock_frame(unit: int, fields: tuple[int, ...]) -> bytes:
    """FC16 that sets the KW320's clock: weekday, year, month, day, hour, minute, second."""
    data = struct.pack(f">{len(fields)}H", *fields)
    return frame(struct.pack(">BBHHB", unit, 16, 0x103F, len(fields), len(data)), data)
