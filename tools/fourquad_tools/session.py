"""`fourquad sim`: a simulator with its ports, its control socket and its panel, until somebody ends it."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import functools
import signal
import sys
import time
from collections.abc import Sequence

from fourquad.points import columns as c
from fourquad_tools.commands import Commands
from fourquad_tools.control import ControlServer
from fourquad_tools.options import OptionError, model, net_ports, pty_ports, tcp_ports
from fourquad_tools.plant.plants import plant_from_file
from fourquad_tools.ports import MakeLink, PtyPort, TcpPort
from fourquad_tools.screens.hints import hint
from fourquad_tools.sim import faults
from fourquad_tools.sim.clients import TCP_GAP_S, Client
from fourquad_tools.sim.lines import poll_lines
from fourquad_tools.sim.presets import apply
from fourquad_tools.sim.presets import parse as presets
from fourquad_tools.sim.services import services
from fourquad_tools.sim.simulator import WARM_UP_S, Simulator
from fourquad_tools.sim.storage import Storage
from fourquad_tools.trace.files import open_sink
from fourquad_tools.trace.tap import Trace

Port = PtyPort | TcpPort


def sim(options: argparse.Namespace) -> int:
    """Run until a signal or the panel's q."""
    if not options.headless and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise OptionError("no terminal for the panel here: use --headless")
    asyncio.run(_run(options))
    return 0


async def _run(options: argparse.Namespace) -> None:
    tables = model(options.model, options.ct)
    names = [row[c.NAME] for row in tables.PORTS]
    ptys = pty_ports(options.port, names)
    tcps = tcp_ports(options.tcp, names)
    nets = net_ports(options.net, {name: service.usual for name, service in services(tables).items()})
    wishes = presets(options.set)
    plant, adc = plant_from_file(options.load, connected=WARM_UP_S)
    for words in plant.taken:
        print(words, file=sys.stderr, flush=True)
    start = time.time() if options.start is None else options.start
    simulator = Simulator(tables, plant, adc, Storage(options.state, options.flash), start)
    if options.module is not None:
        connect(simulator, options.module)
    simulator.speed = options.speed
    for line in simulator.lines.values():
        line.instant = options.instant_lines
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, simulator.stopping.set)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(simulator.close)
        trace = tracing(simulator, options.trace, stack)
        ports = await open_ports(simulator, ptys, tcps, stack, options.gap, nets, trace)
        if options.control:
            server = await ControlServer(options.control, Commands(simulator)).open()
            stack.push_async_callback(server.close)
        simulator.warm_up(lambda device: apply(device, wishes))
        for text in options.fault:
            faults.add(simulator.ends, text)
        announce(simulator, ports, asked=bool(ptys or tcps or nets))
        polling = asyncio.create_task(poll_lines(simulator.lines.values(), simulator.stopping))
        stack.callback(polling.cancel)
        if options.headless:
            simulator.pacer.rests = True
            await simulator.pace()
        else:
            # The panel needs rich, which a headless simulator would load for nothing.
            from fourquad_tools.screens.tui import show

            await asyncio.gather(simulator.pace(), show(simulator, ports))


def tracing(simulator: Simulator, files: list[str], stack: contextlib.AsyncExitStack) -> Trace | None:
    """A trace into these files, if there are any."""
    if not files:
        return None
    trace = Trace([open_sink(file) for file in files], lambda: simulator.start + simulator.pacer.moment)
    stack.callback(trace.close)
    for name, end in simulator.ends.items():
        end.faults.note = functools.partial(trace.note, name)
    return trace


def connect(simulator: Simulator, names: str) -> None:
    """Plug in the I/O modules of --module."""
    try:
        simulator.terminals.connect([name for name in names.split(",") if name], None)
    except ValueError as error:
        raise OptionError(f"--module {names}: {error}") from None


async def open_ports(
    simulator: Simulator,
    ptys: list[tuple[str, str]],
    tcps: list[tuple[str, int]],
    stack: contextlib.AsyncExitStack,
    gap: float | None = None,
    nets: Sequence[tuple[str, int]] = (),
    trace: Trace | None = None,
) -> list[Port]:
    """The ports and services that were asked for, or a pty for the first port. `gap`: seconds that a request
    may pause.
    """
    ports: list[Port] = []

    def tapped(name: str, make_link: MakeLink) -> MakeLink:
        end = simulator.ends[name]
        return make_link if trace is None else trace.tapped(name, lambda: end.speaks, make_link)

    def maker(name: str, usual: float) -> MakeLink:
        return tapped(name, lambda send: Client(simulator.lines[name], send, usual if gap is None else gap))

    wanted: list[tuple[str, str | None]] = list(ptys)
    if not ptys and not tcps and not nets:
        wanted = [(next(iter(simulator.lines)), None)]
    for name, path in wanted:
        pty = PtyPort(name, path, maker(name, 0.0))
        stack.push_async_callback(pty.close)
        ports.append(pty)
    for name, number in tcps:
        tcp = await TcpPort(name, number, maker(name, TCP_GAP_S)).open()
        stack.push_async_callback(tcp.close)
        ports.append(tcp)
    simulator.linked = bool(nets)
    for name, number in nets:
        net = await TcpPort(name, number, tapped(name, simulator.services[name].connect), "--net").open()
        stack.push_async_callback(net.close)
        ports.append(net)
    return ports


def announce(simulator: Simulator, ports: list[Port], asked: bool) -> None:
    """Each port for people on standard error, with how to poll it; what only we know is alone on a line of
    standard output.
    """
    for port in ports:
        if not asked or isinstance(port, TcpPort):
            print(port.where, flush=True)
        print(f"{port.name} on {port.where}", file=sys.stderr, flush=True)
        if simulator.device is not None:
            print(f"  {hint(simulator, port.name, port.where)}", file=sys.stderr, flush=True)
