"""DNP3 over the network of a whole meter: masters over TCP and UDP, on the switchboard in memory."""

from device.device_fakes import allow, started
from protocols.dnp3_fakes import frame, hexed, unframe

from fourquad import points as p
from fourquad.points import network as n

PORT = 20000
EVERYTHING = "3C 02 06 3C 03 06 3C 04 06 3C 01 06"
INPUTS = "3C 02 06"  # events of class 1
READ, CONFIRM = 1, 0


class Master:
    """A master with its link address over one connection."""

    def __init__(self, plant, address, host="192.168.1.20"):
        self.plant = plant
        self.address = address
        self.sequence = 0
        self.pipe = plant.client(PORT, host)

    def octets(self, function, objects=""):
        head = bytes((0xC0, 0xC0 | self.sequence, function))
        return frame(0xC4, head + hexed(objects), 1, self.address)

    def hear(self):
        """The fragments that came; they are for this master."""
        self.plant.run(300)
        return fragments(self.pipe.take(), self.address)

    def read(self, objects):
        """The answer's octets after its head; it is confirmed if it wants that."""
        self.sequence = (self.sequence + 1) & 15
        self.pipe.to_us = self.octets(READ, objects)
        (answer,) = self.hear()
        if answer[0] & 0x20:
            self.pipe.to_us = self.octets(CONFIRM)
            self.plant.run(50)
        return answer[4:]


def fragments(octets, address):
    out = []
    part = b""
    for control, destination, source, data in unframe(octets):
        assert (control, destination, source) == (0x44, address, 1)
        part = data[1:] if data[0] & 0x40 else part + data[1:]
        if data[0] & 0x80:
            out.append(part)
    return out


def turn(plant, value):
    """DI1 changes, and is seen."""
    plant.terminals.closed = value
    plant.run(500)


def test_two_masters_have_their_own_events():
    plant = started()
    one, two = Master(plant, 3), Master(plant, 4)
    assert len(one.read(EVERYTHING)) > 300 and len(two.read(EVERYTHING)) > 300
    masters = plant.device.ports[-1].board.desks[1].service.masters.all
    assert [each.source for each in masters] == [3, 4]
    assert one.read(INPUTS) == two.read(INPUTS) == b""
    turn(plant, 1)
    # object 2 variation 2, one event of index 0 that closed
    assert one.read(INPUTS)[:2] == b"\x02\x02"
    assert one.read(INPUTS) == b""
    assert two.read(INPUTS)[:2] == b"\x02\x02"
    assert two.read(INPUTS) == b""


def test_what_happens_while_a_master_is_away_waits_for_it():
    plant = started()
    one = Master(plant, 3)
    one.read(EVERYTHING)
    one.pipe.ended = True
    plant.run(100)
    assert one.pipe.closed
    turn(plant, 1)
    turn(plant, 0)
    again = Master(plant, 3)
    events = again.read(INPUTS)
    assert events[:4] == b"\x02\x02\x17\x02", "two events, in their order"
    assert again.read(INPUTS) == b""


def test_a_master_that_connects_anew_takes_the_place_of_its_old_connection():
    plant = started()
    one = Master(plant, 3)
    one.read(EVERYTHING)
    turn(plant, 1)
    again = Master(plant, 3)
    assert not one.pipe.closed
    assert again.read(INPUTS)[:2] == b"\x02\x02"
    assert one.pipe.closed and not again.pipe.closed
    # events that were sent and not confirmed come again
    turn(plant, 0)
    again.sequence += 1
    again.pipe.to_us = again.octets(READ, INPUTS)
    (answer,) = again.hear()
    assert answer[0] & 0x20 and answer[4:6] == b"\x02\x02"
    third = Master(plant, 3)
    assert third.read(INPUTS)[:2] == b"\x02\x02"


