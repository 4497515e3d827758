"""Opens the ports and services that a command line asks for, over one simulator or several."""

from __future__ import annotations

import contextlib
import functools
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fourquad.net.secured import around
from fourquad_tools.options import OptionError, net_ports, pty_ports, tcp_ports
from fourquad_tools.ports import MakeLink, PortError
from fourquad_tools.ports.named import is_device
from fourquad_tools.ports.net import Links, Net, NetPort
from fourquad_tools.ports.serial_port import SerialPort
from fourquad_tools.ports.tcp import LOOPBACK, TcpPort, local
from fourquad_tools.ports.tls import context
from fourquad_tools.ports.tls_layer import Layers
from fourquad_tools.sim.clients import ADAPTER_GAP_S, TCP_GAP_S, Client
from fourquad_tools.sim.services import ModbusService, Powered, Service
from fourquad_tools.sim.shared import Gateway, Shared
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.trace.files import open_sink
from fourquad_tools.trace.tap import Trace

Port = Any  # a PtyPort, which not every platform can import, a SerialPort, a TcpPort or a NetPort


@dataclass(frozen=True)
class Wanted:
    """What a command line asks for: (name, path or TCP port)."""

    paths: list[tuple[str, str]]
    tcps: list[tuple[str, int]]
    nets: list[tuple[str, int, str | None]]
    gap: float | None = None
    host: str = LOOPBACK
    traces: list[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether it asks for a port at all."""
        return bool(self.paths or self.tcps or self.nets)

    @property
    def lines(self) -> set[str]:
        """The names of its serial ports."""
        return {name for name, _ in (*self.paths, *self.tcps)}


def wanted(options: Namespace, simulators: Mapping[str, Simulator]) -> Wanted:
    """The ports of a command line; every name must be that of a port of one of the meters."""
    names = list(dict.fromkeys(name for one in simulators.values() for name in one.lines))
    services = [service for one in simulators.values() for service in one.services.values()]
    alone = len(simulators) == 1  # several meters can share Modbus TCP only
    usual = {
        service.name: service.usual
        for service in services
        if not service.calls and (alone or isinstance(service, ModbusService))
    }
    paths, tcps = pty_ports(options.port, names), tcp_ports(options.tcp, names)
    nets = net_ports(options.net, usual)
    host = options.bind or LOOPBACK
    if options.bind and not (tcps or nets):
        raise OptionError(f"--bind {host}: there is no --tcp and no --net that it is for")
    return Wanted(paths, tcps, nets, options.gap, host, options.trace)


class Opener:
    """Opens ports; all that is open is closed by `stack`."""

    def __init__(
        self, simulators: Mapping[str, Simulator], wanted: Wanted, stack: contextlib.AsyncExitStack
    ) -> None:
        self._simulators = simulators
        self._wanted = wanted
        self._stack = stack
        self._first = next(iter(simulators.values()))
        self._net: Net | None = None
        self._trace = self._tracing()

    async def open(self) -> list[Port]:
        """Everything; the first port on a new pty if nothing was asked for."""
        ports: list[Port] = []
        asked = self._wanted
        paths: list[tuple[str, str | None]] = list(asked.paths)
        if not asked.any:
            paths = [(next(iter(self._first.lines)), None)]
        for name, path in paths:
            ports.append(self._path(name, path))
            self._stack.push_async_callback(ports[-1].close)
        for name, number in asked.tcps:
            maker = self._line(name, TCP_GAP_S)
            ports.append(await TcpPort(name, number, maker, host=asked.host).open())
            self._stack.push_async_callback(ports[-1].close)
        for one in self._simulators.values():
            one.linked = any(name in one.services for name, _, _ in asked.nets)
        if asked.nets:
            self._net = Net()
            self._stack.callback(self._net.close)
            for one in self._simulators.values():
                for service in one.services.values():
                    if service.calls:
                        self._service([service], None, LOOPBACK)
        for name, number, host in asked.nets:
            ports.append(self._service(self._ends(name), number, host or asked.host))
        return ports

    def _path(self, name: str, path: str | None) -> Port:
        if path is not None and is_device(path):
            line = self._ends(name)[0]
            gap = TCP_GAP_S if "://" in path else ADAPTER_GAP_S
            return SerialPort(name, path, self._line(name, gap, wired=True), line.wire, self._first.warn)
        try:
            from fourquad_tools.ports.pseudo_terminal import PtyPort
        except ImportError:
            raise PortError(f"--port {name}: no pseudo-terminals on this platform (there is --tcp)") from None
        return PtyPort(name, path, self._line(name, 0.0))

    def _ends(self, name: str) -> list[Any]:
        """The line or service of that name of each meter that has one."""
        return [one.ends[name] for one in self._simulators.values() if name in one.ends]

    def _line(self, name: str, usual: float, wired: bool = False) -> MakeLink:
        gap = usual if self._wanted.gap is None else self._wanted.gap
        lines = self._ends(name)
        if len(lines) == 1:
            return self._tapped(name, lambda send: Client(lines[0], send, gap, wired))
        return self._tapped(name, lambda send: Shared(lines, send, gap, wired))

    def _service(self, services: list[Service], number: int | None, host: str) -> NetPort:
        """A service of a meter, or Modbus TCP of several; it listens while one of them has it switched on."""
        first = services[0]
        name = first.name
        target: Any = Powered(first)
        if first.kind == "stream":
            make = first.connect if len(services) == 1 else lambda send: Gateway(services, send)
            target = Links(self._tapped(name, make), lambda now: _tick(services, now), first.patient)
        if first.secure:
            target = around(target, Layers(serving=context(self._first.storage.folder)), True)
        port = NetPort(first.desk(target), number, host)
        net = self._net
        assert net is not None
        net.open(port)

        def follow(anew: bool) -> None:
            net.turn(port, any(service.on for service in services), anew)

        for service in services:
            service.followed = follow
        return port

    def _tapped(self, name: str, make_link: MakeLink) -> MakeLink:
        if self._trace is None:
            return make_link
        end = self._ends(name)[0]
        return self._trace.tapped(name, lambda: str(end.speaks), make_link)

    def _tracing(self) -> Trace | None:
        """A trace into the files that were asked for."""
        if not self._wanted.traces:
            return None
        first = self._first
        sinks = {f"--trace {file}": open_sink(file) for file in self._wanted.traces}
        trace = Trace(sinks, lambda: first.start + first.pacer.moment, first.warn)
        self._stack.callback(trace.close)
        for unit, simulator in self._simulators.items():
            for name, end in simulator.ends.items():
                end.faults.note = functools.partial(_note, trace, name, unit)
        return trace


def _tick(services: list[Service], now: int) -> None:
    for service in services:
        service.tick(now)


def _note(trace: Trace, port: str, unit: str, words: str) -> None:
    trace.note(port, f"{unit}: {words}" if unit else words)


def say(line: str) -> None:
    """A line on standard error, at once."""
    print(line, file=sys.stderr, flush=True)


def announce(ports: list[Port], host: str, asked: bool, hint: Callable[[str, str], list[str]]) -> None:
    """Each port for people on standard error, with how to poll it; what only we know is alone on a line of
    standard output. `hint`: lines about the port of a name that is found there.
    """
    for port in ports:
        if not asked or isinstance(port, (TcpPort, NetPort)):
            print(port.where, flush=True)
        off = "" if getattr(port, "open", True) else ", switched off by its setting"
        say(f"{port.name} on {port.where}{off}")
        if not getattr(port, "elsewhere", False):
            for line in hint(port.name, port.where):
                say(f"  {line}")
        asked_for = getattr(port, "host", host)
        if asked_for != host and not local(asked_for):
            say(f"--net {port.name}={port.where}: anybody on the network can reach this meter")
    if not local(host):
        say(f"--bind {host}: anybody on the network can reach this meter, read it and set it")
