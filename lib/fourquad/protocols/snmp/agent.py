"""The agent: datagrams of v1 and v2c, and what all versions share."""

from array import array

from fourquad import points as p
from fourquad import ticks
from fourquad.net import PIECE
from fourquad.points import columns as c
from fourquad.points import network as n
from fourquad.points.audit import REFUSED
from fourquad.protocols.snmp import RESPONSE, SEQUENCE, counters, mib2
from fourquad.protocols.snmp.ber import In, Out
from fourquad.protocols.snmp.requests import V1, V2C, V3, Request
from fourquad.protocols.snmp.tree import Tree

HUSH_S = 600  # from one word about refusals in the audit log to the next
_SERVICES = 72  # sysServices: end to end, application

COUNTERS = ("in", "out", "bad_communities", "parse_errors", "lost_notifications")
_COUNTED = (counters.IN, counters.OUT, counters.BAD_NAMES, counters.PARSE_ERRORS, counters.LOST)


class Community:
    """What is around a PDU of v1 and v2c (requests.Request: `envelope`)."""

    def __init__(self):
        self.version = V2C
        self.community = b""
        self._begun = 0

    def open(self, out):
        """Before the PDU."""
        self._begun = out.open(SEQUENCE)
        out.number(self.version)
        out.octets(self.community)

    def close(self, out):
        """After it: the length of the message."""
        out.close(self._begun)
        return out.at


