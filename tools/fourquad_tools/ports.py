"""Serial ports of the simulator: pseudo-terminals and loopback TCP, both handing bytes to a link.

A port knows no protocol: whatever arrives goes to a `Link`, and what the link sends goes back the same way.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import socket
import struct
import termios
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Protocol


class PortError(Exception):
    """A port that cannot be opened; the message says which and why."""


class Link(Protocol):
    """One serial line as its meter sees it."""

    def received(self, data: bytes) -> None:
        """Bytes came in."""

    def closed(self) -> None:
        """Nobody is at the other end any more."""

    # A link that wants its client away has `closing`, which is then True.


Send = Callable[[bytes], None]
MakeLink = Callable[[Send], Link]


class PtyPort:
    """A new pseudo-terminal, and a symbolic link to it when `path` is given."""

    def __init__(self, name: str, path: str | None, make_link: MakeLink) -> None:
        self.name = name
        self.path = Path(path) if path else None
        # Holding the slave open keeps the terminal alive while clients come and go.
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.device = os.ttyname(self._slave)
        self.dropped = 0
        self._link = make_link(self._send)
        self._claim: socket.socket | None = None
        try:
            if self.path is not None:
                self._claim = _make_symlink(name, self.path, self.device)
        except PortError:
            self._close_files()
            raise
        asyncio.get_running_loop().add_reader(self._master, self._readable)

    @property
    def where(self) -> str:
        """What a master opens."""
        return str(self.path) if self.path else self.device

    def _readable(self) -> None:
        try:
            data = os.read(self._master, 4096)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EIO):
                return
            raise
        # A new request while an answer lies unread: who asked for it is gone, the next must not get it. A
        # protocol that speaks unasked says of its own accord which answer is to which request.
        if getattr(self._link, "framed", True) and _waiting(self._slave):
            termios.tcflush(self._slave, termios.TCIFLUSH)
        self._link.received(data)

    def _send(self, data: bytes) -> None:
        try:
            sent = os.write(self._master, data)
        except BlockingIOError:
            sent = 0
        self.dropped += len(data) - sent

    async def close(self) -> None:
        """Take the terminal and its link away."""
        asyncio.get_running_loop().remove_reader(self._master)
        self._link.closed()
        if self.path is not None and self.path.is_symlink() and os.readlink(self.path) == self.device:
            self.path.unlink()
        self._close_files()

    def _close_files(self) -> None:
        if self._claim is not None:
            self._claim.close()
        os.close(self._master)
        os.close(self._slave)


def _waiting(fd: int) -> int:
    return struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, b"\0\0\0\0"))[0]


def _make_symlink(name: str, path: Path, device: str) -> socket.socket:
    """Let `path` be a link to `device`; what is returned keeps other simulators from taking it over."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        # A name without a file goes with its process. The terminal itself stays free for a master's lock.
        claim.bind(f"\0fourquad {path.absolute()}")
        if path.is_symlink():
            path.unlink()
        elif path.exists():
            raise PortError(f"--port {name}: {path} exists and is no link")
        path.symlink_to(device)
    except OSError as error:
        claim.close()
        if error.errno == errno.EADDRINUSE:
            raise PortError(f"--port {name}: {path} belongs to a running simulator") from None
        raise PortError(f"--port {name}: cannot make the link {path}: {error.strerror}") from None
    except PortError:
        claim.close()
        raise
    return claim


class TcpPort:
    """A loopback TCP port; every client has a link of its own."""

    def __init__(self, name: str, port: int, make_link: MakeLink, option: str = "--tcp") -> None:
        self.name = name
        self.port = port
        self._option = option  # that asked for it
        self.dropped = 0
        self._make_link = make_link
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()

    async def open(self) -> TcpPort:
        """Listen; `port` is then the real number, also when it was 0."""
        try:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise PortError(f"{self._option} {self.name}: port {self.port}: {reason}") from None
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    @property
    def where(self) -> str:
        """What a master connects to."""
        return f"127.0.0.1:{self.port}"

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
