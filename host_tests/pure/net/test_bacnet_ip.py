"""BACnet/IP of a whole meter with its network module, by the byte (ASHRAE 135, annex J) and by time."""

from struct import unpack

from device.device_fakes import started
from protocols.bacnet.bacnet_fakes import Plant
from protocols.random16 import Random, mutated

from fourquad import points as p
from fourquad import ticks
from fourquad.net import PIECE
from fourquad.points import modules as m
from fourquad.points import network as n
from fourquad.protocols.bacnet.ip.node import Node

PORT = 47808
CLIENT = ("192.0.2.9", 47808)
BBMD = ("192.0.2.1", 47809)
READ_V1 = "01 04 02 05 01 0C 0C 00 00 00 02 19 55"
ALL = ("", PORT)
I_AM = b"\x01\x00\x10\x00\xc4\x02\x00\x00\x01\x22\x04\x00\x91\x03\x22\xff\xff"


def bytes_of(text):
    return bytes([int(octet, 16) for octet in text.split()])


def framed(function, text):
    """A datagram of the data link."""
    npdu = bytes_of(text)
    return bytes((0x81, function, 0, 4 + len(npdu))) + npdu


def with_bacnet(modules=(), **settings):
    plant = started()
    settings["bacnet"] = 1
    for name in settings:
        assert plant.set(getattr(n, name.upper()), settings[name]) == p.OK
    if modules:
        plant.device.meter.io.connect(modules)
    plant.reset_module()
    plant.run(200)
    assert said(plant) == [(b"\x81\x0b\x00\x15" + I_AM, ALL)]
    return plant


def said(plant):
    """(bytes, to whom) of what was said since the last call."""
    socket = plant.sockets.datagrams[PORT]
    out, socket.said = socket.said, []
    for octets, _ in out:
        assert octets[0] == 0x81 and unpack(">H", octets[2:4])[0] == len(octets)
    return out


def tell(plant, octets, peer=CLIENT, ms=100):
    plant.sockets.datagrams[PORT].to_us.append((octets, peer))
    plant.run(ms)
    return said(plant)


def ask(plant, text, peer=CLIENT):
    """The NPDU of the only answer to an NPDU, which comes to who asked."""
    ((octets, to),) = tell(plant, framed(0x0A, text), peer)
    assert to == peer and octets[1] == 0x0A
    return octets[4:]


def test_it_says_who_it_is_and_answers_where_it_was_asked():
    plant = with_bacnet()
    assert tell(plant, framed(0x0A, "01 00 10 08")) == [(b"\x81\x0a\x00\x15" + I_AM, CLIENT)]
    assert tell(plant, framed(0x0B, "01 00 10 08")) == [(b"\x81\x0b\x00\x15" + I_AM, ALL)]
    forwarded = framed(0x04, "C0 00 02 63 BA C0 01 20 FF FF 00 FF 10 08")
    assert tell(plant, forwarded, BBMD) == [(b"\x81\x0b\x00\x15" + I_AM, ALL)]
    # behind a router: network 5, address 07
    ((octets, to),) = tell(plant, framed(0x0B, "01 08 00 05 01 07 10 08"))
    assert to == ALL and octets[4:] == bytes_of("01 20 00 05 00 FF") + I_AM[2:]
    answer = ask(plant, "01 0C 00 05 01 07 02 05 01 0C 0C 00 00 00 02 19 4D")
    assert answer == bytes_of("01 20 00 05 01 07 FF 30 01 0C 0C 00 00 00 02 19 4D 3E 73 00 56 31 3F")
    assert tell(plant, framed(0x0B, READ_V1)) == []


def test_a_reading_and_the_longest_list():
    plant = with_bacnet(("io11", "io31", "io12"))
    answer = ask(plant, READ_V1)
    assert answer[:14] == bytes_of("01 00 30 01 0C 0C 00 00 00 02 19 55 3E 44")
    assert abs(unpack(">f", answer[14:18])[0] - 230) < 0.5
    whole = ask(plant, "01 04 02 05 01 0C 0C 02 00 00 01 19 4C")
    assert whole[2] == 0x30 and len(whole) == 14 + 5 * (72 + 6 + 4 + 6 + 3 * 2)
    # who takes 480 octets only is told that it would need segments; the length is no matter of its own
    assert ask(plant, "01 04 02 01 01 0C 0C 02 00 00 01 19 4C")[2:] == bytes_of("71 01 04")


def test_what_only_a_bbmd_does_is_refused():
    plant = with_bacnet()
    for function, why in ((1, 0x10), (2, 0x20), (5, 0x30), (6, 0x40), (8, 0x50), (9, 0x60)):
        assert tell(plant, framed(function, "00 3C")) == [(b"\x81\x00\x00\x06\x00" + bytes((why,)), CLIENT)]
    for octets in (
        b"",
        b"\x81",
        b"\x82\x0a\x00\x04",
        b"\x81\x0a\x00\x05",
        b"\x81\x0a\x00\x04",
        b"\x81\x03\x00\x04",
    ):
        assert tell(plant, octets) == []
    assert tell(plant, framed(0x00, "00 00"), BBMD) == []


