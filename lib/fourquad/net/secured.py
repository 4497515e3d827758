"""TLS around a machine of a connection (fourquad.net). A device with TLS has `parts.tls`, and `tls(host)`
begins a layer with a server of that name, `tls(None)` one with a client. A layer has

- `take(octets)`: what these octets of the other side say; None: it speaks no TLS, or is not to be trusted;
- `put(octets)`: to be said;
- `said(count)`: at most so many octets that are to be sent now;
- `close()`: it is over.
"""

from fourquad.net import PIECE

_MOST = 4096  # octets of the other side that wait in the clear


def around(service, tls, serves):
    """The service with TLS: all clients of one that serves speak it; one that calls says when (`secure`)."""
    if serves:
        return Served(service, tls)
    if hasattr(service, "secure"):
        return Secured(service, lambda: tls(service.secure) if service.secure else None)
    return service


class Served:
    """A stream service whose clients have to speak TLS."""

    def __init__(self, service, tls):
        self._service = service
        self._tls = tls

    def __getattr__(self, name):
        # admits, tick, counters ...
        return getattr(self._service, name)

    def connection(self):
        """A machine for one more connection."""
        return Secured(self._service.connection(), lambda: self._tls(None))


class Secured:
    """A machine, as the switchboard wants it; `make()` gives the layer of a new connection, None for none."""

    def __init__(self, machine, make):
        self._machine = machine
        self._make = make
        self._layer = None
        self._out = None
        self._came = b""  # in the clear, not yet taken
        self._more = self._broken = False

    def __getattr__(self, name):
        # wants, failed, counters ...
        return getattr(self._machine, name)

    @property
    def answer(self):
        """What is to be sent."""
        return self._out if self._layer else self._machine.answer

    @property
    def busy(self):
        """Whether there is more to be said."""
        return self._machine.busy or self._more or bool(self._came and self._machine.room())

    @property
    def closing(self):
        """Whether the connection is to end."""
        return (self._broken or self._machine.closing) and not self._more

    def opened(self, peer, now):
        """The connection stands."""
        self._came = b""
        self._broken = False
        self._layer = self._make()
        self._more = self._layer is not None
        if self._more and not self._out:
            self._out = bytearray(PIECE)
        self._machine.opened(peer, now)

    def lost(self, now):
        """It is gone."""
        if self._layer:
            self._layer.close()
        self._layer = None
        self._more = False
        self._came = b""
        self._machine.lost(now)

    def room(self):
        """How many octets are taken."""
        if self._layer is None:
            return self._machine.room()
        return PIECE if len(self._came) < _MOST else 0

    def run(self, buffer, length, now):
        """Octets came."""
        if self._layer is None:
            return self._machine.run(buffer, length, now)
        clear = self._layer.take(bytes(memoryview(buffer)[:length]))
        if clear is None:
            self._broken = True
            if hasattr(self._machine, "untrusted"):
                self._machine.untrusted()
        else:
            self._came += clear
            self._hear(now)
        return self._said()

    def _hear(self, now):
        """Hand over what came, until it is answered: the rest waits for the end of the answer."""
        machine = self._machine
        while self._came and not machine.closing and machine.room():
            data = self._came[: machine.room()]
            self._came = self._came[len(data) :]
            if self._put(machine.run(data, len(data), now)):
                break

    def _put(self, count):
        """Whether there is an answer, or may be more of it."""
        if count:
            self._layer.put(bytes(memoryview(self._machine.answer)[:count]))
        return count or self._machine.busy

    def poll(self, now):
        """The next piece."""
        if self._layer is None:
            return self._machine.poll(now)
        count = self._said() if self._more else 0
        if not count and not self._broken:
            if not self._put(self._machine.poll(now)):
                self._hear(now)
            count = self._said()
        return count

    def _said(self):
        """The next octets of the layer."""
        data = self._layer.said(PIECE)
        self._out[: len(data)] = data
        self._more = len(data) == PIECE
        return len(data)
