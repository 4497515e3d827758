"""Documents made from a model's tables: docs/<model>/registers.md and settings.md (`fourquad docs`)."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from fourquad import points as p
from fourquad.models import load
from fourquad.points import columns as c
from fourquad_tools import tables
from fourquad_tools.pages import (
    bacnet_docs,
    bacnet_ip_docs,
    cycle_docs,
    dnp3_docs,
    iec_docs,
    matrix_docs,
    mib_docs,
    own,
    terminal_docs,
    tree_docs,
)

SHOWN = tables.Line._fields.index("kind")  # what comes before is shown
_BITS = (("Relays, functions 01 and 05", "COILS"), ("Digital inputs, function 02", "INPUTS"))
_MADE = "<!-- Made by `fourquad docs` from lib/fourquad/models/{name}; do not edit. -->\n"

_REGISTERS = """# {title}: Modbus registers

Register numbers are the addresses on the wire. Function 03 reads up to 125 registers, across the sections
below as long as no address is unmapped; 10H (16) writes up to 123, within one section at a time; 06 is a 10H
of one register. 32-bit values and floats have the high word first; half of one cannot be written (exception
02).

| exception | means |
|---|---|
| 01 | function code not among {functions} |
| 02 | an address not in these tables or read-only, half of a 32-bit value, two sections in one write |
| 03 | a value outside its range, a wrong count or length |
| 04 | {forbidden} |

A refused request stores nothing. Broadcasts (address 0) are executed and not answered. A request found more
than 150 ms after its end is dropped. Of requests that follow each other without silence the last is answered.
Registers marked *always* cannot be written while the seal is closed; those with *bit n* only if that bit of
the seal options ({options}) is 0.
"""

_ALL_FUNCTIONS = (1, 2, 3, 5, 6, 16)
_FORBIDDEN = "sealed, or of an I/O module that is not connected"

_SETTINGS = """# {title}: settings and commands

