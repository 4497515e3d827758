"""`fourquad months`: what was used in each of the last months, out of the registers at their ends, or out of
those of what was consumed in each, by tariff.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from fourquad import points as p
from fourquad.points import billing as b
from fourquad_tools.options import OptionError
from fourquad_tools.utility.arguments import add_line, open_meter
from fourquad_tools.utility.meter import Meter, number
from fourquad_tools.utility.output import columns, tell

RATES = ("total", "tariff_1", "tariff_2", "tariff_3", "tariff_4")
USUAL = ("ep_imp", "ep_exp", "eq_imp", "eq_exp", "es")
_PREFIX = "energy."


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    parser.add_argument("what", nargs="*", metavar="ENERGY", help=f"names ({', '.join(USUAL)}), or all")
    add_line(parser)


def run(options: argparse.Namespace) -> int:
    """The command."""
    meter = open_meter(options)
    try:
        if p.CONSUMPTION in meter.map.by_point:
            return _consumed(meter, options)
        offsets = _offsets(meter, options.what)
        found = months(meter, offsets)
    finally:
        meter.close()
    if options.json:
        tell({"months": found})
        return 0
    names = list(found[0]["registers"])
    units = [meter.map.by_point[p.ENERGY + offset].unit for offset in offsets]
    rows = [("month", *(f"{name} [{unit}]" for name, unit in zip(names, units, strict=True)))]
    for one in found:
        used = one["used"]
        rows.append((one["month"], *("" if used is None else number(used[name]) for name in names)))
    columns(rows, right=range(1, len(names) + 1))
    return 0


def _consumed(meter: Meter, options: argparse.Namespace) -> int:
    """The command for a meter with registers of what each month has consumed."""
    if options.what:
        raise OptionError("this model tells the consumed active energy of its months only: no ENERGY")
    found = consumed(meter)
    if options.json:
        tell({"months": found})
        return 0
    unit = meter.map.by_point[p.CONSUMPTION].unit
    rows = [("month", *(f"{name} [{unit}]" for name in RATES))]
    rows += [(one["month"], *(number(one["used"][name]) for name in RATES)) for one in found]
    columns(rows, right=range(1, len(RATES) + 1))
    return 0


def consumed(meter: Meter) -> list[dict[str, Any]]:
    """The present month and those before it: what was consumed in it, in total and by tariff."""
    from fourquad_tools.utility.clock import meter_time

    size = b.CONSUMPTIONS
    entries = [meter.map.by_point[p.CONSUMPTION + i] for i in range(size * b.CONSUMPTION_MONTHS)]
    values = [reading.value for reading in meter.read(entries)]
    when = meter_time(meter)
    return [
        {"month": _name(when, n), "used": dict(zip(RATES, values[size * n : size * (n + 1)], strict=True))}
        for n in range(b.CONSUMPTION_MONTHS)
    ]


def _name(when: datetime, ago: int) -> str:
    """The month so many before that of a time."""
    year, month = divmod(12 * when.year + when.month - 1 - ago, 12)
    return f"{year}-{month + 1:02}"


def _offsets(meter: Meter, what: list[str]) -> list[int]:
    """Which energies, by their places."""
    if p.MONTH_ENERGY not in meter.map.by_point:
        raise OptionError("this model keeps no energies of months")
    known = {
        meter.map.by_point[p.ENERGY + offset].name.removeprefix(_PREFIX): offset
        for offset in range(p.ENERGIES)
        if p.ENERGY + offset in meter.map.by_point
    }
    if what == ["all"]:
        return list(known.values())
    for name in what:
        if name.removeprefix(_PREFIX) not in known:
            raise OptionError(f"{name}: energies are {', '.join(known)}, or all")
    return [known[name.removeprefix(_PREFIX)] for name in what or USUAL]


def months(meter: Meter, offsets: list[int]) -> list[dict[str, Any]]:
    """The present month and those before it: the registers at its end (now), and what was used in it.

    The month before the first that is kept is not known: nothing says what was used in that one.
    """
    from fourquad_tools.utility.clock import meter_time

    blocks = [p.ENERGY, *(p.MONTH_ENERGY + n * p.ENERGIES for n in range(p.MONTHS))]
    entries = [meter.map.by_point[block + offset] for block in blocks for offset in offsets]
    values = [reading.value for reading in meter.read(entries)]
    size = len(offsets)
    names = [entry.name.removeprefix(_PREFIX) for entry in entries[:size]]
    when = meter_time(meter)
    ends = [dict(zip(names, values[i : i + size], strict=True)) for i in range(0, len(values), size)]
    out = []
    for n, end in enumerate(ends):
        before = ends[n + 1] if n + 1 < len(ends) else None
        used = {name: round(end[name] - before[name], 3) for name in names} if before else None
        out.append({"month": _name(when, n), "registers": end, "used": used})
    return out
