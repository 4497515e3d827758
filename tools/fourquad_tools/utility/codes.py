"""`info`, `read`, `clock`, `config export` of a meter with codes of IEC 62056-21 instead of registers."""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from fourquad_tools.options import OptionError, model
from fourquad_tools.utility.arguments import host_and_port
from fourquad_tools.utility.output import columns, note, save, tell

if TYPE_CHECKING:
    from fourquad_tools.utility.code_link import CodeLink

DATA_SET = re.compile(r"(?:\d+-\d+:)?([^()\s]*)\(([^()*]*)(?:\*([^()]*))?\)(?:\((\d{10})\))?")
ABOUT = (
    "0.0.0",
    "0.0.2",
    "0.2.0",
    "0.9.4",
    "0.1.0",
    "F.F",
    "96.14.0",
    "14.7.0",
    "32.7.0",
    "31.7.0",
    "16.7.0",
    "1.8.0",
)
MOMENT = "0.9.4"


def open_code_link(options: argparse.Namespace) -> CodeLink:
    """The line that the options name."""
    from fourquad_tools.utility.code_link import CodeLink

    if options.net or not (options.port or options.tcp):
        raise OptionError("where is the meter? --port DEVICE or --tcp HOST:PORT")
    where = options.port
    if options.tcp:
        where = "socket://{}:{}".format(*host_and_port("--tcp", options.tcp, None))
    if not (options.number.isascii() and len(options.number) <= 32):
        raise OptionError("--number: the number of a meter")
    return CodeLink(where, options.number)


def parse(text: str) -> dict[str, dict[str, Any]]:
    """Code to value, unit and time of the data sets in a text; what has a unit is a number."""
    out: dict[str, dict[str, Any]] = {}
    for code, value, unit, when in DATA_SET.findall(text):
        if not code:
            continue
        found: Any = value
        if unit:
            try:
                found = float(value)
            except ValueError:
                found = value
        out[code] = {"value": found, "unit": unit, **({"time": when} if when else {})}
    return out


def _titles(name: str) -> dict[str, tuple[str, str]]:
    words = importlib.import_module(f"fourquad.models.{name}.names")
    return dict(words.CODES)


def _tables(options: argparse.Namespace) -> ModuleType:
    tables: ModuleType = model(options.model).CODES
    return tables


def _show(options: argparse.Namespace, values: dict[str, dict[str, Any]], more: dict[str, Any]) -> None:
    if options.json:
        tell({**more, "values": values})
        return
    titles = _titles(options.model)
    rows = [(key, str(value), "", "") for key, value in more.items()]
    rows += [
        (code, str(one["value"]), one["unit"], " ".join((titles.get(code, ("", ""))[0], one.get("time", ""))))
        for code, one in values.items()
    ]
    columns(rows, right=(1,))


def read(options: argparse.Namespace) -> int:
    """Codes, or the whole data readout."""
    link = open_code_link(options)
    try:
        if not options.what:
            values = parse(link.readout())
        else:
            link.begin()
            values = {}
            for code in options.what:
                values |= parse(link.read(code))
    finally:
        link.close()
    _show(options, values, {})
    return 0


def info(options: argparse.Namespace) -> int:
    """Which meter this is."""
    known = {code for code, *_ in _tables(options).CODES}
    link = open_code_link(options)
    try:
        link.begin()
        values: dict[str, dict[str, Any]] = {}
        for code in ABOUT:
            if code in known or code == "1.8.0":
                values |= parse(link.read(code))
    finally:
        link.close()
    _show(options, values, {"model": options.model, "identification": link.identification})
    return 0


def clock(options: argparse.Namespace) -> int:
    """Show the clock, or set it with the first password."""
    link = open_code_link(options)
    try:
        link.begin()
        if options.to is not None:
            utc = datetime.now(timezone.utc)
            now = (utc if options.utc else utc.astimezone()).replace(tzinfo=None)
            when = now if options.to == datetime.max else options.to
            link.password(options.password)
            link.write(MOMENT, when.strftime("%y%m%d%H%M%S"))
        text = parse(link.read(MOMENT))[MOMENT]["value"]
    finally:
        link.close()
    shown = datetime.strptime(text[-12:], "%y%m%d%H%M%S").isoformat()
    if options.json:
        tell({"clock": shown})
    else:
        columns([("meter", shown.replace("T", " "))])
    return 0


def export(options: argparse.Namespace) -> int:
    """What can be written, as it is now."""
    from fourquad_tools.utility.code_link import Denied

    titles = _titles(options.model)
    link = open_code_link(options)
    values: dict[str, str] = {}

    def look(code: str) -> None:
        try:
            values[code] = link.read(code)
        except Denied as denied:
            if "ER10" not in str(denied):  # commands and passwords are only written
                raise

    try:
        link.begin()
        for code, _, _, _, _, level in _tables(options).CODES:
            if level and not code.startswith("0.9."):
                look(code)
    finally:
        link.close()
    lines = [
        f"# What can be set of a meter with codes, by `fourquad config export`.\nmodel = {options.model}\n"
    ]
    for code, text in values.items():
        title, form = titles.get(code, ("", ""))
        value = text.partition("(")[2].rstrip(")").replace("*", " ")
        lines.append(f"{code} = {value}  # {'; '.join(part for part in (title, form) if part)}\n")
    if options.file:
        save(Path(options.file), "".join(lines))
    if options.json:
        tell({"model": options.model, "settings": {code: parse(text)[code] for code, text in values.items()}})
    elif options.file:
        note(f"{len(values)} settings in {options.file}")
    else:
        sys.stdout.write("".join(lines))
    return 0
