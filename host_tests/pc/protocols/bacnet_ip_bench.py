"""A simulated kw320 on BACnet/IP and bacpypes3 (PyPI) as its client, both on this computer's loopback."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import random
import socket
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from bacpypes3.apdu import ErrorRejectAbortNack
from bacpypes3.app import Application
from bacpypes3.local.device import DeviceObject
from bacpypes3.local.networkport import NetworkPortObject
from bacpypes3.pdu import Address, IPv4Address
from bacpypes3.primitivedata import ObjectIdentifier
from test_command import Sim

METER, CLIENT, BBMD = "127.0.0.1", "127.0.0.2", "127.0.0.3"
INSTANCE = 22222
PATIENCE_S = 60.0
_TRIES = 5  # a computer that is busy lets answers be late
PHASES = [{"volts": 230.0 + n, "amps": 4.0 + n, "lag": 30.0 * n} for n in range(3)]
SETTINGS = {"bacnet": 1, "bacnet_instance": INSTANCE}


def free_port(host: str) -> int:
    """One of those that a meter may have, which nobody has on this address."""
    ports = list(range(47000, 49000))
    random.shuffle(ports)
    for port in ports:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind((host, port))
            return port
    raise AssertionError("no port is free")


class Meter(Sim):  # type: ignore[misc]
    """`fourquad sim` with BACnet/IP on a port that its setting has, too."""

    def __init__(self, folder: Path, *options: str, load: Any = None, **settings: int) -> None:
        self.port = free_port(METER)
        settings = {**SETTINGS, "bacnet_port": self.port, **settings}
        rows = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
        super().__init__(
            folder, "--net", f"bacnet={self.port}", *rows, *options, load=load or {"phases": PHASES}
        )


class Client:
    """Asks; what the meter refuses is a string: class and code, or the reason. It has a port of its own:
    bacpypes3 takes any address of the loopback with its port for itself.
    """

    def __init__(self, port: int = 0, host: str = CLIENT, **network: Any) -> None:
        self.meter = Address(f"{METER}:{port}")
        self.port = free_port(host)
        self._loop = asyncio.new_event_loop()
        self.application: Any = self.run(self._open(f"{host}/8:{self.port}", network))

    async def _open(self, address: str, network: dict[str, Any]) -> Application:
        device = DeviceObject(
            objectIdentifier=("device", 4000002),
            objectName="client",
            vendorIdentifier=999,
            maxApduLengthAccepted=1024,
            segmentationSupported="noSegmentation",
        )
        port = NetworkPortObject(
            IPv4Address(address), objectIdentifier=("network-port", 1), objectName="port", **network
        )
        return Application.from_object_list([device, port])

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(asyncio.wait_for(work, PATIENCE_S))

    def ask(self, call: Any, *arguments: Any) -> Any:
        """What came of a call of the application, asked again while nobody answers."""

        async def called() -> Any:
            answer = call(*arguments)
            return await answer if inspect.isawaitable(answer) else answer

        for _ in range(_TRIES):
            try:
                answer = self.run(called())
            except ErrorRejectAbortNack as refusal:
                answer = refusal
            if not isinstance(answer, ErrorRejectAbortNack):
                return answer
            if "no-response" not in str(answer) and "timeout" not in str(answer):
                break
        return str(answer)

    def read(self, which: str, prop: str = "present-value", index: int | None = None) -> Any:
        return self.ask(self.application.read_property, self.meter, ObjectIdentifier(which), prop, index)

    def all_of(self, which: str) -> dict[str, Any]:
        """All properties of an object by ReadPropertyMultiple."""
        answer = self.ask(self.application.read_property_multiple, self.meter, [which, ["all"]])
        assert not isinstance(answer, str), answer
        return {str(prop): value for _, prop, _, value in answer}

    def write(self, which: str, value: Any, prop: str = "present-value", priority: int | None = None) -> Any:
        target = ObjectIdentifier(which)
        return self.ask(self.application.write_property, self.meter, target, prop, value, None, priority)

    def found(self, where: Any = None, low: int = 0, high: int = 4194303) -> list[int]:
        """The instances that answer Who-Is of one address, or of all on the local network."""
        answers = self.ask(self.application.who_is, low, high, where, 1)
        return [int(one.iAmDeviceIdentifier[1]) for one in answers]

    def close(self) -> None:
        self.application.close()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()
