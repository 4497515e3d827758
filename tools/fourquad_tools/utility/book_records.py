"""Logs of what happened to a meter: alarms, maximum demands, changes, openings of the cover."""

from __future__ import annotations

from fourquad import points as p
from fourquad.points import billing as b
from fourquad.points import book as k
from fourquad.points import names
from fourquad_tools.options import model
from fourquad_tools.utility.errors import UtilityError
from fourquad_tools.utility.event_records import Event, stamp
from fourquad_tools.utility.meter import Meter

# In the order of their registers.
LOGS = ("alarms", "demands", "program", "cover")
MOST = 120
WHAT = {
    k.OVER_RANGE: "over range",
    k.IN_RANGE: "back in range",
    k.MAXIMUM: "maximum demand",
    k.SETTING: "setting",
    k.PRESET: "preset",
    k.CLEARED: "cleared",
    k.CLOCK_SET: "clock set",
    k.TABLES: "tariff tables written",
    k.PERMITTED: "permission given",
    k.REFUSED: "wrong password",
    k.NEW_PASSWORD: "new password",
    k.OPENED: "opened",
    k.CLOSED: "closed",
}
# Of the maxima: name, unit, scale.
DEMANDS = {
    b.ACTIVE_NET: ("active power", "W", 0.1),
    b.REACTIVE_NET: ("reactive power", "var", 0.1),
    b.APPARENT: ("apparent power", "VA", 0.1),
    b.CURRENT_1: ("current A", "A", 0.001),
    b.CURRENT_2: ("current B", "A", 0.001),
    b.CURRENT_3: ("current C", "A", 0.001),
}
READINGS = {
    **{p.SECONDARY + p.V1 + i: (f"voltage {'ABC'[i]}", "V", 0.1) for i in range(3)},
    **{p.SECONDARY + p.I1 + i: (f"current {'ABC'[i]}", "A", 0.001) for i in range(3)},
}
VALUED = (k.OVER_RANGE, k.IN_RANGE, k.MAXIMUM, k.SETTING, k.PRESET)


def first(name: str) -> int | None:
    """The register where the logs of a model begin; None where it has none."""
    rows = getattr(model(name), "REGIONS", ())
    return next((address for address, _, _, pid in rows if pid == p.EVENT_LOGS), None)


def has(name: str) -> bool:
    """Whether the model has such logs."""
    return first(name) is not None


def read(meter: Meter, name: str, log: str) -> list[Event]:
    """The records of a log, the oldest first."""
    base = first(name)
    if base is None:
        raise UtilityError(f"{name} has no such log")
    base += k.STEP * LOGS.index(log)
    words: list[int] = []
    while len(words) < 1 + k.RECORDS * k.WORDS:
        words += meter.link.read(base + len(words), min(MOST, 1 + k.RECORDS * k.WORDS - len(words)))
    newest = words[0]
    if newest > k.RECORDS:
        raise UtilityError(f"{base:04X}H: {newest} is no number of a record")
    every = [words[1 + k.WORDS * i : 1 + k.WORDS * (i + 1)] for i in range(k.RECORDS)]
    order = [*range(newest, k.RECORDS), *range(newest)]
    return [_event(meter, n + 1, every[n]) for n in order if any(every[n])]


def _event(meter: Meter, number: int, words: list[int]) -> Event:
    what, point = words[k.WHAT], words[k.POINT]
    value = words[k.HIGH] << 16 | words[k.LOW]
    value -= (value & 0x80000000) << 1
    title, unit, scale = _about(meter, what, point)
    entry = meter.map.by_point.get(point)
    if what == k.SETTING and entry and 0 <= value < len(entry.codes):
        value = entry.codes[value]
    return {
        "number": number,
        "time": stamp(words[: k.WHAT]),
        "what": WHAT.get(what, f"code {what}"),
        "of": title,
        "value": (value if scale == 1 else round(value * scale, 6)) if what in VALUED else None,
        "unit": unit if what in VALUED else "",
    }


def _about(meter: Meter, what: int, point: int) -> tuple[str, str, float]:
    """Name, unit and scale of what a record is about."""
    if not point:
        return "", "", 1
    if what == k.MAXIMUM:
        return DEMANDS.get((point - p.MAXIMUM) // 8, (f"point {point}", "", 1))
    if point in READINGS and what in (k.OVER_RANGE, k.IN_RANGE):
        return READINGS[point]
    if what in (k.CLOCK_SET, k.TABLES, k.PERMITTED, k.NEW_PASSWORD):
        return "", "", 1
    entry = meter.map.by_point.get(point)
    if entry:
        return entry.title, entry.unit, entry.scale
    known = {pid: title for pid, title, _, _ in names.POINTS}
    return known.get(point, f"point {point}"), "", 1