class Numbers:
    """Settings of a node that registers for so many minutes."""

    def __init__(self, ttl):
        self.values = {n.BACNET_FOREIGN: 1, n.BACNET_BBMD_PORT: BBMD[1], n.BACNET_TTL: ttl}
        for i, octet in enumerate((192, 0, 2, 1)):
            self.values[n.BACNET_BBMD + i] = octet

    def read(self, point):
        return self.values[point - p.SETTING]


class Foreign:
    """A node whose time is the test's."""

    def __init__(self, ttl):
        self.node = Node(Plant().application, Numbers(ttl), None, bytearray(PIECE))
        self.now = 1000

    def run(self, ms):
        """What it says meanwhile: (bytes, to whom)."""
        out = []
        for _ in range(0, ms, 250):
            self.now = ticks.add(self.now, 250)
            length = self.node.poll(self.now)
            if length:
                out.append((bytes(self.node.answer[:length]), self.node.to))
        return out

    def tell(self, octets, peer=BBMD):
        assert self.node.datagram(octets, len(octets), peer, self.now) == 0


def test_what_is_for_everybody_waits_outside_of_the_buffer_of_all():
    who_is = framed(0x0B, "01 00 10 08")
    told = []
    for used in (False, True):
        foreign = Foreign(5)
        foreign.run(1000)
        node = foreign.node
        assert node.datagram(who_is, len(who_is), CLIENT, foreign.now) == 0 and node.busy
        if used:
            node.answer[:] = b"\xee" * PIECE
        told.append(foreign.run(1000))
    assert told[0] == told[1] and b"\x10\x00\xc4" in told[0][0][0]


def test_a_foreign_device_registers_in_time():
    one = Foreign(5)
    register = (b"\x81\x05\x00\x06\x01\x2c", BBMD)
    said = one.run(2000)
    assert said[0] == register
    # who is there, by way of the BBMD
    assert said[1][1] == BBMD and said[1][0][1] == 0x09 and said[1][0][6:8] == b"\x10\x00"
    # nobody answers: again after 10 s
    assert one.run(11000) == [register]
    # only the BBMD's word counts
    one.tell(framed(0x00, "00 00"), CLIENT)
    assert one.run(10000) == [register]
    one.tell(framed(0x00, "00 00"))
    assert one.run(237000) == []
    assert one.run(4000) == [register]
    # refused: it goes on trying
    one.tell(framed(0x00, "00 30"))
    assert one.run(11000) == [register]
    one.tell(framed(0x00, "00 00"))
    one.tell(framed(0x04, "C0 00 02 63 BA C0 01 20 FF FF 00 FF 10 08"))
    assert one.node.busy
    ((octets, to),) = one.run(250)
    assert to == BBMD and octets[1] == 0x09 and octets[6:8] == b"\x10\x00" and not one.node.busy
    # another BBMD is registered with at once
    one.node._points.values[n.BACNET_BBMD + 3] = 77
    ((octets, to),) = one.run(1250)
    assert octets == register[0] and to == ("192.0.2.77", BBMD[1])


def test_a_time_to_live_has_sixteen_bits():
    one = Foreign(1440)
    assert one.run(250) == [(b"\x81\x05\x00\x06\xff\xff", BBMD)]
    one.tell(framed(0x00, "00 00"))
    one.run(5000)
    before = one.now
    one.now = ticks.add(before, 65400000)
    assert one.run(1000) == []
    one.now = ticks.add(before, 65480000)
    assert len(one.run(1000)) == 1


SUBSCRIBE = "01 04 02 05 %02X 05 09 12 1C 00 C0 00 01 29 %02X 39 %02X"


def test_a_change_that_nobody_confirms_is_said_again():
    plant = with_bacnet(("io11",))
    contacts = plant.device.meter.io
    (first, _), (told, to) = tell(plant, framed(0x0A, SUBSCRIBE % (1, 1, 0)), ms=1000)
    assert first[6:] == b"\x20\x01\x05" and to == CLIENT
    head = told[:9]
    assert head[4:] == bytes_of("01 04 00 04 01") and told[9] == 1
    assert told[10:] == bytes_of(
        "09 12 1C 02 00 00 01 2C 00 C0 00 01 39 00 4E 09 55 2E 91 00 2F 09 6F 2E 82 04 00 2F 4F"
    )
    plant.run(3000)
    assert said(plant) == [(told, CLIENT)]
    tell(plant, framed(0x0A, "01 00 20 01 01"))
    plant.run(3500)
    assert said(plant) == []
    contacts.set_input(0, 1)
    plant.run(600)
    ((changed, _),) = said(plant)
    assert changed[8] == 2 and changed[28:31] == b"\x91\x01\x2f"
    # four times, then no more until the next change
    plant.run(14000)
    assert len(said(plant)) == 3
    plant.run(4000)
    assert said(plant) == []
    contacts.set_input(0, 0)
    plant.run(600)
    assert len(said(plant)) == 1


