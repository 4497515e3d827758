"""A meter at the other end of a line: its values by the names and in the units of its model's tables."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fourquad import points as p
from fourquad.points import names
from fourquad.protocols.modbus import kinds
from fourquad_tools.utility.entries import Entry, Map
from fourquad_tools.utility.link import MOST_READ, Link

BRIDGED = 20  # registers between two values that are rather read than asked for apart


@dataclass(frozen=True)
class Reading:
    """A value with the registers that it was made of."""

    entry: Entry
    words: tuple[int, ...]
    value: Any

    @property
    def text(self) -> str:
        """For people: a value that has a word with it."""
        word = dict(self.entry.choices).get(self.value) if isinstance(self.value, int) else None
        return f"{number(self.value)} ({word})" if word else number(self.value)

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {"value": self.value, "unit": self.entry.unit, "address": self.entry.address}


class Meter:
    """Reads and writes values over a link."""

    def __init__(self, link: Link, known: Map) -> None:
        self.link = link
        self.map = known
        self._side: int | None = None

    def read(self, entries: Sequence[Entry]) -> list[Reading]:
        """The values, in the order asked for, in as few requests as there can be."""
        words: dict[int, int] = {}
        for first, count in spans(entries, self.map.readable):
            for i, word in enumerate(self.link.read(first, count)):
                words[first + i] = word
        out = []
        for entry in entries:
            own = tuple(words[entry.address + i] for i in range(entry.registers))
            out.append(Reading(entry, own, self.value(entry, own)))
        return out

    def value(self, entry: Entry, words: Sequence[int]) -> Any:
        """What registers say, in the unit of the entry."""
        return decode(entry, words, self.energy_side if entry.is_energy else 0)

    @property
    def energy_side(self) -> int:
        """The setting that says what one count of energy is; read once."""
        if self._side is None:
            entry = self.map.by_point.get(p.SETTING + p.ENERGY_SIDE)
            self._side = self.link.read(entry.address, 1)[0] if entry else 0
        return self._side

    def words(self, entry: Entry, text: str) -> tuple[int, ...]:
        """The registers of what a person writes: a number with or without its unit, or a word.

        ValueError with a reason.
        """
        return encode(entry, text, self.energy_side if entry.is_energy else 0)

    def point(self, pid: int) -> Any:
        """The value of a point that has a register; None where the map has none."""
        entry = self.map.by_point.get(pid)
        return self.read([entry])[0].value if entry else None

    def close(self) -> None:
        """Leave the line."""
        self.link.close()


def spans(entries: Sequence[Entry], readable: set[int]) -> list[tuple[int, int]]:
    """(first, registers) of the requests that read the entries."""
    out: list[tuple[int, int]] = []
    for entry in sorted(entries, key=lambda entry: entry.address):
        end = entry.address + entry.registers
        if out:
            first, count = out[-1]
            last = first + count
            between = range(last, entry.address)
            near = len(between) <= BRIDGED and all(address in readable for address in between)
            if near and end - first <= MOST_READ:
                out[-1] = (first, max(count, end - first))
                continue
        out.append((entry.address, entry.registers))
    return out


def decode(entry: Entry, words: Sequence[int], energy_side: int = 0) -> Any:
    """The value of registers, in the unit of the entry."""
    if entry.kind == "secret":
        return "***" if any(words) else ""
    if entry.kind == "text":
        data = struct.pack(f">{len(words)}H", *words)
        return bytes(kinds.decode_text(data, 0, len(words))).decode("latin-1")
    bits = words[0]
    if entry.registers == 2:
        bits = (words[0] << 16 | words[1]) - ((words[0] & 0x8000) << 17)
    elif entry.signed:
        bits -= (bits & 0x8000) << 1
    if entry.form == "float" and not isinstance(entry.kind, tuple):
        value = struct.unpack(">f", struct.pack(">i", bits))[0]
        return float(f"{value:.7g}")
    if _factor(entry) != 1:
        value = kinds.decode(kinds.form(entry.kind), bits) / _factor(entry)
    else:
        value = bits if entry.kind == "command" else kinds.decode(entry.kind, bits)
    if value is None or (entry.scale == 1 and not entry.is_energy):
        return value
    if entry.is_energy:
        return names.scaled(entry.point, value, entry.scale, energy_side)
    return round(value * entry.scale, 6)


def encode(entry: Entry, text: str, energy_side: int = 0) -> tuple[int, ...]:
    """The registers of a value as a person writes it. ValueError with a reason."""
    if entry.kind in kinds.TEXTS:
        try:
            data = text.encode("latin-1")
        except UnicodeEncodeError:
            raise ValueError("a letter that the meter does not have") from None
        if len(data) > 2 * entry.registers:
            raise ValueError(f"longer than {2 * entry.registers} letters")
        return struct.unpack(f">{entry.registers}H", data.ljust(2 * entry.registers, b"\0"))
    value = _number(entry, text)
    step = (0.001 if entry.is_energy and energy_side else entry.scale) / _factor(entry)
    counts = value / step
    if entry.form == "float":
        try:
            return struct.unpack(">2H", struct.pack(">f", counts))
        except OverflowError:
            raise ValueError("more than a register holds") from None
    if abs(counts - round(counts)) > 1e-6 * max(1.0, abs(counts)):
        raise ValueError(f"the register holds steps of {step:g} {entry.unit}".rstrip())
    bits = round(counts)
    low, high = (-0x8000, 0xFFFF) if entry.registers == 1 else (-0x80000000, 0xFFFFFFFF)
    if not low <= bits <= high:
        raise ValueError("more than a register holds")
    if entry.registers == 1:
        return (bits & 0xFFFF,)
    return (bits >> 16 & 0xFFFF, bits & 0xFFFF)


def _factor(entry: Entry) -> float:
    """What a register's number is divided by before it is the point's value."""
    return entry.kind[1] if isinstance(entry.kind, tuple) and entry.kind[0] == "scaled" else 1


_FACTORS = {"": 1.0, "k": 1e3, "M": 1e6, "m": 1e-3}
_HEX = re.compile(r"0[xX]([0-9a-fA-F]{1,8})|([0-9a-fA-F]{1,8})[hH]")
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?)\s*(\S*)")


def _number(entry: Entry, text: str) -> float:
    """A number in the entry's unit, from text with or without a unit, or with the word of a choice."""
    text = text.strip()
    for code, word in entry.choices:
        known = f"{code} ({word})".lower()
        if text.lower() in (word.lower(), known, f"{known} {entry.unit}".lower()):
            return code
    if entry.kind == "command" and text == "act":
        return int(entry.about.partition("H")[0], 16)
    found = _HEX.fullmatch(text)
    if found and (found[1] or entry.unit != "h"):
        return int(found[1] or found[2], 16) * entry.scale
    found = _NUMBER.fullmatch(text)
    if not found or (found[2] and entry.choices and not entry.unit):
        words = ", ".join(word for _, word in entry.choices)
        raise ValueError(f"{text!r} is no number" + (f" and none of: {words}" if words else ""))
    value, unit = float(found[1]), found[2]
    if not unit or unit == entry.unit:
        return value
    # another prefix before the same unit
    for prefix, factor in _FACTORS.items():
        for own, divisor in _FACTORS.items():
            base = entry.unit[len(own) :] if entry.unit.startswith(own) else ""
            if base and unit == prefix + base:
                return value * factor / divisor
    raise ValueError(f"{unit!r} is not its unit" + (f", {entry.unit}" if entry.unit else ": it has none"))


def number(value: Any) -> str:
    """A value for people."""
    if isinstance(value, float):
        return f"{value:.7g}" if abs(value) < 1e7 else f"{value:.3f}".rstrip("0").rstrip(".")
    return str(value)
