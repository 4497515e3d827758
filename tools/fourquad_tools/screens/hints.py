"""How a master polls a port: one line for each protocol, for the panel and at the start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fourquad import points as p
from fourquad.points import columns as c
from fourquad.points import values as v
from fourquad.protocols.bacnet.columns import IDENTIFIER
from fourquad_tools.tables import poll_options

_PARITIES = {v.PARITY_EVEN: "even", v.PARITY_ODD: "odd"}


def _setting(points: Any, offset: int) -> int:
    return points.read(p.SETTING + offset)


def _modbus(model: Any, row: tuple, tables: Any, points: Any, where: str) -> str:
    unit = _setting(points, row[c.PORT_ADDRESS])
    if ":" in where:
        host, _, number = where.rpartition(":")
        return f"Modbus RTU over TCP (Modbus TCP: --net modbus=PORT): host {host} port {number}, unit {unit}"
    speed = _setting(points, row[c.BAUD])
    parity = _PARITIES.get(_setting(points, row[c.PARITY]), "none")
    return f"mbpoll -m rtu -b {speed} -P {parity} -a {unit} {poll_options(model)} {where}"


def _iec62056(model: Any, row: tuple, tables: Any, points: Any, where: str) -> str:
    codes, _, bare, _ = tables
    low = codes.ADDRESSES[0]
    number = points.read(low + 1) * 1_000_000 + points.read(low)
    sign_on = f"/?{number}!"
    if _setting(points, bare):
        sign_on = f"/?! or {sign_on}"
    return f"IEC 62056-21, 300 baud 7E1: meter number {number}, sign-on {sign_on} CR LF"


def _dnp3(model: Any, row: tuple, tables: Any, points: Any, where: str) -> str:
    return f"DNP3: outstation {_setting(points, row[c.PORT_ADDRESS])} at {where}"


def _mstp(model: Any, row: tuple, tables: Any, points: Any, where: str) -> str:
    mac, baud = _setting(points, row[c.PORT_ADDRESS]), _setting(points, row[c.BAUD])
    return f"BACnet MS/TP: MAC {mac}, {baud} baud, device {points.read(tables.DEVICE[IDENTIFIER])} at {where}"


_EXAMPLES: dict[str, Callable[[Any, tuple, Any, Any, str], str]] = {
    "modbus": _modbus,
    "iec62056": _iec62056,
    "dnp3": _dnp3,
    "bacnet": _mstp,
}


def hint(simulator: Any, name: str, where: str) -> str:
    """What to send to a port or service of the simulated meter, which has power; it is found at `where`."""
    points = simulator.device.points
    if name in simulator.services:
        words: str = simulator.services[name].example(points, where)
        return words
    return example(simulator.model, simulator.row(name), points, where)


def example(model: Any, row: tuple, points: Any, where: str) -> str:
    """What to send to the port of that `row` of the `model`'s PORTS, which is found at `where`, with its
    settings of now.
    """
    choice = row[c.PROTOCOL]
    kind, tables = row[c.SPEAKS][0 if choice is None else _setting(points, choice)]
    return _EXAMPLES[kind](model, row, tables, points, where)
