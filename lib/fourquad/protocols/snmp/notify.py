"""Traps and informs of v2c and v3 (RFC 3416, 4.2.6): what has happened waits in a ring and goes to up to four
targets, to each in its order. An inform is repeated until it is acknowledged. What finds the ring full takes
the place of the oldest, which is counted.
"""

from array import array

from fourquad.points import network as n
from fourquad.protocols.snmp import (
    COLUMN,
    FIELDS,
    GET,
    INFORM,
    INTEGER,
    NEWEST,
    OID,
    RECORDS,
    RESPONSE,
    SEQUENCE,
    TABLE,
    TICKS,
    TRAP,
    counters,
    mib2,
)
from fourquad.protocols.snmp import FIRST as FIRST_POINT
from fourquad.protocols.snmp.ber import In
from fourquad.protocols.snmp.requests import V2C
from fourquad.protocols.snmp.usm import AUTH, PRIV, REPORTABLE

INFORMS = 2  # of the setting SNMP_TRAPS
FIRST_S, LONGEST_S = 5, 60  # from an inform to its repetition, which doubles
_TRIES = 2  # after which an engine is asked anew who it is

# Kinds: those of RFC 3418, by the last arc of their names; then the rows of the model's NOTIFICATIONS.
COLD_START = 1
LINK_UP = 4
UNAUTHENTIC = 5
_OWN = 16
_KIND, _UP_TIME, _SECOND, _RECORD, _WORDS = 0, 1, 2, 3, 4  # words of an entry
_MOST = 10  # fields of a record

_UP_TIME_NAME = (1, 3, 0)
_TRAP_NAME = (1, 1, 4, 1, 0)
_STANDARD = (1, 1, 5)
_INTERFACE = ((1, 1), (7, 1), (8, 1))  # ifIndex, ifAdminStatus, ifOperStatus: the first, up, up


class Target:
    """Who wants to know. `at`: the number of what he is told next."""

    def __init__(self):
        self.host = ""
        self.port = 0
        self.at = 0
        self.asked = None  # the second when he was told last, and has not acknowledged
        self.tries = 0
        self.party = None  # his engine, for informs of v3

    def told(self):
        """He knows."""
        self.at += 1
        self.asked = None
        self.tries = 0


