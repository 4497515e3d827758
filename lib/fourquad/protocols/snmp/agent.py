"""The agent: datagrams of v1 and v2c, and what all versions share."""

from array import array

from fourquad import points as p
from fourquad import ticks
from fourquad.net import PIECE
from fourquad.points import columns as c
from fourquad.points import network as n
from fourquad.protocols.snmp import SEQUENCE, counters, mib2
from fourquad.protocols.snmp.ber import In, Out
from fourquad.protocols.snmp.requests import V1, V2C, Request
from fourquad.protocols.snmp.tree import Tree

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
    protocols/snmp/__init__.py each), MODEL (its number below the enterprise) and ABOUT.
    """

    def __init__(self, points, tables):
        self.answer = bytearray(PIECE)
        self.to = None
        self.busy = False
        self.counts = array("I", [0] * counters.COUNT)
        self.points = points
        self.seconds = 0  # since the start
        self._ms = 0
        self._last = None
        self._tables = tables
        self._enterprise = 0
        self.tree = Tree((), points, self.own)
        self.out = Out(self.answer)
        self.community = Community()
        self.request = Request(self.tree, self.out, self.counts)

    @property
    def counters(self):
        """Those of COUNTERS."""
        return [self.counts[which] & 0xFFFF for which in _COUNTED]

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

    @property
    def place(self):
        """The name of this kind of device."""
        return mib2.ENTERPRISES + (self.setting(n.SNMP_ENTERPRISE), self._tables.MODEL)

    def own(self, number):
        """A value of mib2.py; None if it is not there."""
        if number >= mib2.COUNTERS:
            if number == mib2.COUNTERS + counters.AUTHEN_TRAPS:
                return 1 if self.setting(n.SNMP_TRAPS) else 2
            return self.counts[number - mib2.COUNTERS]
        if number == mib2.DESCRIPTION:
            return self._tables.ABOUT
        if number == mib2.OBJECT_ID:
            return self.place
        if number == mib2.UP_TIME:
            return self.up_time
        if number == mib2.SERVICES:
            return _SERVICES
        if number == mib2.NAME:
            return self.text(n.SNMP_NAME) or self.text(n.HOST_NAME)
        return self.text(n.SNMP_CONTACT if number == mib2.CONTACT else n.SNMP_LOCATION)

    def _follow(self, now):
        """Time has passed, and settings may have changed."""
        if self._last is not None:
            passed = ticks.diff(now, self._last)
            if passed > 0:
                self._ms += passed
                self.seconds += self._ms // 1000
                self._ms %= 1000
        self._last = now
        enterprise = self.setting(n.SNMP_ENTERPRISE)
        if enterprise != self._enterprise:
            self._enterprise = enterprise
            own = (self.place + (1,), self._tables.OBJECTS)
            self.tree.sections = ((mib2.MIB_2, mib2.GROUPS), own)

    # Datagrams.

    def datagram(self, buffer, length, peer, now):
        """A message: the length of the response, 0 for none or not yet."""
        self._follow(now)
        counters.add(self.counts, counters.IN)
        if self.busy or length > PIECE:
            counters.add(self.counts, counters.SILENT)
            return 0
        try:
            if not self._receive(In(buffer, 0, length)):
                return 0
        except ValueError:
            counters.add(self.counts, counters.PARSE_ERRORS)
            return 0
        self.to = peer
        return self._step()

    def _receive(self, reader):
        """Whether the message is a request that is to be answered."""
        reader.enter(SEQUENCE)
        version = reader.number()
        if version not in (V1, V2C):
            counters.add(self.counts, counters.BAD_VERSIONS)
            return False
        community = reader.octets()
        if community != self.text(n.SNMP_COMMUNITY):
            counters.add(self.counts, counters.BAD_NAMES)
            return False
        self.community.version, self.community.community = version, community
        return self.request.begin(reader, version, self.community)

    def _step(self):
        self.busy = False
        try:
            length = self.request.step()
        except ValueError:
            counters.add(self.counts, counters.PARSE_ERRORS)
            return 0
        self.busy = not length
        return self._sent(length)

    def _sent(self, length):
        if length <= 0:
            return 0
        counters.add(self.counts, counters.OUT)
        return length

    def poll(self, now):
        """Go on with a response."""
        self._follow(now)
        return self._step() if self.busy else 0


def make(row, parts):
    """The service of a row of SERVICES; its TABLES: the name of the model's module."""
    tables = __import__(row[c.TABLES], None, None, ("OBJECTS",))
    return Agent(parts.points, tables)
