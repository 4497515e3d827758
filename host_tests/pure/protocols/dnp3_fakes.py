"""A fake meter behind points and an outstation on it, for the tests of DNP3; time is advanced by hand."""

from protocols.modbus_fakes import FakeMeter

from fourquad import points as p
from fourquad.models.kw320 import dnp3 as kw320
from fourquad.protocols.dnp3 import application as a
from fourquad.protocols.dnp3 import profile
from fourquad.protocols.dnp3.crc import checksum
from fourquad.protocols.dnp3.outstation import Outstation

MASTER = 3
US = 1
MIDNIGHT = 820540800  # 2026-01-01 in seconds since 2000


def hexed(text):
    return bytes([int(word, 16) for word in text.split()])


def text(octets):
    return " ".join([f"{octet:02X}" for octet in octets])


def with_crc(block):
    crc = checksum(block, len(block), 0)
    return bytes(block) + bytes((crc & 255, crc >> 8))


def frame(control, data=b"", destination=US, source=MASTER):
    """A frame made without the code under test, but for its CRC."""
    head = (5, 0x64, 5 + len(data), control)
    head += (destination & 255, destination >> 8, source & 255, source >> 8)
    out = with_crc(bytes(head))
    for i in range(0, len(data), 16):
        out += with_crc(data[i : i + 16])
    return out


def unframe(octets):
    """(control, destination, source, data) of all frames in `octets`, which must be good."""
    frames = []
    at = 0
    while at < len(octets):
        head = octets[at : at + 10]
        assert head[:2] == b"\x05\x64" and with_crc(head[:8]) == head
        length = head[2] - 5
        at += 10
        data = b""
        while length:
            n = min(16, length)
            assert with_crc(octets[at : at + n]) == octets[at : at + n + 2]
            data += octets[at : at + n]
            at += n + 2
            length -= n
        frames.append((head[3], head[4] | head[5] << 8, head[6] | head[7] << 8, data))
    return frames


def fragments(octets, us=US):
    """The application fragments in frames of user data from the outstation at address `us`."""
    out = []
    part = b""
    for control, destination, source, data in unframe(octets):
        if control & 0x40:
            assert control == 0x44 and destination == MASTER and source == us
            part = data[1:] if data[0] & 0x40 else part + data[1:]
            if data[0] & 0x80:
                out.append(part)
    return out


class Station:
    """An outstation at address 1 and the master 3 that talks to it."""

    def __init__(self, tables=kw320.SERIAL, meter=None):
        self.meter = meter or FakeMeter()
        self.clock = self.meter.clock
        self.clock.set(MIDNIGHT)
        self.out = Outstation(self.meter.points, tables, p.SETTING + p.ADDRESS_1)
        self.now = 0
        self.sequence = 0
        self.transport = 0

    def send(self, octets, age_us=0):
        """Octets as they are; what comes back."""
        n = self.out.run(octets, len(octets), age_us)
        return bytes(self.out.answer[:n])

    def frames_of(self, fragment, destination=US):
        """A fragment in frames, as a master sends it."""
        out = b""
        at = 0
        while True:
            part = fragment[at : at + 249]
            head = self.transport | (0x40 if not at else 0)
            at += len(part)
            head |= 0x80 if at == len(fragment) else 0
            self.transport = (self.transport + 1) & 63
            out += frame(0xC4, bytes((head,)) + part, destination)
            if at == len(fragment):
                return out

    def app(self, fragment, destination=US):
        """A fragment as octets; the fragment that answers it, or nothing."""
        answers = fragments(self.send(self.frames_of(fragment, destination)))
        assert len(answers) <= 1
        return answers[0] if answers else b""

    def request(self, function, objects="", destination=US):
        """A request with the next sequence number: control, function, indications, objects as text."""
        self.sequence = (self.sequence + 1) & 15
        answer = self.app(bytes((0xC0 | self.sequence, function)) + hexed(objects), destination)
        if not answer:
            return None
        assert answer[0] & 15 == self.sequence
        return answer[0] & 0xF0, answer[1], answer[2] | answer[3] << 8, text(answer[4:])

    def read(self, objects):
        """The objects of an answer to a read, whose indications must be faultless."""
        control, function, bits, answer = self.request(a.READ, objects)
        assert function == a.RESPONSE and not bits & 0x0700, (bits, answer)
        return answer

    def error(self, function, objects=""):
        """The second indications octet of an answer without objects."""
        control, answered, bits, answer = self.request(function, objects)
        assert control == 0xC0 and answered == a.RESPONSE and not answer, answer
        return bits & 0x0700

    def confirm(self, sequence=None, unsolicited=False):
        sequence = self.sequence if sequence is None else sequence
        return self.app(bytes((0xC0 | (0x10 if unsolicited else 0) | sequence, 0)))

    def poll(self, ms=1):
        """Let time pass; what is sent unasked."""
        self.now += ms
        n = self.out.poll(self.now)
        return bytes(self.out.answer[:n])

    def settle(self, ms=1000):
        """Let time pass in which nothing is sent."""
        for _ in range(ms // 10):
            assert self.poll(10) == b""


def with_options(tables, **changes):
    """A profile with other options, by their names in profile.py in lower case."""
    options = list(tables[0])
    for name in changes:
        options[getattr(profile, name.upper())] = changes[name]
    return (tuple(options),) + tuple(tables[1:])


def with_points(tables, points, controls=None):
    return (tables[0], points, tables[2] if controls is None else controls, None)
