"""An agent over points that are made up, and an encoding of its own to ask it: lengths in the longest and the
shortest form, nothing of it from protocols/snmp.
"""

from fourquad import points as p
from fourquad.points import network as n
from fourquad.protocols.snmp.agent import Agent

PEER = ("192.0.2.7", 40000)
GET, GET_NEXT, RESPONSE, SET, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA3, 0xA5
MIB_2 = (1, 3, 6, 1, 2, 1)
OWN = (1, 3, 6, 1, 4, 1, 32473, 7, 1)


def tlv(tag, data):
    """A value with its length in the shortest form."""
    size = len(data)
    if size < 0x80:
        return bytes((tag, size)) + data
    return bytes((tag, 0x82, size >> 8, size & 0xFF)) + data


def integer(value, tag=2):
    size = 1
    while not -(1 << 8 * size - 1) <= value < 1 << 8 * size - 1:
        size += 1
    return tlv(tag, bytes([value >> 8 * k & 0xFF for k in range(size - 1, -1, -1)]))


def name(*arcs):
    out = b""
    for arc in (40 * arcs[0] + arcs[1],) + arcs[2:]:
        part = bytes((arc & 0x7F,))
        while arc > 0x7F:
            arc >>= 7
            part = bytes((0x80 | arc & 0x7F,)) + part
        out += part
    return tlv(6, out)


def seq(*parts):
    return tlv(0x30, b"".join(parts))


def binding(arcs, value=b"\x05\x00"):
    return seq(name(*arcs), value)


def pdu(tag, ident, first, second, *bindings):
    return tlv(tag, integer(ident) + integer(first) + integer(second) + seq(*bindings))


def message(body, version=1, community=b"public"):
    return seq(integer(version), tlv(4, community), body)


def request(tag, *names, **more):
    """A message of v2c that asks for these names."""
    version = more.pop("version", 1)
    first, second = more.pop("first", 0), more.pop("second", 0)
    return message(pdu(tag, 1000, first, second, *[binding(each) for each in names]), version)


def parse(data, at=0, end=None):
    """What is encoded: (tag, content), the content of a sequence a list of the same."""
    out = []
    end = len(data) if end is None else end
    while at < end:
        tag, size = data[at], data[at + 1]
        at += 2
        if size & 0x80:
            count, size = size & 0x7F, 0
            for _ in range(count):
                size = size << 8 | data[at]
                at += 1
        assert at + size <= end, "longer than what it is in"
        inside = parse(data, at, at + size) if tag & 0x20 else bytes(data[at : at + size])
        out.append((tag, inside))
        at += size
    return out


def number(data):
    value = 0
    for octet in data:
        value = value << 8 | octet
    return value - (1 << 8 * len(data)) if data[0] & 0x80 else value


def arcs(data):
    out, arc = [], 0
    for octet in data:
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            out.append(arc)
            arc = 0
    first = min(out[0] // 40, 2)
    return (first, out[0] - 40 * first) + tuple(out[1:])


class Texts:
    def __init__(self):
        self.known = {
            n.SNMP_COMMUNITY: b"public",
            n.SNMP_NAME: b"",
            n.HOST_NAME: b"meter",
            n.SNMP_LOCATION: b"cellar",
            n.SNMP_CONTACT: b"",
            n.SNMP_USER: b"fourquad",
        }

    def read(self, offset):
        return self.known.get(offset, b"")

    def check(self, offset, data):
        return p.OK

    def write(self, offset, data):
        self.known[offset] = data
        return p.OK


class Settings:
    """The provider of settings."""

    def __init__(self, values):
        self.values = values
        self.texts = Texts()

    def write(self, index, value):
        self.values[p.SETTING + index] = value
        return p.OK


class Points:
    """Points and settings by their numbers; a text's place is its offset."""

    def __init__(self):
        self.values = {p.SETTING + n.SNMP_ENTERPRISE: 32473}
        self.settings = Settings(self.values)
        self.texts = self.settings.texts
        self.away = set()  # indexes of terminals without their module

    def read(self, pid):
        if pid in self.values:
            return self.values[pid]
        if p.SETTING <= pid < p.SETTING + p.SETTINGS:
            return 0
        raise KeyError(pid)

    def provider(self, pid):
        return self.settings if pid >= p.SETTING else self

    def base(self, pid):
        return p.SETTING if pid >= p.SETTING else 0

    def online(self, first, count):
        return first not in self.away


def run(arc, first, count, point, tag=2, scale=None, online=False, prefix=b"\x01"):
    """A run of scalars."""
    return (prefix, first, count, 0, 1, point, 1, 0, tag, scale, online)


class Tables:
    """A model: numbers at 1.1-1.3, a table of two columns of four rows at 1.9.1, then a text too long."""

    MODEL = 7
    ABOUT = b"A meter"
    OBJECTS = (
        run(1, 1, 3, 10, scale=10),
        run(1, 4, 1, 13, tag=0x42),
        (b"\x01\x09\x01", 2, 2, 1, 4, 20, 10, 1, 2, None, True),
    )


class Bench:
    def __init__(self):
        self.points = Points()
        self.points.values.update({10: 230.04, 11: -1.26, 12: float("nan"), 13: 4000000000})
        for i in range(4):
            self.points.values.update({20 + i: i, 30 + i: -i})
        self.agent = Agent(self.points, Tables)
        self.now = 1000
        self.agent.began(self.now)

    def ask(self, data, peer=PEER):
        """The answer to a datagram, or None; how often the agent was visited is in `visits`."""
        count = self.agent.datagram(data, len(data), peer, self.now)
        self.visits = 1
        while self.agent.busy:
            assert not count
            count = self.agent.poll(self.now)
            self.visits += 1
        return bytes(self.agent.answer[:count]) if count else None

    def bindings(self, data):
        """(status, index, [(arcs, tag, content)]) of the response to a request of v1 or v2c."""
        answer = self.ask(data)
        assert answer is not None
        ((tag, (version, community, (what, inside))),) = parse(answer)
        assert tag == 0x30 and community == (4, b"public") and what == RESPONSE
        ident, status, index, (_, found) = inside
        assert number(ident[1]) == 1000
        out = [(arcs(one[0][1]),) + one[1] for _, one in found]
        return number(status[1]), number(index[1]), out
