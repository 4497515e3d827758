"""`fourquad config`: a meter's settings as a readable file, and back: all of them or none."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fourquad_tools.options import OptionError
from fourquad_tools.utility.arguments import add_codes, add_line, agreed, has_codes, open_meter
from fourquad_tools.utility.changes import Change, apply, of_ports
from fourquad_tools.utility.entries import Entry
from fourquad_tools.utility.errors import ILLEGAL_ADDRESS, NotRestored, Refused, UtilityError
from fourquad_tools.utility.meter import Meter, Reading
from fourquad_tools.utility.output import columns, note, save, tell


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    export = actions.add_parser("export", help="the settings as a file")
    # "?" would not be looked for after an option
    export.add_argument("file", nargs="*", metavar="FILE", help="standard output if it is left out")
    add_line(export)
    add_codes(export)
    back = actions.add_parser("import", help="a file to the meter; the difference is shown before")
    back.add_argument("file", nargs="*", metavar="FILE")
    back.add_argument("--yes", action="store_true", help="without asking")
    back.add_argument("--dry-run", action="store_true", help="only show the difference")
    add_line(back)


def run(options: argparse.Namespace) -> int:
    """The command."""
    if len(options.file) > 1:
        raise OptionError("one FILE")
    options.file = options.file[0] if options.file else None
    return _export(options) if options.action == "export" else _import(options)


def secret(entry: Entry) -> bool:
    """Whether the meter tells it to nobody."""
    return bool(entry.kind == "secret")


def settings(meter: Meter) -> list[Reading]:
    """All settings that the meter has and tells, but of what is not there (a port, a module)."""
    wanted = [entry for entry in meter.map.entries if entry.is_setting and entry.writable]
    wanted = [entry for entry in wanted if not secret(entry)]
    return _if_there(meter, wanted) or [
        reading for group in _groups(wanted) for reading in _if_there(meter, group)
    ]


def _if_there(meter: Meter, group: list[Entry]) -> list[Reading]:
    try:
        return meter.read(group)
    except Refused as refusal:
        if refusal.code != ILLEGAL_ADDRESS:
            raise
        return []


def _groups(entries: list[Entry]) -> list[list[Entry]]:
    """Entries whose addresses follow each other."""
    out: list[list[Entry]] = []
    for entry in sorted(entries, key=lambda entry: entry.address):
        if out and out[-1][-1].address + out[-1][-1].registers == entry.address:
            out[-1].append(entry)
        else:
            out.append([entry])
    return out


def _export(options: argparse.Namespace) -> int:
    if has_codes(options):
        from fourquad_tools.utility import codes

        return codes.export(options)
    from fourquad_tools.utility import config_file

    meter = open_meter(options)
    try:
        found = settings(meter)
    finally:
        meter.close()
    text = config_file.write(meter.map, options.model, found)
    if options.file:
        save(Path(options.file), text)
    if options.json:
        tell({"model": options.model, "settings": {one.entry.name: one.as_dict() for one in found}})
    elif options.file:
        note(f"{len(found)} settings in {options.file}")
    else:
        sys.stdout.write(text)
    return 0


def _words(meter: Meter, entry: Entry, text: str) -> tuple[int, ...]:
    try:
        return meter.words(entry, text)
    except ValueError as error:
        raise OptionError(f"{entry.name}: {error}") from None


def difference(meter: Meter, wanted: list[tuple[Entry, str]]) -> list[Change]:
    """What would change. OptionError: a value that cannot be; UtilityError: a setting that is not there."""
    made = [(entry, _words(meter, entry, text)) for entry, text in wanted]
    present = {reading.entry: reading.words for reading in settings(meter)}
    # what is told to nobody counts as another value
    present |= {entry: (0,) * entry.registers for entry, _ in made if secret(entry)}
    absent = [entry.name for entry, _ in made if entry not in present]
    if absent:
        raise UtilityError(f"this meter does not have {', '.join(absent[:6])}")
    return [Change(entry, present[entry], words) for entry, words in made if present[entry] != words]


def _import(options: argparse.Namespace) -> int:
    from fourquad_tools.utility import config_file

    if not options.file:
        raise OptionError("import: which FILE?")
    path = Path(options.file)
    before = path.with_name(path.name + ".before")
    if before.exists() and not options.dry_run:
        raise OptionError(
            f"{before} is what the meter had before an import that was cut short: import it, or remove it"
        )
    meter = open_meter(options)
    try:
        try:
            wanted = config_file.parse(path.read_bytes(), meter.map, options.model)
        except OSError as error:
            raise OptionError(f"{path}: {error.strerror}") from None
        except OptionError as error:
            raise OptionError(f"{path}: {error}") from None
        changes = difference(meter, wanted)
        shown = [_shown(meter, change) for change in changes]
        if not options.json:
            _show(shown)
        done = bool(changes) and not options.dry_run and agreed(options)
        if done:
            save(before, config_file.write(meter.map, options.model, settings(meter)))
            try:
                apply(meter, changes)
                _verify(meter, changes)
            except NotRestored:
                note(f"what the meter had before is in {before}")
                raise
            except (UtilityError, KeyboardInterrupt):
                before.unlink()
                raise
            before.unlink()
    finally:
        meter.close()
    if options.json:
        names = ("name", "was", "becomes", "unit")
        tell({"changes": [dict(zip(names, one, strict=False)) for one in shown], "applied": done})
    elif done:
        note(f"{len(changes)} settings changed")
    return 0


def _shown(meter: Meter, change: Change) -> tuple[str, str, str, str, str]:
    old = Reading(change.entry, change.old, meter.value(change.entry, change.old))
    new = Reading(change.entry, change.new, meter.value(change.entry, change.new))
    warning = "clears" if "clears" in change.entry.about else ""
    about = f"({change.entry.about.rpartition(';')[2].strip()})" if warning else ""
    return change.entry.name, old.text, new.text, change.entry.unit, about


def _show(shown: list[tuple[str, str, str, str, str]]) -> None:
    if not shown:
        note("no difference")
        return
    columns([(name, old, "->", new, unit, about) for name, old, new, unit, about in shown], right=(1, 3))


def _verify(meter: Meter, changes: list[Change]) -> None:
    """Whether the meter has what it took; a port that was changed may be elsewhere by now."""
    ports = of_ports(meter)
    if any(change.entry.point in ports for change in changes):
        return
    kept = [change for change in changes if not secret(change.entry)]
    for change, reading in zip(kept, meter.read([change.entry for change in kept]), strict=True):
        if reading.words != change.new:
            apply(meter, [Change(one.entry, one.new, one.old) for one in changes])
            raise UtilityError(
                f"{change.entry.name}: the meter took it and has {reading.text}; all is as before"
            )
