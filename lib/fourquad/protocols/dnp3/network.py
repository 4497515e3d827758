"""DNP3 over TCP and UDP (IEEE 1815, 13): several masters, each with an outstation of its own, which has
events and sequence numbers for it.

A master is known by its host and its link address. What happens while it is away waits for it; a connection
that it makes anew takes the place of the one before. An outstation is made when its master comes, a few
points at a time, while the request waits: where there is no room the connection is closed. On a kw320 each
takes 6.5 KB of heap, what all share (shared.py) 5.2 KB.
"""

from fourquad import points as p
from fourquad import ticks
from fourquad.net import PIECE, piece
from fourquad.net.access import matches, text_of
from fourquad.net.address import is_address
from fourquad.points import columns as c
from fourquad.points import network as n
from fourquad.protocols.dnp3 import configuration, profile
from fourquad.protocols.dnp3.masters import COUNTERS, Masters

__all__ = ("COUNTERS", "make")

_HEAD = 8  # octets of a frame up to the source
_ROOM = 292  # octets that are taken at once
PAUSE_MS = 30000  # between two calls of a master
_START, _SYNC = 0x05, 0x64
_COUNTED = 5  # octets of the header that a frame's length counts
_BLOCK = 16


class Service:
    """DNP3 over TCP."""

    def __init__(self, masters, admits, answer):
        self.masters = masters
        self.tick = masters.tick
        self.admits = admits
        self._answer = answer

    @property
    def counters(self):
        """Of all masters."""
        return self.masters.counters()

    def connection(self):
        """The machine of one more connection."""
        return Connection(self.masters, self._answer)


class Connection:
    """A machine as fourquad.net wants it. Who it is, its first frame says."""

    def __init__(self, masters, answer):
        self.answer = answer
        self.closing = False
        self._masters = masters
        self._host = None
        self._master = None
        self._known = False
        self._source = -1  # who its first frame says that it is, until its outstation takes that
        self._head = bytearray(_HEAD)
        self._count = 0
        self._at = self._end = 0

    @property
    def busy(self):
        """Whether an answer is being made."""
        if self._source >= 0 and not self.closing:
            return True
        return self._master is not None and self._master.outstation.left

    def opened(self, peer, now):
        """A master has connected."""
        self._host = peer[0]
        self.closing = self._known = False
        self._source = -1
        self._count = self._at = self._end = 0
        self._take(self._masters.again(self._host))

    def _take(self, master):
        """Be the connection of a master, or of none."""
        if self._master is not master:
            self._leave()
            self._master = master
        if master and master.connection is not self:
            if master.connection:
                master.connection.replaced()
            master.connection = self
            master.peer = None

    def replaced(self):
        """The master has connected anew."""
        self._leave()
        self._at = self._end = 0
        self.closing = True

    def _leave(self):
        master, self._master = self._master, None
        if master:
            master.connection = None
            master.outstation.lost()

    def lost(self, now):
        """The connection is gone."""
        self._leave()

    def room(self):
        """How many octets are taken now."""
        if self.closing or self._at < self._end or self.busy:
            return 0
        return _ROOM if self._known else _HEAD - self._count

    def run(self, buffer, length, now):
        """Octets of a master."""
        if self._known:
            return self._answered(self._master.outstation.run(buffer, length, 0))
        some = min(length, _HEAD - self._count)
        self._head[self._count : self._count + some] = memoryview(buffer)[:some]
        self._count += some
        if self._count == _HEAD:
            self._source = source_of(self._head)
            if self._source < 0:
                self.closing = True
            elif self._master and self._master.source != self._source:
                self._leave()
        return 0

    def _introduce(self):
        """Who it is is known: its outstation is made, or found."""
        if not self._masters.ready(self._host, self._source):
            return
        master = self._masters.find(self._host, self._source)
        if not master:
            self.closing = True
            return
        self._take(master)
        if self._count == _HEAD:
            self._known = True
        else:
            self._source = -1  # it has said nothing yet

    def poll(self, now):
        """The next piece of an answer, or what is said unasked."""
        if self._at < self._end:
            return self._next()
        if self.closing:
            return 0
        if self._source >= 0 and not self._known:
            self._introduce()
            return 0
        if not self._master:
            return 0
        outstation = self._master.outstation
        if self._source >= 0 and not outstation.left:
            self._source = -1
            return self._answered(outstation.run(self._head, _HEAD, 0))
        return self._answered(outstation.poll(now))

    def _answered(self, length):
        self._at, self._end = 0, length
        return self._next()

    def _next(self):
        count = min(self._end - self._at, PIECE)
        if count:
            out = self._master.outstation.answer
            if out is not self.answer:
                self.answer[:count] = memoryview(out)[self._at : self._at + count]
            self._at += count
        return count


class Caller(Connection):
    """The client of the mode "TCP dual endpoint" (IEEE 1815, 13.2.3): calls the master, while it is not there
    and unsolicited responses are wanted, to tell it what happens. `target()`: (address, port), or None;
    `wishes()`: whether unsolicited responses are wanted, and the link address of the master.
    """

    def __init__(self, masters, target, wishes, answer):
        Connection.__init__(self, masters, answer)
        self._target = target
        self._wishes = wishes
        self._since = None  # when it called last

    @property
    def counters(self):
        """Of all masters."""
        return self._masters.counters()

    def wants(self, now):
        """Whom to call."""
        if self._since is not None and 0 <= ticks.diff(now, self._since) < PAUSE_MS:
            return None
        target = self._target()
        if target is None or self._masters.connected(target[0]):
            return None
        unsolicited, _ = self._wishes()
        if not unsolicited:
            return None
        self._since = now
        return target

    def opened(self, peer, now):
        """The master is reached: if it is known, it is told at once."""
        Connection.opened(self, peer, now)
        _, source = self._wishes()
        if source and not self._master:
            self._source = source

    def failed(self, now):
        """It is called again after a pause."""