def test_a_third_master_is_refused():
    plant = started()
    one, two = Master(plant, 3), Master(plant, 4)
    one.read(EVERYTHING)
    two.read(EVERYTHING)
    assert Master(plant, 5).pipe.closed
    # one that has left makes room
    one.pipe.ended = True
    plant.run(100)
    assert len(Master(plant, 5).read(EVERYTHING)) > 300


def test_a_frame_in_two_pieces_and_what_is_none():
    plant = started()
    one = Master(plant, 3)
    request = one.octets(READ, EVERYTHING)
    for piece in (request[:3], request[3:9], request[9:]):
        one.pipe.to_us += piece
        plant.run(50)
    plant.run(100)
    assert len(fragments(one.pipe.take(), 3)) == 1
    other = Master(plant, 4)
    other.pipe.to_us = b"GET / HTTP/1.1\r\n"
    plant.run(50)
    assert other.pipe.closed and not one.pipe.closed


ALL_THRICE = "3C 01 06 " * 3  # more than a piece of the network
LONG = 1500


def buffers(plant):
    """The buffers of fragments that are lent to nobody, and how many masters there are."""
    masters = plant.device.ports[-1].board.desks[1].service.masters
    shared = masters.all[0].outstation._shared
    return len(shared._free), len(masters.all)


def test_long_answers_of_two_masters_at_once():
    plant = started()
    one, two = Master(plant, 3), Master(plant, 4)
    one.read(EVERYTHING)
    two.read(EVERYTHING)
    for each in (one, two):
        each.sequence += 1
        each.pipe.to_us = each.octets(READ, ALL_THRICE)
    plant.run(300)
    (first,), (second,) = fragments(one.pipe.take(), 3), fragments(two.pipe.take(), 4)
    assert len(first) > LONG and first[4:] == second[4:]
    assert first[4:].count(b"\x01\x02\x00\x00\x1b") == 3, "binary inputs 0 to 27"
    # neither has a buffer while it is asked nothing
    free, masters = buffers(plant)
    assert masters == 2 and free <= 2


def test_an_answer_that_is_not_confirmed_is_there_once_more():
    plant = started()
    one, two = Master(plant, 3), Master(plant, 4)
    one.read(EVERYTHING)
    two.read(EVERYTHING)
    turn(plant, 1)
    one.sequence += 1
    request = one.octets(READ, INPUTS + " " + ALL_THRICE)
    one.pipe.to_us = request
    (first,) = one.hear()
    assert first[0] & 0x20 and len(first) > LONG
    assert two.read(INPUTS)[:2] == b"\x02\x02", "another answer is made meanwhile"
    one.pipe.to_us = request
    assert one.hear() == [first]


def test_a_control_that_is_repeated_is_done_once():
    plant = started()
    one, two = Master(plant, 3), Master(plant, 4)
    one.read(EVERYTHING)
    two.read(EVERYTHING)
    one.sequence += 1
    latch = one.octets(5, "0C 01 28 01 00 00 00 03 01 00 00 00 00 00 00 00 00 00")
    one.pipe.to_us = latch
    first = one.hear()
    assert len(first) == 1 and first[0][1] == 0x81
    two.read(ALL_THRICE)
    one.pipe.to_us = latch
    assert one.hear() == first


def test_requests_in_segments_of_two_masters():
    plant = started()
    one, two = Master(plant, 3), Master(plant, 4)
    one.read(EVERYTHING)
    two.read(EVERYTHING)
    halves = []
    for each, address in ((one, 3), (two, 4)):
        each.sequence += 1
        whole = bytes((0xC0 | each.sequence, READ)) + hexed(ALL_THRICE)
        parts = (b"\x41" + whole[:5], b"\x82" + whole[5:])
        halves.append([frame(0xC4, part, 1, address) for part in parts])
    for part in (0, 1):
        one.pipe.to_us, two.pipe.to_us = halves[0][part], halves[1][part]
        plant.run(300)
    for each, address in ((one, 3), (two, 4)):
        (answer,) = fragments(each.pipe.take(), address)
        assert len(answer) > LONG
    # one that is begun and not finished is forgotten with its connection
    one.pipe.to_us = halves[0][0]
    plant.run(50)
    one.pipe.ended = True
    plant.run(100)
    free, _ = buffers(plant)
    assert free >= 1


