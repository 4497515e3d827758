"""TLS around a client of the simulated meter that says that it wants it (`secure`, fourquad.net)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fourquad.net import PIECE
from fourquad_tools.ports.tls_client import Layer

_MOST = 4096  # octets of a server that wait in the clear


class Secured:
    """The machine of a client, as the switchboard wants it, with a layer of TLS where it asks for one."""

    def __init__(self, machine: Any, layer: Callable[[str], Layer]) -> None:
        self._machine = machine
        self._make = layer
        self._layer: Layer | None = None
        self._out = bytearray(PIECE)
        self._came = b""  # in the clear, not yet taken
        self._more = self._broken = False

    def __getattr__(self, name: str) -> Any:
        # wants, failed, counters ...
        return getattr(self._machine, name)

    @property
    def answer(self) -> bytearray:
        """What is to be sent."""
        return self._out if self._layer else self._machine.answer

    @property
    def busy(self) -> bool:
        """Whether there is more to be said."""
        waits = self._layer is not None and (self._more or bool(self._came and self._machine.room()))
        return bool(self._machine.busy) or waits

    @property
    def closing(self) -> bool:
        """Whether the connection is to end."""
        if self._layer is None:
            return bool(self._machine.closing)
        return self._broken or (self._machine.closing and not self._more)

    def opened(self, peer: Any, now: int) -> None:
        """The connection stands."""
        self._came = b""
        self._more = self._broken = False
        host = self._machine.secure
        self._layer = self._make(host) if host else None
        self._machine.opened(peer, now)
        self._more = self._layer is not None

    def lost(self, now: int) -> None:
        """It is gone."""
        self._layer = None
        self._machine.lost(now)

    def room(self) -> int:
        """How many octets are taken."""
        if self._layer is None:
            return int(self._machine.room())
        return PIECE if len(self._came) < _MOST else 0

    def run(self, buffer: bytearray, length: int, now: int) -> int:
        """Octets came."""
        if self._layer is None:
            return int(self._machine.run(buffer, length, now))
        clear = self._layer.take(bytes(memoryview(buffer)[:length]))
        if clear is None:
            self._broken = True
            self._machine.untrusted()
            return self._said()
        self._came += clear
        self._hear(now)
        return self._said()

    def _hear(self, now: int) -> None:
        """Hand over what came, as much as it takes."""
        machine = self._machine
        while self._came and not machine.closing and machine.room():
            data, self._came = self._came[: machine.room()], self._came[machine.room() :]
            self._put(machine.run(data, len(data), now))

    def _put(self, count: int) -> None:
        if count and self._layer is not None:
            self._layer.put(bytes(memoryview(self._machine.answer)[:count]))

    def poll(self, now: int) -> int:
        """The next piece."""
        if self._layer is None:
            return int(self._machine.poll(now))
        if self._broken:
            return 0
        self._hear(now)
        self._put(self._machine.poll(now))
        return self._said()

    def _said(self) -> int:
        """The next octets of the layer."""
        assert self._layer is not None
        data = self._layer.said(PIECE)
        self._out[: len(data)] = data
        self._more = len(data) == PIECE
        return len(data)
