"""One port of several meters: each hears every request, and the one that is asked answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fourquad_tools.sim.clients import Client
from fourquad_tools.sim.lines import SerialLine
from fourquad_tools.sim.services import Service

_HEAD = 6  # bytes of a frame of Modbus TCP before its unit id
_LEAST, _MOST = 2, 254  # what its length may be
_NOWHERE = (0, 255)


class Shared:
    """A client's link to the lines of several meters. An answer goes out whole: of two that would be sent at
    once, as to a sign-on without an address, the second is lost.
    """

    def __init__(
        self, lines: Sequence[SerialLine], send: Callable[[bytes], None], gap: float, wired: bool
    ) -> None:
        self._send = send
        self._speaker: SerialLine | None = None
        self._clients = [Client(line, self._sender(line), gap, wired) for line in lines]

    def _sender(self, line: SerialLine) -> Callable[[bytes], None]:
        def send(data: bytes) -> None:
            if self._speaker is not None and self._speaker is not line and self._speaker.sending:
                line.give_way()
                return
            self._speaker = line
            self._send(data)

        return send

    @property
    def framed(self) -> bool:
        """Whether all take runs between silences."""
        return all(client.framed for client in self._clients)

    def received(self, data: bytes) -> None:
        """Bytes came in."""
        for client in self._clients:
            client.received(data)

    def closed(self) -> None:
        """Nobody is at the other end any more."""
        for client in self._clients:
            client.closed()


class Gateway:
    """A client's connection of Modbus TCP to several meters: the unit id says which. Without a meter of that
    id the first one answers, as it does to the ids 0 and 255.
    """

    def __init__(self, services: Sequence[Service], send: Callable[[bytes], None]) -> None:
        self._services = services
        self._links: list[Any] = [service.connect(send) for service in services]
        self._held = b""

    def opened(self, peer: Any, now: int) -> None:
        """Who it is."""
        for link in self._links:
            link.opened(peer, now)

    def poll(self, now: int) -> None:
        """Say the next piece, if there is one."""
        for link in self._links:
            link.poll(now)

    @property
    def busy(self) -> bool:
        """Whether there is more to be said."""
        return any(link.busy for link in self._links)

    @property
    def closing(self) -> bool:
        """Whether the client speaks no Modbus."""
        return any(link.closing for link in self._links)

    def received(self, data: bytes) -> None:
        """Bytes came in."""
        self._held += data
        while len(self._held) > _HEAD and not self.closing:
            length = int.from_bytes(self._held[4:_HEAD], "big")
            good = _LEAST <= length <= _MOST and self._held[2:4] == b"\0\0"
            end = _HEAD + length if good else len(self._held)
            if len(self._held) < end:
                return
            frame, self._held = self._held[:end], self._held[end:]
            self._links[self._chosen(frame[_HEAD])].received(frame)

    def _chosen(self, unit: int) -> int:
        for at, service in enumerate(self._services):
            if unit not in _NOWHERE and service.unit == unit:
                return at
        return 0

    def closed(self) -> None:
        """The client is gone."""
        for link in self._links:
            link.closed()
