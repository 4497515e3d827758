"""bacpypes3 (PyPI) as a client on BACnet/IP, and the router (bip_router.py) that joins it to MS/TP."""

from __future__ import annotations

import asyncio
import inspect
import os
import queue
import socket
import subprocess
import threading
import time
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from bacpypes3.apdu import ErrorRejectAbortNack
from bacpypes3.app import Application
from bacpypes3.local.device import DeviceObject
from bacpypes3.local.networkport import NetworkPortObject
from bacpypes3.pdu import Address, IPv4Address
from bacpypes3.primitivedata import ObjectIdentifier
from bacpypes3.settings import settings
from misty_bench import PATIENCE_S, PYTHON

ROUTER = Path(__file__).parent / "bip_router.py"
LINE = 2  # number of the MS/TP network
METER = 1  # its MAC
_TRIES = 5  # a computer that is busy lets answers be late


async def _called(call: Any, arguments: Any, named: Any) -> Any:
    """Some calls give what is to come, some want a loop that runs."""
    answer = call(*arguments, **named)
    return await answer if inspect.isawaitable(answer) else answer


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


class Router:
    """bip_router.py in a process of its own; `port` is its UDP port, `client` that of who asks."""

    def __init__(self, pty: Path) -> None:
        self.port, self.client = _free_port(), _free_port()
        arguments = [str(PYTHON), str(ROUTER), str(self.port), str(self.client)]
        arguments += [os.path.realpath(pty), "3", "5", "38400"]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, args=(said,), daemon=True).start()
        end = time.monotonic() + PATIENCE_S
        while said.get(timeout=PATIENCE_S) != "ready":
            assert time.monotonic() < end

    def _read(self, said: queue.Queue[str]) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said.put(line.strip())

    def close(self) -> None:
        self.process.kill()
        self.process.wait(10)


class Client:
    """Asks the meter behind a router; what it refuses is a string: class and code, or the reason."""

    def __init__(self, router: Router) -> None:
        settings.route_aware = True
        self.meter = Address(f"{LINE}:{METER}@127.0.0.1:{router.port}")
        self.everybody = Address(f"{LINE}:*@127.0.0.1:{router.port}")
        self._loop = asyncio.new_event_loop()
        self.application = self.run(self._open(router.client))

    async def _open(self, number: int) -> Application:
        device = DeviceObject(
            objectIdentifier=("device", 4000002),
            objectName="client",
            vendorIdentifier=999,
            maxApduLengthAccepted=480,
            segmentationSupported="noSegmentation",
        )
        address = IPv4Address(f"127.0.0.1:{number}")
        port = NetworkPortObject(address, objectIdentifier=("network-port", 1), objectName="port")
        return Application.from_object_list([device, port])

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(asyncio.wait_for(work, PATIENCE_S))

    def ask(self, call: Any, *arguments: Any, **named: Any) -> Any:
        """What came of a call of the application, asked again while nobody answers."""
        for _ in range(_TRIES):
            try:
                answer = self.run(_called(call, arguments, named))
            except ErrorRejectAbortNack as refusal:
                answer = refusal
            if not isinstance(answer, ErrorRejectAbortNack):
                return answer
            if "no-response" not in str(answer) and "timeout" not in str(answer):
                return str(answer)
        return str(answer)

    def read(self, kind: str, instance: int, prop: str = "present-value", index: int | None = None) -> Any:
        target = ObjectIdentifier(f"{kind},{instance}")
        return self.ask(self.application.read_property, self.meter, target, prop, index)

    def all_of(self, kind: str, instance: int) -> dict[str, Any]:
        """All properties of an object by ReadPropertyMultiple."""
        answer = self.ask(
            self.application.read_property_multiple, self.meter, [f"{kind},{instance}", ["all"]]
        )
        assert not isinstance(answer, str), answer
        return {str(prop): value for _, prop, _, value in answer}

    def write(self, kind: str, instance: int, value: Any, prop: str = "present-value") -> Any:
        target = ObjectIdentifier(f"{kind},{instance}")
        return self.ask(self.application.write_property, self.meter, target, prop, value)

    def records(self, instance: int, by: str, at: int, count: int) -> Any:
        """Records of a trend log by "p"osition or "s"equence number."""
        target = ObjectIdentifier(f"trend-log,{instance}")
        what: Sequence[Any] = (by, at, None, None, count)
        return self.ask(
            self.application.read_range, self.meter, target, "log-buffer", range_params=tuple(what)
        )

    def join(self) -> None:
        """Wait until the ring has formed."""
        end = time.monotonic() + PATIENCE_S
        while str(self.read("device", 4194303, "object-type")) != "device":
            assert time.monotonic() < end

    def close(self) -> None:
        self.application.close()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()
