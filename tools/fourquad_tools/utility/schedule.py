"""`fourquad schedule`: a meter's time-of-use tables as a readable file, and back: all of them or none."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fourquad import points as p
from fourquad.billing.tariff import NAMES
from fourquad.points import billing as b
from fourquad.points import columns as c
from fourquad_tools.options import OptionError
from fourquad_tools.utility.arguments import add_line, agreed, open_meter
from fourquad_tools.utility.errors import NotRestored, UtilityError
from fourquad_tools.utility.meter import Meter
from fourquad_tools.utility.output import note, save, tell

# Registers of the block, from its first on (fourquad/billing/schedule.py).
_NUMBER = 1
_LENGTH = 2
_REGISTERS = 40
_NO_HOLIDAYS = b"\0"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    export = actions.add_parser("export", help="the schedule as a file")
    export.add_argument("file", nargs="*", metavar="FILE", help="standard output if it is left out")
    add_line(export)
    back = actions.add_parser("import", help="a file to the meter")
    back.add_argument("file", nargs="*", metavar="FILE")
    back.add_argument("--yes", action="store_true", help="without asking")
    back.add_argument("--dry-run", action="store_true", help="only say which tables differ")
    add_line(back)


def run(options: argparse.Namespace) -> int:
    """The command."""
    if len(options.file) > 1 or (options.action == "import" and not options.file):
        raise OptionError("one FILE")
    path = Path(options.file[0]) if options.file else None
    return _export(options, path) if path is None or options.action == "export" else _import(options, path)


def place(meter: Meter) -> int:
    """The first register of the tables. OptionError: the model has none."""
    for row in meter.map.model.REGIONS:
        if row[c.POINT] == p.SCHEDULE:
            return int(row[c.ADDRESS])
    raise OptionError("this model has no schedule in its registers")


def read(meter: Meter) -> tuple[bool, list[bytes]]:
    """Whether there is time of use, and all tables."""
    first = place(meter)
    on, tables = False, []
    for number in range(b.TABLES):
        meter.link.write(first + _NUMBER, (number,))
        words = meter.link.read(first, _REGISTERS)
        length = words[_LENGTH]
        data = b"".join(word.to_bytes(2, "big") for word in words[_LENGTH + 1 :])
        # another master may look at another table at the same time
        if words[_NUMBER] != number or length > len(data):
            raise UtilityError(f"the meter shows table {words[_NUMBER]} instead of {number}")
        on = bool(words[0])
        tables.append(data[:length])
    return on, tables


def _write_table(meter: Meter, number: int, table: bytes) -> None:
    data = table + b"\0" * (len(table) % 2)
    words = [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
    meter.link.write(place(meter) + _NUMBER, (number, len(table), *words))


def _write(meter: Meter, old: list[bytes], new: list[bytes]) -> None:
    """Write what differs; a year moves from one table to another by way of an empty one."""
    differing = [number for number in range(b.TABLES) if old[number] != new[number]]
    for number in differing:
        if number >= b.HOLIDAYS and old[number] != _NO_HOLIDAYS:
            _write_table(meter, number, _NO_HOLIDAYS)
    for number in differing:
        if number < b.HOLIDAYS or new[number] != _NO_HOLIDAYS:
            _write_table(meter, number, new[number])


def apply(meter: Meter, on: bool, tables: list[bytes]) -> None:
    """Make the schedule that of the meter. UtilityError: it is as before; NotRestored: it is not."""
    was, before = read(meter)
    try:
        _write(meter, before, tables)
        if on != was:
            meter.link.write(place(meter), (int(on),))
        if read(meter) != (on, tables):
            raise UtilityError("the meter took it and has another schedule")
    except (UtilityError, KeyboardInterrupt) as error:
        why = str(error) or "interrupted"
        try:
            _write(meter, read(meter)[1], before)
            if on != was:
                meter.link.write(place(meter), (int(was),))
        except (UtilityError, KeyboardInterrupt) as second:
            raise NotRestored(f"{why}; not taken back: {str(second) or 'interrupted'}") from None
        raise


def _name(number: int) -> str:
    """What a table is called."""
    return f"{NAMES[number]} {number + 1}" if number < b.SEASONS else NAMES[number]


def _export(options: argparse.Namespace, path: Path | None) -> int:
    from fourquad_tools.utility import schedule_file

    meter = open_meter(options)
    try:
        text = schedule_file.write(*read(meter))
    finally:
        meter.close()
    if path:
        save(path, text)
    if options.json:
        tell({"schedule": schedule_file.parse_json(text.encode())})
    elif path:
        note(f"the schedule in {path}")
    else:
        sys.stdout.write(text)
    return 0


def _import(options: argparse.Namespace, path: Path) -> int:
    from fourquad_tools.utility import schedule_file

    try:
        on, tables = schedule_file.parse(path.read_bytes())
    except OSError as error:
        raise OptionError(f"{path}: {error.strerror}") from None
    except OptionError as error:
        raise OptionError(f"{path}: {error}") from None
    meter = open_meter(options)
    try:
        was, before = read(meter)
        changed = [_name(n) for n in range(b.TABLES) if before[n] != tables[n]]
        changed = [*dict.fromkeys(changed), *(["time of use"] if was != on else [])]
        if not options.json:
            note("differs: " + ", ".join(changed) if changed else "no difference")
        done = bool(changed) and not options.dry_run and agreed(options)
        if done:
            apply(meter, on, tables)
    finally:
        meter.close()
    if options.json:
        tell({"changed": changed, "applied": done})
    elif done:
        note("the schedule is the meter's")
    return 0