class Agent:
    """A datagram service (fourquad.net). `tables`: the model's module with OBJECTS (a run of
    protocols/snmp/__init__.py each), MODEL (its number below the enterprise) and ABOUT. `cipher`: usm.Usm.
    """

    def __init__(self, points, tables, cipher=None, random=None):
        self.answer = bytearray(PIECE)
        self.to = None
        self.busy = False
        self.counts = array("I", [0] * counters.COUNT)
        self.points = points
        self.seconds = 0  # since the start
        self._ms = 0
        self._last = None
        self.tables = tables
        self._secret = (cipher, random)
        self.audit = None  # the audit log (meter/audit.py), where there is one
        self._refused = 0  # since it was told
        self._told = None
        self.work = None  # what goes on with a message: it gives the length, 0 not yet, -1 for none
        self._turn = 0
        self._version = V2C
        self._community = b""
        self.place = ()  # the name of this kind of device
        self.usm = self.notifier = None
        self.tree = Tree((), points, self.own)
        self.out = Out(self.answer)
        self._reader = In(b"", 0, 0)
        self.community = Community()
        self.request = Request(self.tree, self.out, self.counts)

    @property
    def counters(self):
        """Those of COUNTERS."""
        return [self.counts[which] & 0xFFFF for which in _COUNTED]

    def began(self, now):
        """Take over settings."""
        self._follow(now)
        self.work = None
        self.busy = False
        self._version = V3 if self.setting(n.SNMP_VERSION) else V2C
        self._community = self.text(n.SNMP_COMMUNITY)
        self.place = mib2.ENTERPRISES + (self.setting(n.SNMP_ENTERPRISE), self.tables.MODEL)
        sections = ((mib2.MIB_2, mib2.GROUPS), (self.place + (1,), self.tables.OBJECTS))
        if self._version == V3:
            if not self.usm:
                from fourquad.protocols.snmp.usm import Usm

                self.usm = Usm(self, *self._secret)
            self.usm.began()
            sections += ((mib2.SNMP_V2, mib2.ENGINE),)
        self.tree.renew(sections)
        if self.setting(n.SNMP_TRAPS):
            if not self.notifier:
                from fourquad.protocols.snmp.notify import Notifier

                self.notifier = Notifier(self)
            self.notifier.began()
        else:
            self.notifier = None

    @property
    def is_v3(self):
        """Whether v3 is spoken."""
        return self._version == V3

    # What the agent knows.

    def setting(self, offset):
        """The value of a setting of the network."""
        return self.points.read(p.SETTING + offset)

    def text(self, offset):
        """The same of a text."""
        at = p.SETTING + offset
        return self.points.provider(at).texts.read(at - self.points.base(at))

    @property
    def up_time(self):
        """Hundredths of a second since the start."""
        return 100 * self.seconds + self._ms // 10 & 0xFFFFFFFF

    def keep(self, offset, value):
        """Change a setting that nobody else writes, sealed or not."""
        at = p.SETTING + offset
        self.points.provider(at).write(at - self.points.base(at), value)

    def keep_text(self, offset, data):
        """The same of a text."""
        at = p.SETTING + offset
        self.points.provider(at).texts.write(at - self.points.base(at), data)

    def refuse(self, peer):
        """Somebody has asked who is not the one: the audit log hears of that, but not each time."""
        self._refused += 1
        if not self.audit or self._told is not None and self.seconds - self._told < HUSH_S:
            return
        count, self._refused, self._told = self._refused, 0, self.seconds
        self.audit.serve("snmp", peer)
        self.audit.note(REFUSED, 0, 0, count)

    def unauthentic(self, peer):
        """The same, and traps are to tell of it."""
        self.refuse(peer)
        if self.notifier:
            self.notifier.unauthentic()

    def own(self, number):
        """A value of mib2.py; None if it is not there."""
        if number >= mib2.COUNTERS:
            if number == mib2.COUNTERS + counters.AUTHEN_TRAPS:
                return 1 if self.setting(n.SNMP_TRAPS) else 2
            return self.counts[number - mib2.COUNTERS]
        if number == mib2.DESCRIPTION:
            return self.tables.ABOUT
        if number == mib2.OBJECT_ID:
            return self.place
        if number == mib2.UP_TIME:
            return self.up_time
        if number == mib2.SERVICES:
            return _SERVICES
        if number >= mib2.ENGINE_ID:
            return self.usm.told(number)
        if number == mib2.NAME:
            return self.text(n.SNMP_NAME) or self.text(n.HOST_NAME)
        return self.text(n.SNMP_CONTACT if number == mib2.CONTACT else n.SNMP_LOCATION)

    def _follow(self, now):
        """Time has passed."""
        if self._last is not None:
            passed = ticks.diff(now, self._last)
            if passed > 0:
                self._ms += passed
                self.seconds += self._ms // 1000
                self._ms %= 1000
        self._last = now

    # Datagrams.

    def datagram(self, buffer, length, peer, now):
        """A message: the length of the response, 0 for none or not yet."""
        self._follow(now)
        counters.add(self.counts, counters.IN)
        if self.work or length > PIECE:
            counters.add(self.counts, counters.SILENT)
            return 0
        try:
            self.work = self._receive(self._reader.begin(buffer, 0, length), peer)
        except ValueError:
            counters.add(self.counts, counters.PARSE_ERRORS)
        if not self.work:
            return 0
        self.to = peer
        self.busy = True
        return 0

    def _receive(self, reader, peer):
        """What is to be done with a message (`work`), or None."""
        reader.enter(SEQUENCE)
        version = reader.number()
        if version == V3 == self._version:
            # the buffer is everybody's, and this takes its time
            reader.begin(bytes(memoryview(reader.buffer)[: reader.end]), reader.at, reader.end)
            self.to = peer
            return self._take
        if version not in (V1, V2C) or self._version == V3:
            counters.add(self.counts, counters.BAD_VERSIONS)
            return None
        community = reader.octets()
        if community != self._community:
            counters.add(self.counts, counters.BAD_NAMES)
            self.unauthentic(peer)
            return None
        self.community.version, self.community.community = version, community
        self.out.limit = PIECE
        if self.notifier and reader.tag() == RESPONSE:
            self.notifier.acknowledged(reader, peer[0])
            return None
        if self.request.begin(reader, version, self.community):
            return self.request.step
        return None

    def _take(self):
        return self.then(self.usm.receive(self._reader, self.to))

    def then(self, work):
        """What a step gives that does not know the length of an answer: what comes next, None for nothing."""
        self.work = work
        return 0 if work else -1

    def go_on(self):
        """The next step of the work with a message: its length once it is ready."""
        try:
            length = self.work()
        except ValueError:
            counters.add(self.counts, counters.PARSE_ERRORS)
            length = -1
        if length:
            self.work = None
        self.busy = not length
        if length <= 0:
            return 0
        counters.add(self.counts, counters.OUT)
        return length

    def poll(self, now):
        """Go on with a response, or with what is done by itself."""
        self._follow(now)
        if self.work:
            return self.go_on()
        if self.usm and self.usm.step():
            # a password's key takes a thousand slices: messages come in between
            self._turn = (self._turn + 1) & 63
            self.busy = self._turn > 0
            return 0
        self.busy = False
        return self.notifier.poll() if self.notifier else 0

    def say(self, length):
        """Something is said unasked: its length, or 0 when `work` goes on with it."""
        self.busy = not length
        if length:
            counters.add(self.counts, counters.OUT)
        return length


def make(row, parts):
    """The service of a row of SERVICES; its TABLES: the name of the model's module."""
    tables = __import__(row[c.TABLES], None, None, ("OBJECTS",))
    agent = Agent(parts.points, tables, parts.cipher, parts.random)
    agent.audit = getattr(parts, "audit", None)
    return agent