class Datagrams:
    """DNP3 over UDP: the frames of an answer in datagrams of at most PIECE octets."""

    def __init__(self, masters, admits, port, answer):
        self.masters = masters
        self.admits = admits
        self.answer = answer
        self.busy = False
        self.to = None
        self._port = port  # the port that answers go to; 0: that which asked
        self._master = None
        self._asked = None  # frames that wait for their outstation, as `_taken` wants them
        self._held = b""  # frames on their way
        self._at = self._end = 0
        self._turn = 0

    @property
    def counters(self):
        """Of all masters."""
        return self.masters.counters()

    def datagram(self, buffer, length, peer, now):
        """Frames of a master; `poll` has the answer."""
        source = source_of(buffer) if length >= _HEAD else -1
        if source >= 0 and not self.busy and not self._taken(buffer, length, source, peer):
            self._asked = bytes(memoryview(buffer)[:length]), length, source, peer
            self.busy = True
        return 0

    def _taken(self, octets, length, source, peer):
        """Give frames to the outstation of their master; False while that is not ready."""
        if not self.masters.ready(peer[0], source):
            return False
        master = self.masters.find(peer[0], source)
        if master and master.outstation.step():
            return False
        if master:
            master.peer = peer
            self._begin(master, master.outstation.run(octets, length, 0))
        return True

    def _begin(self, master, length):
        self._master = master
        self._at, self._end = 0, length
        self.busy = length > 0 or master.outstation.left
        if length:
            # until it is sent, others use the buffer that it is in
            self._held = bytes(memoryview(master.outstation.answer)[:length])
            self.to = (master.host, self._port() or master.peer[1])

    def poll(self, now):
        """The next datagram."""
        asked, self._asked = self._asked, None
        if asked:
            self.busy = False
            if not self._taken(*asked):
                self._asked = asked
                self.busy = True
            return 0
        if self._at >= self._end:
            if self._master and self._master.outstation.left:
                self._begin(self._master, self._master.outstation.poll(now))
            else:
                self._unasked(now)
        out = self._held
        end = self._at
        while end < self._end:
            size = frame_at(out, end)
            if end + size - self._at > PIECE:
                break
            end += size
        count = end - self._at
        self.answer[:count] = memoryview(out)[self._at : end]
        self._at = end
        if end == self._end:
            self._held = b""
        self.busy = end < self._end or self._master is not None and self._master.outstation.left
        return count

    def _unasked(self, now):
        """One master after the other, of those that came by UDP."""
        masters = self.masters.all
        if masters:
            self._turn = (self._turn + 1) % len(masters)
            master = masters[self._turn]
            if master.peer and not master.connection:
                self._begin(master, master.outstation.poll(now))


def source_of(octets):
    """Who sent the frame that begins here; -1 where none does."""
    if octets[0] != _START or octets[1] != _SYNC:
        return -1
    return octets[6] | octets[7] << 8


def frame_at(octets, at):
    """The length of the frame at octets[at:], with its CRCs."""
    user = octets[at + 2] - _COUNTED
    return 10 + user + 2 * ((user + _BLOCK - 1) // _BLOCK)


def _profile(row):
    """The profile of the module that the row names."""
    name, _ = row[c.TABLES]
    return __import__(name, None, None, ("NETWORK",)).NETWORK


def _masters(row, parts):
    """Those that TCP and UDP of a meter share."""
    if "dnp3" not in parts.shared:
        _, address = row[c.TABLES]
        parts.shared["dnp3"] = Masters(
            parts.points, _profile(row), p.SETTING + address, row[c.MOST], piece(parts.shared)
        )
    return parts.shared["dnp3"]


def _filter(points):
    """Whether the setting DNP3_FROM lets a host in (5.1.8.12: destination IP address)."""

    def admits(host):
        return matches(text_of(points, n.DNP3_FROM), host)

    return admits


def _target(points):
    """The master that is called: the only one that DNP3_FROM lets in."""
    address = text_of(points, n.DNP3_FROM)
    return (address, points.read(p.SETTING + n.DNP3_CALL_PORT)) if is_address(address) else None


def _wishes(row, points):
    """Gives whether unsolicited responses are wanted, and the address of the master, as they are set now."""
    tables = _profile(row)
    options = list(tables[profile.OPTIONS])

    def wishes():
        settings = configuration.find(tables, points)
        if settings:
            settings.options(options)
        return options[profile.UNSOLICITED], options[profile.MASTER]

    return wishes


def make(row, parts):
    """The service of a row of SERVICES; its TABLES: module with the profile, offset of the link
    address.
    """
    masters, admits = _masters(row, parts), _filter(parts.points)
    answer = piece(parts.shared)
    if row[c.SERVICE] == "stream":
        return Service(masters, admits, answer)
    if row[c.SERVICE] == "client":
        return Caller(masters, lambda: _target(parts.points), _wishes(row, parts.points), answer)
    return Datagrams(masters, admits, lambda: parts.points.read(p.SETTING + n.DNP3_ANSWER_PORT), answer)
