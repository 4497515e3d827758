"""`fourquad events`: alarms, the sequence of events, sags and swells, logs of what happened to a meter."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from fourquad_tools.options import OptionError
from fourquad_tools.utility import book_records
from fourquad_tools.utility.arguments import add_line, open_meter
from fourquad_tools.utility.errors import ILLEGAL_ADDRESS, Refused, UtilityError
from fourquad_tools.utility.meter import Meter, number
from fourquad_tools.utility.output import columns, note, tell

KINDS = ("alarms", "soe", "quality", *book_records.LOGS[1:])


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    # choices would refuse that there is none
    parser.add_argument(
        "kinds", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)}; without: all there are"
    )
    parser.add_argument("--csv", action="store_true", help="CSV, of one KIND")
    add_line(parser)


def run(options: argparse.Namespace) -> int:
    """The command."""
    for kind in options.kinds:
        if kind not in KINDS:
            raise OptionError(f"{kind}: events are {', '.join(KINDS)}")
    if options.csv and (len(options.kinds) != 1 or options.json):
        raise OptionError("--csv is of one KIND, and without --json")
    meter = open_meter(options)
    try:
        found = _found(meter, options)
    finally:
        meter.close()
    if options.json:
        tell({"events": found})
    elif options.csv:
        rows = found[options.kinds[0]]
        writer = csv.DictWriter(
            sys.stdout, list(rows[0]) if rows else ["number", "time"], lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)
    else:
        _show(found)
    return 0


def _found(meter: Meter, options: argparse.Namespace) -> dict[str, list[dict[str, Any]]]:
    from fourquad_tools.utility import event_records

    readers: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "alarms": lambda: event_records.alarms(meter, options.model),
        "soe": lambda: event_records.sequence(meter),
        "quality": lambda: event_records.quality(meter),
    }

    if book_records.has(options.model):
        for kind in book_records.LOGS:
            readers[kind] = partial(book_records.read, meter, options.model, kind)

    def read(kind: str) -> list[dict[str, Any]] | None:
        if kind not in readers:
            return None
        try:
            return readers[kind]()
        except Refused as refusal:
            if refusal.code != ILLEGAL_ADDRESS:
                raise
            return None

    found = {kind: read(kind) for kind in options.kinds or KINDS}
    for kind in options.kinds:
        if found[kind] is None:
            raise UtilityError(f"this meter has no events of this kind: {kind}")
    return {kind: events for kind, events in found.items() if events is not None}


def _show(found: dict[str, list[dict[str, Any]]]) -> None:
    for kind, rows in found.items():
        if not rows:
            note(f"{kind}: none")
            continue
        print(f"{kind}:")
        lines = [tuple(rows[0])]
        lines += [tuple(_cell(value) for value in row.values()) for row in rows]
        columns(lines, right=(0,))


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else number(value)
