"""`fourquad read`: values by name, by address, or by a pattern."""

from __future__ import annotations

import argparse
from typing import Any

from fourquad_tools.options import OptionError
from fourquad_tools.utility.arguments import add_codes, add_line, has_codes, open_meter
from fourquad_tools.utility.entries import Entry, Map, parse_address
from fourquad_tools.utility.link import MOST_READ
from fourquad_tools.utility.meter import Meter, Reading
from fourquad_tools.utility.output import columns, tell

USUAL = ("frequency", "v1", "v2", "v3", "i1", "i2", "i3", "p_sum", "q_sum", "s_sum", "pf_sum")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    parser.add_argument(
        "what",
        nargs="*",
        metavar="WHAT",
        help="a name (v1, setting.ct1, energy.*), a title, or an address (0x4002, 4002H, 16386), with :COUNT "
        "for registers as they are; without any: the usual readings",
    )
    add_line(parser)
    add_codes(parser)


Wanted = list[Entry | tuple[int, int]]


def wanted(known: Map, what: list[str]) -> Wanted:
    """Values, and (address, count) of registers that are read as they are."""
    out: Wanted = []
    for text in what or [name for name in USUAL if name in known.by_name]:
        place = parse_address(text) if text not in known.by_name else None
        if place is None:
            out += known.find(text)
        elif place[1] == 1 and ":" not in text and place[0] in known.by_address:
            out.append(known.by_address[place[0]])
        else:
            out.append(place)
    if not out:
        raise OptionError("what is to be read?")
    return out


def raw(meter: Meter, place: tuple[int, int]) -> list[int]:
    """Registers as they are, in as many requests as it takes."""
    address, count = place
    words: list[int] = []
    while len(words) < count:
        words += meter.link.read(address + len(words), min(MOST_READ, count - len(words)))
    return words


def run(options: argparse.Namespace) -> int:
    """The command."""
    if has_codes(options):
        from fourquad_tools.utility import codes

        return codes.read(options)
    meter = open_meter(options)
    try:
        items = wanted(meter.map, options.what)
        readings = iter(meter.read([item for item in items if isinstance(item, Entry)]))
        found: list[Reading | tuple[int, list[int]]] = [
            next(readings) if isinstance(item, Entry) else (item[0], raw(meter, item)) for item in items
        ]
    finally:
        meter.close()
    if options.json:
        tell({"values": _as_dict(found)})
        return 0
    rows = []
    for one in found:
        if isinstance(one, Reading):
            rows.append((one.entry.name, one.text, one.entry.unit, one.entry.hex, one.entry.title))
        else:
            first, words = one
            rows += [
                (f"{first + i:04X}H", str(word), "", f"{word:04X}H", f"register {first + i}")
                for i, word in enumerate(words)
            ]
    columns(rows, right=(1,))
    return 0


def _as_dict(found: list[Reading | tuple[int, list[int]]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in found:
        if isinstance(one, Reading):
            values[one.entry.name] = one.as_dict()
        else:
            first, words = one
            values |= {
                f"{first + i:04X}H": {"value": w, "unit": "", "address": first + i}
                for i, w in enumerate(words)
            }
    return values
