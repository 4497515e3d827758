"""Several meters on one line: `--unit NAME,address=2,model=kw320q,...`.

Each unit is a simulator of its own: a model, a load, a state and settings. They share the ports that they
have, and the time.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fourquad import points as p
from fourquad.points import columns as c
from fourquad_tools.options import OptionError, selectable
from fourquad_tools.sim.presets import parse as presets
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.strict import whole

MOST = 32
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,30}")
_LONGEST_ADDRESS = 999_999_999
_HALF = 1_000_000  # what one of the two halves of a meter number counts to


@dataclass(frozen=True)
class Unit:
    """What one meter is to be; `address` None: the one that it has."""

    name: str
    model: str
    ct: str | None = None
    load: str | None = None
    state: str | None = None
    address: int | None = None
    modules: str | None = None  # I/O modules, separated by commas
    presets: list[tuple[str, float]] = field(default_factory=list)


def units(options: argparse.Namespace) -> list[Unit]:
    """The meters of a command line: those of --unit, with the other options for what they do not say."""
    common = presets(options.set)
    if not options.unit:
        modules = options.module
        return [Unit("", options.model, options.ct, options.load, options.state, None, modules, common)]
    made: list[Unit] = []
    for text in options.unit:
        unit = _parse(text, options, common)
        if any(other.name == unit.name for other in made):
            raise OptionError(f"--unit {text[:60]}: there are two of that name")
        if len(made) == MOST:
            raise OptionError(f"--unit {text[:60]}: {MOST} is the most that a line carries")
        made.append(unit)
    return made


def _parse(text: str, options: argparse.Namespace, common: list[tuple[str, float]]) -> Unit:
    name, *pairs = text.split(",")
    if not _NAME.fullmatch(name):
        raise OptionError(f"--unit {text[:60]}: {name[:40]!r} is no name of letters, digits, - and _")
    fields: dict[str, Any] = {"model": options.model, "ct": options.ct, "load": options.load}
    fields["modules"] = options.module
    if options.state is not None:
        fields["state"] = str(Path(options.state) / name)
    wishes = list(common)
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not value:
            raise OptionError(f"--unit {text[:60]}: {pair[:40]!r} is not NAME=VALUE")
        if key == "address":
            fields[key] = whole(value, 0, _LONGEST_ADDRESS)
            if fields[key] is None:
                raise OptionError(f"--unit {text[:60]}: address: {value[:40]!r} is no number")
        elif key == "module":
            fields["modules"] = value.replace("+", ",")
        elif key in ("model", "ct", "load", "state"):
            fields[key] = value
        else:
            wishes += presets([pair])
    if fields["model"] not in selectable():
        raise OptionError(f"--unit {text[:60]}: model: none of {', '.join(selectable())}")
    return Unit(name, presets=wishes, **fields)


def set_address(simulator: Simulator, address: int) -> None:
    """Give a meter this address on all its ports. OptionError if it can have no such address."""
    device = simulator.device
    assert device is not None
    for row in simulator.model.PORTS:
        at = p.SETTING + row[c.PORT_ADDRESS]
        parts = {at: address}
        if any(kind == "iec62056" for kind, _ in row[c.SPEAKS]):
            # a meter number of two halves
            parts = {at: address % _HALF, at + 1: address // _HALF}
        for pid, value in parts.items():
            if device.points.write(pid, value) != p.OK:
                raise OptionError(f"address {address} is none that {simulator.model.NAME} can have")


def addresses(simulator: Simulator) -> dict[tuple[str, str], int]:
    """The address of each port, by its name and protocol."""
    device = simulator.device
    assert device is not None
    out = {}
    for row in simulator.model.PORTS:
        at = p.SETTING + row[c.PORT_ADDRESS]
        speaks = simulator.lines[row[c.NAME]].speaks
        number = device.points.read(at)
        if speaks == "iec62056":
            number += device.points.read(at + 1) * _HALF
        out[row[c.NAME], speaks] = number
    return out


def check_addresses(simulators: Iterable[tuple[str, Simulator]], ports: set[str]) -> None:
    """OptionError if two meters have one address at one of these ports."""
    seen: dict[tuple[str, str, int], str] = {}
    for name, simulator in simulators:
        units = {(port, "unit"): service.unit or 0 for port, service in simulator.services.items()}
        for (port, speaks), address in {**addresses(simulator), **units}.items():
            other = seen.setdefault((port, speaks, address), name)
            if port in ports and other != name:
                raise OptionError(f"--unit {name}: {other} has the address {address} of {port} already")
