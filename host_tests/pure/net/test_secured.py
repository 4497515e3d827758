"""A machine in a layer that is not TLS but as strict: records with a head, their octets changed, and what is
none is refused.
"""

from net.net_fakes import PORT, Bench, Machine, Service

from fourquad.net import PIECE
from fourquad.net.secured import Secured, Served, around

HEAD = 3  # a mark, and the length of what follows
MARK = 0x16
KEY = 0x5A


class Layer:
    """What is said in it goes out with a head and changed; `layers` are all that were made."""

    layers = []

    def __init__(self, host):
        self.host = host
        self.came = self.goes = b""
        self.closed = False
        self.layers.append(self)
        if host:
            self.put(b"hello " + host.encode())

    def take(self, octets):
        self.came += octets
        out = b""
        while len(self.came) >= HEAD:
            if self.came[0] != MARK:
                self.goes += b"alert"
                return None
            end = HEAD + (self.came[1] << 8 | self.came[2])
            if len(self.came) < end:
                break
            out += bytes([octet ^ KEY for octet in self.came[HEAD:end]])
            self.came = self.came[end:]
        return out

    def put(self, octets):
        self.goes += sealed(octets)

    def said(self, count):
        data, self.goes = self.goes[:count], self.goes[count:]
        return data

    def close(self):
        self.closed = True


def sealed(octets):
    head = bytes([MARK, len(octets) >> 8, len(octets) & 255])
    return head + bytes([octet ^ KEY for octet in octets])


def opened(data):
    """What a client reads of it."""
    out = b""
    while data:
        assert data[0] == MARK
        end = HEAD + (data[1] << 8 | data[2])
        assert len(data) >= end
        out += bytes([octet ^ KEY for octet in data[HEAD:end]])
        data = data[end:]
    return out


def served(**how):
    """A bench whose clients have to speak in the layer."""
    Layer.layers = []
    service = Service(**how)
    return Bench(service=Served(service, Layer), most=3), service


def test_a_request_and_its_answer():
    bench, service = served()
    client = bench.client()
    client.to_us = sealed(b"x")
    bench.visits()
    assert opened(client.take()) == b"a" * 8
    assert ("run", b"x") in service.log and Layer.layers[0].host is None


def test_a_request_comes_octet_by_octet():
    bench, service = served()
    client = bench.client()
    for octet in sealed(b"hello"):
        client.to_us = bytes([octet])
        bench.visits()
    assert [entry for entry in service.log if entry[0] == "run"] == [("run", b"hello")]


def test_an_answer_of_many_pieces_is_whole_whatever_its_size():
    """A layer's records end where no piece ends; one of exactly a piece was taken for the end."""
    for size in (1, PIECE // 2, PIECE - HEAD - 1, PIECE - HEAD, PIECE - HEAD + 1, PIECE):
        bench, _ = served(pieces=5, size=size)
        client = bench.client()
        client.to_us = sealed(b"x")
        bench.wait(200)
        assert len(opened(client.take())) == 5 * size, size


def test_requests_of_one_record_wait_for_their_turn():
    """The second is not begun while pieces of the answer to the first are due."""
    bench, service = served(pieces=3, space=4)
    client = bench.client()
    client.to_us = sealed(b"aaaabbbbcc")
    bench.visits(60)
    told = [entry for entry in service.log if entry[0] in ("run", "poll")]
    runs = [entry[1] for entry in told if entry[0] == "run"]
    assert runs == [b"aaaa", b"bbbb", b"cc"]
    first, second = [i for i, entry in enumerate(told) if entry[0] == "run"][:2]
    assert second - first >= 4
    assert len(opened(client.take())) == 3 * 3 * 8


def test_who_waits_in_the_clear_is_not_read_without_end():
    bench, _ = served(space=0)
    client = bench.client()
    client.to_us = sealed(b"x" * 9000) + sealed(b"y" * 9000) * 3
    bench.visits(100)
    assert len(client.to_us) > 9000


def test_what_is_no_record_ends_the_connection_with_an_alert():
    bench, service = served()
    client = bench.client()
    client.to_us = b"GET / HTTP/1.1\r\n\r\n"
    bench.visits()
    assert client.take() == b"alert" and client.closed
    assert Layer.layers[0].closed and service.log[-1] == ("lost",)


def test_a_machine_that_ends_says_its_last_word():
    bench, _ = served(pieces=2, size=PIECE)
    client = bench.client()
    client.to_us = sealed(b"q")
    client.space = 100
    bench.visits(3)
    assert not client.closed
    client.space = 1 << 20
    bench.visits(30)
    assert client.closed and Layer.layers[0].closed
    assert len(client.take()) > PIECE


def test_machines_are_used_again_with_a_new_layer():
    bench, service = served()
    for _ in range(5):
        client = bench.client()
        client.to_us = sealed(b"x")
        bench.visits()
        assert opened(client.take()) == b"a" * 8
        client.ended = True
        bench.visits()
        assert client.closed
    assert len(service.made) == 1 and len(Layer.layers) == 5
    assert all(layer.closed for layer in Layer.layers)


class Caller(Machine):
    """A client that may want the layer."""

    secure = None
    refused = 0

    def untrusted(self):
        self.refused += 1


def test_who_calls_says_when():
    Layer.layers = []
    caller = Caller([])
    machine = around(caller, Layer, False)
    assert isinstance(machine, Secured) and machine.secure is None
    machine.opened(("10.0.0.1", PORT), 0)
    assert machine.run(b"x", 1, 0) == 8 and bytes(machine.answer[:8]) == b"a" * 8 and not Layer.layers
    machine.lost(0)
    caller.secure = "broker"
    machine.opened(("10.0.0.1", PORT), 0)
    assert machine.busy and machine.room() == PIECE
    said = machine.poll(0)
    assert opened(bytes(machine.answer[:said])) == b"hello broker"
    assert machine.run(b"?" * 9, 9, 0) == 5 and machine.closing and caller.refused == 1
    machine.lost(0)
    assert Layer.layers[0].closed


def test_others_stay_as_they_are():
    service = Service()
    assert around(service, Layer, False) is service
