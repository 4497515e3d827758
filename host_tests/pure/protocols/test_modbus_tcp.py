"""Modbus TCP by the byte: frames of the messaging guide (V1.0b, 3.1.3), written out by hand."""

from protocols.modbus_fakes import FakeMeter
from protocols.random16 import Random, mutated

from fourquad import points as p
from fourquad.protocols.modbus import tcp

try:
    from micropython import heap_lock, heap_unlock
except ImportError:
    heap_lock = heap_unlock = lambda: None

FRAMES = 3000


def frame(transaction, unit, *body):
    """A request with its header."""
    length = len(body) + 1
    return bytes((transaction >> 8, transaction & 255, 0, 0, length >> 8, length & 255, unit)) + bytes(body)


class Client:
    """One connection to a meter of address 1."""

    def __init__(self, meter=None):
        self.meter = meter or FakeMeter()
        self.machine = tcp.Connection(self.meter.registers, p.SETTING + p.ADDRESS_1)

    def send(self, data):
        """All answers to these bytes, which come in pieces where the machine has no room for more."""
        answers = []
        while data and not self.machine.closing:
            piece, data = data[: self.machine.room()], data[self.machine.room() :]
            n = self.machine.run(piece, len(piece), 0)
            while n:
                answers.append(bytes(self.machine.answer[:n]))
                n = self.machine.poll(0)
        return answers


READ = (3, 0x10, 0x0C, 0, 1)  # the backlight: 1 minute
ANSWER = (3, 2, 0, 1)


def test_a_request_and_its_answer():
    # the same as over RTU, without CRC
    client = Client()
    assert client.send(frame(0x1501, 1, *READ)) == [frame(0x1501, 1, *ANSWER)]
    for body in ((3, 0x40, 0, 0, 125), (1, 0, 0, 0, 8), (2, 0, 0, 0, 28), (6, 0x10, 0x0C, 0, 7), (17,)):
        answers = client.send(frame(9, 1, *body))
        assert answers == [frame(9, 1, *client.meter.ask(1, *body)[1:])]


def test_a_request_leaves_no_garbage():
    client = Client()
    machine = client.machine
    request = frame(1, 1, 3, 0x40, 0, 0, 60)
    client.send(request)
    heap_lock()
    try:
        n = machine.run(request, 12, 0)
        rest = machine.poll(0)
    finally:
        heap_unlock()
    assert (n, rest) == (129, 0)


def test_it_is_busy_while_another_request_has_come_whole():
    client = Client()
    machine = client.machine
    one, two, half = frame(1, 1, *READ), frame(2, 1, *READ), frame(3, 1, *READ)[:9]
    data = one + two + half
    assert machine.run(data, len(data), 0) and machine.answer[1] == 1 and machine.busy
    assert machine.poll(0) and machine.answer[1] == 2 and not machine.busy
    assert machine.poll(0) == 0 and not machine.busy
    assert machine.run(frame(3, 1, *READ)[9:], 3, 0) and machine.answer[1] == 3 and not machine.busy


def test_the_longest_frames():
    client = Client()
    values = (0,) * 246
    assert len(frame(1, 1, 16, 0x10, 0x22, 0, 123, 246, *values)) == tcp.MAX_FRAME - 1
    assert client.send(frame(1, 1, 16, 0x10, 0x22, 0, 123, 246, *values)) == [frame(1, 1, 0x90, 2)]
    assert client.send(frame(2, 1, 16, 0x10, 0x22, 0, 12, 24, *values[:24])) == [
        frame(2, 1, 16, 0x10, 0x22, 0, 12)
    ]
    answer = client.send(frame(3, 1, 3, 0x40, 0, 0, 125))[0]
    assert len(answer) == 259 and answer[:9] == bytes((0, 3, 0, 0, 0, 253, 1, 3, 250))


def test_bytes_come_in_any_pieces():
    whole = b"".join(frame(i, 1, *READ) for i in range(5))
    expected = [frame(i, 1, *ANSWER) for i in range(5)]
    for size in (1, 2, 5, 7, 11, 12, 13, 31):
        client = Client()
        answers = []
        for at in range(0, len(whole), size):
            answers += client.send(whole[at : at + size])
        assert answers == expected


def test_half_a_frame_waits_for_the_rest():
    client = Client()
    request = frame(7, 1, *READ)
    for cut in range(1, len(request)):
        assert client.send(request[:cut]) == []
        assert client.machine.poll(0) == 0
        assert client.send(request[cut:]) == [frame(7, 1, *ANSWER)]


def test_pipelined_requests_are_answered_in_order():
    # more than there is room for at once: 100 requests of 12 bytes
    client = Client()
    requests = b"".join(frame(i, 1, *READ) for i in range(100))
    assert client.send(requests) == [frame(i, 1, *ANSWER) for i in range(100)]
    assert client.machine.counters == [100, 0, 0, 0]


