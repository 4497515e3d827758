"""What the switchboard knows of a service and of a socket."""

from fourquad import ticks

# Offsets into Desk.counters; each wraps at 2**16.
ACCEPTED = 0  # connections
REFUSED = 1  # for want of a place, or because of their address
REPLACED = 2  # quiet ones, closed for a new one; or for the room that they had in the network
IDLE = 3  # closed because nothing came
BYTES_IN = 4
BYTES_OUT = 5
COUNTERS = ("accepted", "refused", "replaced", "idle", "bytes_in", "bytes_out")
CONNECTIONS = 6  # after them, for `told`: how many there are now
PORT = 7  # where it listens; 0 nowhere
TOLD = 8

STRIKES = 5  # failures in a row, after which a service is left alone
COOL_MS = 60000  # for so long; each time for twice as long, until something was dealt with
COOL_MOST_MS = 64 * COOL_MS
HUSH_MS = 600000  # from one word about failures of a service to the next

NEWCOMER_MS = 1000  # without a byte, after which a connection gives way to a new one
HURRY_MS = 300  # the same where others wait for its place
QUIET_MS = 5000  # the same of one that has said something
STALLED_MS = 5000  # without an acknowledgement, after which a connection gives way where others want its room
_LONG = 1 << 28


class Desk:
    """A service and its limits: connections at once, seconds without a byte after which one is closed (0:
    never), and `access(host)`, whether a client of this address is let in. What is a class's below is an
    instance's once it differs: a meter has a dozen of them.
    """

    patient = False
    prompt = False
    used = 0  # connections now
    port = 0
    served = None  # type: object  # served(name, peer) is told for whom the service works, and (None, None) after it
    faults = 0  # exceptions of the service, modulo 2**16
    stopped = False  # after too many in a row
    broke = None  # type: object  # broke(name, error, count) is told of so many failures, the last of which is this
    _row = 0  # failures in a row
    _cool_ms = COOL_MS
    _until = 0
    _untold = 0
    _told = None

    def __init__(self, name, kind, service, most=1, idle_s=0, access=None):
        self.name = name
        self.kind = kind
        self.service = service
        self.most = most
        self.idle_ms = 1000 * idle_s
        self._goes_on()
        if getattr(service, "patient", False):
            self.patient = True
        if getattr(service, "prompt", False):
            self.prompt = True
        self._access = access
        self.counters = [0] * len(COUNTERS)
        self._free = []  # machines without a connection

    def _goes_on(self):
        """The service is told the time, if it wants to be."""
        self.tick = getattr(self.service, "tick", None)

    def serves(self, peer):
        """Something is done for `peer`, (host, port); None: for nobody that is known."""
        if self.served:
            self.served(self.name, peer)

    def rests(self):
        """It is done."""
        if self.served:
            self.served(None, None)

    def tally(self, which, by=1):
        """Count."""
        self.counters[which] = (self.counters[which] + by) & 0xFFFF

    def failed(self, error, now):
        """The service has raised an exception; it is left alone for a while after STRIKES in a row."""
        if isinstance(error, MemoryError):
            self.tally(REFUSED)
            return
        self.faults = (self.faults + 1) & 0xFFFF
        self._row += 1
        if self._row >= STRIKES and not self.stopped:
            self.stopped = True
            self._until = ticks.add(now, self._cool_ms)
            self._cool_ms = min(2 * self._cool_ms, COOL_MOST_MS)
            self.tick = self.cools
        self._untold += 1
        if self._told is None or not 0 <= ticks.diff(now, self._told) < HUSH_MS:
            try:
                if self.broke:
                    self.broke(self.name, error, self._untold)
                self._untold, self._told = 0, now
            except MemoryError:
                pass  # it is said with the next one

    def works(self):
        """What came was dealt with."""
        if self._row:
            self._row = 0
            self._cool_ms = COOL_MS

    def cools(self, now):
        """Whether the service is left alone still. After that the next failure ends its try."""
        if self.stopped and ticks.diff(now, self._until) >= 0:
            self.stopped = False
            self._row = STRIKES - 1
            self._goes_on()
            self.begin(now)
        return self.stopped

    def begin(self, now):
        """The service is told that it begins, with the settings of now."""
        began = getattr(self.service, "began", None)
        if began:
            self.tell(began, now)

    def tell(self, say, now):
        """Tell the service what is so whatever becomes of that, such as the end of a connection."""
        try:
            say(now)
        except Exception as error:
            self.failed(error, now)

    def anew(self):
        """Failures until now are forgotten, because settings may have changed."""
        self.works()
        if self.stopped:
            self.stopped = False
            self._goes_on()

    def told(self, which):
        """A counter, or what comes after them."""
        if which == CONNECTIONS:
            return self.used
        return self.port if which == PORT else self.counters[which]

    def admits(self, host):
        """Whether a client of this address is let in."""
        if self.stopped:
            return False
        if self._access and not self._access(host):
            return False
        admits = getattr(self.service, "admits", None)
        return admits is None or admits(host)

    def take(self):
        """A machine for a new connection, of which there are fewer than `most`."""
        machine = self._free.pop() if self._free else self.service.connection()
        self.used += 1
        return machine

    def give_back(self, machine):
        """Its connection is gone."""
        self.used -= 1
        self._free.append(machine)


