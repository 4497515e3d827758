"""`fourquad log`: what the data logs hold, and a log as a file."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from fourquad_tools.options import OptionError
from fourquad_tools.strict import finite
from fourquad_tools.utility.arguments import add_line, open_meter
from fourquad_tools.utility.errors import UtilityError
from fourquad_tools.utility.output import columns, note, progress, tell

MODES = ("endless", "from start to end", "daily")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    # "?" would not be looked for after an option
    parser.add_argument("log", nargs="*", metavar="LOG", help="1, 2 or 3; without: what they hold")
    parser.add_argument("--output", metavar="FILE", help="default: logN.csv")
    parser.add_argument("--format", choices=("csv", "json", "parquet"), help="default: as FILE is named")
    parser.add_argument(
        "--record", metavar="NAME,NAME", help="let LOG record these values from now on; erases it"
    )
    parser.add_argument("--off", action="store_true", help="let LOG record nothing; erases it")
    parser.add_argument("--every", metavar="MIN", type=int, default=1, help="with --record: minutes (1)")
    parser.add_argument("--sectors", metavar="N", type=int, default=10, help="with --record: of 64 KB (10)")
    parser.add_argument(
        "--no-crc", action="store_true", help="do not look at the checksums (meters that have another one)"
    )
    add_line(parser)


def run(options: argparse.Namespace) -> int:
    """The command. What is here already is kept in FILE.part, and the same command goes on with it."""
    if not options.log:
        return _overview(options)
    if len(options.log) > 1 or options.log[0] not in ("1", "2", "3"):
        raise OptionError("which log? 1, 2 or 3")
    options.log = int(options.log[0])
    return _record(options) if options.record or options.off else _download(options)


def _overview(options: argparse.Namespace) -> int:
    from fourquad_tools.utility.log_layout import LOGS, read_layout, read_status

    if options.output:
        raise OptionError("which log? 1, 2 or 3")
    meter = open_meter(options)
    try:
        found = [(read_status(meter, log), read_layout(meter, log)) for log in range(1, LOGS + 1)]
    finally:
        meter.close()
    told: list[dict[str, Any]] = [
        {
            "log": layout.log,
            "records": status.used,
            "most": status.most,
            "record_bytes": status.size,
            "first": status.first.isoformat() if status.first and status.used else None,
            "last": status.last.isoformat() if status.last and status.used else None,
            "interval_min": layout.interval,
            "sectors": layout.sectors,
            "mode": layout.mode,
            "columns": [item.name for item in layout.items],
        }
        for status, layout in found
    ]
    if options.json:
        tell({"logs": told})
        return 0
    rows = [("log", "records", "of", "first", "last", "every", "mode", "columns")]
    for one in told:
        on = one["interval_min"] and one["sectors"] and one["columns"]
        mode = MODES[one["mode"]] if one["mode"] < len(MODES) else str(one["mode"])
        rows.append(
            (
                str(one["log"]),
                str(one["records"]),
                str(one["most"]),
                one["first"] or "-",
                one["last"] or "-",
                f"{one['interval_min']} min" if on else "off",
                mode,
                " ".join(one["columns"]),
            )
        )
    columns(rows, right=(1, 2))
    return 0


def _record(options: argparse.Namespace) -> int:
    from fourquad_tools.utility.log_setup import MOST_MINUTES, MOST_SECTORS, loggable, record

    if options.record and options.off:
        raise OptionError("--record or --off")
    for name, value, most in (
        ("--every", options.every, MOST_MINUTES),
        ("--sectors", options.sectors, MOST_SECTORS),
    ):
        if not 1 <= value <= most:
            raise OptionError(f"{name}: 1 to {most}")
    meter = open_meter(options)
    try:
        items = loggable(meter.map, options.record) if options.record else []
        changed = record(meter, options.log, items, options.sectors, options.every)
    finally:
        meter.close()
    names = [entry.name for entry in items]
    if options.json:
        tell({"log": options.log, "columns": names, "changed": changed})
    elif changed:
        note(f"log {options.log} is erased and " + (f"records {', '.join(names)}" if names else "off"))
    else:
        note(f"log {options.log} did so already")
    return 0


def _download(options: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from fourquad_tools.utility import log_file
    from fourquad_tools.utility.log_layout import read_layout, read_status
    from fourquad_tools.utility.log_window import Reader

    path = Path(options.output or f"log{options.log}.csv")
    form = log_file.format_of(path, options.format)
    meter = open_meter(options)
    part = None
    try:
        status, layout = read_status(meter, options.log), read_layout(meter, options.log)
        if not status.used:
            raise UtilityError(f"log {options.log} is empty")
        if status.size != layout.size:
            raise UtilityError(
                f"log {options.log}: records are {status.size} bytes, its settings make {layout.size}"
            )
        energy_side = meter.energy_side
        part = _opened(log_file.Part, path, layout, options)
        before = part.count
        if before:
            note(f"{before} records are here already, in {part.path}")
        reader = Reader(meter, layout, not options.no_crc, time.sleep)
        shape = (
            TextColumn("log {task.fields[log]}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*shape, console=Console(stderr=True), disable=not progress(options.json)) as bar:
            task = bar.add_task("", total=status.used, log=options.log)
            for records in reader.records(part.last):
                if records:
                    part.add(records)
                bar.update(task, completed=part.count, total=max(reader.total, part.count))
        log_file.export(path, form, layout, part.records(), energy_side)
        total = part.count
        part.remove()
    except (UtilityError, KeyboardInterrupt):
        if part is not None and part.count:
            note(f"{part.count} records are kept in {part.path}; the same command goes on")
        raise
    except OSError as error:
        raise UtilityError(f"{error.filename or path}: {error.strerror}") from None
    finally:
        if part is not None:
            part.close()
        meter.close()
    told = {
        "log": options.log,
        "records": total,
        "new": total - before,
        "file": str(path),
        "lost": reader.lost,
        "damaged": reader.damaged,
    }
    if options.json:
        tell(finite(told))
        return 0
    note(f"{total} records in {path}")
    if reader.damaged:
        note(f"{reader.damaged} records are not in it: the meter itself has lost them")
    if reader.lost:
        note("the meter has erased records between this download and the one before it")
    return 0


def _opened(kind: Any, path: Path, layout: Any, options: argparse.Namespace) -> Any:
    return kind(path.with_name(path.name + ".part"), layout, options.model, not options.no_crc)
