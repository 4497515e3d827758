"""SNMPv3 by the byte: discovery, the reports of RFC 3414 (3.2) in their order, authentication and privacy."""

import hashlib

from protocols.snmp.snmp_bench import (
    GET,
    GET_BULK,
    MIB_2,
    RESPONSE,
    arcs,
    binding,
    number,
    pdu,
    request,
)
from protocols.snmp.v3_bench import AUTH, ENGINE, PRIV, REPORTABLE, USER, V3

from fourquad import points as p
from fourquad.points import network as n
from fourquad.protocols.snmp import crypto

REPORT = 0xA8
USM = (1, 3, 6, 1, 6, 3, 15, 1, 1)
LEVELS, WINDOWS, USERS, ENGINES, DIGESTS, DECRYPTIONS = [USM + (k, 0) for k in range(1, 7)]
NAME = pdu(GET, 5, 0, 0, binding(MIB_2 + (1, 5, 0)))


def report(found):
    """What a report tells: (its name, its count)."""
    assert found[5][0] == REPORT
    ((_, ((_, name), (tag, count))),) = found[5][1][3][1]
    assert tag == 0x41
    return arcs(name), number(count)


def value(found):
    assert found[5][0] == RESPONSE
    return found[5][1][3][1][0][1][1]


def test_discovery():
    bench = V3()
    found = bench.told(bench.message(REPORTABLE, pdu(GET, 5, 0, 0), b"", b"", b""))
    assert found[:2] == (0, ENGINE) and found[4] == b""
    assert report(found) == (ENGINES, 1) and found[5][1][0] == (2, b"\x05")
    assert bench.told(bench.message(0, pdu(GET, 5, 0, 0), b"", b"", b"")) is None
    assert report(bench.told(bench.message(REPORTABLE, NAME, b"12345678901"))) == (ENGINES, 3)


def test_every_level_that_is_asked_for():
    for auth, priv, level in ((0, 0, 0), (2, 0, AUTH), (2, 1, AUTH | PRIV)):
        bench = V3(auth, priv)
        for flags in (0, AUTH, AUTH | PRIV):
            found = bench.told(bench.message(flags | REPORTABLE, NAME))
            if flags > level:
                assert report(found)[0] == LEVELS and found[0] == 0
            else:
                assert found[0] == flags and found[4] == USER and found[5][0] == RESPONSE
                status = number(found[5][1][1][1])
                assert status == (0 if flags == level else 16), (level, flags)  # authorizationError
                assert (value(found) == (4, b"meter")) == (flags == level)


def test_privacy_without_authentication_is_no_message():
    bench = V3()
    assert bench.told(bench.message(PRIV | REPORTABLE, NAME)) is None
    assert bench.told(bench.message(REPORTABLE, NAME, model=2)) is None
    assert list(bench.agent.counts[33:36]) == [1, 1, 0]


def test_an_unknown_user():
    bench = V3()
    found = bench.told(bench.message(AUTH | REPORTABLE, NAME, user=b"nobody"))
    assert report(found) == (USERS, 1) and found[4] == b"nobody"


def test_a_wrong_digest():
    bench = V3()
    good = bench.message(AUTH | PRIV | REPORTABLE, NAME)
    for at in (len(good) - 1, 60, 75):
        bad = bytearray(good)
        bad[at] ^= 1
        found = bench.told(bytes(bad))
        assert found is None or found[5][0] == REPORT
    assert bench.agent.counts[40] >= 1
    assert value(bench.told(good)) == (4, b"meter")


def test_the_time_window():
    bench = V3(priv=0)
    for _ in range(200):
        bench.now += 1000
        bench.agent.poll(bench.now)
    for boots, time, right in (
        (1, 200, 1),
        (1, 50, 1),
        (1, 49, 0),
        (1, 350, 1),
        (1, 351, 0),
        (0, 200, 0),
        (2, 200, 0),
    ):
        bench.boots, bench.time = boots, time
        found = bench.told(bench.message(AUTH | REPORTABLE, NAME))
        assert found[0] == AUTH and (number(found[2]), number(found[3])) == (1, 200)
        if right:
            assert value(found) == (4, b"meter")
        else:
            assert report(found)[0] == WINDOWS


def test_boots_are_counted_and_kept():
    bench = V3()
    assert bench.points.values[p.SETTING + n.SNMP_BOOTS] == 1
    bench.agent.began(bench.now)  # a reset of the module is no start
    assert bench.points.values[p.SETTING + n.SNMP_BOOTS] == 1
    other = V3()
    other.points.values[p.SETTING + n.SNMP_BOOTS] = 41
    other.agent.usm = None
    other.agent.began(0)
    assert other.agent.usm.own.boots == 42 == other.points.values[p.SETTING + n.SNMP_BOOTS]


