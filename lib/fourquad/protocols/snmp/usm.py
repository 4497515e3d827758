"""SNMPv3 with the user-based security model (RFC 3412, RFC 3414): one user, whose level the settings say.

Of a password only its key is kept, in both hashes: so the order of settings does not matter, and informs can
be told to any receiver, each of which has a key of its own (RFC 3414, 2.6 would have the agent's alone).
"""

from struct import pack

from fourquad.points import network as n
from fourquad.protocols.snmp import INTEGER, OCTETS, REPORT, SEQUENCE, counters, crypto, mib2
from fourquad.protocols.snmp.ber import ARCS, In
from fourquad.protocols.snmp.passwords import Passwords
from fourquad.protocols.snmp.requests import AUTHORIZATION, V3

LONGEST = 1024  # octets of a message, which is what we say we take, too
MODEL = 3  # of security: the user-based one
AUTH, PRIV, REPORTABLE = 1, 2, 4  # flags of a message
WINDOW_S = 150
_SHORTEST = 484  # of what others must take
_SALT = 8
_MOST = 0x7FFFFFFF

# The engine's name: of the enterprise of examples (RFC 5612), and then octets of its own. It does not follow
# the enterprise setting, because keys are made with it.
_ENGINE = b"\x80\x00\x7e\xd9\x05"
_UNIQUE = 8

_CONTEXT = (12, 1, 5, 0)  # snmpUnknownContexts


class Party:
    """An engine that keeps time and keys: we, or who receives our informs."""

    def __init__(self, engine):
        self.engine = engine
        self.boots = 0
        self.offset = 0  # seconds from our time to its
        self.mac = None  # crypto.Mac of the user, if he has a key
        self.key = None  # for privacy

    def heard(self, boots, time, now):
        """Its clock; `now`: ours."""
        self.boots = boots
        self.offset = time - now

    def keys(self, protocol, auth, priv):
        """Take the keys of the user's passwords."""
        self.mac = self.key = None
        make = crypto.hash_of(protocol) if protocol else None
        if make and auth:
            self.mac = crypto.Mac(
                make, crypto.localised(make, auth, self.engine), crypto.AUTHENTICATION[protocol][2]
            )
            if priv:
                self.key = crypto.localised(make, priv, self.engine)[:16]


