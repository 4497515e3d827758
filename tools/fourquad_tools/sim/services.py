"""Network services of the simulated meter (`--net`): the same machines as on a board, with the meter's power
and the faults of the simulator between them and the switchboard.

A service has the face of a line where both are shown: `name`, `stats()`, `icon`; `power_on` and `power_off`.
A stream service has `connect(send)`, which gives the link of one client (fourquad_tools.ports); `desk` is
what the switchboard wants.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

from fourquad import points as p
from fourquad import ticks
from fourquad.device.network import Parts, access_of, make, port_of
from fourquad.net import PIECE
from fourquad.net.desk import COUNTERS, Desk
from fourquad.net.secured import around
from fourquad.points import columns as c
from fourquad_tools.ports.net import millis
from fourquad_tools.ports.tls_layer import Layers
from fourquad_tools.sim.aes import Aes
from fourquad_tools.sim.faults import Faults, Refusing
from fourquad_tools.sim.lines import comm_icon
from fourquad_tools.sim.resolver import Resolver
from fourquad_tools.sim.service_rows import rows
from fourquad_tools.tables import poll_options

# What `--net all` takes: anybody may listen there.
USUAL = {
    "modbus": 5020,
    "http": 8080,
    "https": 8443,
    "snmp": 16100,
    "dnp3": 20000,
    "dnp3udp": 20000,
    "bacnet": 47808,
}


def _nothing(_: bool) -> None:
    """Nobody wants to know."""


class Service:
    """One service of a meter, by its row of SERVICES."""

    patient = False  # as fourquad.net has it
    secure = False  # TLS is around it

    def __init__(self, model: ModuleType, row: tuple) -> None:
        self.name: str = row[c.NAME]
        self.kind: str = row[c.SERVICE]
        self.usual = USUAL.get(self.name, 0)
        self.row = row
        self.model = model
        self.serial = b""
        self.asked: Callable[[], object] = int  # called before a request is done
        self.on = False  # as it was switched when the meter, or its network module, began
        self.followed: Callable[[bool], None] = _nothing  # called when `on` may be another
        self.virtual: Callable[[], int] = millis  # virtual time as `fourquad.ticks`
        self.faults = Faults()
        self.parts: Parts | None = None  # of the meter that has power
        self.machine: Any = None  # the service of the meter
        self.counters: dict[str, int] = {}
        self.counts = [0] * len(COUNTERS)  # of the switchboard
        self.desks: dict[str, Desk] = {}  # those of the meter
        self.files: Any = ()  # of the web pages
        self.authorities: str | None = None  # a file of those that TLS believes; None: those of this computer
        self.clients = 0
        self.answers = 0
        self.last_request = -1e9
        self.last_answer = -1e9
        self._ahead = 0

    @property
    def calls(self) -> bool:
        """Whether it is nobody's server."""
        return bool(self.row[c.SERVICE_PORT] is None and self.kind != "stream")

    @property
    def speaks(self) -> str:
        """The protocol, as traces call it."""
        return self.name

    def power_on(self, points: Any, registers: Any) -> None:
        """Speak for this meter from now on."""
        own = (self.files, self.serial, self.model.NAME, Aes)
        self.parts = Parts(points, registers, Resolver(), os.urandom, *own)
        self.parts.tls = Layers(self.authorities)
        self.machine = around(make(self.row, self.parts), self.parts.tls, False)
        self.follow()

    def follow(self, anew: bool = False) -> None:
        """Take over whether it is switched on; `anew`: who is connected is disconnected."""
        if self.parts is not None:
            self.on = port_of(self.row, self.parts.points) != 0
            if self.on and hasattr(self.machine, "began"):
                self.machine.began(self.time(millis()))
            self.followed(anew)

    def admits(self, host: str) -> bool:
        """Whether a client of this address is let in."""
        if self.parts is None:
            return True
        access, own = access_of(self.row, self.parts.points), getattr(self.machine, "admits", None)
        return (access is None or access(host)) and (own is None or own(host))

    def tick(self, now: int) -> None:
        """Time goes on without a connection."""
        if self.machine is not None and hasattr(self.machine, "tick"):
            self.machine.tick(self.time(now))

    def power_off(self) -> None:
        """Fall silent; the counters go on from where they are."""
        self.counters = self._counted()
        self.parts = self.machine = None
        self.faults.delays.clear()

    def skip(self, seconds: float) -> None:
        """So much time has passed at once for the protocol's times."""
        self._ahead = ticks.add(self._ahead, min(round(1000 * seconds), ticks.PERIOD // 4))

    def time(self, now: int) -> int:
        """The time of the protocol while real time is `now`: what the meter does by itself follows virtual
        time, what others wait for follows theirs.
        """
        return self.virtual() if self.kind == "client" else ticks.add(now, self._ahead)

    def desk(self, service: Any) -> Desk:
        """The service with its limits."""
        desk = Desk(self.name, self.kind, service, self.row[c.MOST], self.row[c.IDLE_S], self.admits)
        desk.served = lambda *who: self.parts and self.parts.serve(*who)
        desk.broke = lambda *what: self.parts and self.parts.broke(*what)
        self.counts = desk.counters
        self.desks[self.name] = desk
        return desk

    def _counted(self) -> dict[str, int]:
        """The counters of the meters that had power until now."""
        module = __import__("fourquad.protocols." + self.row[c.MACHINE], None, None, ("COUNTERS",))
        names = getattr(module, "COUNTERS", ())
        now = self.machine.counters if self.machine is not None and names else [0] * len(names)
        return {name: self.counters.get(name, 0) + n for name, n in zip(names, now, strict=True)}

    def stats(self) -> dict[str, int]:
        """Counters since the simulator started."""
        return {
            "baud": 0,
            "requests": 0,
            "exceptions": 0,
            "bad_frames": 0,
            **dict(zip(COUNTERS, self.counts, strict=True)),
            **self._counted(),
            "answers": self.answers,
            "spoiled": 0,
            "clients": self.clients,
            "faults": self.faults.hits.total(),
        }

    @property
    def unit(self) -> int | None:
        """The address that it answers, where the protocol has one; None without power."""
        return None

    def example(self, points: Any, where: str) -> str:
        """How a master polls it."""
        return f"{self.name} at {where}"

    @property
    def icon(self) -> int:
        """What the panel shows: 0 quiet, 1 request seen, 2 answered."""
        return comm_icon(self.last_request, self.last_answer)

    def prepare(self, machine: Any) -> None:
        """A machine is new: faults may have a hand in what it does."""

    def connect(self, send: Callable[[bytes], None]) -> ServiceClient:
        """The link of a new client."""
        self.clients += 1
        return ServiceClient(self, send)


class ModbusService(Service):
    """Modbus TCP over the register map that the serial ports have."""

    @property
    def speaks(self) -> str:
        """The protocol, as traces call it."""
        return "modbus-tcp"

    @property
    def unit(self) -> int | None:
        """The unit id that it answers, None without power."""
        return None if self.parts is None else int(self.parts.points.read(p.SETTING + self.row[c.TABLES]))

    def example(self, points: Any, where: str) -> str:
        """How a master polls it."""
        host, _, number = where.rpartition(":")
        return f"mbpoll -m tcp -p {number} -a {self.unit} {poll_options(self.model)} {host}"

    def prepare(self, machine: Any) -> None:
        """Requests can be refused by a fault."""
        machine.functions = Refusing(machine.functions, self.faults)


class ServiceClient:
    """One connection: a machine of the meter that has power. `closing`: the client is to go."""

    closing = False

    def __init__(self, service: Service, send: Callable[[bytes], None]) -> None:
        self._service = service
        self._send = send
        self._of: Any = None  # the meter's service that made the machine
        self._machine: Any = None
        self._waiting = b""
        self._peer: Any = None

    def opened(self, peer: Any, now: int) -> None:
        """Who it is."""
        self._peer = peer
        self._follow(now)

    def _follow(self, now: int) -> bool:
        """Whether there is power. What was begun before it was switched on is forgotten."""
        of = self._service.machine
        if of is not self._of:
            self._of, self._waiting = of, b""
            self._machine = None if of is None else of.connection()
            if of is not None:
                self._service.prepare(self._machine)
                self._machine.opened(self._peer, self._service.time(now))
        return of is not None

    @property
    def busy(self) -> bool:
        """Whether there is more to be said."""
        return self._machine is not None and (self._machine.busy or len(self._waiting) > 0)

    def received(self, data: bytes) -> None:
        """Bytes came in; those of a meter without power are lost."""
        service = self._service
        now = millis()
        if service.faults.mute or not self._follow(now):
            return
        service.asked()
        service.last_request = time.monotonic()
        self._waiting += service.faults.noise(data)
        self._go_on(service.time(now))

    def poll(self, now: int) -> None:
        """Say the next piece, if there is one."""
        if self._follow(now):
            now = self._service.time(now)
            if not self._answered(self._machine.poll(now)):
                self._go_on(now)

    def _go_on(self, now: int) -> None:
        """Hand over what waits, until there is an answer."""
        machine = self._machine
        while self._waiting and not machine.closing and machine.room():
            room = machine.room()
            data, self._waiting = self._waiting[:room], self._waiting[room:]
            if self._answered(machine.run(data, len(data), now)):
                break
        self.closing = machine.closing

    def _answered(self, count: int) -> bool:
        if not count:
            self.closing = self._machine.closing
            return False
        service = self._service
        service.answers += 1
        service.last_answer = time.monotonic()
        service.faults.send(bytes(memoryview(self._machine.answer)[:count]), self._put)
        self.closing = self._machine.closing
        return True

    def _put(self, data: bytes) -> None:
        if not self._service.faults.mute:
            self._send(self._service.faults.noise(data))

    def closed(self) -> None:
        """The client is gone."""
        self._service.clients -= 1
        if self._machine is not None:
            self._machine.lost(self._service.time(millis()))


class Powered:
    """A client or a datagram service of the meter that has power, for the switchboard."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._none = bytearray(PIECE)

    def __getattr__(self, name: str) -> Any:
        # answer, busy, closing, to, room, opened, failed ...
        return getattr(self._service.machine, name)

    @property
    def answer(self) -> bytearray:
        """What is to be sent."""
        machine = self._service.machine
        answer: bytearray = self._none if machine is None else machine.answer
        return answer

    @property
    def busy(self) -> bool:
        """Whether there is more to do."""
        return self._service.machine is not None and self._service.machine.busy

    @property
    def closing(self) -> bool:
        """Whether the connection is to end; it does when the power is gone."""
        return self._service.machine is None or self._service.machine.closing

    def admits(self, host: str) -> bool:
        """Whether datagrams of this address are taken."""
        machine = self._service.machine
        return machine is not None and (not hasattr(machine, "admits") or machine.admits(host))

    def wants(self, now: int) -> Any:
        """Whom it calls."""
        machine = self._service.machine
        return None if machine is None else machine.wants(self._service.time(now))

    def opened(self, peer: Any, now: int) -> None:
        """The connection stands."""
        if self._service.machine is not None:
            self._service.machine.opened(peer, self._service.time(now))

    def failed(self, now: int) -> None:
        """There is none."""
        if self._service.machine is not None:
            self._service.machine.failed(self._service.time(now))

    def lost(self, now: int) -> None:
        """It is gone."""
        if self._service.machine is not None:
            self._service.machine.lost(self._service.time(now))

    def room(self) -> int:
        """How many octets are taken."""
        return 0 if self._service.machine is None else self._service.machine.room()

    def run(self, buffer: bytearray, length: int, now: int) -> int:
        """Octets came."""
        machine = self._service.machine
        self._service.last_request = time.monotonic()
        return 0 if machine is None else self._said(machine.run(buffer, length, self._service.time(now)))

    def datagram(self, buffer: bytearray, length: int, peer: Any, now: int) -> int:
        """A datagram came."""
        service = self._service
        service.asked()
        service.last_request = time.monotonic()
        if service.machine is None:
            return 0
        return self._said(service.machine.datagram(buffer, length, peer, service.time(now)))

    def poll(self, now: int) -> int:
        """What is to be said."""
        machine = self._service.machine
        return 0 if machine is None else self._said(machine.poll(self._service.time(now)))

    def _said(self, count: int) -> int:
        if count:
            self._service.answers += 1
            self._service.last_answer = time.monotonic()
        return count


def services(model: ModuleType) -> dict[str, Service]:
    """The services of a model by their names."""
    # it is made of what is here
    from fourquad_tools.sim.web_service import WebService

    kinds = {"modbus": ModbusService, "http": WebService, "https": WebService}
    return {row[c.NAME]: kinds.get(row[c.NAME], Service)(model, row) for row in rows(model)}
