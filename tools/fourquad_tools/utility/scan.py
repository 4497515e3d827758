"""`fourquad scan`: which addresses of a line answer, and as what."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from fourquad import points as p
from fourquad_tools.options import OptionError
from fourquad_tools.strict import whole
from fourquad_tools.utility.arguments import add_line, open_link
from fourquad_tools.utility.errors import NOBODY, NoAnswer, Refused
from fourquad_tools.utility.output import columns, note, progress, tell

QUICK_S = 0.2  # nobody at an address is the rule


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    add_line(parser, unit=False)
    parser.add_argument("--units", metavar="A-B", default="1-247", help="addresses to ask (1-247)")
    parser.add_argument("--bauds", metavar="N,N", help="with --port: ask at each of these speeds")
    parser.set_defaults(timeout=QUICK_S, tries=1)


def units(text: str) -> list[int]:
    """The addresses of `1-10,20`."""
    out: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        low, high = whole(first, 1, 255), whole(last or first, 1, 255)
        if low is None or high is None or low > high:
            raise OptionError(f"--units {text}: addresses such as 1-247 or 1,5,9")
        out += range(low, high + 1)
    return out


def _bauds(options: argparse.Namespace) -> list[int]:
    if not options.bauds:
        return [options.baud]
    if not options.port:
        raise OptionError("--bauds: only a serial port (--port) has a speed")
    found = [whole(part, 300, 4_000_000) for part in options.bauds.split(",")]
    if None in found:
        raise OptionError(f"--bauds {options.bauds}: speeds such as 9600,19200")
    return [baud for baud in found if baud is not None]


def _heard(link: Any, meter: Any) -> dict[str, Any] | None:
    """What answers at the link's address; None if nobody does."""
    entry = meter.map.by_point.get(p.PRESENTED + p.FREQUENCY) or meter.map.entries[0]
    try:
        reading = meter.read([entry])[0]
    except NoAnswer:
        return None
    except Refused as refusal:
        if refusal.code == NOBODY:
            return None
        return {"unit": link.unit, "what": f"another device: exception {refusal.code:02X}"}
    return {"unit": link.unit, "what": f"{reading.entry.name} {reading.text} {reading.entry.unit}".rstrip()}


def run(options: argparse.Namespace) -> int:
    """The command; 1 if nobody answers."""
    from rich.console import Console
    from rich.progress import Progress

    from fourquad_tools.utility.entries import Map
    from fourquad_tools.utility.meter import Meter

    asked = units(options.units)
    bauds = _bauds(options)
    known = Map(options.model)
    found: list[dict[str, Any]] = []
    with Progress(console=Console(stderr=True), transient=True, disable=not progress(options.json)) as bar:
        task = bar.add_task("scan", total=len(asked) * len(bauds))
        for baud in bauds:
            options.baud = baud
            link = open_link(options, unit=asked[0])
            meter = Meter(link, known)
            try:
                for unit in _each(asked, link):
                    heard = _heard(link, meter)
                    if heard:
                        found.append({**heard, **({"baud": baud} if options.port else {})})
                        bar.console.print(f"address {unit} answers")
                    bar.advance(task)
            finally:
                link.close()
    if options.json:
        tell({"found": found})
    elif found:
        columns([(str(one["unit"]), str(one.get("baud", "")), one["what"]) for one in found], right=(0, 1))
    else:
        note(f"nobody answers at {options.units}")
    return 0 if found else 1


def _each(asked: Iterable[int], link: Any) -> Iterable[int]:
    for unit in asked:
        link.unit = unit
        yield unit