def test_what_cannot_be_decrypted():
    bench = V3()
    found = bench.told(bench.message(AUTH | PRIV | REPORTABLE, NAME, more=b"\x00\x07"))
    assert value(found) == (4, b"meter")  # octets that fill a block
    bench.points.texts.known[n.SNMP_PRIV_KEY] = bytes(52)
    bench.agent.began(bench.now)
    found = bench.told(bench.message(AUTH | PRIV | REPORTABLE, NAME))
    assert report(found)[0] == DECRYPTIONS
    assert bench.told(bench.message(AUTH | PRIV, NAME)) is None


def test_another_context():
    bench = V3()
    found = bench.told(bench.message(AUTH | REPORTABLE, NAME, context=b"elsewhere"))
    assert report(found)[0] == (1, 3, 6, 1, 6, 3, 12, 1, 5, 0)


def test_an_answer_is_no_longer_than_the_manager_takes():
    for flags in (AUTH, AUTH | PRIV):
        bench = V3(priv=flags >> 1)
        bulk = pdu(GET_BULK, 5, 0, 100, binding(MIB_2), binding(MIB_2))
        for size in (484, 600, 1024, 1500):
            data = bench.message(flags | REPORTABLE, bulk, size=size)
            answer = bench.ask(data)
            assert min(size, 1024) - 60 < len(answer) <= min(size, 1024)
            assert bench.told(data)[5][0] == RESPONSE
        # a step each: to check, to decrypt, some bindings each, to encrypt, to sign
        assert bench.visits > 10
        assert bench.ask(bench.message(flags | REPORTABLE, bulk, size=483)) is None


def test_what_the_engine_says_of_itself():
    bench = V3()
    names = [(1, 3, 6, 1, 6, 3, 10, 2, 1, k, 0) for k in (1, 2, 3, 4)]
    found = bench.told(bench.message(AUTH | PRIV, pdu(GET, 5, 0, 0, *[binding(each) for each in names])))
    values = [each[1][1] for each in found[5][1][3][1]]
    assert values == [(4, ENGINE), (2, b"\x01"), (2, b"\x00"), (2, b"\x04\x00")]


def test_v2c_is_not_spoken_beside_v3():
    bench = V3()
    assert bench.ask(request(GET, MIB_2 + (1, 5, 0))) is None
    assert bench.agent.counts[3] == 1


def test_malformed_messages():
    bench = V3()
    good = bench.message(AUTH | PRIV | REPORTABLE, NAME)
    for end in range(len(good)):
        assert bench.ask(good[:end]) is None
    plain = bench.message(REPORTABLE, NAME)
    for at in range(len(plain)):
        for bit in (1, 0x80, 0xFF):
            bad = bytearray(plain)
            bad[at] ^= bit
            bench.ask(bytes(bad))
    assert bench.told(good)[5][0] == RESPONSE


def test_a_password_becomes_a_key_and_is_gone():
    bench = V3(priv=0)
    texts = bench.points.texts.known
    texts[n.SNMP_AUTH_PASSWORD] = b"maplesyrup"
    slices = 0
    bench.now += 1000
    while texts[n.SNMP_AUTH_PASSWORD]:
        bench.agent.poll(bench.now)
        slices += 1
    assert slices > 512
    key = texts[n.SNMP_AUTH_KEY]
    # the password over and over, until it is 1,048,576 octets
    whole = hashlib.sha256((b"maplesyrup" * 104858)[: 1 << 20]).digest()
    assert key[20:] == whole
    if hasattr(hashlib, "sha1"):
        # RFC 3414, A.3.2
        assert key[:20] == bytes.fromhex("9fb5cc0381497b3793528939ff788d5d79145211")
    assert bench.told(bench.message(AUTH | REPORTABLE, NAME))[5][0] == REPORT  # the old key


def test_a_key_of_an_engine():
    """RFC 3414, A.3.2."""
    if hasattr(hashlib, "sha1"):
        key = bytes.fromhex("9fb5cc0381497b3793528939ff788d5d79145211")
        wanted = bytes.fromhex("6695febc9288e36282235fc7151f128497b38f3f")
        assert crypto.localised(hashlib.sha1, key, bytes(11) + b"\x02") == wanted
