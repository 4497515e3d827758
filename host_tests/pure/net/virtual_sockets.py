"""A network in memory with the face that fourquad.net.switchboard wants, driven by tests from its far end."""

from fourquad.net.switchboard import BROKEN, ERR, HUP, IN, NOTHING, OUT

PEER = ("192.168.1.20", 40000)


class Pipe:
    """A connection; the test is the other side: `to_us`, `said` (what we sent), `space` (that its network
    takes from us), `ended`, `broken`.
    """

    def __init__(self, peer=PEER, space=1 << 20):
        self.peer = peer
        self.to_us = b""
        self.said = b""
        self.space = space
        self.ended = self.broken = self.closed = False
        self.up = True
        self.watched = IN

    def take(self):
        """What was said since the last call."""
        said, self.said = self.said, b""
        return said

    def events(self):
        events = 0
        if self.to_us or self.ended:
            events |= IN
        if self.space and self.up:
            events |= OUT
        return events & self.watched | (ERR | HUP if self.broken else 0)


class Listener:
    def __init__(self, port, backlog):
        self.port = port
        self.backlog = backlog
        self.waiting = []
        self.watched = IN
        self.closed = False

    def events(self):
        return IN & self.watched if self.waiting else 0


class Datagrams:
    def __init__(self, port):
        self.port = port
        self.to_us = []
        self.said = []
        self.closed = False

    def events(self):
        return IN if self.to_us else 0


class Sockets:
    """The network."""

    window = 2048
    budget = 6000
    unacknowledged = None

    def random(self, count):
        """Bytes that are the same each time, and never come twice."""
        self.told = getattr(self, "told", 0) + 1
        return bytes([(self.told * 37 + 11 * i) & 0xFF for i in range(count)])

    def __init__(self):
        self.listeners = {}
        self.datagrams = {}
        self.calls = []
        self.open = []
        self.refuse = False

    # The test's side.

    def client(self, port, peer=PEER):
        """A client has connected, and waits for `accept`."""
        pipe = Pipe(peer)
        self.listeners[port].waiting.append(pipe)
        return pipe

    # The switchboard's side.

    def listen(self, port, backlog):
        if port in self.listeners and not self.listeners[port].closed:
            raise OSError("port in use")
        self.listeners[port] = listener = Listener(port, backlog)
        self.open.append(listener)
        return listener

    def datagram(self, port):
        self.datagrams[port] = d = Datagrams(port)
        self.open.append(d)
        return d

    def accept(self, handle):
        if not handle.waiting:
            return None
        pipe = handle.waiting.pop(0)
        self.open.append(pipe)
        return pipe, pipe.peer

    def connect(self, host, port):
        if self.refuse:
            return None
        pipe = Pipe((host, port))
        pipe.up = False
        self.calls.append(pipe)
        self.open.append(pipe)
        return pipe

    def connected(self, handle):
        return handle.up and not handle.broken

    def ready(self):
        return [(each, each.events()) for each in self.open if each.events()]

    def watch(self, handle, events):
        handle.watched = events

    def read(self, handle, buffer, size):
        if handle.broken:
            return BROKEN
        data = handle.to_us[:size]
        if not data:
            return 0 if handle.ended else NOTHING
        handle.to_us = handle.to_us[size:]
        buffer[: len(data)] = data
        return len(data)

    def write(self, handle, buffer, begin, end):
        if handle.broken:
            return BROKEN
        n = min(handle.space, end - begin)
        handle.said += bytes(buffer[begin : begin + n])
        handle.space -= n
        return n

    def receive(self, handle, buffer):
        if not handle.to_us:
            return None
        data, peer = handle.to_us.pop(0)
        buffer[: len(data)] = data
        return len(data), peer

    def send(self, handle, buffer, length, peer):
        handle.said.append((bytes(buffer[:length]), peer))

    def close(self, handle, at_once=False):
        handle.closed = True
        self.open.remove(handle)
