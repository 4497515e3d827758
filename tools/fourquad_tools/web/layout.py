"""What the pages show of a model, for the browser: its pages, menu, and what its settings are called.

Only a PC has the names of settings; so the layout is a file that the server gives away.
"""

from __future__ import annotations

import importlib
import re
from types import ModuleType
from typing import Any

from fourquad import points as p
from fourquad.models import VARIANT_OF, load
from fourquad.points import columns as c
from fourquad_tools.tables import words

MOST_CASES = 20  # values that are chosen by name

_CASE = re.compile(r"(\d+) ([^,;:]+)")
_SCALED = re.compile(r"([\d.]+) (.+)")
_OCTET = re.compile(r"(.*), (\d)\. number")
_BIT_RANGE = re.compile(r"bit 0 (.*?)(\d+)( and \d+)? \.\.\. bit (\d+)")
_OF_REGISTERS = re.compile(r"word first|see the codes|^$")
_BIT = re.compile(r"bit (\d+) ([^,;]+)")


def layout(folder: str) -> dict[str, Any]:
    """Of a model: `pages` by route, `menu`, `settings` by id, `lists` that several of them share, `ratios` of
    primary and secondary side, the id of the `reset` of the module.
    """
    tables = importlib.import_module(f"fourquad.models.{folder}.web_pages")
    pages = dict(tables.PAGES)
    groups: dict[str, list[str]] = {}
    for route in pages:
        group, _, rest = route.rpartition("/")
        groups.setdefault(group.capitalize() if rest else "", []).append(route)
    menu = [[title, routes] for title, routes in groups.items()]
    named = settings(folder)
    for offset, more in tables.FIELDS:
        field = named[str(p.SETTING + offset)]
        field.pop("m", None)
        field.update({"o": named[more["as"]]["o"]} if "as" in more else more)
    told = {"name": folder.upper(), "menu": menu, "pages": pages, "settings": named}
    return {**told, "lists": tables.LISTS, "ratios": tables.RATIOS, "reset": tables.RESET}


def versions(folder: str) -> list[ModuleType]:
    """All versions of a model, each with all its options."""
    base = importlib.import_module(f"fourquad.models.{folder}")
    names = [folder, *[name for name, of in VARIANT_OF if of == folder and name != folder]]
    return [load(name, options=[name for name, _ in getattr(base, "OPTIONS", ())]) for name in names]


def settings(folder: str) -> dict[str, dict[str, Any]]:
    """By the id: `l` label, `u` unit and `s` what one count is of it, `m` meaning, `o` the values' names, `b`
    those of bits, `k` the kind where it is one of its own ("address": with the three after it).
    """
    found: dict[str, dict[str, Any]] = {}
    for model in versions(folder):
        told = {offset: about for offset, *about in words(model).SETTINGS}
        for row in model.SETTINGS + getattr(model, "TEXTS", ()):
            offset = row[c.OFFSET]
            if offset in told:
                is_text = isinstance(row[c.DEFAULT], bytes)
                found.setdefault(str(p.SETTING + offset), named(row, *told[offset], is_text=is_text))
    return found


def named(row: tuple, label: str, unit: str, meaning: str, is_text: bool) -> dict[str, Any]:
    """What the page says of one setting."""
    octet = _OCTET.fullmatch(label)
    if octet:
        return {"l": octet[1], "k": "address"} if octet[2] == "1" else {"k": "part"}
    told: dict[str, Any] = {"l": label}
    scale = _SCALED.fullmatch(unit)
    if scale:
        told.update(u=scale[2], s=float(scale[1]))
    elif unit:
        told["u"] = unit
    hint = {} if _OF_REGISTERS.search(meaning) else {"m": meaning}
    if is_text:
        return {**told, **hint}
    if of_bits := bits(meaning, label, row[c.HIGH]):
        return {**told, "b": of_bits}
    if of_values := cases(meaning, row):
        switch = of_values == [[0, "off"], [1, "on"]] and not meaning.startswith("0 off")
        return {**told, "o": of_values, **(hint if switch else {})}
    return {**told, **hint}


def cases(meaning: str, row: tuple) -> list[list[Any]]:
    """The names of the values, if all have one: "0 manual, 1 automatic"."""
    allowed = row[c.CHOICES] or range(row[c.LOW], row[c.HIGH] + 1)
    if len(allowed) > MOST_CASES:
        return []
    names = {int(number): name.strip() for number, name in reversed(_CASE.findall(meaning))}
    if (row[c.LOW], row[c.HIGH]) == (0, 1) and not set(names) >= {0, 1}:
        return [[0, "off"], [1, "on"]]
    if not all(value in names for value in allowed):
        return []
    return [[value, names[value]] for value in allowed]


def bits(meaning: str, label: str, high: int) -> list[str]:
    """The names of the bits, from bit 0 on: "bit 0 port 1, bit 1 port 2"."""
    those = _BIT_RANGE.search(meaning)
    if those:
        step = 2 if those[3] else 1
        found = [(those[1], int(those[2]) + step * i) for i in range(int(those[4]) + 1)]
        return [f"{word}{n} and {n + 1}" if those[3] else f"{word}{n}" for word, n in found]
    if meaning.startswith("bit n"):
        first = re.search(r"([A-Z]+)(\d+)-", label)
        count = high.bit_length()
        return [f"{first[1]}{int(first[2]) + i}" if first else f"{i + 1}" for i in range(count)]
    names = dict(_BIT.findall(meaning))
    return [names[str(i)] for i in range(len(names))] if len(names) == high.bit_length() > 0 else []
