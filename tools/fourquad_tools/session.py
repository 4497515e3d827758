"""`fourquad sim`: simulators with their ports, control sockets and panel, until somebody ends them."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import time
from typing import Any

from fourquad_tools.commands import Commands
from fourquad_tools.control import ControlServer
from fourquad_tools.openings import Opener, Port, announce, say, wanted
from fourquad_tools.options import OptionError, model
from fourquad_tools.plant.plants import plant_from_file
from fourquad_tools.screens.hints import hint
from fourquad_tools.sim import faults, presets
from fourquad_tools.sim.lines import poll_lines
from fourquad_tools.sim.simulator import WARM_UP_S, Simulator
from fourquad_tools.sim.storage import Storage
from fourquad_tools.sim.units import Unit, check_addresses, set_address, units
from fourquad_tools.stopping import on_signals
from fourquad_tools.unit_commands import UnitCommands


def sim(options: argparse.Namespace) -> int:
    """Run until a signal or the panel's q."""
    if not options.headless and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise OptionError("no terminal for the panel here: use --headless")
    if not options.headless and options.unit:
        raise OptionError("--unit: the panel is that of one meter: use --headless")
    asyncio.run(_run(options))
    return 0


async def _run(options: argparse.Namespace) -> None:
    start = time.time() if options.start is None else options.start
    stopping = asyncio.Event()
    on_signals(stopping)
    async with contextlib.AsyncExitStack() as stack:
        simulators: dict[str, Simulator] = {}
        asked = units(options)
        for unit in asked:
            simulators[unit.name] = simulator = _make(unit, start, options)
            simulator.stopping = stopping
            stack.callback(simulator.close)
        ports_asked = wanted(options, simulators)
        ports = await Opener(simulators, ports_asked, stack).open()
        controls = await _controls(options.control, simulators, stack)
        for unit in asked:
            _warm_up(simulators[unit.name], unit)
        check_addresses(simulators.items(), {port.name for port in ports})
        for text in options.fault:
            faults.add({name: one.ends for name, one in simulators.items()}, text)
        for line in controls:
            say(line)
        announce(ports, ports_asked.host, ports_asked.any, lambda *port: _hints(simulators, *port))
        lines = [line for one in simulators.values() for line in one.lines.values()]
        polling = asyncio.create_task(poll_lines(lines, stopping))
        stack.callback(polling.cancel)
        await _go_on(list(simulators.values()), ports, options.headless)


def _make(unit: Unit, start: float, options: argparse.Namespace) -> Simulator:
    plant, adc = plant_from_file(unit.load, connected=WARM_UP_S)
    for words in plant.taken:
        say(words)
    network = bool(options.net)
    storage = Storage(unit.state, options.flash, unit.name, network)
    tables = model(unit.model, unit.ct, network)
    simulator = Simulator(tables, plant, adc, storage, start)
    if unit.modules is not None:
        connect(simulator, unit.modules)
    simulator.speed = options.speed
    for line in simulator.lines.values():
        line.instant = options.instant_lines
    for service in simulator.services.values():
        service.authorities = options.ca
    return simulator


def connect(simulator: Simulator, names: str) -> None:
    """Plug in the I/O modules of --module."""
    try:
        simulator.terminals.connect([name for name in names.split(",") if name], None)
    except ValueError as error:
        raise OptionError(f"--module {names}: {error}") from None


def _warm_up(simulator: Simulator, unit: Unit) -> None:
    def prepare(device: Any) -> None:
        if unit.address is not None:
            try:
                set_address(simulator, unit.address)
            except OptionError as error:
                raise OptionError(f"--unit {unit.name}: {error}") from None
        presets.apply(device, unit.presets)

    simulator.warm_up(prepare)


async def _controls(
    wheres: list[str], simulators: dict[str, Simulator], stack: contextlib.AsyncExitStack
) -> list[str]:
    """Control sockets; what a person must be told of them."""
    each = {name: Commands(simulator) for name, simulator in simulators.items()}
    target: object = each[""] if "" in each else UnitCommands(each)
    told = []
    for where in wheres:
        server = await ControlServer(where, target).open()
        stack.push_async_callback(server.close)
        told += [server.told] if server.told else []
    return told


def _hints(simulators: dict[str, Simulator], port: str, where: str) -> list[str]:
    """How to poll a port: a line for each meter."""
    return [
        f"{name}: {hint(one, port, where)}" if name else hint(one, port, where)
        for name, one in simulators.items()
        if one.device is not None and port in one.ends
    ]


async def _go_on(simulators: list[Simulator], ports: list[Port], headless: bool) -> None:
    """Until they are ended."""
    paces = [simulator.pace() for simulator in simulators]
    if headless:
        for simulator in simulators:
            simulator.pacer.rests = True
        await asyncio.gather(*paces)
        return
    try:
        # The panel needs rich, which a headless simulator would load for nothing.
        from fourquad_tools.screens.tui import show
    except ImportError as error:
        for pace in paces:
            pace.close()
        raise OptionError(f"no panel on this platform ({error}): use --headless") from None
    await asyncio.gather(*paces, show(simulators[0], ports))
