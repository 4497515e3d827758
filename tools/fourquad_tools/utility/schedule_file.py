"""A time-of-use schedule as JSON for people, and as the tables of a meter (fourquad/billing/tariff.py).

- `on`: whether there is time of use,
- `profiles`: four days, each a list of `HH:MM tariff N`,
- `seasons`: a list of `MM-DD profile N` or `MM-DD tariff N`,
- `weekend`: up to two of `Saturday profile N`,
- `zone`: `east` (`+HH:MM`), and for daylight saving `by` (minutes), `from` and `to`, such as
  `last Sunday of March 02:00` in standard time,
- `holidays`: by year, lists as those of the seasons.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fourquad.billing.tariff import Tariff
from fourquad.calendar import zone as zones
from fourquad.points import billing as b
from fourquad_tools.options import OptionError
from fourquad_tools.strict import parse_json

DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_FIRST_HALF = ("January", "February", "March", "April", "May", "June")
MONTHS = (*_FIRST_HALF, "July", "August", "September", "October", "November", "December")
WEEKS = ("first", "second", "third", "fourth", "last")
_FIELDS = ("on", "profiles", "seasons", "weekend", "zone", "holidays")
_PROFILES = 4
_YEARS = b.TABLES - b.HOLIDAYS
_RULE = re.compile(rf"({'|'.join(WEEKS)}) ({'|'.join(DAYS)}) of ({'|'.join(MONTHS)}) (\d\d):(\d\d)")
_EAST = re.compile(r"([+-])(\d\d):(\d\d)")


def write(on: bool, tables: Sequence[bytes]) -> str:
    """The file of these tables, in the order of points/billing.py."""
    years = [table for table in tables[b.HOLIDAYS :] if len(table) > 1]
    out = {
        "on": on,
        "profiles": [[f"{h:02}:{m:02} tariff {t}" for h, m, t in _threes(day)] for day in tables[:_PROFILES]],
        "seasons": _dates(tables[b.SEASONS]),
        "weekend": [f"{DAYS[day]} {_plan(plan)}" for day, plan in _groups(tables[b.WEEKEND], 2)],
        "zone": _zone(tables[b.ZONE]),
        "holidays": {str(2000 + table[0]): _dates(table[1:]) for table in sorted(years)},
    }
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in out.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def parse(data: bytes) -> tuple[bool, list[bytes]]:
    """Whether there is time of use, and all tables, of a file. OptionError with what is wrong in it."""
    try:
        file = parse_json(data)
    except ValueError as error:
        raise OptionError(str(error)) from None
    if not isinstance(file, dict) or sorted(file) != sorted(_FIELDS):
        raise OptionError(f"a schedule is an object with {', '.join(_FIELDS)}")
    if not isinstance(file["on"], bool):
        raise OptionError("on: must be true or false")
    days = _list("profiles", file["profiles"])
    if len(days) != _PROFILES:
        raise OptionError(f"profiles: must be {_PROFILES} lists")
    tables = [
        _joined(f"profile {n + 1}", day, r"(\d\d):(\d\d) tariff (\d)", _numbers) for n, day in enumerate(days)
    ]
    tables.append(_joined("seasons", file["seasons"], _DATE, _date))
    tables.append(_joined("weekend", file["weekend"], rf"({'|'.join(DAYS)}) (profile|tariff) (\d)", _weekday))
    tables.append(_zone_bytes(file["zone"]))
    tables += _holidays(file["holidays"])
    _check(tables)
    return file["on"], tables


def _check(tables: Sequence[bytes]) -> None:
    """OptionError with why a meter would not take them."""
    zone = zones.Zone()
    engine = Tariff(zone)
    for number, table in enumerate(tables):
        why = engine.set(number, table)
        if why:
            at = f"profile {number + 1}: " if number < _PROFILES else ""
            year = f" {2000 + table[0]}" if number >= b.HOLIDAYS and table else ""
            raise OptionError(f"{at}{why}{year}")


# To text.


def _groups(table: bytes, size: int) -> Iterator[bytes]:
    for at in range(0, len(table), size):
        yield table[at : at + size]


def _threes(table: bytes) -> Iterator[bytes]:
    return _groups(table, 3)


def _plan(plan: int) -> str:
    return f"profile {plan + 1}" if plan < _PROFILES else f"tariff {plan - _PROFILES + 1}"


def _dates(table: bytes) -> list[str]:
    return [f"{month:02}-{day:02} {_plan(plan)}" for month, day, plan in _threes(table)]


def _zone(table: bytes) -> dict[str, Any]:
    east, saving, shift, *rules = struct.unpack("<hBBBBBHBBBH", table)
    sign = "-" if east < 0 else "+"
    out: dict[str, Any] = {"east": f"{sign}{abs(east) // 60:02}:{abs(east) % 60:02}"}
    if saving:
        out |= {"by": shift, "from": _rule(*rules[:4]), "to": _rule(*rules[4:])}
    return out


def _rule(month: int, week: int, day: int, minute: int) -> str:
    return f"{WEEKS[week - 1]} {DAYS[day]} of {MONTHS[month - 1]} {minute // 60:02}:{minute % 60:02}"


# From text.

_DATE = r"(\d\d)-(\d\d) (profile|tariff) (\d)"


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise OptionError(f"{name}: must be a list")
    return value


def _joined(name: str, value: Any, form: str, found: Callable[[re.Match[str]], bytes]) -> bytes:
    """A table of lines of this form."""
    out = b""
    for line in _list(name, value):
        match = re.fullmatch(form, line) if isinstance(line, str) else None
        if not match:
            raise OptionError(f"{name}: {json.dumps(line)[:60]} is not understood")
        out += found(match)
    return out


def _numbers(match: re.Match[str]) -> bytes:
    return bytes(int(text) for text in match.groups())


def _plan_byte(kind: str, number: str) -> int:
    if not 1 <= int(number) <= _PROFILES:
        raise OptionError(f"{kind} {number}: there are 1 to {_PROFILES}")
    return int(number) - 1 + (_PROFILES if kind == "tariff" else 0)


def _date(match: re.Match[str]) -> bytes:
    month, day, kind, number = match.groups()
    return bytes((int(month), int(day), _plan_byte(kind, number)))


def _weekday(match: re.Match[str]) -> bytes:
    day, kind, number = match.groups()
    return bytes((DAYS.index(day), _plan_byte(kind, number)))


def _holidays(value: Any) -> list[bytes]:
    """Ten tables of holidays; those that no year needs are empty."""
    if not isinstance(value, dict) or len(value) > _YEARS:
        raise OptionError(f"holidays: must be an object with up to {_YEARS} years")
    tables = []
    for year, dates in sorted(value.items()):
        if not re.fullmatch(r"20\d\d", year):
            raise OptionError(f"holidays: {year[:20]} is no year from 2000 to 2099")
        tables.append(bytes((int(year) - 2000,)) + _joined(f"holidays {year}", dates, _DATE, _date))
    return tables + [b"\0"] * (_YEARS - len(tables))


def _zone_bytes(value: Any) -> bytes:
    if not isinstance(value, dict) or sorted(value) not in (["east"], ["by", "east", "from", "to"]):
        raise OptionError("zone: must be an object with east; for daylight saving with by, from and to, too")
    east = _EAST.fullmatch(value["east"]) if isinstance(value["east"], str) else None
    if not east:
        raise OptionError("zone: east must be such as +01:00")
    minutes = (int(east[2]) * 60 + int(east[3])) * (-1 if east[1] == "-" else 1)
    if "by" not in value:
        return zones.pack_zone(minutes)
    by = value["by"]
    if isinstance(by, bool) or not isinstance(by, int) or not 1 <= by <= 120:
        raise OptionError("zone: by must be 1 to 120 minutes")
    return zones.pack_zone(minutes, by, _rule_fields(value["from"]), _rule_fields(value["to"]))


def _rule_fields(text: Any) -> tuple[int, int, int, int]:
    match = _RULE.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise OptionError(f"zone: {json.dumps(text)[:60]} is not such as last Sunday of March 02:00")
    week, day, month, hour, minute = match.groups()
    return MONTHS.index(month) + 1, WEEKS.index(week) + 1, DAYS.index(day), int(hour) * 60 + int(minute)
