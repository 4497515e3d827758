"""`fourquad clock`: show the meter's clock, or set it."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from fourquad import points as p
from fourquad_tools.options import OptionError
from fourquad_tools.utility.arguments import add_codes, add_line, has_codes, open_meter
from fourquad_tools.utility.entries import Entry
from fourquad_tools.utility.errors import UtilityError
from fourquad_tools.utility.meter import Meter
from fourquad_tools.utility.output import columns, tell

FIELDS = (p.YEAR, p.MONTH, p.DAY, p.HOUR, p.MINUTE, p.SECOND)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    add_line(parser)
    add_codes(parser)
    parser.add_argument("--password", metavar="P", default="00000000", help="IEC 62056-21: eight digits")
    parser.add_argument(
        "--set",
        metavar="TIME",
        dest="to",
        type=_when,
        help="`now` (this computer's) or a time such as 2026-01-01T00:00:00",
    )
    parser.add_argument(
        "--utc", action="store_true", help="the meter's clock is UTC, not this computer's zone"
    )


def _when(text: str) -> datetime | None:
    if text == "now":
        return datetime.max
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-01-01T00:00:00") from None
    if when.tzinfo is not None:
        raise argparse.ArgumentTypeError(f"{text!r}: the meter's clock has no zone")
    return when.replace(microsecond=0)


def _fields(meter: Meter) -> list[Entry]:
    """The registers of the clock, one after the other. OptionError: the model has none."""
    found = [meter.map.by_point.get(p.STATE + field) for field in FIELDS]
    entries = [entry for entry in found if entry is not None]
    if [entry.address - entries[0].address for entry in entries] != list(range(len(FIELDS))):
        raise OptionError("this model has no clock in its registers")
    return entries


def meter_time(meter: Meter) -> datetime:
    """What the meter's clock shows; it has no zone."""
    entries = _fields(meter)
    values = [reading.value for reading in meter.read(entries)]
    try:
        return datetime(*values)
    except ValueError:
        raise UtilityError(f"the meter's clock shows {values}, which is no time") from None


def set_meter_time(meter: Meter, when: datetime) -> None:
    """Write all fields in one request; the meter finds the weekday itself."""
    values = (when.year, when.month, when.day, when.hour, when.minute, when.second)
    meter.link.write(_fields(meter)[0].address, values)


def set_to_now(
    meter: Meter, now: Callable[[], datetime], sleep: Callable[[float], None] = time.sleep
) -> datetime:
    """Set the clock as a second begins; the time that was written."""
    instant = now()
    second = instant.replace(microsecond=0) + timedelta(seconds=1)
    sleep((second - instant).total_seconds())
    set_meter_time(meter, second)
    return second


def run(options: argparse.Namespace) -> int:
    """The command."""
    if has_codes(options):
        from fourquad_tools.utility import codes

        return codes.clock(options)

    def now() -> datetime:
        utc = datetime.now(timezone.utc)
        return (utc if options.utc else utc.astimezone()).replace(tzinfo=None)

    meter = open_meter(options)
    try:
        if options.to == datetime.max:
            set_to_now(meter, now)
        elif options.to is not None:
            set_meter_time(meter, options.to)
        shown, ours = meter_time(meter), now()
    finally:
        meter.close()
    ahead = round((shown - ours).total_seconds())
    if options.json:
        tell({"clock": shown.isoformat(), "computer": ours.isoformat(timespec="seconds"), "ahead_s": ahead})
        return 0
    difference = f"{abs(ahead)} s {'ahead' if ahead > 0 else 'behind'}" if abs(ahead) > 1 else "the same"
    rows = [("meter", shown.isoformat(" ")), ("this computer", ours.isoformat(" ", "seconds"))]
    columns([*rows, ("difference", difference)])
    return 0