def test_a_subscription_ends_by_itself():
    plant = with_bacnet(("io11",))
    contacts = plant.device.meter.io
    assert len(tell(plant, framed(0x0A, SUBSCRIBE % (1, 0, 5)), ms=1000)) == 2
    contacts.set_input(0, 1)
    plant.run(1000)
    ((octets, _),) = said(plant)
    assert octets[6:8] == b"\x10\x02" and octets[21] in (3, 4)
    plant.run(4000)
    contacts.set_input(0, 0)
    plant.run(1000)
    assert said(plant) == []


def test_what_cannot_be_subscribed_to():
    plant = with_bacnet()
    device = "01 04 02 05 01 05 09 12 1C 02 00 00 01 29 00 39 00"
    assert ask(plant, device)[2:] == bytes_of("50 01 05 91 01 91 2D")
    nothing = "01 04 02 05 01 05 09 12 1C 00 00 03 E7 29 00 39 00"
    assert ask(plant, nothing)[2:] == bytes_of("50 01 05 91 01 91 1F")
    assert ask(plant, "01 04 02 05 01 05 09 12 1C 00 00 00 01 39 00")[2] == 0x60
    assert ask(plant, "01 04 02 05 01 05 09 12 1C 00 00 00 01")[2:] == b"\x20\x01\x05"


WRITE = "01 04 02 05 01 0F 0C 01 00 00 01 19 55 3E %s 3F 49 %02X"


def test_a_relay_follows_the_highest_priority():
    plant = with_bacnet(("io11",))

    def write(value, priority):
        answer = ask(plant, WRITE % (value, priority))
        assert answer[2:] == b"\x20\x01\x0f"
        return plant.points.read(p.MODULE + m.RELAY1)

    assert write("91 01", 8) == 1
    assert write("91 00", 16) == 1
    assert write("00", 8) == 0
    assert write("91 01", 16) == 1
    # others switch it, too: a command is done again
    assert plant.points.write(p.MODULE + m.RELAY1, 0) == p.OK
    assert write("91 01", 16) == 1
    assert write("00", 16) == 0
    assert ask(plant, "01 04 02 05 01 0F 0C 01 00 00 01 19 55 3E 91 02 3F")[2] == 0x50


SEEDS = (
    framed(0x0A, READ_V1),
    framed(0x0B, "01 20 FF FF 00 FF 10 08 09 00 1B 3F FF FF"),
    framed(0x04, "C0 00 02 63 BA C0 01 20 FF FF 00 FF 10 08"),
    framed(0x0A, "01 0C 00 05 01 07 02 05 01 0E 0C 02 3F FF FF 1E 09 08 1F"),
    framed(0x0A, SUBSCRIBE % (1, 1, 60)),
    framed(0x0A, "01 04 02 05 01 05 09 12 1C 00 00 00 02 29 00 3A 0E 10"),
    framed(0x0A, "01 04 02 05 01 0F 0C 01 00 00 01 19 55 3E 91 01 3F 49 08"),
    framed(0x0A, "01 04 02 05 01 0F 0C 00 00 00 02 19 16 3E 44 40 00 00 00 3F"),
    framed(0x0A, "01 00 20 01 01"),
    framed(0x0A, "01 00 50 01 01 91 01 91 1F"),
    framed(0x00, "00 30"),
    framed(0x05, "00 3C"),
)


def test_mutations():
    plant = with_bacnet(("io11",))
    rng = Random(91)
    for i in range(600):
        octets = mutated(rng, SEEDS[i % len(SEEDS)])
        for answer, _ in tell(plant, octets, ms=10):
            assert len(answer) <= 1024 and answer[1] in (0, 5, 0x0A, 0x0B)
    said_last = [octets[6:8] for octets, _ in tell(plant, framed(0x0A, "01 00 10 08"))]
    assert b"\x10\x00" in said_last


def test_an_increment_that_was_written_is_kept_as_settings_are():
    increment = "02 19 16"  # COV_Increment of the second analog input, V1

    def read(plant):
        (octets, _), *_ = tell(plant, framed(10, "01 04 02 05 01 0C 0C 00 00 00 " + increment))
        return unpack(">f", octets[-5:-1])[0]

    plant = with_bacnet()
    assert read(plant) == 1.0
    write = "01 04 02 05 02 0F 0C 00 00 00 " + increment + " 3E 44 40 20 00 00 3F"
    (octets, _), *_ = tell(plant, framed(10, write))
    assert octets[-3:] == b"\x20\x02\x0f"
    assert read(plant) == 2.5
    plant.run(3000)
    plant.cut()
    plant.run(2000)
    said(plant)
    assert read(plant) == 2.5
    # those of the factory
    plant.reset_module(2)
    assert plant.set(n.BACNET, 1) == p.OK
    plant.reset_module()
    plant.run(200)
    said(plant)
    assert read(plant) == 1.0