class Notifier:
    """`agent`: agent.Agent."""

    def __init__(self, agent):
        self._agent = agent
        self._rows = getattr(agent.tables, "NOTIFICATIONS", ())
        self._newest = [agent.points.read(row[NEWEST]) for row in self._rows]
        self._targets = [Target() for _ in range(n.SNMP_TARGETS)]
        self._size = 0
        self._entries = self._fields = None
        self._first = self._last = 0  # numbers of the oldest, and of the next
        self._failure = -1  # the number of the last that says UNAUTHENTIC
        self._hold = 0
        self._informs = False
        self._turn = 0
        self._started = False
        self._begun = None  # the message that is being written
        self._done = 0  # its bindings so far

    def began(self):
        """Take over settings; what waits for targets that stay is kept."""
        agent = self._agent
        size = agent.setting(n.SNMP_BUFFER)
        if size != self._size:
            self._size = size
            self._entries = array("I", [0] * (_WORDS * size))
            self._fields = array("H", [0] * (_MOST * size))
            self._first = self._last
        self._hold = agent.setting(n.SNMP_HOLD)
        self._informs = agent.setting(n.SNMP_TRAPS) == INFORMS
        for i in range(len(self._targets)):
            target = self._targets[i]
            host = agent.text(n.SNMP_TARGET + i).decode()
            port = agent.setting(n.SNMP_TARGET_PORT + i)
            if (host, port) != (target.host, target.port):
                target.__init__()
                target.host, target.port, target.at = host, port, self._last
            target.party = target.asked = None
            target.tries = 0
            target.at = max(target.at, self._first)
        if not self._started:
            self._started = True
            self._add(COLD_START)
        self._add(LINK_UP)

    # What happens.

    def unauthentic(self):
        """A request was not of who may ask: it is told once, until that is told."""
        if self._failure < self._first:
            self._failure = self._last
            self._add(UNAUTHENTIC)

    def _add(self, kind, record=0):
        if self._last - self._first >= self._size:
            self._first += 1
            counters.add(self._agent.counts, counters.LOST)
            for target in self._targets:
                if target.at < self._first:
                    target.told()
        at = self._last % self._size * _WORDS
        entry = self._entries
        entry[at + _KIND] = kind
        entry[at + _UP_TIME] = self._agent.up_time
        entry[at + _SECOND] = self._agent.seconds
        entry[at + _RECORD] = record
        self._last += 1

    def _look(self):
        """New records of alarms and events."""
        points = self._agent.points
        for i in range(len(self._rows)):
            row = self._rows[i]
            newest, known = points.read(row[NEWEST]), self._newest[i]
            self._newest[i] = newest
            while known != newest and newest:
                known = known + 1 if known < row[RECORDS] else 1
                first = row[FIRST_POINT] + (known - 1) * row[FIELDS]
                words = [points.read(first + k) for k in range(row[FIELDS])]
                if any(words):
                    at = self._last % self._size * _MOST
                    for k in range(len(words)):
                        self._fields[at + k] = words[k] & 0xFFFF
                    self._add(_OWN + i, known)

    # What is said.

    def poll(self):
        """The length of a message to the agent's `to`, 0 for none or not yet."""
        self._look()
        for _ in range(len(self._targets)):
            self._turn = (self._turn + 1) % len(self._targets)
            target = self._targets[self._turn]
            if not target.host:
                target.at = self._last
            elif target.at < self._last and self._due(target):
                return self._tell(target)
        self._forget()
        return 0

    def _due(self, target):
        at = target.at % self._size * _WORDS
        second = self._agent.seconds
        if second - self._entries[at + _SECOND] < self._hold:
            return False
        if target.asked is None:
            return True
        return second - target.asked >= min(FIRST_S << min(target.tries - 1, 4), LONGEST_S)

    def _forget(self):
        """What all know needs no place any more."""
        for target in self._targets:
            if target.at == self._first:
                return
        self._first = min([target.at for target in self._targets])

    def _tell(self, target):
        agent = self._agent
        usm = agent.usm if agent.is_v3 else None
        envelope = usm or agent.community
        tag = INFORM if self._informs else TRAP
        ident = target.at << 2 | self._turn
        if usm:
            party = target.party if self._informs else usm.own
            if self._informs and (party is None or target.tries >= _TRIES):
                return self._discover(target)
            if usm.level & AUTH and not party.mac or usm.level & PRIV and not party.key:
                return 0  # there are no keys yet: it waits
            usm.address(party, usm.level | (REPORTABLE if self._informs else 0), ident)
        else:
            envelope.version, envelope.community = V2C, agent.text(n.SNMP_COMMUNITY)
        self._asked(target)
        out = agent.out
        out.at, out.limit = 0, len(out.buffer)
        envelope.open(out)
        begun = out.open(tag)
        out.number(ident)
        out.number(0)
        out.number(0)
        listed = out.open(SEQUENCE)
        self._begun = (envelope, begun, listed, target)
        self._done = 0
        agent.work = self._more
        return agent.say(0)

    def _more(self):
        """A binding more: a step of the agent's work."""
        envelope, begun, listed, target = self._begun
        agent = self._agent
        out = agent.out
        if self._binding(out, target.at % self._size, self._done):
            self._done += 1
            return 0
        out.close(listed)
        out.close(begun)
        counters.add(agent.counts, counters.TRAPS)
        if not self._informs:
            target.told()
        return envelope.close(out)

    def _asked(self, target):
        self._agent.to = (target.host, target.port)
        target.asked = self._agent.seconds
        target.tries += 1

    def _binding(self, out, slot, k):
        """Write the k-th binding of what waits in a slot; False after the last."""
        at = slot * _WORDS
        entry = self._entries
        kind = entry[at + _KIND]
        place = self._agent.place
        if k == 0:
            self._bind(out, (mib2.MIB_2, _UP_TIME_NAME), entry[at + _UP_TIME], TICKS)
            return True
        if k == 1:
            name = mib2.SNMP_V2 + _STANDARD + (kind,)
            if kind >= _OWN:
                name = place + (0, kind - _OWN + 1)
            self._bind(out, (mib2.SNMP_V2, _TRAP_NAME), name, OID)
            return True
        k -= 2
        if kind == LINK_UP and k < len(_INTERFACE):
            column, value = _INTERFACE[k]
            self._bind(out, (mib2.MIB_2, (2, 2, 1, column, 1)), value, INTEGER)
            return True
        if kind < _OWN or k >= self._rows[kind - _OWN][FIELDS]:
            return False
        row = self._rows[kind - _OWN]
        column = (1,) + tuple(row[TABLE]) + (row[COLUMN] + k, entry[at + _RECORD])
        self._bind(out, (place, column), self._fields[slot * _MOST + k], INTEGER)
        return True

    def _bind(self, out, name, value, tag):
        begun = out.begin(SEQUENCE)
        out.name(*name)
        if tag == OID:
            out.name(value)
        else:
            out.number(value, tag)
        out.end(begun)

    # What comes back.

    def acknowledged(self, reader, host):
        """A response of v2c, or of v3 that is genuine, from an address."""
        reader.enter(RESPONSE)
        ident = reader.number()
        for i in range(len(self._targets)):
            target = self._targets[i]
            if target.host == host and ident == target.at << 2 | i and target.asked is not None:
                target.told()

    def _discover(self, target):
        """Ask an engine who it is (RFC 3414, 4)."""
        agent = self._agent
        usm = agent.usm
        target.party = None
        if target.tries >= _TRIES:
            target.tries = 0
        self._asked(target)
        usm.address(usm.party_of(b""), REPORTABLE, target.at << 2 | self._turn, b"")
        out = agent.out
        out.at, out.limit = 0, len(out.buffer)
        usm.open(out)
        begun = out.open(GET)
        out.number(target.at)
        out.number(0)
        out.number(0)
        out.close(out.open(SEQUENCE))
        out.close(begun)
        return agent.say(usm.close(out))

    def heard(self, reader, peer, engine, boots, time, digest, hole, salt):
        """A message of v3 of another engine: `work` of the agent, or None."""
        usm = self._agent.usm
        for target in self._targets:
            if (target.host, target.port) == peer and target.asked is not None:
                break
        else:
            return None
        party = target.party
        if party is None:
            if engine and not usm.flags & AUTH:
                party = target.party = usm.party_of(engine)
                party.heard(boots, time, usm.time)
                usm.take_keys(party)
                target.asked = None
                target.tries = 0
            return None
        if engine != party.engine or usm.flags & (AUTH | PRIV) != usm.level:
            return None
        if usm.level & AUTH:
            if not usm.genuine(reader, party, digest, hole):
                return None
            party.heard(boots, time, usm.time)
        if usm.flags & PRIV:
            cut = reader.octets()
            return lambda: self._read(target, usm.plain(party, boots, time, salt, cut))
        scoped = bytes(memoryview(reader.buffer)[reader.at : reader.end])
        return lambda: self._read(target, scoped)

    def _read(self, target, scoped):
        reader = In(scoped, 0, len(scoped))
        reader.end = reader.head(SEQUENCE) + reader.at
        reader.skip()
        reader.skip()
        if reader.tag() == RESPONSE:
            self.acknowledged(reader, target.host)
        else:
            target.asked = None  # a report: its clock was not as we thought, it is told anew
        return -1
