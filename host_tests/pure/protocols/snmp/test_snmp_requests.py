"""Requests of v1 and v2c by the byte, against RFC 1157, RFC 3416 and RFC 3584."""

from protocols.snmp.snmp_bench import (
    GET,
    GET_BULK,
    GET_NEXT,
    MIB_2,
    OWN,
    SET,
    Bench,
    binding,
    integer,
    message,
    name,
    parse,
    pdu,
    request,
    seq,
    tlv,
)

DESCRIPTION = MIB_2 + (1, 1, 0)
V1, V2C = 0, 1
NO_OBJECT, NO_INSTANCE, END = 0x80, 0x81, 0x82


def test_a_get_by_the_byte():
    """The whole message, as RFC 1157 has it, with lengths of two octets where they are not known before."""
    asked = request(GET, MIB_2 + (1, 7, 0))
    wanted = bytes.fromhex("3082002c02010104067075626c6963a282001d020203e8020100020100")
    wanted += bytes.fromhex("3082000f300d06082b06010201010700020148")
    assert Bench().ask(asked) == wanted


def test_get_of_each_type():
    bench = Bench()
    names = (MIB_2 + (1, 2, 0), MIB_2 + (1, 3, 0), MIB_2 + (1, 5, 0), OWN + (1, 1, 0), OWN + (1, 4, 0))
    status, index, found = bench.bindings(request(GET, *names))
    assert (status, index) == (0, 0)
    assert [each[0] for each in found] == list(names)
    assert [each[1:] for each in found] == [
        (6, name(*OWN[:-1])[2:]),
        (0x43, b"\x00"),
        (4, b"meter"),
        (2, b"\x08\xfc"),
        (0x42, b"\x00\xee\x6b\x28\x00"),
    ]


def test_values_are_rounded_and_kept_within_their_type():
    bench = Bench()
    for value, wanted in ((-1.26, -13), (1.25, 13), (1e12, 0x7FFFFFFF), (-1e12, -0x80000000)):
        bench.points.values[10] = value
        _, _, found = bench.bindings(request(GET, OWN + (1, 1, 0)))
        assert found[0][2] == integer(wanted)[2:], value


def test_what_is_not_there():
    bench = Bench()
    names = (
        OWN + (1, 9, 1, 2, 5),
        OWN + (1, 3, 0),
        OWN + (2, 1, 0),
        DESCRIPTION[:-1],
        DESCRIPTION + (0,),
        (1, 3),
    )
    status, _, found = bench.bindings(request(GET, *names))
    assert status == 0 and [each[0] for each in found] == list(names)
    assert [each[1] for each in found] == [NO_INSTANCE] * 2 + [NO_OBJECT] + [NO_INSTANCE] * 2 + [NO_OBJECT]
    assert bench.bindings(request(GET, DESCRIPTION, OWN + (1, 3, 0), version=V1))[:2] == (2, 2)


def test_get_next_goes_through_everything():
    bench = Bench()
    at, seen = (1, 3), []
    while True:
        _, _, ((found, tag, _),) = bench.bindings(request(GET_NEXT, at))
        if tag == END:
            assert found == at
            break
        assert found > at
        seen.append(found)
        at = found
    own = [OWN + (1, 1, 0), OWN + (1, 2, 0), OWN + (1, 4, 0)]
    own += [OWN + (1, 9, 1, column, row) for column in (2, 3) for row in (1, 2, 3, 4)]
    assert seen[-11:] == own
    assert seen[:7] == [MIB_2 + (1, k, 0) for k in range(1, 8)]
    assert [each[-2] for each in seen[7:-11]] == [k for k in range(1, 33) if k not in (7, 23)]
    assert bench.bindings(request(GET_NEXT, at, version=V1))[:2] == (2, 1)