Values as the registers hold them; a unit such as 0.1 V means that 4000 is 400.0 V. Sealed *always*: whenever
the seal is closed; *bit n*: if that bit of the seal options is set too.
"""


def write(root: Path, names: list[str]) -> list[Path]:
    """Write the documents of the models under `root`/docs; the files that changed."""
    changed = []
    for name in names:
        for path, text in documents(name).items():
            target = root / "docs" / path
            if not target.exists() or target.read_text() != text:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
                changed.append(target)
    return changed


def run(root: Path, names: list[str]) -> int:
    """The command; `root` is a checkout of the project."""
    if not (root / "lib" / "fourquad" / "models").is_dir():
        print(f"{root}: no checkout of the project here", file=sys.stderr)
        return 2
    for path in write(root, names):
        print(path.relative_to(root))
    terminal_docs.write(root)
    return 0


def documents(name: str) -> dict[str, str]:
    """File below docs/, and what it must hold."""
    model = importlib.import_module(f"fourquad.models.{name}")
    words = importlib.import_module(f"fourquad.models.{name}.names")
    made = _MADE.format(name=name)
    pages = {}
    if hasattr(model, "REGIONS"):
        pages[f"{name}/registers.md"] = made + _registers(model, words)
        pages[f"{name}/settings.md"] = made + _settings(model, words)
    if hasattr(model, "CODES"):
        pages[f"{name}/codes.md"] = made + iec_docs.page(name, model, words)
    if own.panel(name) == "lists":
        pages[f"{name}/display.md"] = made + matrix_docs.page(name)
    if own.panel(name) == "cycle":
        pages[f"{name}/display.md"] = made + cycle_docs.page(name)
    if own.panel(name) == "tree":
        pages[f"{name}/display.md"] = made + tree_docs.page(name)
    for version, _, more in getattr(model, "VARIANTS", ()):
        if more:
            pages[f"{name}/{version}.md"] = made + _besides(load(version))
    for option, more in getattr(model, "OPTIONS", ()):
        pages[f"{name}/{more}.md"] = made + _besides(load(name, options=(option,)))
    others = {**dnp3_docs.documents(model), **bacnet_docs.documents(name, model, words)}
    others |= bacnet_ip_docs.documents(name)
    pages.update({path: made + text for path, text in others.items()})
    pages.update(mib_docs.documents(name, model))
    return pages


def _table(head: str, rows: list[str]) -> str:
    columns = head.count("|") - 1
    return "\n".join([head, "|" + "---|" * columns, *rows]) + "\n"


def _registers(model: ModuleType, words: ModuleType) -> str:
    lines = tables.lines(model, words)
    places = {line.point: tables.span(line.address, 1) for line in lines}
    options = places.get(p.SETTING + p.SEAL_OPTIONS, "panel only")
    head = _REGISTERS.format(
        title=model.NAME.upper(),
        options=options,
        functions=", ".join(f"{code:02X}" for code in getattr(model, "FUNCTIONS", _ALL_FUNCTIONS)) + "H",
        forbidden=getattr(words, "FORBIDDEN", _FORBIDDEN),
    )
    parts = [head, *_sections(lines, words.SECTIONS)]
    lines = [
        line for line in lines if not any(low <= line.address <= high for _, low, high, _ in words.SECTIONS)
    ]
    if lines:
        raise ValueError(f"no section for {lines[0].address:04X}H")
    rows = [
        f"| {title} | {tables.span(first, count)} |"
        for title, name in _BITS
        for first, count, _ in getattr(model, name, ())
    ]
    if rows:
        parts.append(f"\n## Bits\n\n{words.BITS}\n\n" + _table("| bits | addresses |", rows))
    return "".join(parts)


def _sections(lines: list[tables.Line], sections: tuple) -> Iterator[str]:
    """A section for each of (title, first address, last address, text)."""
    for title, low, high, about in sections:
        rows = [
            f"| {tables.span(line.address, line.registers)} | {' | '.join(map(str, line[2:SHOWN]))} |"
            for line in lines
            if low <= line.address <= high
        ]
        head = "| address | register | type | unit, range, meaning | access | sealed |"
        text = f"{about}\n\n" if about else ""
        yield f"\n## {title}\n\n{text}" + _table(head, rows)


def _besides(model: Any) -> str:
    """The page of what a version of a model, or one with an option, has besides."""
    (more,) = model.more
    own = importlib.import_module(more.__name__ + "_names")
    lines = tables.lines(model, tables.words(model))
    head = f"# {own.TITLE}\n\nRegisters of a `{model.NAME}` besides [those of every one](registers.md).\n"
    return head + "".join(_sections(lines, own.SECTIONS))


def _settings(model: ModuleType, words: ModuleType) -> str:
    names = {offset: about for offset, *about in words.SETTINGS}
    settings = {row[c.OFFSET]: row for row in model.SETTINGS}
    places = {row[c.POINT] - p.SETTING: tables.span(*row[: c.KIND]) for row in model.SETTING_REGISTERS}
    places |= dict(getattr(words, "PLACES", ()))
    kinds = {row[c.POINT] - p.SETTING: row[c.KIND] for row in model.SETTING_REGISTERS}
    rows = []
    for offset, (title, unit, meaning) in names.items():
        row = settings[offset]
        cells = (
            places.get(offset, "panel only"),
            title,
            tables.wire_default(row, kinds.get(offset)),
            tables.wire_limits(row, kinds.get(offset)),
            unit,
            meaning,
            tables.seal(model, row[c.SEAL]),
        )
        rows.append(f"| {' | '.join(cells)} |")
    head = "| address | setting | default | range | unit | meaning | sealed |"
    parts = [_SETTINGS.format(title=model.NAME.upper()), "\n", _table(head, rows)]
    titles = dict(words.COMMANDS)
    seals = {row[c.OFFSET]: row[c.SEAL] for row in model.COMMANDS}
    rows = [
        f"| {address:04X}H | {titles[pid - p.COMMAND]} | {act:02X}H | "
        f"{', '.join(tables.hexadecimal(idle))} | {tables.seal(model, seals[pid - p.COMMAND])} |"
        for address, _, _, pid, act, idle in model.COMMAND_REGISTERS
    ]
    head = "| address | command | acts | without effect (the first is read) | sealed |"
    parts += ["\n## Commands\n\n", _table(head, rows)]
    rows = []
    for name, defaults, *_ in getattr(model, "CT_TYPES", ()):
        named = (f"{names[offset][0].split(',')[0]} {value}" for offset, value in defaults)
        rows.append(f"| {name} | {', '.join(named)} |")
    if rows:
        parts += ["\n## Defaults by type of current input\n\n", _table("| type | defaults |", rows)]
    rows = []
    for first, count, _, pid in model.REGIONS:
        if pid == p.DNP3:  # settings that a port has for itself
            places |= {pid - p.SETTING + i: tables.span(first + 2 * i, 2) for i in range(count // 2)}
    for name, _, protocol, *offsets, speaks in model.PORTS:
        spoken = [what for what, _ in speaks]
        if protocol is not None:
            spoken = [f"{places[protocol]}: {', '.join(f'{n} {what}' for n, what in enumerate(spoken))}"]
        where = [places[offset] if offset is not None else "" for offset in offsets]
        rows.append(f"| {name} | {' | '.join([*spoken, *where])} |")
    head = "| port | protocol | address | baud rate | parity |"
    parts += [f"\n## Ports\n\n{words.PORTS}\n\n", _table(head, rows)]
    return "".join(parts)