class Slot:
    """A socket, or the place of one that a client has not opened yet. `machine`: None of a listener."""

    def __init__(self, desk, handle, machine, now):
        self.desk = desk
        self.handle = handle
        self.machine = machine
        self.events = 0  # that wait to be served
        self.watched = 1  # events that are looked for
        self.turn = 0  # when it was served, of all turns
        self.heard = now  # when bytes came, or a piece went out whole
        self.asked = now  # when its machine was told the time, or the rest of a piece was tried
        self.spoken = False  # whether a byte has come
        self.ended = False  # the other side sends no more
        self.connecting = False
        self.peer = None  # (host, port) of the other side
        self.more = False  # there may be another piece
        self.held = None  # the rest of a piece, from `at` on
        self.at = 0
        self.flight = 0  # bytes that the network may still hold for us
        self.sent = now  # when something was sent, or acknowledged

    def forget(self):
        """The connection is gone."""
        self.handle = self.held = None
        self.connecting = self.ended = self.spoken = False
        self.events = 0

    def watch(self, sockets, events):
        """What is to be looked for from now on."""
        if events != self.watched:
            self.watched = events
            sockets.watch(self.handle, events)

    def idle(self, now):
        """Whether the connection has been quiet for too long."""
        quiet = ticks.diff(now, self.heard)
        if quiet > _LONG:
            self.heard = ticks.add(now, -_LONG)
        return self.desk.idle_ms and quiet >= self.desk.idle_ms

    def stalled(self, now):
        """Whether the other side has acknowledged nothing for long of what it was sent."""
        return self.flight and ticks.diff(now, self.sent) >= STALLED_MS


def quietest(slots, desk, now):
    """The connection of a service that has been quiet for longest, first one that has never said anything;
    None where all have been heard of.
    """
    newcomer_ms = HURRY_MS if desk.patient else NEWCOMER_MS
    worst = None
    longest = 0
    for slot in slots:
        if slot.desk is desk and slot.machine and desk.kind != "datagram":
            quiet = ticks.diff(now, slot.heard)
            if quiet >= (QUIET_MS if slot.spoken else newcomer_ms):
                if not slot.spoken:
                    quiet += _LONG
                if quiet > longest:
                    worst, longest = slot, quiet
    return worst


def before(slot, other, prompt):
    """Whether a slot is served before another: `prompt` services first, or who was served longest ago."""
    if prompt and slot.desk.prompt != other.desk.prompt:
        return slot.desk.prompt
    return ticks.diff(slot.turn, other.turn) < 0
