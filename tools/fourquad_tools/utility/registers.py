"""`fourquad registers`: the register map of a model, for people and for programs."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from typing import Any

from fourquad_tools.utility.arguments import add_json, add_model
from fourquad_tools.utility.entries import Entry, Map, parse_address

FIELDS = (
    "hex",
    "decimal",
    "registers",
    "name",
    "title",
    "type",
    "unit",
    "scale",
    "access",
    "sealed",
    "about",
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    add_model(parser)
    add_json(parser)
    parser.add_argument("--format", choices=("csv", "json", "md"), default=None, help="default: csv")
    parser.add_argument("what", nargs="*", metavar="WHAT", help="only these: names, patterns or titles")


def row_of(entry: Entry) -> dict[str, Any]:
    """One row of the map."""
    form = "signed" if entry.signed and entry.form == "word" else entry.form
    values = (f"{entry.address:04X}H", entry.address, entry.registers, entry.name, entry.title, form)
    access = "R/W" if entry.writable else "R"
    more = (entry.unit, entry.scale, access, entry.seal, entry.about)
    return dict(zip(FIELDS, values + more, strict=True))


def text(rows: list[dict[str, Any]], form: str) -> str:
    """The map in one of the formats."""
    if form == "json":
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    if form == "csv":
        out = io.StringIO()
        writer = csv.DictWriter(out, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()
    lines = [f"| {' | '.join(FIELDS)} |", "|" + "---|" * len(FIELDS)]
    lines += [f"| {' | '.join(str(row[field]) for field in FIELDS)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _found(known: Map, what: str) -> list[Entry]:
    return known.find(what) if parse_address(what) is None else [known.one(what)]


def run(options: argparse.Namespace) -> int:
    """The command."""
    known = Map(options.model)
    entries = [entry for what in options.what for entry in _found(known, what)] or known.entries
    rows = [row_of(entry) for entry in sorted(entries, key=lambda entry: entry.address)]
    if options.json:
        json.dump({"ok": True, "model": options.model, "registers": rows}, sys.stdout, ensure_ascii=False)
        print()
        return 0
    sys.stdout.write(text(rows, options.format or "csv"))
    return 0
