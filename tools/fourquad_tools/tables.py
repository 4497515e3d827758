"""A model's register map as lines for people: what the generated pages and the utility both know of it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

from fourquad import points as p
from fourquad.points import access as a
from fourquad.points import billing as b
from fourquad.points import columns as c
from fourquad.points import modules as m
from fourquad.protocols.modbus import kinds

_KILO = ("scaled", 0.001, "float")  # of a reading in W, var or VA
# What a master clears; the seal does not close it.
_FLAGS = (p.STATE + p.SYSTEM_STATUS, p.STATE + p.ALARM_NUMBER, p.STATE + p.SOE_NUMBER)
# Words of BACnet's engineering units (135, clause 21).
BACNET_UNITS = {
    3: "A",
    5: "V",
    8: "VA",
    9: "kVA",
    11: "var",
    12: "kvar",
    15: "PF",
    19: "kWh",
    27: "Hz",
    47: "W",
    48: "kW",
    95: "",
    98: "%",
    158: "0.01 s",
    240: "kVAh",
    243: "kvarh",
}


class Line(NamedTuple):
    """One line of the map: a value, or a run of values under one title."""

    address: int
    registers: int
    title: str
    form: str  # of a value (protocols/modbus/kinds.py); empty where there is none
    about: str  # unit, range, meaning
    access: str  # "R" or "R/W"
    seal: str
    kind: Any = None
    point: int = 0  # of the first value
    unit: str = ""
    meaning: str = ""
    counts_registers: bool = False  # a block, whose points are registers and have no names


def span(first: int, count: int) -> str:
    """Addresses as the manuals write them."""
    return f"{first:04X}H" if count == 1 else f"{first:04X}H-{first + count - 1:04X}H"


def seal(model: ModuleType, rule: int) -> str:
    """When a rule of the seal closes."""
    if not model.SEALS[rule]:
        return ""
    _, bits, *permission = model.SEALS[rule]
    sealed = ", ".join(f"bit {n}" for n in range(8) if bits >> n & 1) or "always"
    return sealed + "; permission" if permission else sealed


def limits(row: tuple) -> str:
    """The range of a setting."""
    if row[c.CHOICES] is not None:
        return ", ".join(str(value) for value in row[c.CHOICES])
    return f"{row[c.LOW]}-{row[c.HIGH]}"


def hexadecimal(values: tuple[int, ...]) -> list[str]:
    """Values of a command's register."""
    return [f"{value:02X}H" for value in values]


def words(model: Any) -> Any:
    """The module of names of a model, with those of what its version and its options have besides."""
    found = vars(importlib.import_module(model.__name__ + ".names"))
    for more in getattr(model, "more", ()):
        own = vars(importlib.import_module(more.__name__ + "_names"))
        joined = {key: found.get(key, ()) + rows for key, rows in own.items() if isinstance(rows, tuple)}
        found = {**found, **joined}
    return SimpleNamespace(**found)


def wire_default(row: tuple, kind: Any) -> str:
    """The default as a master sees it."""
    value = row[c.DEFAULT]
    if not isinstance(kind, tuple):
        return str(value)
    return str(kind[1][value]) if kind[0] == "choice" else f"{value * kind[1]:g}"


def wire_limits(row: tuple, kind: Any) -> str:
    """The range as a master sees it."""
    if kind in kinds.TEXTS:
        told = "; reads zeros" if kind == "secret" else ""
        return f"{row[c.SHORTEST]}-{row[c.LONGEST]} characters{told}"
    if not isinstance(kind, tuple):
        return limits(row)
    if kind[0] == "choice":
        allowed = row[c.CHOICES] or range(row[c.LOW], row[c.HIGH] + 1)
        return ", ".join(str(code) for code in sorted(kind[1][value] for value in allowed))
    values = row[c.CHOICES] or (row[c.LOW], row[c.HIGH])
    return (", " if row[c.CHOICES] else "-").join(f"{value * kind[1]:g}" for value in values)


def lines(model: ModuleType, words: ModuleType) -> list[Line]:
    """All lines by their addresses; `words` is the model's module of names."""
    return sorted(_lines(model, words), key=lambda line: line.address)


def _lines(model: ModuleType, words: ModuleType) -> Iterator[Line]:
    names = {offset: about for offset, *about in words.SETTINGS}
    settings = {row[c.OFFSET]: row for row in model.SETTINGS + getattr(model, "TEXTS", ())}
    for address, count, kind, pid in model.SETTING_REGISTERS:
        row = settings[pid - p.SETTING]
        title, unit, meaning = names[row[c.OFFSET]]
        about = "; ".join(part for part in (unit, wire_limits(row, kind), meaning) if part)
        sealed = seal(model, row[c.SEAL])
        yield Line(address, count, title, kinds.form(kind), about, "R/W", sealed, kind, pid, unit, meaning)
    titles = dict(words.COMMANDS)
    seals = {row[c.OFFSET]: row[c.SEAL] for row in model.COMMANDS}
    for address, _, kind, pid, act, idle in model.COMMAND_REGISTERS:
        about = f"{act:02X}H acts; {' and '.join(hexadecimal(idle))} without effect"
        offset = pid - p.COMMAND
        yield Line(address, 1, titles[offset], "word", about, "R/W", seal(model, seals[offset]), kind, pid)
    for region in (*model.REGIONS, *(row for sheet in getattr(model, "SHEETS", ()) for row in sheet)):
        yield from _region_lines(model, words, *region)


