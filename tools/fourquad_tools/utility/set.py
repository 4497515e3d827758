"""`fourquad set`: change settings by name, in their units, or give a command."""

from __future__ import annotations

import argparse

from fourquad_tools.options import OptionError
from fourquad_tools.utility.arguments import add_line, open_meter
from fourquad_tools.utility.changes import Change, apply
from fourquad_tools.utility.entries import Entry
from fourquad_tools.utility.meter import Meter, Reading
from fourquad_tools.utility.output import columns, tell


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    parser.add_argument(
        "what",
        nargs="+",
        metavar="NAME=VALUE",
        help="such as ct1=100A, pt1=10kV, wiring_u=3LN; a command: clear_energy=act; all of them or none",
    )
    add_line(parser)


def changes(meter: Meter, what: list[str]) -> list[Change]:
    """What is asked for, against what the meter has now."""
    wanted: list[tuple[Entry, tuple[int, ...]]] = []
    for text in what:
        name, equals, value = text.partition("=")
        if not equals:
            raise OptionError(f"{text}: must be NAME=VALUE")
        entry = meter.map.one(name.strip())
        if any(entry is other for other, _ in wanted):
            raise OptionError(f"{entry.name}: given twice")
        try:
            wanted.append((entry, meter.words(entry, value)))
        except ValueError as error:
            raise OptionError(f"{entry.name} ({entry.hex}): {error}") from None
    readings = meter.read([entry for entry, _ in wanted])
    return [Change(r.entry, r.words, words) for r, (_, words) in zip(readings, wanted, strict=True)]


def run(options: argparse.Namespace) -> int:
    """The command."""
    meter = open_meter(options)
    try:
        made = changes(meter, options.what)
        apply(meter, made)
        told = [
            (
                Reading(change.entry, change.old, meter.value(change.entry, change.old)),
                Reading(change.entry, change.new, meter.value(change.entry, change.new)),
            )
            for change in made
        ]
    finally:
        meter.close()
    if options.json:
        tell({"set": {new.entry.name: {"was": old.value, **new.as_dict()} for old, new in told}})
        return 0
    columns([(new.entry.name, old.text, "->", new.text, new.entry.unit) for old, new in told], right=(1, 3))
    return 0
