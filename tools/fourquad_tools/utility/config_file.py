"""The file of a meter's settings: a line each, in words and units, as `set` takes them."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence

from fourquad.protocols.modbus import kinds
from fourquad_tools import tables
from fourquad_tools.options import OptionError
from fourquad_tools.strict import parse_json, whole
from fourquad_tools.utility.backup_file import from_backup, is_backup
from fourquad_tools.utility.entries import Entry, Map, folder
from fourquad_tools.utility.meter import Reading

HEAD = "# A configuration by `fourquad config export`: NAME = VALUE; what follows # is for people.\n"
HEAD += "# Passwords of network services are not in it, because no meter tells them.\n"
ADDRESSES = 0x1000  # a list with such numbers is one of registers
MOST_IN_LIST = 1000
_NUMBERED = re.compile(r"\.(\d+)$")
LONGEST = 10_000_000  # bytes


def write(known: Map, name: str, readings: Sequence[Reading]) -> str:
    """The text of a configuration."""
    parts = [HEAD, f"model = {name}\n"]
    sections = [(low, high, title) for title, low, high, _ in known.words.SECTIONS]
    present = ""
    for run in _runs(sorted(readings, key=lambda reading: reading.entry.address)):
        entry = run[0].entry
        section = next((title for low, high, title in sections if low <= entry.address <= high), "Others")
        if section != present:
            parts.append(f"\n[{section}]\n")
            present = section
        title = entry.title if len(run) == 1 else entry.title.removesuffix(", 1")
        about = "; ".join(part for part in (title, entry.about) if part)
        if len(run) == 1:
            parts.append(f"{entry.name} = {_value(run[0])}  # {entry.hex}: {about}\n")
        else:
            where = tables.span(entry.address, len(run) * entry.registers)
            parts.append(f"{_NUMBERED.sub('', entry.name)} = {_list(run)}  # {where}: {about}\n")
    return "".join(parts)


def _runs(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Values that are numbered under one name, together; others alone."""
    out: list[list[Reading]] = []
    for reading in readings:
        found = _NUMBERED.search(reading.entry.name)
        if found and out and int(found[1]) == len(out[-1]) + 1:
            before = out[-1][-1].entry
            same = _NUMBERED.sub("", before.name) == _NUMBERED.sub("", reading.entry.name)
            if same and before.address + before.registers == reading.entry.address:
                out[-1].append(reading)
                continue
        out.append([reading])
    return out


def _list(run: Sequence[Reading]) -> str:
    """Values of a run, each as often as it stands there; addresses as the manuals write them."""
    high = run[0].entry.form == "word" and any(one.value >= ADDRESSES for one in run)
    texts = [f"{one.value:04X}H" if high else str(one.value) for one in run]
    counted = [(text, len(list(group))) for text, group in itertools.groupby(texts)]
    return " ".join(text if count == 1 else f"{text}*{count}" for text, count in counted)


def _value(reading: Reading) -> str:
    if reading.entry.kind in kinds.TEXTS:
        return json.dumps(reading.value)
    # a number with its word, such as "0 (sent at once)", has no unit
    unit = "" if reading.text.endswith(")") else reading.entry.unit
    return f"{reading.text} {unit}".rstrip()


def parse(data: bytes, known: Map, name: str) -> list[tuple[Entry, str]]:
    """The settings in a file of ours, in the JSON that `--json` made, or in a backup of the web pages.
    OptionError names the line.
    """
    if len(data) > LONGEST:
        raise OptionError("no configuration: it is too long")
    read = _from_json if data.lstrip()[:1] == b"{" else _from_text
    pairs = read(data, name) if not is_backup(data) else from_backup(data, known, name)
    out: list[tuple[Entry, str]] = []
    seen = set()
    for where, key, value in _single(pairs, known):
        entry = known.by_name.get(key)
        if entry is None or not entry.is_setting:
            raise OptionError(f"{where}: {_name(key)} is no setting of this model")
        if key in seen:
            raise OptionError(f"{where}: {_name(key)} is there twice")
        seen.add(key)
        out.append((entry, value))
    if not out:
        raise OptionError("no settings in it")
    return out


def _single(pairs: list[tuple[str, str, str]], known: Map) -> Iterator[tuple[str, str, str]]:
    """The pairs with lists taken apart."""
    for where, key, value in pairs:
        exact = known.by_name.get(key)
        if (exact and exact.is_setting) or f"{key}.1" not in known.by_name:
            yield where, key, value
            continue
        number = 0
        for item in value.split():
            text, _, count = item.partition("*")
            often = whole(count, 1, MOST_IN_LIST) if count else 1
            if often is None or number + often > MOST_IN_LIST:
                raise OptionError(f"{where}: {_name(item)} stands for no number of values")
            for _ in range(often):
                number += 1
                yield where, f"{key}.{number}", text


def _name(key: str) -> str:
    """A name of a file, as it may be shown."""
    return "".join(letter if letter.isprintable() else "?" for letter in key[:60])


def _model(where: str, found: object, name: str) -> None:
    if not isinstance(found, str) or folder(found) != folder(name):
        raise OptionError(f"{where}: it is of a {_name(str(found)[:20])}, the meter is a {name} (--model)")


def _from_text(data: bytes, name: str) -> list[tuple[str, str, str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OptionError("no configuration: not a text in UTF-8") from None
    out = []
    model = None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith(("#", "[")):
            continue
        where = f"line {number}"
        key, equals, value = (part.strip() for part in line.partition("="))
        if not equals or not key:
            raise OptionError(f"{where}: must be NAME = VALUE")
        value = _plain(value, where)
        if key == "model":
            model = value
            _model(where, model, name)
        else:
            out.append((where, key, value))
    if model is None:
        raise OptionError("no configuration: it does not say of which model")
    return out


def _plain(value: str, where: str) -> str:
    """A value without its comment, a text without its quotes."""
    if not value.startswith('"'):
        return value.partition("#")[0].strip()
    try:
        text, end = json.JSONDecoder().raw_decode(value)
    except json.JSONDecodeError:
        raise OptionError(f"{where}: its text has no end") from None
    if value[end:].strip() and not value[end:].strip().startswith("#"):
        raise OptionError(f"{where}: something follows its text")
    return str(text)


def _from_json(data: bytes, name: str) -> list[tuple[str, str, str]]:
    try:
        found = parse_json(data)
    except ValueError as error:
        raise OptionError(f"no configuration: {error}") from None
    settings = found.get("settings")
    _model("model", found.get("model"), name)
    if not isinstance(settings, dict):
        raise OptionError("no configuration: it has no settings")
    out = []
    for key, one in settings.items():
        value = one.get("value") if isinstance(one, dict) else one
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise OptionError(f"{_name(key)}: its value is neither a number nor a text")
        out.append(("settings", key, value if isinstance(value, str) else repr(value)))
    return out
