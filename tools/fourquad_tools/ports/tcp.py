"""TCP ports: every client has a link of its own."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress

from fourquad_tools.ports import MakeLink, PortError

LOOPBACK = "127.0.0.1"


def local(host: str) -> bool:
    """Whether an address is reached from this computer alone."""
    return ipaddress.ip_address(host).is_loopback


class TcpPort:
    """A TCP port of this computer's address `host`."""

    def __init__(self, name: str, port: int, make_link: MakeLink, host: str = LOOPBACK) -> None:
        self.name = name
        self.port = port
        self.host = host
        self.dropped = 0
        self._make_link = make_link
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()

    async def open(self) -> TcpPort:
        """Listen; `port` is then the real number, also when it was 0."""
        try:
            self._server = await asyncio.start_server(self._serve, self.host, self.port)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise PortError(f"--tcp {self.name}: port {self.port}{self._at}: {reason}") from None
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    @property
    def _at(self) -> str:
        return "" if self.host == LOOPBACK else f" of {self.host}"

    @property
    def where(self) -> str:
        """What a master connects to."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)

        def send(data: bytes) -> None:
            if not writer.is_closing():
                writer.write(data)

        link = self._make_link(send)
        try:
            while data := await reader.read(4096):
                link.received(data)
                if getattr(link, "closing", False):
                    break
                await writer.drain()  # who does not read its answers is not read from
        except ConnectionError:
            pass  # A client that resets its connection has left like any other.
        finally:
            link.closed()
            self._clients.discard(writer)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def close(self) -> None:
        """Stop listening and let all clients go."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._clients):
            writer.close()
        if self._server is not None:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._server.wait_closed(), 1.0)
