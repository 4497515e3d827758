"""`fourquad watch`: values again and again, as a live table, CSV or JSON lines."""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

from fourquad_tools.options import OptionError
from fourquad_tools.strict import finite
from fourquad_tools.utility.arguments import add_line, open_meter
from fourquad_tools.utility.entries import Entry
from fourquad_tools.utility.errors import NoAnswer
from fourquad_tools.utility.meter import Meter, Reading
from fourquad_tools.utility.read import wanted

LONGEST_S = 86_400.0
Look = tuple[datetime, list[Reading] | None]


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    parser.add_argument("what", nargs="*", metavar="WHAT", help="names, patterns or addresses, as for read")
    parser.add_argument(
        "--every", metavar="S", type=_seconds, default=1.0, help="seconds between two looks (1)"
    )
    parser.add_argument("--count", metavar="N", type=int, help="looks; default: until Ctrl-C")
    parser.add_argument(
        "--csv", action="store_true", help="CSV instead of a table; --json: a line of JSON each"
    )
    add_line(parser)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= LONGEST_S:
        raise argparse.ArgumentTypeError(f"{text!r} is not in 0 to {LONGEST_S:g} s")
    return value


def looks(
    meter: Meter, entries: list[Entry], every: float, count: int | None, sleep: Callable[[float], Any]
) -> Iterator[Look]:
    """The time and the values of each look; no values where nobody answered."""
    due = time.monotonic()
    n = 0
    while count is None or n < count:
        when = datetime.now(timezone.utc)
        try:
            yield when, meter.read(entries)
        except NoAnswer:
            yield when, None
        n += 1
        due = max(due + every, time.monotonic() - every)
        if count is None or n < count:
            sleep(max(0.0, due - time.monotonic()))


def run(options: argparse.Namespace) -> int:
    """The command; 1 if nobody answered the last look."""
    if options.csv and options.json:
        raise OptionError("--csv or --json")
    if options.count is not None and options.count < 1:
        raise OptionError("--count: 1 or more")
    meter = open_meter(options)
    try:
        items = wanted(meter.map, options.what)
        entries = [item for item in items if isinstance(item, Entry)]
        if len(entries) < len(items):
            raise OptionError(
                "only values that the map names can be watched; `fourquad read` reads any register"
            )
        show = _csv if options.csv else _jsonl if options.json else _table
        answered = show(entries, looks(meter, entries, options.every, options.count, time.sleep))
    finally:
        meter.close()
    return 0 if answered else 1


def _stamp(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _csv(entries: list[Entry], found: Iterator[Look]) -> bool:
    answered = False
    writer = csv.writer(sys.stdout, lineterminator="\n")
    titles = [f"{entry.name} [{entry.unit}]" if entry.unit else entry.name for entry in entries]
    writer.writerow(["time", *titles])
    for when, readings in found:
        values = [reading.value for reading in readings] if readings else [""] * len(entries)
        writer.writerow([_stamp(when), *values])
        sys.stdout.flush()
        answered = readings is not None
    return answered


def _jsonl(entries: list[Entry], found: Iterator[Look]) -> bool:
    answered = False
    for when, readings in found:
        values = {reading.entry.name: reading.value for reading in readings} if readings else None
        print(
            json.dumps({"ok": readings is not None, "time": _stamp(when), "values": finite(values)}),
            flush=True,
        )
        answered = readings is not None
    return answered


def _table(entries: list[Entry], found: Iterator[Look]) -> bool:
    answered = False
    from rich.console import Console
    from rich.live import Live
    from rich.table import Table

    least: dict[str, Any] = {}
    most: dict[str, Any] = {}
    last: list[Reading] = []
    with Live(console=Console(), auto_refresh=False) as live:
        for when, readings in found:
            last = readings or last
            for reading in readings or ():
                name, value = reading.entry.name, reading.value
                if isinstance(value, (int, float)):
                    least[name] = min(least.get(name, value), value)
                    most[name] = max(most.get(name, value), value)
            caption = _stamp(when) + ("" if readings else "  no answer")
            table = Table(caption=caption)
            for title in ("name", "value", "unit", "least", "most", "address"):
                table.add_column(title, justify="right" if title in ("value", "least", "most") else "left")
            for reading in last:
                entry = reading.entry
                ends = [f"{end[entry.name]:.7g}" if entry.name in end else "" for end in (least, most)]
                table.add_row(entry.name, reading.text, entry.unit, *ends, entry.hex)
            live.update(table, refresh=True)
            answered = readings is not None
    return answered
