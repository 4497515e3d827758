"""`fourquad info`: which meter this is, and how it is set."""

from __future__ import annotations

import argparse

from fourquad import points as p
from fourquad.metering import wiring_check
from fourquad.points import wiring as places
from fourquad_tools.utility.arguments import add_codes, add_line, has_codes, open_meter
from fourquad_tools.utility.meter import Meter
from fourquad_tools.utility.output import columns, tell

# Settings and states that say what a meter is, where a model has them.
ABOUT = (
    *(
        p.SETTING + offset
        for offset in (
            p.NOMINAL_FREQUENCY,
            p.WIRING_U,
            p.WIRING_I,
            p.PT1,
            p.PT2,
            p.CT1,
            p.CT2,
            p.BASIC_MODE,
            p.ENERGY_SIDE,
            p.DEMAND_WINDOW,
            p.DEMAND_MODE,
            p.PROTOCOL_1,
            p.ADDRESS_1,
            p.BAUD_1,
            p.PARITY_1,
            p.ADDRESS_2,
            p.BAUD_2,
            p.PARITY_2,
        )
    ),
    p.STATE + p.SEAL_STATE,
    p.STATE + p.MODULES,
    p.STATE + p.RUN_TIME,
    p.STATE + p.SYSTEM_STATUS,
    p.STATE + p.ALARM_NUMBER,
    p.STATE + p.SOE_NUMBER,
    p.PRESENTED + p.FREQUENCY,
    p.PRESENTED + p.V_AVG,
    p.PRESENTED + p.I_AVG,
    p.PRESENTED + p.P_SUM,
    p.ENERGY + p.EP_IMP,
    p.ENERGY + p.EP_EXP,
)


def wiring(meter: Meter) -> list[str] | None:
    """Faults of the wiring in words; None where the meter has no such check, or it is switched off."""
    entries = [meter.map.by_point.get(p.WIRING + places.FINDINGS + i) for i in range(places.MOST)]
    if not entries[0] or not meter.point(p.SETTING + p.WIRING_CHECK):
        return None
    codes = [reading.value for reading in meter.read([entry for entry in entries if entry])]
    return [
        wiring_check.text(((code >> 8) - 1, code >> 4 & 15, code & 15))
        for code in codes
        if 0 < code >> 8 <= wiring_check.UNCLEAR + 1
    ]


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    add_line(parser)
    add_codes(parser)


def run(options: argparse.Namespace) -> int:
    """The command."""
    if has_codes(options):
        from fourquad_tools.utility import codes

        return codes.info(options)
    from fourquad_tools.utility.clock import FIELDS, meter_time

    meter = open_meter(options)
    try:
        entries = [meter.map.by_point[pid] for pid in ABOUT if pid in meter.map.by_point]
        readings = meter.read(entries)
        has_clock = all(p.STATE + field in meter.map.by_point for field in FIELDS)
        when = meter_time(meter) if has_clock else None
        faults = wiring(meter)
    finally:
        meter.close()
    if options.json:
        values = {reading.entry.name: reading.as_dict() for reading in readings}
        tell(
            {
                "model": options.model,
                "unit": options.address,
                "clock": when.isoformat() if when else None,
                "values": values,
                **({} if faults is None else {"wiring": faults}),
            }
        )
        return 0
    rows = [("model", options.model, ""), ("address", str(options.address), "")]
    if when:
        rows.append(("clock", when.isoformat(" "), ""))
    rows += [(reading.entry.title, reading.text, reading.entry.unit) for reading in readings]
    if faults is not None:
        rows += [("wiring", fault, "") for fault in faults or ["normal"]]
    columns(rows)
    return 0
