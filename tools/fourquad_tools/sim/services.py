"""Network services of the simulated meter (`--net`): many clients may use one at once, each with a connection
of its own.

A service has the face of a line where both are shown: `name`, `stats()`, `icon`; `power_on` and `power_off`;
`connect(send)` gives the link of one client (fourquad_tools.ports). SERVICES says which there are: a service
is had by a model whose tables it needs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType
from typing import Any, Protocol

from fourquad import points as p
from fourquad.points import columns as c
from fourquad.protocols.modbus.tcp import COUNTERS, Connection
from fourquad_tools.sim.faults import Faults, Refusing
from fourquad_tools.sim.lines import comm_icon
from fourquad_tools.tables import poll_options


class Service(Protocol):
    """One service of a meter."""

    name: str
    usual: int  # the TCP port that `--net all` takes
    speaks: str  # the protocol
    unit: int | None  # the address that it answers, None without power
    asked: Callable[[], None]  # called before a request is done
    faults: Faults

    @classmethod
    def serves(cls, model: ModuleType) -> bool:
        """Whether the model has what the service needs."""

    def power_on(self, points: Any, registers: Any) -> None:
        """Speak for this meter from now on."""

    def power_off(self) -> None:
        """Fall silent; the counters go on from where they are."""

    def connect(self, send: Callable[[bytes], None]) -> Any:
        """The link of a new client."""

    def stats(self) -> dict[str, int]:
        """Counters since the simulator started."""

    def example(self, points: Any, where: str) -> str:
        """How a master polls it."""

    @property
    def icon(self) -> int:
        """What the panel shows: 0 quiet, 1 request seen, 2 answered."""


class ModbusService:
    """Modbus TCP over the register map that the serial ports have."""

    name = "modbus"
    usual = 5020
    speaks = "modbus-tcp"

    def __init__(self, model: ModuleType) -> None:
        self._model = model
        self.asked: Callable[[], object] = int
        self.faults = Faults()
        self.registers: Any = None  # of the meter that has power
        self.address = p.SETTING + _modbus_address(model)
        self.counters = [0] * len(COUNTERS)
        self.clients = 0
        self.accepted = 0
        self.bytes_in = 0
        self.bytes_out = 0
        self.answers = 0
        self.last_request = -1e9
        self.last_answer = -1e9

    @classmethod
    def serves(cls, model: ModuleType) -> bool:
        """Whether the model has a register map."""
        return hasattr(model, "REGIONS")

    def power_on(self, points: Any, registers: Any) -> None:
        """Speak for this meter from now on."""
        self.registers = registers

    def power_off(self) -> None:
        """Fall silent; the counters go on from where they are."""
        self.registers = None
        self.faults.delays.clear()

    def connect(self, send: Callable[[bytes], None]) -> ModbusClient:
        """The link of a new client."""
        self.clients += 1
        self.accepted += 1
        return ModbusClient(self, send)

    def stats(self) -> dict[str, int]:
        """Counters since the simulator started."""
        return {
            "baud": 0,
            "bytes_in": self.bytes_in,
            "bytes_out": self.bytes_out,
            **dict(zip(COUNTERS, self.counters, strict=True)),
            "answers": self.answers,
            "spoiled": 0,
            "clients": self.clients,
            "accepted": self.accepted,
            "faults": self.faults.hits.total(),
        }

    @property
    def unit(self) -> int | None:
        """The unit id that it answers, None without power."""
        return None if self.registers is None else int(self.registers.points.read(self.address))

    def example(self, points: Any, where: str) -> str:
        """How a master polls it."""
        host, _, number = where.rpartition(":")
        unit = points.read(self.address)
        return f"mbpoll -m tcp -p {number} -a {unit} {poll_options(self._model)} {host}"

    @property
    def icon(self) -> int:
        """What the panel shows: 0 quiet, 1 request seen, 2 answered."""
        return comm_icon(self.last_request, self.last_answer)


def _modbus_address(model: ModuleType) -> int:
    """The setting that holds the address of the first port that speaks Modbus."""
    for row in model.PORTS:
        if any(kind == "modbus" for kind, _ in row[c.SPEAKS]):
            return int(row[c.PORT_ADDRESS])
    raise ValueError(f"{model.NAME} has a register map and no port that serves it")


class ModbusClient:
    """One connection: its own machine over the meter's one map. `closing`: the client speaks no Modbus."""

    closing = False

    def __init__(self, service: ModbusService, send: Callable[[bytes], None]) -> None:
        self._service = service
        self._send = send
        self._registers: Any = None
        self._machine: Any = None

    def received(self, data: bytes) -> None:
        """Bytes came in; those of a meter without power are lost."""
        service = self._service
        if service.faults.mute:
            return
        data = service.faults.noise(data)
        service.bytes_in += len(data)
        if service.registers is None:
            self._registers = None
            return
        if self._registers is not service.registers:
            # the meter has been switched on: what was begun before is forgotten
            self._registers = service.registers
            self._machine = Connection(service.registers, service.address, service.counters)
            self._machine.functions = Refusing(self._machine.functions, service.faults)
        service.asked()
        service.last_request = time.monotonic()
        machine = self._machine
        while data and not machine.closing:
            piece, data = data[: machine.room()], data[machine.room() :]
            count = machine.run(piece, len(piece))
            while count:
                self._answer(bytes(memoryview(machine.answer)[:count]))
                count = machine.poll(0)
        self.closing = machine.closing

    def _answer(self, data: bytes) -> None:
        service = self._service
        service.answers += 1
        service.bytes_out += len(data)
        service.last_answer = time.monotonic()
        service.faults.send(data, self._put)

    def _put(self, data: bytes) -> None:
        if not self._service.faults.mute:
            self._send(self._service.faults.noise(data))

    def closed(self) -> None:
        """The client is gone."""
        self._service.clients -= 1


SERVICES: tuple[type[ModbusService], ...] = (ModbusService,)


def services(model: ModuleType) -> dict[str, Service]:
    """The services of a model by their names."""
    return {kind.name: kind(model) for kind in SERVICES if kind.serves(model)}