def test_unit_ids():
    # our address, and what the guide gives to a server that is no gateway; it comes back as it was sent
    client = Client()
    for unit in (1, 0, 255):
        assert client.send(frame(1, unit, *READ)) == [frame(1, unit, *ANSWER)]
    for unit in (2, 247, 254):
        assert client.send(frame(1, unit, *READ)) == [frame(1, unit, 0x83, 11)]
    assert client.machine.counters == [3, 3, 0, 0]
    assert client.send(frame(1, 1, 6, 0x10, 0x01, 0, 2)) == [frame(1, 1, 6, 0x10, 0x01, 0, 2)]
    assert client.send(frame(1, 1, *READ)) == [frame(1, 1, 0x83, 11)]
    assert client.send(frame(1, 2, *READ)) == [frame(1, 2, *ANSWER)]


def test_a_write_to_unit_0_is_answered():
    # a broadcast is a matter of lines with several slaves
    client = Client()
    assert client.send(frame(1, 0, 6, 0x10, 0x0C, 0, 9)) == [frame(1, 0, 6, 0x10, 0x0C, 0, 9)]
    assert client.meter.read(0x100C, 1) == [9]


def test_exceptions():
    client = Client()
    cases = (
        ((43, 14, 1, 0), 1),
        ((0,), 1),
        ((3, 0x50, 0, 0, 1), 2),
        ((3, 0x40, 0, 0, 126), 3),
        ((3, 0x40, 0, 0, 0), 3),
        ((3, 0x40, 0, 0), 3),  # shorter than the function code says
        ((3, 0x40, 0, 0, 1, 0), 3),
        ((16, 0x10, 0x0C, 0, 1, 2, 0), 3),
        ((6, 0x10, 0x0C, 0, 200), 3),
    )
    for body, code in cases:
        assert client.send(frame(5, 1, *body)) == [frame(5, 1, body[0] | 0x80, code)], body
    assert client.machine.counters == [len(cases), 0, len(cases), 0]


def test_what_is_no_modbus_closes_the_connection():
    bad = (
        b"\0\1\1\0\0\6\1\3\x10\x0c\0\1",  # protocol id 256
        b"\0\1\0\1\0\6\1\3\x10\x0c\0\1",  # protocol id 1
        b"\0\1\0\0\0\0",  # nothing follows
        b"\0\1\0\0\0\1\1",  # a unit id and no request
        b"\0\1\0\0\0\xff\1\3",  # longer than a request can be
        b"\0\1\0\0\1\6\1\3",
        b"GET / HTTP/1.1\r\n\r\n",
    )
    for data in bad:
        client = Client()
        # what came before it is answered, what comes after it is not taken
        assert client.send(frame(3, 1, *READ) + data + frame(4, 1, *READ)) == [frame(3, 1, *ANSWER)], data
        assert client.machine.closing and client.machine.counters == [1, 0, 0, 1]
        assert client.machine.poll(0) == 0
        client.machine.opened(None, 0)
        assert client.send(frame(5, 1, *READ)) == [frame(5, 1, *ANSWER)]


def test_connections_do_not_mix():
    meter = FakeMeter()
    one, other = Client(meter), Client(meter)
    request = frame(1, 1, *READ)
    assert one.send(request[:9]) == []
    assert other.send(frame(2, 1, 6, 0x10, 0x0C, 0, 4)) == [frame(2, 1, 6, 0x10, 0x0C, 0, 4)]
    assert one.send(request[9:]) == [frame(1, 1, 3, 2, 0, 4)]


def test_mutated_frames():
    # an answer has the request's transaction and unit, its length says what follows, and nothing is stored
    # without one that confirms it
    rng = Random(502)
    client = Client()
    before = client.meter.snapshot()
    bodies = (READ, (1, 0, 0, 0, 8), (6, 0x10, 0x0C, 0, 5), (16, 0x40, 0x48, 0, 2, 4, 10, 157, 64, 137))
    for i in range(FRAMES):
        data = frame(i & 0xFFFF, 1, *bodies[rng.below(len(bodies))])
        data = mutated(rng, data, 3)
        answers = client.send(data)
        for answer in answers:
            assert answer[2:4] == b"\0\0" and len(answer) == 6 + (answer[4] << 8 | answer[5])
            assert answer[:2] == data[:2] and answer[6] == data[6] or len(answers) > 1
            assert answer[7] & 0x7F == data[7] & 0x7F or len(answers) > 1
        if client.meter.snapshot() != before:
            assert any(answer[7] in (5, 6, 16) for answer in answers), data
        if client.machine.closing or client.meter.snapshot() != before:
            client = Client()
            before = client.meter.snapshot()
        else:
            client.machine.opened(None, 0)