def test_get_next_from_between():
    bench = Bench()
    for at, wanted in (
        ((0, 0), MIB_2 + (1, 1, 0)),
        (DESCRIPTION[:-1], DESCRIPTION),
        (DESCRIPTION + (5, 6), MIB_2 + (1, 2, 0)),
        (MIB_2 + (11, 6, 1), MIB_2 + (11, 8, 0)),
        (MIB_2 + (11,), MIB_2 + (11, 1, 0)),
        (MIB_2 + (99,), OWN + (1, 1, 0)),
        (OWN + (1, 9), OWN + (1, 9, 1, 2, 1)),
        (OWN + (1, 9, 1, 1, 7), OWN + (1, 9, 1, 2, 1)),
        (OWN + (1, 9, 1, 2), OWN + (1, 9, 1, 2, 1)),
        (OWN + (1, 9, 1, 2, 0), OWN + (1, 9, 1, 2, 1)),
        (OWN + (1, 9, 1, 2, 2, 9), OWN + (1, 9, 1, 2, 3)),
        (OWN + (1, 9, 1, 2, 77), OWN + (1, 9, 1, 3, 1)),
        (OWN + (1, 9, 1, 2, 0xFFFFFFFF), OWN + (1, 9, 1, 3, 1)),
        (OWN + (1, 9) + (1,) * 100, OWN + (1, 9, 1, 2, 1)),
        ((2, 100), None),
    ):
        _, _, ((found, tag, _),) = bench.bindings(request(GET_NEXT, at))
        assert (tag == END and found == at) if wanted is None else found == wanted, at


def test_rows_of_a_module_that_is_away():
    bench = Bench()
    bench.points.away = {21, 22, 23}
    _, _, found = bench.bindings(request(GET_NEXT, OWN + (1, 9, 1, 2, 1), OWN + (1, 9, 1, 2)))
    assert [each[0] for each in found] == [OWN + (1, 9, 1, 3, 1), OWN + (1, 9, 1, 2, 1)]
    _, _, found = bench.bindings(request(GET, OWN + (1, 9, 1, 2, 2)))
    assert found[0][1] == NO_INSTANCE


def test_get_bulk():
    bench = Bench()
    names = (MIB_2 + (1, 4), MIB_2 + (1, 6), OWN + (1, 9, 1, 3, 2))
    status, _, found = bench.bindings(request(GET_BULK, *names, first=1, second=3))
    assert status == 0
    last = OWN + (1, 9, 1, 3, 4)
    assert [each[:2] for each in found] == [
        (MIB_2 + (1, 4, 0), 4),
        (MIB_2 + (1, 6, 0), 4),
        (OWN + (1, 9, 1, 3, 3), 2),
        (MIB_2 + (1, 7, 0), 2),
        (last, 2),
        (MIB_2 + (11, 1, 0), 0x41),
        (last, END),
    ]


def test_get_bulk_ends_with_the_objects():
    bench = Bench()
    _, _, found = bench.bindings(request(GET_BULK, OWN + (1, 9, 1, 3, 3), (2, 5), second=1000))
    last = OWN + (1, 9, 1, 3, 4)
    assert [each[:2] for each in found] == [(last, 2), ((2, 5), END), (last, END), ((2, 5), END)]
    for first, second, count in (
        (0, 0, 0),
        (2, 0, 2),
        (1, 0, 1),
        (9, 9, 2),
        (-3, -3, 0),
        (0, 1, 2),
        (0, 0x7FFFFFFF, 0),
    ):
        _, _, found = bench.bindings(request(GET_BULK, MIB_2, MIB_2, first=first, second=second))
        assert len(found) == count or second == 0x7FFFFFFF and len(found) > 40, (first, second)


def test_get_bulk_is_as_long_as_a_datagram_can_be():
    bench = Bench()
    answer = bench.ask(request(GET_BULK, MIB_2, MIB_2, second=200))
    assert 1000 <= len(answer) <= 1024
    parse(answer)
    assert bench.visits > 5  # a few at a time


def test_get_bulk_is_not_of_v1():
    bench = Bench()
    assert bench.ask(request(GET_BULK, MIB_2, second=2, version=V1)) is None


