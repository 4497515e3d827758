"""The network of this computer: what fourquad.net.switchboard wants, of CPython's sockets."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
from collections.abc import Iterator
from typing import Any

from fourquad.net.switchboard import BROKEN, IN, NOTHING, OUT

_BACKLOG = 128  # a client that finds no room in it tries again after a second only
_ALL = "255.255.255.255"
_RETRY = (BlockingIOError, InterruptedError)


class Sockets:
    """Sockets of this computer. `host`: the address at which the next one is to be found."""

    window = 1 << 16
    budget = 1 << 24
    random = staticmethod(os.urandom)
    unacknowledged = None

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self._selector = selectors.DefaultSelector()
        self._others: dict[socket.socket, socket.socket] = {}  # by its socket what hears what is for all

    def fileno(self) -> int | None:
        """What is readable while `ready` has something to give; None on a platform without that."""
        fileno = getattr(self._selector, "fileno", None)
        return None if fileno is None else fileno()

    def _bound(self, port: int, kind: socket.SocketKind) -> socket.socket:
        s = socket.socket(_family(self.host), kind)
        try:
            if kind is socket.SOCK_STREAM:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((self.host, port))
        except (OSError, OverflowError):
            s.close()
            raise
        return self._added(s)

    def _added(self, s: socket.socket, events: int = selectors.EVENT_READ) -> socket.socket:
        s.setblocking(False)
        self._selector.register(s, events)
        return s

    def listen(self, port: int, backlog: int) -> socket.socket:
        """A socket that listens; OSError."""
        s = self._bound(port, socket.SOCK_STREAM)
        try:
            s.listen(max(backlog, _BACKLOG))
        except OSError:
            self.close(s)
            raise
        return s

    def datagram(self, port: int) -> socket.socket:
        """A socket of datagrams, also of those that are for all of the network; OSError."""
        s = self._bound(port, socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        everybody = broadcast(self.host)
        if everybody:
            # a socket of one address hears nothing that is not for it; several meters may listen to all
            other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                for option in ("SO_REUSEADDR", "SO_REUSEPORT"):
                    if hasattr(socket, option):
                        other.setsockopt(socket.SOL_SOCKET, getattr(socket, option), 1)
                other.bind((everybody, s.getsockname()[1]))
            except OSError:
                other.close()
            else:
                other.setblocking(False)
                self._others[s] = other
                self._selector.register(other, selectors.EVENT_READ, s)
        return s

    def accept(self, s: socket.socket) -> tuple[socket.socket, Any] | None:
        """(socket, (host, port)), or None."""
        try:
            client, peer = s.accept()
        except OSError:
            return None
        with contextlib.suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._added(client), peer

    def connect(self, host: str, port: int) -> socket.socket | None:
        """A socket that is being connected to an address, or None."""
        s = socket.socket(_family(host), socket.SOCK_STREAM)
        s.setblocking(False)
        try:
            s.connect((host, port))
        except _RETRY:
            pass
        except (OSError, OverflowError):
            s.close()
            return None
        return self._added(s, selectors.EVENT_WRITE)

    def connected(self, s: socket.socket) -> bool:
        """Whether it stands."""
        return not s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)

    def ready(self) -> Iterator[tuple[socket.socket, int]]:
        """(socket, events) of each that something has happened to."""
        for key, mask in self._selector.select(0):
            events = IN * bool(mask & selectors.EVENT_READ) | OUT * bool(mask & selectors.EVENT_WRITE)
            yield key.data or key.fileobj, events

    def watch(self, s: socket.socket, events: int) -> None:
        """What to look for."""
        wanted = selectors.EVENT_READ * bool(events & IN) | selectors.EVENT_WRITE * bool(events & OUT)
        known = s in self._selector.get_map()
        if not wanted:
            if known:
                self._selector.unregister(s)
        elif known:
            self._selector.modify(s, wanted)
        else:
            self._selector.register(s, wanted)

    def read(self, s: socket.socket, buffer: bytearray, size: int) -> int:
        """Octets that came, 0 at their end."""
        try:
            return s.recv_into(buffer, size)
        except _RETRY:
            return NOTHING
        except OSError:
            return BROKEN

    def write(self, s: socket.socket, buffer: bytearray, begin: int, end: int) -> int:
        """How many octets were taken."""
        try:
            return s.send(memoryview(buffer)[begin:end])
        except _RETRY:
            return 0
        except OSError:
            return BROKEN

    def receive(self, s: socket.socket, buffer: bytearray) -> tuple[int, Any] | None:
        """A datagram and where it is from."""
        for each in (s, self._others.get(s)):
            with contextlib.suppress(OSError):
                if each is not None:
                    return each.recvfrom_into(buffer)
        return None

    def send(self, s: socket.socket, buffer: bytearray, length: int, peer: Any) -> None:
        """A datagram, which may be lost."""
        host, number = peer[:2]
        with contextlib.suppress(OSError, OverflowError):
            s.sendto(memoryview(buffer)[:length], peer if host else (broadcast(self.host) or _ALL, number))

    def close(self, s: socket.socket, at_once: bool = False) -> None:
        """Leave it."""
        other = self._others.pop(s, None)
        if other is not None:
            self.close(other)
        self.watch(s, 0)
        s.close()

    def end(self) -> None:
        """Look for nothing more."""
        self._selector.close()


def broadcast(host: str) -> str:
    """The address of all of the network of `host`, where that is known: this computer's own, 127.0.0.0/8."""
    return "127.255.255.255" if host.startswith("127.") else ""


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
