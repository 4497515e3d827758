"""The MIB of a model's SNMP objects, made from its tables: docs/<model>/<MODULE>.mib (RFC 2578-2580)."""

from __future__ import annotations

import importlib
import textwrap
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from fourquad import points as p
from fourquad.models.services.snmp import EXAMPLE_ENTERPRISE
from fourquad.points import circuit_names
from fourquad.points.names import POINTS
from fourquad.protocols import snmp

_HEAD = """{module} DEFINITIONS ::= BEGIN

-- Made by `fourquad docs` from lib/fourquad/models/{name}; do not edit.

IMPORTS
    MODULE-IDENTITY, OBJECT-TYPE, NOTIFICATION-TYPE, Integer32, Unsigned32, enterprises
        FROM SNMPv2-SMI
    TEXTUAL-CONVENTION
        FROM SNMPv2-TC
    MODULE-COMPLIANCE, OBJECT-GROUP, NOTIFICATION-GROUP
        FROM SNMPv2-CONF;

{name} MODULE-IDENTITY
    LAST-UPDATED "{updated}"
    ORGANIZATION "The Fourquad authors"
    CONTACT-INFO "The project's repository"
    DESCRIPTION
{about}
    REVISION "{updated}"
    DESCRIPTION "The first."
    ::= {{ fourquad {number} }}

fourquad OBJECT IDENTIFIER ::= {{ enterprises {enterprise} }}
{name}Notifications OBJECT IDENTIFIER ::= {{ {name} 0 }}
{name}Objects OBJECT IDENTIFIER ::= {{ {name} 1 }}
{name}Conformance OBJECT IDENTIFIER ::= {{ {name} 2 }}
{name}Groups OBJECT IDENTIFIER ::= {{ {name}Conformance 1 }}
{name}Compliances OBJECT IDENTIFIER ::= {{ {name}Conformance 2 }}
"""

# Columns of TABLES (models/kw320/snmp_names.py).
_GROUP, _NAME, _COLUMNS = 0, 2, 5
_HIDDEN = "not-accessible"
_HINTS = {10: "Tenths", 100: "Hundredths", 1000: "Thousandths"}
_KNOWN = {pid: about for pid, *about in POINTS + circuit_names.POINTS}


def documents(name: str, model: ModuleType) -> dict[str, str]:
    """File below docs/ and what it must hold; nothing for a model whose objects have no names."""
    try:
        words = importlib.import_module(f"{model.__name__}.snmp_names")
    except ImportError:
        return {}
    return {f"{name}/{words.MODULE}.mib": of(name).text()}


def of(name: str) -> Mib:
    """That of a model that has one."""
    modules = [
        importlib.import_module(f"fourquad.models.{name}.{each}") for each in ("snmp", "snmp_names", "names")
    ]
    return Mib(name, *modules)