def test_each_master_freezes_for_itself():
    plant = started()
    one, two = Master(plant, 3), Master(plant, 4)
    one.read(EVERYTHING)
    two.read(EVERYTHING)
    one.sequence += 1
    one.pipe.to_us = one.octets(7, "14 00 06")
    (answer,) = one.hear()
    assert not answer[3]
    # object 21 variation 1: the first counter's flags say whether it was ever frozen
    mine, others = one.read("15 01 00 00 00"), two.read("15 01 00 00 00")
    assert mine[:3] == others[:3] == b"\x15\x01\x00"
    assert mine[5] == 1 and others[5] == 0


def test_a_restart_of_one_master_takes_nothing_from_the_other():
    plant = started()
    one, two = Master(plant, 3), Master(plant, 4)
    one.read(EVERYTHING)
    two.read(EVERYTHING)
    turn(plant, 1)
    one.sequence += 1
    one.pipe.to_us = one.octets(13)
    one.hear()
    assert one.read(INPUTS) == b""
    assert two.read(INPUTS)[:2] == b"\x02\x02"
    turn(plant, 0)
    assert one.read(INPUTS)[:2] == two.read(INPUTS)[:2] == b"\x02\x02"


def test_a_long_answer_in_datagrams_beside_a_connection():
    plant = started()
    socket = plant.sockets.datagrams[PORT]
    one, two = Master(plant, 3), Master(plant, 4)
    two.read(EVERYTHING)
    two.sequence += 1
    socket.to_us = [(one.octets(READ, ALL_THRICE), ("192.168.1.30", 40001))]
    two.pipe.to_us = two.octets(READ, ALL_THRICE)
    plant.run(300)
    assert all(len(data) <= 1024 for data, _ in socket.said)
    (answer,) = fragments(b"".join([data for data, _ in socket.said]), 3)
    (other,) = fragments(two.pipe.take(), 4)
    assert answer[4:] == other[4:] and len(answer) > LONG


def test_udp():
    plant = started()
    socket = plant.sockets.datagrams[PORT]
    peer = ("192.168.1.30", 40001)
    one = Master(plant, 3)
    request = one.octets(READ, EVERYTHING)
    socket.to_us = [(request, peer)]
    plant.run(300)
    assert {where for _, where in socket.said} == {peer}
    assert all(len(data) <= 1024 for data, _ in socket.said)
    # each datagram has whole frames
    for data, _ in socket.said:
        unframe(data)
    (answer,) = fragments(b"".join([data for data, _ in socket.said]), 3)
    assert len(answer) > 300
    # to a port of its own
    socket.said.clear()
    assert plant.set(n.DNP3_ANSWER_PORT, 20001) == p.OK
    socket.to_us = [(one.octets(READ, INPUTS), peer)]
    plant.run(300)
    assert [where for _, where in socket.said] == [("192.168.1.30", 20001)]
    # what is no frame has no answer
    socket.said.clear()
    socket.to_us = [(b"", peer), (b"\x05", peer), (b"\x05\x64" + bytes(30), peer), (b"x" * 900, peer)]
    plant.run(300)
    assert not socket.said


