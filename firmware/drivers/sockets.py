"""The network of a board: what fourquad.net.switchboard wants, of MicroPython's `socket` and `select`.

A look at all sockets takes 15 us and more, a thousand times a second. lwIP tells when something has come, by
a callback of each socket (the option 20), and what it does not tell (that there is room again, a connection
that broke) is looked for less often.

`window` and `budget` are right for lwIP with a heap (MEM_SIZE) of 8000 bytes: while that is full `send` takes
nothing, and with MicroPython as it comes it sleeps.
"""

import errno
import os
import select
import socket

from micropython import const

from fourquad.net.switchboard import BROKEN, NOTHING

try:
    from cryptolib import aes  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    # an image without ciphers: SNMPv3 has no privacy there
    aes = None  # type: ignore[assignment,misc,unused-ignore]

_CALLBACK = const(20)
_PATIENCE = const(16)  # calls of `ready` after which there is a look without a callback
_NOBODY = ()


def _plain(s, buffer):
    data, peer = s.recvfrom(len(buffer))
    buffer[: len(data)] = data
    return len(data), peer


class Sockets:
    """Sockets of all addresses of the board; `nic` has them."""

    window = 2048
    budget = 6000
    tls = None  # begins layers of TLS (drivers/tls.py), on a board that has them

    def __init__(self, nic):
        # what is not constant is not the class's, which then lies in flash
        self.random = os.urandom
        self.cipher = aes
        # MicroPython as it comes has no `recvfrom_into`, and makes a place on the heap for each datagram
        self._receive = getattr(socket.socket, "recvfrom_into", _plain)
        # nor does it tell what is under way (tools/build/network.py)
        self.unacknowledged = getattr(socket.socket, "unacknowledged", None)
        self._nic = nic
        self._poll = select.poll()
        self._heard = self._told
        self.news = True  # look at the next call of `ready`
        self._left = 0  # calls of it that look at nothing without that

    def _told(self, s):
        """Something has come. Called between any two instructions of Python."""
        self.news = True

    def listen(self, port, backlog):
        """A socket that listens; OSError."""
        s = socket.socket()
        try:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(("0.0.0.0", port))
            s.listen(backlog)
        except OSError:
            s.close()
            raise
        return self._add(s)

    def datagram(self, port):
        """A socket of datagrams; OSError."""
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            if port:
                s.bind(("0.0.0.0", port))
        except OSError:
            s.close()
            raise
        return self._add(s)

    def _add(self, s):
        s.setblocking(False)
        s.setsockopt(socket.SOL_SOCKET, _CALLBACK, self._heard)
        self._poll.register(s, select.POLLIN)
        self.news = True  # what came before has told nobody
        return s

    def accept(self, s):
        """(socket, (host, port)), or None. Only to be called when `ready` says so: it waits up to 1 ms."""
        try:
            client, peer = s.accept()
        except OSError:
            return None
        return self._add(client), peer

    def connect(self, host, port):
        """A socket that is being connected to an address, or None."""
        s = None
        try:
            s = socket.socket()
            s.setblocking(False)
            s.connect((host, port))
        except OSError as error:
            if s is None or error.errno != errno.EINPROGRESS:
                if s is not None:
                    s.close()
                return None
        return self._add(s)

    def connected(self, s):
        """Whether it stands: lwIP tells one that is broken by an error of `send`."""
        return True

    def ready(self):
        """(socket, events) of each that something has happened to; nothing is allocated."""
        if not self.news:
            self._left -= 1
            if self._left > 0:
                return _NOBODY
        self.news = False
        self._left = _PATIENCE
        return self._poll.ipoll(0)

    def watch(self, s, events):
        """What to look for."""
        self._poll.modify(s, events)

    def read(self, s, buffer, size):
        """Bytes that came, 0 at their end."""
        try:
            n = s.readinto(buffer, size)
        except OSError:
            return BROKEN
        return NOTHING if n is None else n

    def write(self, s, buffer, begin, end):
        """How many bytes were taken."""
        try:
            return s.write(buffer, begin, end - begin) or 0
        except OSError:
            return BROKEN

    def receive(self, s, buffer):
        """A datagram and where it is from."""
        try:
            return self._receive(s, buffer)
        except OSError:
            return None

    def send(self, s, buffer, length, peer):
        """A datagram, which may be lost."""
        host, number = peer
        try:
            s.sendto(memoryview(buffer)[:length], (host or self._all(), number))
        except OSError:
            return  # as if the network had lost it

    def _all(self):
        """The address of all of the local network."""
        address, mask = [[int(part) for part in word.split(".")] for word in self._nic.ifconfig()[:2]]
        return ".".join([str(address[i] | 255 - mask[i]) for i in range(4)])

    def close(self, s, at_once=False):
        """Leave it; lwIP goes on sending what it has for 10 s, but for `at_once`."""
        self._poll.unregister(s)
        if at_once and self.unacknowledged:
            s.abort()
        s.close()