def _region_lines(
    model: ModuleType, words: ModuleType, first: int, count: int, kind: Any, pid: int
) -> Iterator[Line]:
    writable = any(low <= first <= high for low, high in model.WRITABLE)
    if kind in kinds.SILENT:
        title = dict(words.WITHOUT_POINT).get(first, "Reserved")
        about = {
            "reserved": "reads 0; 0 may be written",
            "hole": "reads 0",
            "absent": "module not connected: reads 0" + ("; writing: exception 04" if writable else ""),
        }[kind]
        access = "R/W" if writable and kind != "hole" else "R"
        yield Line(first, count, title, "", about, access, "", kind)
        return
    if kind == "block":
        for at, size, title, form, about, access in dict(words.BLOCKS)[pid]:
            line = Line(first + at, size, title, form, about, access, "", form, pid + at)
            yield line._replace(counts_registers=True)
        return
    for point, size, titles in getattr(words, "RECORDS", ()):
        if point == pid:
            for i, (title, about) in enumerate(titles[: count // size]):
                own = p.DNP3 <= pid < p.MONTH_ENERGY
                form, access, sealed = ("dword", "R/W", "bit 1") if own else (kinds.form(kind), "R", "")
                each = kinds.registers(kind)
                at = first + i * size
                yield Line(at, size, title, form, about, access, sealed, kind, pid + i * size // each)
            return
    size = count if kind in kinds.TEXTS else kinds.registers(kind)
    for i in range(count // size):
        title, about = _point(words, pid + i)
        if kind == _KILO:
            about = "k" + about
        access = "R/W" if writable and _can_write(pid + i) else "R"
        sealed = seal(model, _guard(model, pid)) if access == "R/W" and pid + i not in _FLAGS else ""
        yield Line(first + i * size, size, title, kinds.form(kind), about, access, sealed, kind, pid + i)


# Registers that can be preset, each with a guard of its own: first point, end.
_GUARDED = (
    (p.MONTH_ENERGY, p.MODULE),
    (p.TARIFF_ENERGY, p.DEMAND),
    (p.CONSUMPTION, p.CONSUMPTION + b.CONSUMPTIONS * b.CONSUMPTION_MONTHS),
)


def _guard(model: ModuleType, pid: int) -> int:
    """The rule of the seal for a point that is no setting and no command."""
    guards: dict[int, int] = dict(getattr(model, "GUARDS", ()))
    for first, end in _GUARDED:
        if first <= pid < end:
            return guards.get(first, 0)
    group: int = p.ENERGY if pid < p.ENERGY + p.ENERGIES else p.STATE if pid < p.STATE + 64 else pid
    return guards.get(pid, guards.get(group, 0))


def _can_write(pid: int) -> bool:
    if p.ENERGY <= pid < p.ENERGY + p.ENERGIES or p.STATE <= pid <= p.STATE + p.SECOND:
        return True
    if any(first <= pid < end for first, end in _GUARDED) or pid in (
        p.ACCESS + a.PERMISSION,
        p.ACCESS + a.NEW_PASSWORD,
    ):
        return True
    return pid in (p.STATE + p.RUN_TIME, p.MODULE + m.CLEAR_COUNTS) or pid in _FLAGS


def _point(words: ModuleType, pid: int) -> tuple[str, str]:
    if pid < p.ENERGY or p.PRESENTED <= pid < p.PRESENTED + p.READINGS:
        return words.READINGS[pid % 64]
    if pid < p.ENERGY + p.ENERGIES:
        title, unit = words.ENERGIES[pid - p.ENERGY]
        low = "-" if "signed" in title else ""
        return title, f"{unit}; {low + '999999999 to ' if low else '0-'}999999999"
    if p.MONTH_ENERGY <= pid < p.MONTH_ENERGY + p.MONTHS * p.ENERGIES:
        month, energy = divmod(pid - p.MONTH_ENERGY, p.ENERGIES)
        title, meaning = _point(words, p.ENERGY + energy)
        return f"Month {month + 1}: {title[0].lower()}{title[1:]}", meaning
    for other, title, meaning in words.OTHERS:
        if other == pid:
            return title, meaning
    raise KeyError(pid)


def poll_options(model: Any) -> str:
    """What mbpoll is to ask of the model's registers: its phase voltages, or what else it has as floats."""
    found = [row for row in model.REGIONS if kinds.form(row[c.KIND]) == "float"]
    volts = [
        (address + 2 * (base + p.V1 - pid), 3)
        for address, count, _, pid in found
        for base in (p.PRESENTED, p.PRIMARY, p.SECONDARY)
        if pid <= base + p.V1 and base + p.V3 < pid + count // 2
    ]
    others = [(row[c.ADDRESS], min(3, row[c.REGISTERS] // 2)) for row in found]
    for address, count in volts + others:
        return f"-t 4:float -B -0 -r 0x{address:04X} -c {count}"
    return f"-t 4:hex -0 -r 0x{model.REGIONS[0][c.ADDRESS]:04X} -c 1"