class Mib:
    """Of one model."""

    def __init__(self, name: str, tables: ModuleType, words: ModuleType, names: ModuleType) -> None:
        self._name = name
        self._names = names
        self._tables = tables
        self._words = words

    def text(self) -> str:
        """The file."""
        words = self._words
        parts = [
            _HEAD.format(
                module=words.MODULE,
                name=self._name,
                number=self._tables.MODEL,
                enterprise=EXAMPLE_ENTERPRISE,
                updated=words.UPDATED,
                about=_quoted(words.ABOUT, 8),
            )
        ]
        parts += [_convention(word, digits) for digits, word in enumerate(_HINTS.values(), 1)]
        groups = []
        for number, group, about in words.GROUPS:
            base = f"{self._name}{group}"
            parts.append(f"\n-- {about}\n{base} OBJECT IDENTIFIER ::= {{ {self._name}Objects {number} }}\n")
            objects = list(self._scalars(number, base))
            for row in words.TABLES:
                if row[_GROUP] == number:
                    objects += self._table(row, base)
            parts += [text for _, text in objects]
            groups.append((f"{base}Group", [each for each, _ in objects if each], about))
        parts += self._notifications()
        parts += self._conformance(groups)
        parts.append("\nEND\n")
        return "".join(parts)

    def objects(self) -> Iterator[tuple[tuple[int, ...], str]]:
        """(arcs below the model's objects, name) of every object that can be read."""
        for number, _, _ in self._words.GROUPS:
            yield from (((number, at), self._scalar(pid)) for at, pid, _, _ in self._points(number))
        for group, table, name, _, indexes, columns in self._words.TABLES:
            for i, (column, *_) in enumerate(columns):
                yield (group, table, 1, len(indexes) + 1 + i), f"{self._name}{name}{column}"

    def _points(self, number: int) -> Iterator[tuple[int, int, int | None, int]]:
        """(arc, point, scale, tag) of the scalars of a group."""
        for row in self._tables.OBJECTS:
            prefix, first, count = row[snmp.PREFIX], row[snmp.FIRST_A], row[snmp.COUNT_A]
            if len(prefix) == 1 and prefix[0] == number:
                for i in range(count):
                    yield first + i, row[snmp.POINT] + i * row[snmp.STEP_A], row[snmp.SCALE], row[snmp.TAG]

    def _known(self, pid: int) -> tuple[str, str, float]:
        if p.PRESENTED <= pid < p.PRESENTED + p.READINGS:
            pid += p.SECONDARY - p.PRESENTED
        name, unit, scale = _KNOWN[pid]
        return name, unit, scale

    def _meaning(self, pid: int, name: str) -> str:
        energies = getattr(self._names, "ENERGIES", ())
        for first, titles in ((p.PRESENTED, self._names.READINGS), (p.ENERGY, energies)):
            if first <= pid < first + len(titles):
                return str(titles[pid - first][0])
        return name.replace(".", " ").replace("_", " ")

    def _scalar(self, pid: int) -> str:
        name = self._known(pid)[0]
        words = name.replace(".", "_").split("_")
        if words[0] in ("secondary", "energy", "state"):
            words = words[1:]
        return self._name + "".join(word[0].upper() + word[1:] for word in words)

    def _scalars(self, number: int, base: str) -> Iterator[tuple[str, str]]:
        for at, pid, scale, tag in self._points(number):
            name, unit, own = self._known(pid)
            about = self._words.MEANINGS.get(name) or self._meaning(pid, name)
            counts = scale if scale not in (None, 1) else None if own == 1 else round(1 / own)
            if tag == snmp.GAUGE:
                unit = f"{1 / counts:g} {unit}" if counts else unit
                counts = None
            if pid in range(p.ENERGY, p.ENERGY + p.ENERGIES):
                unit = f"0.1 {_unit(unit)} or {_unit(unit)[1:]}"
            kind = "Unsigned32" if tag == snmp.GAUGE else "Integer32"
            yield (
                self._scalar(pid),
                _object(self._scalar(pid), _HINTS.get(counts or 0, kind), unit, about, base, at),
            )

    def _table(self, row: tuple, base: str) -> Iterator[tuple[str, str]]:
        _, number, name, about, indexes, columns = row
        name = self._name + name
        kind = name[0].upper() + name[1:] + "Entry"
        hidden = f"    MAX-ACCESS {_HIDDEN}"
        current = "    STATUS current"
        yield (
            "",
            _lines(
                f"{name}Table OBJECT-TYPE",
                f"    SYNTAX SEQUENCE OF {kind}",
                hidden,
                current,
                f'    DESCRIPTION "A row each: {about}"',
                f"    ::= {{ {base} {number} }}",
            ),
        )
        yield (
            "",
            _lines(
                f"{name}Entry OBJECT-TYPE",
                f"    SYNTAX {kind}",
                hidden,
                current,
                f'    DESCRIPTION "{about}"',
                f"    INDEX {{ {', '.join(name + index for index, _, _ in indexes)} }}",
                f"    ::= {{ {name}Table 1 }}",
            ),
        )
        fields = [(index, "Integer32") for index, _, _ in indexes]
        fields += [(column, self._syntax(row, i)) for i, (column, *_) in enumerate(columns)]
        inside = ",\n".join(f"    {name}{field} {syntax}" for field, syntax in fields)
        yield "", _lines(f"{kind} ::= SEQUENCE {{", inside, "}")
        for at, (index, highest, meaning) in enumerate(indexes, 1):
            syntax = f"Integer32 (1..{highest})"
            yield "", _object(f"{name}{index}", syntax, "", meaning, f"{name}Entry", at, _HIDDEN)
        for i, (column, unit, _, meaning) in enumerate(columns):
            field = f"{name}{column}"
            at = len(indexes) + 1 + i
            text = _object(field, self._syntax(row, i), unit, meaning or column.lower(), f"{name}Entry", at)
            yield field, text

    def _syntax(self, row: tuple, i: int) -> str:
        """What a column of a table is."""
        group, number, _, _, indexes, columns = row
        arc = len(indexes) + 1 + i
        for run in self._tables.OBJECTS:
            place = tuple(run[snmp.PREFIX])
            high = run[snmp.FIRST_A] + run[snmp.COUNT_A]
            there = place == (group, number, 1) and run[snmp.FIRST_A] <= arc < high
            if there or place == (group, number, 1, arc):
                return "Unsigned32" if run[snmp.TAG] == snmp.GAUGE else _HINTS.get(columns[i][2], "Integer32")
        raise ValueError(f"no object for {row[_NAME]} {columns[i][0]}")

    def _notifications(self) -> Iterator[str]:
        for i, (name, table, about) in enumerate(self._words.NOTIFICATIONS, 1):
            (row,) = (each for each in self._words.TABLES if each[_NAME] == table)
            yield _lines(
                f"{self._name}{name} NOTIFICATION-TYPE",
                _listed("OBJECTS", [f"{self._name}{table}{column[0]}" for column in row[_COLUMNS]]),
                "    STATUS current",
                f'    DESCRIPTION "{about}"',
                f"    ::= {{ {self._name}Notifications {i} }}",
            )

    def _conformance(self, groups: list[tuple[str, list[str], str]]) -> Iterator[str]:
        name = self._name
        for i, (group, objects, about) in enumerate(groups, 1):
            yield _lines(
                f"{group} OBJECT-GROUP",
                _listed("OBJECTS", objects),
                "    STATUS current",
                "    DESCRIPTION",
                _quoted(about, 8),
                f"    ::= {{ {name}Groups {i} }}",
            )
        yield _lines(
            f"{name}NotificationGroup NOTIFICATION-GROUP",
            _listed("NOTIFICATIONS", [name + each for each, _, _ in self._words.NOTIFICATIONS]),
            "    STATUS current",
            '    DESCRIPTION "What is told as it comes."',
            f"    ::= {{ {name}Groups {len(groups) + 1} }}",
        )
        yield _lines(
            f"{name}Compliance MODULE-COMPLIANCE",
            "    STATUS current",
            '    DESCRIPTION "What every meter has."',
            "    MODULE",
            _listed("MANDATORY-GROUPS", [group for group, _, _ in groups] + [f"{name}NotificationGroup"]),
            f"    ::= {{ {name}Compliances 1 }}",
        )


