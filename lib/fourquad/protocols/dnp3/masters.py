"""The masters of a meter on a network, and the outstation of each."""

from fourquad.net import PIECE
from fourquad.protocols.dnp3.outstation import COUNTERS, Outstation
from fourquad.protocols.dnp3.shared import Shared


class Master:
    """A master and its outstation; `connection`: over which it is there now, or None."""

    def __init__(self, outstation):
        self.outstation = outstation
        self.host = None
        self.source = -1
        self.connection = None
        self.peer = None  # where its last datagram came from
        self.used = 0  # turn in which it was looked for


class Masters:
    """Those of a meter. `tables`: a profile; `address`: the point id of our link address; `piece`: where
    frames are put that the network takes at once, PIECE octets.
    """

    def __init__(self, points, tables, address, most, piece=None):
        self._shared = Shared(points, tables, piece or bytearray(PIECE))
        self._points = points
        self._tables = tables
        self._address = address
        self._next = None  # an outstation that is half made
        self._most = most
        self._turn = 0
        self.all = []

    def counters(self):
        """The sums of what the outstations count."""
        return [sum([m.outstation.counters[i] for m in self.all]) & 0xFFFF for i in range(len(COUNTERS))]

    def again(self, host):
        """The one master of this host that is away, or None."""
        found = [m for m in self.all if m.host == host and not m.connection]
        return found[0] if len(found) == 1 else None

    def connected(self, host):
        """Whether a master of this host is there."""
        return any(m.host == host and m.connection for m in self.all)

    def ready(self, host, source):
        """Whether `find` has little left to make; a slice of it, if not."""
        more = self._next is None and len(self.all) < self._most
        for master in self.all:
            if master.host == host and master.source == source:
                more = False
        try:
            if not self._shared.ready():
                return False
            if more:
                self._next = self._make()
        except MemoryError:
            return True  # as `find` will say
        return not more

    def _make(self):
        return Outstation(self._points, self._tables, self._address, shared=self._shared)

    def find(self, host, source):
        """The master with this link address on a host; None where there is no room for one more."""
        for master in self.all:
            if master.host == host and master.source == source:
                return self._use(master)
        master = None
        if len(self.all) < self._most:
            try:
                made, self._next = self._next or self._make(), None
                made.begin(self._tables)
                master = Master(made)
                self.all.append(master)
            except MemoryError:
                master = None
        if master is None:
            for each in self.all:
                if not each.connection and (master is None or each.used < master.used):
                    master = each
            if master is None:
                return None
            master.outstation.restart()
        master.host = host
        master.source = source
        master.peer = None
        return self._use(master)

    def _use(self, master):
        self._turn += 1
        master.used = self._turn
        return master

    def tick(self, now):
        """Who is away misses nothing."""
        for master in self.all:
            if not master.connection and not master.peer and not master.outstation.step():
                master.outstation.session.look(now)