def test_too_big():
    bench = Bench()
    names = [MIB_2 + (1, 1, 0)] * 60  # 14 octets each as they are asked for, 21 as they are answered
    assert bench.bindings(request(GET, *names)) == (1, 0, [])
    status, index, found = bench.bindings(request(GET, *names, version=V1))
    assert (status, index, len(found)) == (1, 0, 60)


def test_nothing_can_be_set():
    bench = Bench()
    body = pdu(
        SET, 1000, 0, 0, binding(MIB_2 + (1, 5, 0), tlv(4, b"new")), binding(OWN + (1, 1, 0), integer(5))
    )
    status, index, found = bench.bindings(message(body))
    assert (status, index) == (6, 1)  # noAccess
    assert [each[1:] for each in found] == [(4, b"new"), (2, b"\x05")]
    assert bench.bindings(message(body, V1))[:2] == (2, 1)  # noSuchName
    assert bench.bindings(message(pdu(SET, 1000, 0, 0)))[:2] == (0, 0)


def test_a_wrong_community_is_dropped_and_counted():
    bench = Bench()
    body = pdu(GET, 1000, 0, 0, binding(DESCRIPTION))
    for community in (b"Public", b"publi", b"", b"x" * 200):
        assert bench.ask(message(body, 1, community)) is None
    assert bench.ask(message(body, 1, b"private")) is None
    assert bench.bindings(request(GET, MIB_2 + (11, 4, 0)))[2][0][2] == b"\x05"


def test_what_is_malformed_is_dropped_and_counted():
    bench = Bench()
    good = request(GET, DESCRIPTION)
    bad = [good[:i] for i in range(len(good))]
    bad.append(good + b"\x00")
    bad.append(message(tlv(GET, integer(1) + integer(0) + integer(0))))
    bad.append(message(tlv(GET, tlv(2, b"12345") + integer(0) + integer(0) + seq())))
    bad.append(message(pdu(GET, 1, 0, 0, seq(name(*DESCRIPTION)))))
    bad.append(message(pdu(GET, 1, 0, 0, seq(name(*DESCRIPTION), b"\x05\x00", b"\x05\x00"))))
    bad.append(message(pdu(GET, 1, 0, 0, binding(DESCRIPTION), seq(tlv(6, b"")))))
    for each in bad:
        assert bench.ask(each) is None, each
    found = bench.bindings(request(GET, MIB_2 + (11, 6, 0), MIB_2 + (11, 1, 0)))[2]
    assert [each[2][-1] for each in found] == [len(bad), len(bad) + 1]


def test_versions_that_are_not_spoken():
    bench = Bench()
    for version in (2, 3, 4, -1):
        assert bench.ask(request(GET, DESCRIPTION, version=version)) is None
    assert bench.bindings(request(GET, MIB_2 + (11, 3, 0)))[2][0][2] == b"\x04"


def test_what_is_no_request():
    bench = Bench()
    for tag in (0xA2, 0xA4, 0xA6, 0xA7, 0xA8, 0x30):
        assert bench.ask(message(pdu(tag, 1, 0, 0, binding(DESCRIPTION)))) is None


def test_one_request_at_a_time():
    bench = Bench()
    long = request(GET_BULK, MIB_2, MIB_2, second=200)
    assert bench.agent.datagram(long, len(long), ("192.0.2.1", 1), 0) == 0 and bench.agent.busy
    other = request(GET, DESCRIPTION)
    assert bench.agent.datagram(other, len(other), ("192.0.2.2", 2), 0) == 0
    while bench.agent.busy:
        count = bench.agent.poll(0)
    assert count > 1000 and bench.agent.to == ("192.0.2.1", 1)
    assert bench.bindings(request(GET, MIB_2 + (11, 31, 0)))[2][0][2] == b"\x01"


def test_the_time():
    bench = Bench()
    bench.ask(request(GET, DESCRIPTION))
    for _ in range(40):
        bench.now += 100000
        bench.agent.poll(bench.now)
    bench.now += 1234
    assert bench.bindings(request(GET, MIB_2 + (1, 3, 0)))[2][0][2] == integer(400123)[2:]