def _lines(*lines: str) -> str:
    return "\n" + "\n".join(lines) + "\n"


def _unit(text: str) -> str:
    return text.rpartition(" ")[2]


def _convention(name: str, digits: int) -> str:
    return (
        f'\n{name} ::= TEXTUAL-CONVENTION\n    DISPLAY-HINT "d-{digits}"\n    STATUS current\n'
        f'    DESCRIPTION "A count is {10**-digits:g} of the unit."\n    SYNTAX Integer32\n'
    )


def _object(
    name: str, syntax: str, unit: str, about: Any, parent: str, at: int, access: str = "read-only"
) -> str:
    units = f'    UNITS "{unit}"\n' if unit else ""
    return (
        f"\n{name} OBJECT-TYPE\n    SYNTAX {syntax}\n{units}    MAX-ACCESS {access}\n    STATUS current\n"
        f"    DESCRIPTION\n{_quoted(about, 8)}\n    ::= {{ {parent} {at} }}\n"
    )


def _listed(word: str, names: list[str]) -> str:
    inside = textwrap.fill(", ".join(names), 100, initial_indent=8 * " ", subsequent_indent=8 * " ")
    return f"    {word} {{\n{inside}\n    }}"


def _quoted(text: str, indent: int) -> str:
    return textwrap.fill(f'"{text}"', 100, initial_indent=indent * " ", subsequent_indent=indent * " ")