def test_only_masters_from_known_addresses():
    plant = started()
    texts = plant.points.provider(p.SETTING + n.DNP3_FROM).texts
    at = n.DNP3_FROM - p.GROUP_NETWORK
    assert texts.check(at, b"192.168.1.*") == p.OK and texts.check(at, b"") == p.RANGE
    texts.write(at, b"192.168.1.*")
    assert Master(plant, 3, "192.168.2.1").pipe.closed
    assert not Master(plant, 3, "192.168.1.1").pipe.closed
    socket = plant.sockets.datagrams[PORT]
    socket.to_us = [(frame(0xC9, b"", 1, 3), (host, 40000)) for host in ("192.168.2.1", "192.168.1.9")]
    plant.run(300)
    assert [where for _, where in socket.said] == [("192.168.1.9", 40000)]
    plant.set(n.ACCESS_DNP3, 1)
    assert Master(plant, 4, "192.168.1.2").pipe.closed
    allow(plant, b"192.168.1.2")
    assert not Master(plant, 4, "192.168.1.2").pipe.closed


def listens(plant):
    return [each.port for each in plant.sockets.open if hasattr(each, "waiting")]


def test_what_is_switched_off_does_not_listen():
    plant = started()
    assert listens(plant) == [502, PORT]
    assert plant.set(n.DNP3_MODE, 2) == p.OK
    plant.reset_module()
    assert listens(plant) == [502] and not plant.sockets.datagrams[PORT].closed
    assert plant.points.write(p.DNP3, 0) == p.OK
    plant.reset_module()
    assert plant.sockets.open == [plant.sockets.listeners[502]]


def test_the_meter_calls_its_master():
    plant = started()
    texts = plant.points.provider(p.SETTING + n.DNP3_FROM).texts
    plant.set(n.DNP3_MODE, 1)
    for place, value in ((3, 3), (8, 1)):  # D006H master, D010H unsolicited
        assert plant.points.write(p.DNP3 + place, value) == p.OK
    plant.reset_module()
    assert listens(plant) == [502, PORT] and len(plant.sockets.open) == 2, "no UDP in this mode"
    plant.run(1000)
    assert not plant.sockets.calls, "nobody can be called at any address"
    texts.write(n.DNP3_FROM - p.GROUP_NETWORK, b"192.168.1.20")
    plant.run(1000)
    (pipe,) = plant.sockets.calls
    assert pipe.peer == ("192.168.1.20", 20000)
    # nobody takes the call: again after a pause
    pipe.broken = True
    plant.run(20000)
    assert len(plant.sockets.calls) == 1 and pipe.closed
    plant.run(15000)
    pipe = plant.sockets.calls[1]
    pipe.up = True
    plant.run(500)
    # the first is empty, tells of the restart and wants a confirmation
    (told,) = fragments(pipe.take(), 3)
    assert told[:2] == b"\xf0\x82" and len(told) == 4 and told[2] & 0x80
    pipe.to_us = frame(0xC4, b"\xc0\xd0\x00", 1, 3)
    plant.run(500)
    pipe.to_us = frame(0xC4, b"\xc1\xc1\x14" + hexed(INPUTS), 1, 3)
    plant.run(500)
    fragments(pipe.take(), 3)
    turn(plant, 1)
    (told,) = fragments(pipe.take(), 3)
    assert told[:2] == b"\xf1\x82" and told[4:6] == b"\x02\x02"
    # while the master itself is connected nobody calls
    one = Master(plant, 3)
    one.read(INPUTS)
    plant.run(40000)
    assert pipe.closed and len(plant.sockets.calls) == 2


def test_ports_of_dnp3():
    plant = started()
    assert [plant.set(n.DNP3_PORT, x) for x in (0, 19999, 22001)] == [p.RANGE] * 3
    assert plant.set(n.DNP3_PORT, 22000) == p.OK
    assert plant.set(n.DNP3_UDP_PORT, 22000) == p.OK, "TCP and UDP may have the same"
    assert plant.set(n.DNP3_UDP_PORT, 0) == p.OK
    assert plant.set(n.DNP3_UDP_PORT, 502) == p.RANGE


def test_in_fast_read_mode_there_is_modbus_only():
    plant = started()
    plant.set(n.FAST_READ, 1)
    plant.reset_module()
    assert plant.sockets.open == [plant.sockets.listeners[502]]
