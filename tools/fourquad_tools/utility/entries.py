"""The values of a register map, each by a name, an address or a part of its title."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from fourquad import points as p
from fourquad.models import VARIANT_OF
from fourquad.points import names
from fourquad.protocols.modbus import kinds
from fourquad_tools import tables
from fourquad_tools.options import OptionError, model

_SCALED_UNIT = re.compile(r"(?:(\d*\.?\d+) )?([A-Za-z%]{1,7})")
_SCALE = re.compile(r"(0\.\d+)(?:,|$)")
_CHOICE = re.compile(r"(\d+) (\S.*)")
_UNITS = {"V", "A", "mA", "W", "var", "VA", "Hz", "%", "kWh", "kvarh", "kVAh", "h", "min", "ms", "s", "baud"}
_UNITS |= {"degree", "degrees"}
_ADDRESS = re.compile(r"(?:0[xX]([0-9a-fA-F]{1,4})|([0-9a-fA-F]{1,4})[hH]|(\d{1,5}))(?::(\d{1,4}))?")


@dataclass(frozen=True)
class Entry:
    """One value: `registers` of them at `address`; a count is `scale` of `unit`."""

    name: str
    address: int
    registers: int
    kind: Any
    form: str
    point: int
    title: str
    unit: str
    scale: float
    signed: bool
    writable: bool
    seal: str
    about: str
    choices: tuple[tuple[int, str], ...] = ()
    codes: tuple[int, ...] = ()  # of a setting whose register has others than the point: by the point's value

    @property
    def is_setting(self) -> bool:
        """Whether it is a setting, which a configuration keeps."""
        return p.SETTING <= self.point < p.MONTH_ENERGY

    @property
    def is_energy(self) -> bool:
        """Whether its unit depends on the side of the energies."""
        months = p.MONTH_ENERGY <= self.point < p.MONTH_ENERGY + p.MONTHS * p.ENERGIES
        return months or p.ENERGY <= self.point < p.ENERGY + p.ENERGIES

    @property
    def hex(self) -> str:
        """Its addresses as the manual writes them."""
        return tables.span(self.address, self.registers)


def parse_address(text: str) -> tuple[int, int] | None:
    """(address, registers) of 0x4002, 4002H, 16386, each with :COUNT; None if it is no address."""
    found = _ADDRESS.fullmatch(text)
    if not found:
        return None
    address = int(found[1] or found[2], 16) if found[1] or found[2] else int(found[3])
    count = int(found[4] or 1)
    if address + count > 0x10000 or not count:
        raise OptionError(f"{text}: registers are 0000H to FFFFH")
    return address, count


class Map:
    """The register map of a model."""

    def __init__(self, name: str) -> None:
        # a meter without the network module does not have its registers
        self.model = model(name, network=True)
        if not hasattr(self.model, "REGIONS"):
            raise OptionError(f"--model {name}: it has no registers")
        try:
            self.words = tables.words(self.model)
        except ModuleNotFoundError:
            raise OptionError(f"--model {name}: its registers have no names yet") from None
        self.entries = list(_entries(self.model, self.words))
        self.by_name = {entry.name: entry for entry in self.entries}
        # a point that stands twice is meant where it comes first
        self.by_point = {entry.point: entry for entry in reversed(self.entries)}
        self.by_address = {entry.address: entry for entry in self.entries}
        # a request that crosses a hole which can be read is one request
        self.readable = {
            address + i
            for line in tables.lines(self.model, self.words)
            for address in (line.address,)
            for i in range(line.registers)
        }

    def find(self, text: str) -> list[Entry]:
        """The values that a name, a pattern such as `energy.*` or a title means. OptionError if none."""
        if text in self.by_name:
            return [self.by_name[text]]
        wanted = text.lower()
        if any(letter in wanted for letter in "*?["):
            found = [entry for entry in self.entries if fnmatch.fnmatchcase(entry.name, wanted)]
        else:
            found = [e for e in self.entries if e.name.endswith("." + wanted) or e.title.lower() == wanted]
            found = found or [e for e in self.entries if wanted in e.title.lower()]
        if not found:
            raise OptionError(f"{text}: no such register; `fourquad registers` lists them")
        return found

    def one(self, text: str) -> Entry:
        """The value that a name or an address means."""
        place = parse_address(text)
        if place:
            entry = self.by_address.get(place[0])
            if entry is None:
                raise OptionError(f"{text}: no value begins there")
            return entry
        found = self.find(text)
        if len(found) > 1:
            some = ", ".join(entry.name for entry in found[:6])
            raise OptionError(f"{text}: which of {some}{' ...' if len(found) > 6 else ''}?")
        return found[0]


def folder(name: str) -> str:
    """The folder of a model or of a version of one."""
    return dict(VARIANT_OF).get(name, name)


def slug(title: str) -> str:
    """A title as a name."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")


def _entries(tables_of: ModuleType, words: ModuleType) -> Iterator[Entry]:
    known = {row_name[0]: row_name for row_name in names.POINTS}
    taken: dict[str, int] = {}
    for line in tables.lines(tables_of, words):
        if not line.form:
            continue
        size = line.registers if line.form in kinds.TEXTS else kinds.registers(line.kind)
        chosen = isinstance(line.kind, tuple) and line.kind[0] == "choice"
        for i in range(line.registers // size):
            pid = line.point + (i * size if line.counts_registers else i)
            presented = p.PRESENTED <= pid < p.PRESENTED + p.READINGS
            row = known.get(p.SECONDARY + pid - p.PRESENTED if presented else pid)
            row = None if line.counts_registers else row
            if row:
                _, name, unit, scale = row
                name = name.removeprefix("secondary.") if presented else name
            else:
                unit, scale = unit_of(line.unit or line.about)
                name = slug(line.title) if line.registers == size else f"{slug(line.title)}.{i + 1}"
            taken[name] = taken.get(name, 0) + 1
            if taken[name] > 1:
                name = f"{name}_{taken[name]}"
            yield Entry(
                name=name,
                address=line.address + i * size,
                registers=size,
                # the words of its values are about what the register has
                kind=line.form if chosen else line.kind,
                form=line.form,
                point=pid,
                title=line.title if line.registers == size else f"{line.title}, {i + 1}",
                unit=unit,
                scale=scale,
                signed=bool(re.search(r"\bsigned\b", line.about)),
                writable=line.access == "R/W",
                seal=line.seal,
                about=line.about,
                choices=choices(line.meaning),
                codes=line.kind[1] if chosen else (),
            )


def unit_of(about: str) -> tuple[str, float]:
    """Unit and scale in the words of a line, such as `0.1 V` or `mA, secondary side`."""
    found = _SCALED_UNIT.match(about)
    if not found or found[2] not in _UNITS:
        bare = _SCALE.match(about)
        return "", float(bare[1]) if bare else 1
    return found[2], float(found[1]) if found[1] else 1


def choices(meaning: str) -> tuple[tuple[int, str], ...]:
    """The words of a setting's values, from a meaning such as `0 3LN, 1 1LN`."""
    pairs = [_CHOICE.fullmatch(part.strip()) for part in re.split(r"[,;]", meaning)]
    found = tuple(
        (int(pair[1]), re.split(r"[:(]", pair[2])[0].strip())
        for pair in pairs
        if pair and not pair[2].startswith("and ")
    )
    return found if found and found[0][0] in (0, 1) else ()
