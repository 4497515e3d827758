"""Records of events in the meter's registers: alarms, the sequence of events, power quality (KW320 manual
4.4, 4.6, 6.3.7, 6.3.8).
"""

from __future__ import annotations

import importlib
import struct
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fourquad import points as p
from fourquad_tools.utility.entries import folder, unit_of
from fourquad_tools.utility.errors import UtilityError
from fourquad_tools.utility.meter import Meter

ALARM_NEWEST = 0x1032
ALARMS = 0x42A9
ALARM_RECORDS, ALARM_WORDS = 16, 10
SOE_NEWEST = 0x1033
SOE = 0x4399
SOE_RECORDS, SOE_WORDS = 20, 8
SOE_MODULE = 0x4439
QUALITY = 0x8CFD  # newest, first to read, events to read, events
QUALITY_HEAD = 3
QUALITY_WORDS, QUALITY_MOST = 8, 10
TRIES = 5

Event = dict[str, Any]


def stamp(words: Sequence[int]) -> str | None:
    """Year, month, day, hour, minute, second, ms as ISO 8601; None if they are no time."""
    year, month, day, hour, minute, second, ms = words
    try:
        when = datetime(year, month, day, hour, minute, second, 1000 * ms)
    except ValueError:
        return None
    return when.isoformat(timespec="milliseconds")


def _ring(records: list[list[int]], newest: int) -> list[tuple[int, list[int]]]:
    """(number, words) from the oldest to the newest; places that were never written are zeros."""
    order = [*range(newest, len(records)), *range(newest)]
    return [(n + 1, records[n]) for n in order if any(records[n])]


def _read(meter: Meter, address: int, count: int, each: int) -> list[list[int]]:
    words: list[int] = []
    while len(words) < count * each:
        part = min(120, count * each - len(words))
        words += meter.link.read(address + len(words), part)
    return [words[i : i + each] for i in range(0, len(words), each)]


def alarms(meter: Meter, model: str) -> list[Event]:
    """The alarm records, the oldest first."""
    newest = meter.link.read(ALARM_NEWEST, 1)[0]
    if newest > ALARM_RECORDS:
        raise UtilityError(f"{ALARM_NEWEST:04X}H: {newest} is no number of an alarm record")
    codes = _codes(model)
    return [
        _alarm(number, words, codes)
        for number, words in _ring(_read(meter, ALARMS, ALARM_RECORDS, ALARM_WORDS), newest)
    ]


def _codes(model: str) -> tuple[tuple[str, str], ...]:
    """(name, unit) of what an alarm may watch."""
    try:
        module = importlib.import_module(f"fourquad.models.{folder(model)}.alarm_names")
    except ModuleNotFoundError:
        return ()
    return tuple(module.CODES)


def _alarm(number: int, words: list[int], codes: tuple[tuple[str, str], ...]) -> Event:
    status, code, value, *when = words
    name, about = codes[code] if code < len(codes) else (f"code {code}", "")
    unit, scale = unit_of(about)
    if "signed" in about:
        value -= (value & 0x8000) << 1
    return {
        "number": number,
        "time": stamp(when),
        "what": name,
        "code": code,
        "value": value if scale == 1 else round(value * scale, 6),
        "unit": unit,
        "state": "alarm" if status & 1 else "recovered",
        "pair": bool(status & 2),
    }


def sequence(meter: Meter) -> list[Event]:
    """The sequence of events, the oldest first: the inputs of one module, with the change's time."""
    newest = meter.link.read(SOE_NEWEST, 1)[0]
    if newest > SOE_RECORDS:
        raise UtilityError(f"{SOE_NEWEST:04X}H: {newest} is no number of an event")
    module = meter.link.read(SOE_MODULE, 1)[0]
    known = meter.map.by_point.get(p.SETTING + p.SOE_MODULE)
    name = dict(known.choices).get(module, str(module)) if known else str(module)
    return [
        {"number": number, "time": stamp(words[:7]), "module": name, "inputs": f"{words[7]:06b}"}
        for number, words in _ring(_read(meter, SOE, SOE_RECORDS, SOE_WORDS), newest)
    ]


def quality(meter: Meter) -> list[Event]:
    """Sags and swells, the oldest first. A full log renumbers its events; then it is read anew."""
    for _ in range(TRIES):
        found = _quality(meter)
        if found is not None:
            return [_sag_or_swell(number, words) for number, words in enumerate(found, 1)]
    raise UtilityError("events come faster than they can be read")


def _quality(meter: Meter) -> list[list[int]] | None:
    out: list[list[int]] = []
    newest = meter.link.read(QUALITY, 1)[0]
    while len(out) < newest:
        # the last one once more: it must still be where it was
        first = max(1, len(out))
        count = min(QUALITY_MOST, newest - first + 1)
        meter.link.write(QUALITY + 1, [first, count])
        words = meter.link.read(QUALITY, QUALITY_HEAD + count * QUALITY_WORDS)
        if words[1:QUALITY_HEAD] != [first, count]:
            return None  # another master reads them too
        page = [
            words[QUALITY_HEAD + i * QUALITY_WORDS : QUALITY_HEAD + (i + 1) * QUALITY_WORDS]
            for i in range(count)
        ]
        if out and page[0] != out[-1]:
            return None
        out += page[1:] if out else page
        newest = words[0]
    return out


def _sag_or_swell(number: int, words: list[int]) -> Event:
    pairs = struct.pack(">3H", *words[:3])
    mask = words[4]
    sags = [f"U{k + 1}" for k in range(3) if mask >> k & 1]
    swells = [f"U{k + 1}" for k in range(3) if mask >> (k + 3) & 1]
    what = [f"{name} {' '.join(phases)}" for name, phases in (("sag", sags), ("swell", swells)) if phases]
    return {
        "number": number,
        "time": stamp((2000 + pairs[0], *pairs[1:], words[3])),
        "what": ", ".join(what),
        "rated_V": words[5],
        "threshold_percent": words[6],
        "half_cycles": words[7],
    }
