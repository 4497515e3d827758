"""The resolver against messages written out by hand (RFC 1035, 4.1), and on a whole meter."""

from device.device_fakes import started
from protocols.random16 import Random, mutated

from fourquad.net import dns
from fourquad.net.address import is_address

SERVERS = ("8.8.8.8", "8.8.4.4")
NAME = "ntp.example.org"
QUESTION = b"\x03ntp\x07example\x03org\0\0\x01\0\x01"
# an alias first, by pointers into the question and into itself; then the address of what it stands for
ALIAS = b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x06\x03two\xc0\x10"
ADDRESS = b"\xc0\x2d\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\0\x02\x07"
SIX = b"\xc0\x0c\0\x1c\0\x01\0\0\0\x3c\0\x10" + bytes(16)


def said(resolver, now):
    n = resolver.poll(now)
    return bytes(resolver.answer[:n])


def response(query, *records, code=0, flags=0x81):
    head = query[:2] + bytes((flags, 0x80 | code, 0, 1, 0, len(records), 0, 0, 0, 0))
    return head + QUESTION + b"".join(records)


def tell(resolver, data, peer=(SERVERS[0], 53)):
    resolver.datagram(data, len(data), peer, 0)


def asked(name=NAME):
    resolver = dns.Resolver(lambda: SERVERS)
    assert resolver.resolve(name) == ""
    return resolver, said(resolver, 1000)


def test_a_question():
    resolver, query = asked()
    assert query[2:12] == b"\x01\0\0\x01\0\0\0\0\0\0" and query[12:] == QUESTION
    assert resolver.to == (SERVERS[0], 53)
    assert said(resolver, 1100) == b""


def test_an_answer_with_an_alias():
    resolver, query = asked()
    tell(resolver, response(query, ALIAS, ADDRESS))
    assert resolver.resolve(NAME) == "192.0.2.7"
    # the next question is asked anew, with another number
    assert resolver.resolve(NAME) == ""
    again = said(resolver, 5000)
    assert again[12:] == QUESTION and again[:2] != query[:2]
    tell(resolver, response(again, SIX, ADDRESS.replace(b"\x2d", b"\x0c")))
    assert resolver.resolve(NAME) == "192.0.2.7", "another kind of address before it"


def test_no_such_host():
    for data in ((ADDRESS,), ()):
        resolver, query = asked()
        tell(resolver, response(query, *data, code=0 if not data else 3))
        assert resolver.resolve(NAME) is None


def test_servers_that_are_silent_are_asked_in_turn():
    resolver, query = asked()
    whom = [resolver.to[0]]
    for now in range(1000 + dns.RETRY_MS, 1000 + 3 * dns.RETRY_MS + 1, dns.RETRY_MS):
        assert said(resolver, now - 1) == b""
        assert said(resolver, now) == query
        whom.append(resolver.to[0])
    assert whom == list(SERVERS + SERVERS)
    assert said(resolver, 1000 + 4 * dns.RETRY_MS) == b""
    assert resolver.resolve(NAME) is None


def test_what_is_no_answer_to_the_question():
    resolver, query = asked()
    good = response(query, ALIAS, ADDRESS)
    other = bytes((query[0] ^ 1,)) + good[1:]
    for data, peer in (
        (good, ("10.0.0.1", 53)),
        (good, (SERVERS[0], 5353)),
        (other, (SERVERS[0], 53)),
        (good.replace(b"\x03ntp", b"\x03nto"), (SERVERS[0], 53)),
        (good[:2] + b"\x01" + good[3:], (SERVERS[0], 53)),
        (good[:20], (SERVERS[0], 53)),
        (b"", (SERVERS[0], 53)),
    ):
        tell(resolver, data, peer)
        assert resolver.resolve(NAME) == ""
    tell(resolver, good, (SERVERS[1], 53))
    assert resolver.resolve(NAME) == "192.0.2.7"


def test_names_and_addresses():
    resolver = dns.Resolver(lambda: SERVERS)
    assert resolver.resolve("10.0.0.7") == "10.0.0.7"
    for name in ("", ".", "a..b", "x" * 64 + ".org", "a." * 130):
        assert resolver.resolve(name) is None, name
    assert [resolver.resolve(name) for name in ("256.1.1.1", "a", "b.c", "d.", "more")] == [""] * 5
    assert resolver.resolve("more") == "", "it has to wait"


def test_mutated_answers():
    rng = Random(53)
    for _ in range(3000):
        resolver, query = asked()
        tell(resolver, mutated(rng, response(query, ALIAS, ADDRESS), 6))
        found = resolver.resolve(NAME)
        assert found in ("", None) or is_address(found)


def test_on_a_meter():
    plant = started()
    network = plant.device.ports[-1]
    assert network.resolve(NAME) == ""
    plant.run(200)
    socket = plant.sockets.datagrams[0]
    ((query, whom),) = socket.said
    assert whom == ("8.8.8.8", 53) and query[12:] == QUESTION
    socket.to_us = [(response(query, ALIAS, ADDRESS), whom)]
    plant.run(50)
    assert network.resolve(NAME) == "192.0.2.7"
    # it goes on after a reset of the module
    plant.reset_module()
    assert network.resolve(NAME) == "" and socket.closed
    plant.run(200)
    assert plant.sockets.datagrams[0].said
