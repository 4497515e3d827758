"""A backup that the web pages of a meter gave away (docs/web-api.md), as settings of `fourquad config`."""

from __future__ import annotations

import hashlib
import re

from fourquad_tools.options import OptionError
from fourquad_tools.strict import parse_json
from fourquad_tools.utility.entries import Entry, Map
from fourquad_tools.utility.meter import Reading, decode

FORMAT = 3  # the newest that is known: settings are the same in all
_BEGIN = re.compile(rb'\{\s*"format":\s*(\d+)')


def is_backup(data: bytes) -> bool:
    """Whether it is one, of any format."""
    return _BEGIN.match(data) is not None


def from_backup(data: bytes, known: Map, name: str) -> list[tuple[str, str, str]]:
    """(where, name, value as a person writes it) of each setting that has a register; passwords, which only
    the meter can open, stay as they are. OptionError: it is newer, of another model, or damaged.
    """
    found = _BEGIN.match(data)
    if found and int(found[1]) > FORMAT:
        raise OptionError(f"it is of a newer firmware (format {int(found[1])})")
    try:
        told = parse_json(data)
    except ValueError as error:
        raise OptionError(f"no configuration: {error}") from None
    if told.get("model") != name:
        raise OptionError(f"it is of a {str(told.get('model'))[:20]!r}, the meter is a {name} (--model)")
    whole, mark, _ = data.partition(b'"sum":')
    if not mark or told.get("sum") != hashlib.sha256(whole).hexdigest():
        raise OptionError("it is damaged, cut short or changed by hand")
    settings = told.get("settings")
    if not isinstance(settings, dict):
        raise OptionError("no configuration: it has no settings")
    out = []
    for key, value in settings.items():
        entry = known.by_point.get(int(key)) if key.isdigit() and len(key) < 7 else None
        if entry is not None and entry.writable:
            out.append(("settings", entry.name, _text(entry, value)))
    return out


def _text(entry: Entry, value: object) -> str:
    """The value of a point as a person writes it."""
    if entry.kind == "text" and isinstance(value, str):
        return value
    if not isinstance(value, int) or isinstance(value, bool):
        raise OptionError(f"{entry.name}: {value!r} is no value of it")
    if entry.codes:
        if not 0 <= value < len(entry.codes):
            raise OptionError(f"{entry.name}: {value} is no value of it")
        value = entry.codes[value]
    words = (value & 0xFFFF,) if entry.registers == 1 else (value >> 16 & 0xFFFF, value & 0xFFFF)
    return Reading(entry, words, decode(entry, words)).text
