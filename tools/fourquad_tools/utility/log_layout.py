"""What a data log of the meter holds (KW320 manual 6.3.8): its registers, and how a record is made."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fourquad.protocols.crc import checksum
from fourquad_tools.utility.entries import Entry
from fourquad_tools.utility.errors import ILLEGAL_ADDRESS, Refused, UtilityError
from fourquad_tools.utility.meter import Meter, decode

LOGS = 3
SETTINGS = 0x1100  # of log 1: registers and sectors, interval, list, descriptors, mode
SETTINGS_SIZE = 192
INTERVAL = 1  # places in the settings
LIST = 2
LIST_SIZE = 117
DESCRIPTORS = 0x77
MODE = 0xB2
STATUS = 0x6100  # of log 1
STATUS_STEP = 0x100
STATUS_SIZE = 12
HEAD = 10  # bytes of a record before its data: number, time
CRC = 2


@dataclass(frozen=True)
class Item:
    """One column of a log."""

    name: str
    unit: str
    address: int
    registers: int
    entry: Entry | None  # None: the map has no such value, the registers are given as they are

    def value(self, words: Sequence[int], energy_side: int) -> Any:
        """The value of its registers in a record."""
        if self.entry is not None:
            return decode(self.entry, words, energy_side)
        return words[0] if len(words) == 1 else words[0] << 16 | words[1]


@dataclass(frozen=True)
class Status:
    """What the meter says of a log; times are None while it is empty."""

    most: int
    used: int
    size: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Layout:
    """The settings of a log as they are needed to read it."""

    log: int
    registers: int
    sectors: int
    interval: int
    mode: int
    items: tuple[Item, ...]

    @property
    def size(self) -> int:
        """Bytes of a record."""
        return HEAD + 2 * self.registers + CRC

    def values(self, record: bytes, energy_side: int) -> list[Any]:
        """The values of a record, in the order of the items."""
        words = struct.unpack(f">{self.registers}H", record[HEAD : HEAD + 2 * self.registers])
        out, at = [], 0
        for item in self.items:
            out.append(item.value(words[at : at + item.registers], energy_side))
            at += item.registers
        return out

    def as_dict(self) -> dict[str, Any]:
        """What must be the same for a download to go on."""
        places = [[item.address, item.registers] for item in self.items]
        return {"log": self.log, "registers": self.registers, "items": places}


def number_of(record: bytes) -> int:
    """The number that a record bears."""
    return int.from_bytes(record[:4], "big")


def time_of(record: bytes) -> datetime | None:
    """When a record was made, by the meter's clock; None if its bytes are no time."""
    year, month, day, hour, minute, second = record[4:HEAD]
    try:
        return datetime(2000 + year, month, day, hour, minute, second)
    except ValueError:
        return None


def is_whole(record: bytes) -> bool:
    """Whether its CRC-16/MODBUS, low byte first, is right."""
    return checksum(record, len(record) - CRC, 0) == int.from_bytes(record[-CRC:], "little")


def _time(words: Sequence[int]) -> datetime | None:
    """Byte pairs: year - 2000 and month, day and hour, minute and second."""
    return time_of(bytes(4) + struct.pack(">3H", *words))


def read_status(meter: Meter, log: int) -> Status:
    """The status block of a log (1-3). UtilityError: the meter has none."""
    try:
        words = meter.link.read(STATUS + STATUS_STEP * (log - 1), STATUS_SIZE)
    except Refused as refusal:
        if refusal.code == ILLEGAL_ADDRESS:
            raise UtilityError("this meter has no data logs") from None
        raise
    most, used = words[0] << 16 | words[1], words[2] << 16 | words[3]
    return Status(most, used, words[4], _time(words[6:9]), _time(words[9:12]))


def read_layout(meter: Meter, log: int) -> Layout:
    """The settings of a log (1-3). UtilityError: its lists contradict each other."""
    base = SETTINGS + SETTINGS_SIZE * (log - 1)
    half = SETTINGS_SIZE // 2
    words = meter.link.read(base, half) + meter.link.read(base + half, half)
    registers, sectors = words[0] >> 8, words[0] & 0xFF
    addresses = words[LIST : LIST + registers]
    lengths = struct.pack(f">{(LIST_SIZE + 1) // 2}H", *words[DESCRIPTORS : DESCRIPTORS + 59])
    items: list[Item] = []
    names: dict[str, int] = {}
    at = 0
    for length in lengths:
        if at >= registers:
            break
        own = addresses[at : at + length]
        if length not in (1, 2) or len(own) != length or own[-1] != own[0] + length - 1:
            raise UtilityError(f"log {log}: its lists of registers and of descriptors contradict each other")
        items.append(_item(meter, own[0], length, names))
        at += length
    if at != registers:
        raise UtilityError(f"log {log}: its descriptors are {at} registers, its list {registers}")
    return Layout(log, registers, sectors, words[INTERVAL], words[MODE], tuple(items))


def _item(meter: Meter, address: int, length: int, names: dict[str, int]) -> Item:
    entry = meter.map.by_address.get(address)
    if entry is not None and entry.registers != length:
        entry = None
    name = entry.name if entry else f"{address:04X}H"
    names[name] = names.get(name, 0) + 1
    if names[name] > 1:
        name = f"{name}_{names[name]}"
    return Item(name, entry.unit if entry else "", address, length, entry)