class Usm:
    """What is around a PDU of v3. `cipher(key, mode[, iv])`: AES as MicroPython's cryptolib has it, or None;
    `random(n)`: octets for a name that no other meter has.
    """

    def __init__(self, agent, cipher, random):
        self._agent = agent
        self._cipher = cipher
        self.own = Party(_ENGINE + _name(agent, random))
        self.own.boots = min(agent.setting(n.SNMP_BOOTS) + 1, _MOST >> 1)
        agent.keep(n.SNMP_BOOTS, self.own.boots)
        self._salt = 0
        self._user = b""
        self.user = b""  # of the message that is read or written
        self._protocol = 0
        self.level = 0  # flags that a message must have
        self._arcs = [0] * ARCS
        # Of the message that is read or written.
        self.party = self.own
        self.flags = 0
        self.id = b"\0"
        self.limit = LONGEST
        self._marks = [0] * 5
        self._boots = self._time = 0
        self._sealing = b""
        self._peer = None
        self._passwords = Passwords(agent)

    def began(self):
        """Take over settings."""
        agent = self._agent
        self._user = self.user = agent.text(n.SNMP_USER)
        self._protocol = agent.setting(n.SNMP_AUTH)
        self.level = (AUTH if self._protocol else 0) | (
            PRIV if self._protocol and agent.setting(n.SNMP_PRIV) else 0
        )
        self.take_keys(self.own)

    def party_of(self, engine):
        """Another engine."""
        return Party(engine)

    def take_keys(self, party):
        """The user's keys for an engine."""
        priv = self._key(n.SNMP_PRIV_KEY) if self.level & PRIV and self._cipher else b""
        party.keys(self._protocol, self._key(n.SNMP_AUTH_KEY), priv)

    def _key(self, offset):
        """The key of a password by the hash of the user's protocol; empty if there is none."""
        both = self._agent.text(offset)
        first = crypto.AUTHENTICATION[1][1]
        return both[:first] if self._protocol == 1 else both[first:]

    @property
    def time(self):
        """snmpEngineTime."""
        return self._agent.seconds

    def told(self, number):
        """A value of mib2.py."""
        if number == mib2.ENGINE_ID:
            return self.own.engine
        if number == mib2.BOOTS:
            return self.own.boots
        return self.time if number == mib2.ENGINE_TIME else LONGEST

    def step(self):
        """Make a slice of the key of a password; whether there is more to do."""
        return self._passwords.step(self.began)

    # Messages that come.

    def receive(self, reader, peer):
        """The next step of a message, a function that gives the length of an answer, or None: it is dropped.
        `reader` stands after the version.
        """
        buffer, length = reader.buffer, reader.end
        head = In(buffer, 0, length)
        head.at = reader.at
        end = head.head(SEQUENCE) + head.at
        head.end = end
        self.id = head.octets(INTEGER)
        longest = head.number()
        flags = head.octets()
        model = head.number()
        if head.at != end or len(flags) != 1 or longest < _SHORTEST or not 1 <= len(self.id) <= 4:
            raise ValueError
        if model != MODEL:
            return self._drop(counters.UNKNOWN_MODELS)
        self.flags = flags = flags[0] & (AUTH | PRIV | REPORTABLE)
        if flags & (AUTH | PRIV) == PRIV:
            return self._drop(counters.INVALID)
        self.limit = min(longest, LONGEST)
        reader.at = end
        end = reader.head(OCTETS) + reader.at
        security = In(buffer, reader.at, end)
        security.enter(SEQUENCE)
        engine = security.octets()
        boots, time = security.number(), security.number()
        user = security.octets()
        digest = security.octets()
        hole = security.at - len(digest)
        salt = security.octets()
        if security.at != end or not 0 <= boots <= _MOST or not 0 <= time <= _MOST:
            raise ValueError
        reader.at = end
        self._peer = peer
        return self._checked(reader, engine, boots, time, user, digest, hole, salt)

    def _drop(self, counter):
        counters.add(self._agent.counts, counter)

    def _checked(self, reader, engine, boots, time, user, digest, hole, salt):
        """RFC 3414, 3.2."""
        party, flags = self.own, self.flags
        self.party, self.user = party, user
        if engine != party.engine:
            if self._agent.notifier and not flags & REPORTABLE:
                return self._agent.notifier.heard(reader, self._peer, engine, boots, time, digest, hole, salt)
            return self._report(reader, counters.ENGINES)
        if user != self._user:
            self._agent.refuse(self._peer)
            return self._report(reader, counters.USERS)
        if flags & AUTH and not party.mac or flags & PRIV and not party.key:
            self._agent.refuse(self._peer)
            return self._report(reader, counters.LEVELS)
        if flags & AUTH:
            return lambda: self._agent.then(self._verified(reader, boots, time, digest, hole, salt))
        return self._opened(reader, boots, time, salt)

    def _verified(self, reader, boots, time, digest, hole, salt):
        party = self.own
        if not self.genuine(reader, party, digest, hole):
            self._agent.unauthentic(self._peer)
            return self._report(reader, counters.DIGESTS)
        if boots != party.boots or not -WINDOW_S <= time - self.time <= WINDOW_S:
            return self._report(reader, counters.WINDOWS, AUTH)
        return self._opened(reader, boots, time, salt)

    def _opened(self, reader, boots, time, salt):
        if not self.flags & PRIV:
            scoped = bytes(memoryview(reader.buffer)[reader.at : reader.end])
            return lambda: self._read(scoped)
        cut = reader.octets()
        if len(salt) != _SALT or reader.at != reader.end:
            return self._report(reader, counters.DECRYPTIONS)
        return lambda: self._agent.then(self._plain(boots, time, salt, cut))

    def _plain(self, boots, time, salt, cut):
        scoped = self.plain(self.own, boots, time, salt, cut)
        return lambda: self._read(scoped)

    def genuine(self, reader, party, digest, hole):
        """Whether the digest of a message is right."""
        if len(digest) != party.mac.size:
            return False
        wanted = party.mac.of(reader.buffer, reader.end, hole)
        wrong = 0
        for i in range(len(wanted)):
            wrong |= wanted[i] ^ digest[i]
        return not wrong

    def plain(self, party, boots, time, salt, cut):
        """What was encrypted."""
        return crypto.decrypt(self._cipher, party.key, pack(">II", boots, time) + salt, cut)

    def _read(self, scoped):
        """Begin with the PDU."""
        agent = self._agent
        reader = In(scoped, 0, len(scoped))
        try:
            # after what was encrypted there may be octets that fill a block
            reader.end = reader.head(SEQUENCE) + reader.at
            context, name = reader.octets(), reader.octets()
        except ValueError:
            if not self.flags & PRIV:
                raise
            return self._told(b"\0", counters.DECRYPTIONS, 0)
        if context != self.own.engine or name:
            return self._told(_ident(reader), counters.CONTEXTS, self.flags & (AUTH | PRIV))
        agent.out.limit = self.limit
        self.flags &= AUTH | PRIV
        if not agent.request.begin(reader, V3, self):
            counters.add(agent.counts, counters.UNKNOWN_PDUS)
            return -1
        agent.work = agent.request.step
        return agent.request.refuse(AUTHORIZATION) if self.flags & self.level != self.level else 0

    def _report(self, reader, counter, level=0):
        """What tells the sender why a message was not taken (RFC 3412, 7.1.3): a function that writes it."""
        if not self.flags & REPORTABLE:
            return self._drop(counter)
        ident = b"\0"
        if not self.flags & PRIV:
            try:
                inner = In(reader.buffer, reader.at, reader.end)
                inner.enter(SEQUENCE)
                inner.skip()
                inner.skip()
                ident = _ident(inner)
            except ValueError:
                ident = b"\0"
        return lambda: self._told(ident, counter, level)

    def _told(self, ident, counter, level):
        agent = self._agent
        counters.add(agent.counts, counter)
        if not self.flags & REPORTABLE:
            return -1
        self.flags = level
        out = agent.out
        out.at, out.limit = 0, len(out.buffer)
        self.open(out)
        begun = out.open(REPORT)
        out.octets(ident, INTEGER)
        out.number(0)
        out.number(0)
        listed = out.open(SEQUENCE)
        one = out.begin(SEQUENCE)
        name = _CONTEXT if counter == counters.CONTEXTS else (15, 1, 1, counter - counters.LEVELS + 1, 0)
        out.name(mib2.SNMP_V2, name)
        out.number(agent.counts[counter], 0x41)
        out.end(one)
        out.close(listed)
        out.close(begun)
        return self.close(out)

    # Messages that go.

    def address(self, party, flags, ident, user=None):
        """The next message is to be so, by the user unless another is named."""
        self.party, self.flags = party, flags
        self.id = pack(">I", ident & 0x7FFFFFFF)
        self.user = self._user if user is None else user

    def open(self, out):
        """Before a PDU: the message of `party` with `flags` and `id`."""
        party, marks = self.party, self._marks
        marks[0] = out.open(SEQUENCE)
        out.number(V3)
        head = out.begin(SEQUENCE)
        out.octets(self.id, INTEGER)
        out.number(LONGEST)
        out.octets(bytes((self.flags,)))
        out.number(MODEL)
        out.end(head)
        marks[1] = out.open(OCTETS)
        security = out.open(SEQUENCE)
        out.octets(party.engine)
        self._boots = party.boots
        self._time = self.time + party.offset
        out.number(self._boots)
        out.number(self._time)
        out.octets(self.user)
        out.octets(bytes(party.mac.size) if self.flags & AUTH else b"")
        marks[2] = out.at  # the digest ends here
        self._sealing = pack(">Q", self._salt) if self.flags & PRIV else b""
        self._salt += 1
        out.octets(self._sealing)
        out.close(security)
        out.close(marks[1])
        marks[3] = out.open(OCTETS) if self.flags & PRIV else 0
        marks[4] = out.open(SEQUENCE)
        out.octets(party.engine)
        out.octets(b"")

    def close(self, out):
        """After it: the length of the message, or 0 when the agent's `work` goes on with it."""
        marks = self._marks
        out.close(marks[4])
        if marks[3]:
            out.close(marks[3])
        out.close(marks[0])
        if not self.flags & AUTH:
            return out.at
        self._agent.work = self._seal if marks[3] else self._sign
        return 0

    def _seal(self):
        out = self._agent.out
        iv = pack(">II", self._boots, self._time) + self._sealing
        self._ciphering = crypto.encrypt(self._cipher, self.party.key, iv, out.buffer, self._marks[3], out.at)
        self._agent.work = self._go_on
        return 0

    def _go_on(self):
        if next(self._ciphering, True):
            self._agent.work = self._sign
        return 0

    def _sign(self):
        out, mac = self._agent.out, self.party.mac
        hole = self._marks[2] - mac.size
        out.buffer[hole : hole + mac.size] = mac.of(out.buffer, out.at, hole)
        return out.at


def _ident(reader):
    """The request-id of the PDU that comes next."""
    inner = In(reader.buffer, reader.at, reader.end)
    inner.enter(inner.tag())
    ident = inner.octets(INTEGER)
    if not 1 <= len(ident) <= 4:
        raise ValueError
    return ident


def _name(agent, random):
    """What the engine calls itself: what it called itself before."""
    known = agent.text(n.SNMP_ENGINE)
    if not known:
        known = random(_UNIQUE) if random else bytes(_UNIQUE)
        agent.keep_text(n.SNMP_ENGINE, known)
    return known
