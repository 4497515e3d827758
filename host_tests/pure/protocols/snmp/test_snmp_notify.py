"""Notifications: who is told what, when, how often; the ring and its overflow; informs of v3 by the byte."""

from protocols.snmp.snmp_bench import Bench, arcs, integer, message, number, parse, pdu, request, seq, tlv
from protocols.snmp.v3_bench import AUTH, KU, PRIV, REPORTABLE, USER, V3, cfb, hmac, local

from fourquad import points as p
from fourquad.points import network as n
from fourquad.protocols.snmp import counters

TRAP, INFORM, RESPONSE, REPORT = 0xA7, 0xA6, 0xA2, 0xA8
STANDARD = (1, 3, 6, 1, 6, 3, 1, 1, 5)
COLD_START, LINK_UP, FAILURE = STANDARD + (1,), STANDARD + (4,), STANDARD + (5,)
RECORD = (1, 3, 6, 1, 4, 1, 32473, 7, 0, 1)
NUMBER, LOG = 700, 710  # points of a log of five records of three words


def with_targets(bench, traps=1, hosts=(b"192.0.2.1",), **settings):
    bench.agent.tables = type("T", (), {})
    bench.agent.tables.MODEL, bench.agent.tables.ABOUT, bench.agent.tables.OBJECTS = 7, b"", ()
    bench.agent.tables.NOTIFICATIONS = ((NUMBER, LOG, 3, 5, b"\x09\x04\x01", 2),)
    values = bench.points.values
    values[NUMBER] = 0
    for i in range(15):
        values[LOG + i] = 0
    values[p.SETTING + n.SNMP_TRAPS] = traps
    values[p.SETTING + n.SNMP_BUFFER] = settings.get("size", 30)
    values[p.SETTING + n.SNMP_HOLD] = settings.get("hold", 0)
    for i, host in enumerate(hosts):
        bench.points.texts.known[n.SNMP_TARGET + i] = host
        values[p.SETTING + n.SNMP_TARGET_PORT + i] = 162 + i
    bench.agent.began(bench.now)
    return bench


def record(bench, count, *words):
    """Record `count` is the newest."""
    for k, word in enumerate(words):
        bench.points.values[LOG + 3 * (count - 1) + k] = word
    bench.points.values[NUMBER] = count


def said(bench, ms=0):
    """What is said while so much time passes: (to, message)."""
    out = []
    end = bench.now + ms
    while True:
        idle = 0
        while idle < 2:
            count = bench.agent.poll(bench.now)
            if count:
                out.append((bench.agent.to, bytes(bench.agent.answer[:count])))
            elif not bench.agent.busy:
                idle += 1
        if bench.now >= end:
            return out
        bench.now = min(end, bench.now + 100)


def read(data):
    """(tag, id, up time, name, [(name, value)]) of a notification of v2c."""
    ((_, (version, community, (tag, (ident, _, _, (_, bindings))))),) = parse(data)
    assert (version, community) == ((2, b"\x01"), (4, b"public"))
    return (tag, number(ident[1])) + content(bindings)


def content(bindings):
    found = [(arcs(name), value[1]) for _, ((_, name), value) in bindings]
    assert found[0][0] == (1, 3, 6, 1, 2, 1, 1, 3, 0) and found[1][0] == (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
    return number(found[0][1]), arcs(found[1][1]), [(name, number(value)) for name, value in found[2:]]


def names(told):
    return [read(data)[3] for _, data in told]


def test_traps_go_to_every_target_in_order():
    bench = with_targets(Bench(), hosts=(b"192.0.2.1", b"", b"192.0.2.3"))
    told = said(bench)
    for to in (("192.0.2.1", 162), ("192.0.2.3", 164)):
        own = [each for each in told if each[0] == to]
        assert names(own) == [COLD_START, LINK_UP]
        assert all(read(data)[0] == TRAP for _, data in own)
    assert len(told) == 4 and said(bench, 100000) == []
    assert bench.agent.counts[counters.TRAPS] == 4


def test_records_are_told_as_they_come():
    bench = with_targets(Bench())
    said(bench)
    said(bench, 1230)
    for count in (1, 2):
        record(bench, count, 10 + count, -3, 2026)
    told = [read(data) for _, data in said(bench)]
    assert [each[3] for each in told] == [RECORD, RECORD]
    at = RECORD[:-2] + (1, 9, 4, 1)
    assert told[1][2] == 123
    assert told[1][4] == [(at + (2, 2), 12), (at + (3, 2), 65533), (at + (4, 2), 2026)]
    for count in (3, 4, 5, 1):
        record(bench, count, 7, 7, 7)
        assert names(said(bench)) == [RECORD]
    for i in range(15):
        bench.points.values[LOG + i] = 0  # somebody clears them, and another comes
    record(bench, 1, 9, 9, 9)
    assert names(said(bench)) == []
    record(bench, 2, 9, 9, 9)
    assert names(said(bench)) == [RECORD]


def test_what_was_there_before_is_not_told():
    bench = Bench()
    bench.agent.tables.NOTIFICATIONS = ()
    bench = with_targets(bench)
    assert names(said(bench)) == [COLD_START, LINK_UP]
    bench.agent.began(bench.now)
    assert names(said(bench)) == [LINK_UP]


def test_a_failure_is_told_once_until_it_is_told():
    bench = with_targets(Bench(), hold=5)
    said(bench, 6000)
    wrong = message(pdu(0xA0, 1, 0, 0), 1, b"other")
    for _ in range(100):
        assert bench.ask(wrong) is None
    assert names(said(bench, 4900)) == []
    assert names(said(bench, 1200)) == [FAILURE]
    assert bench.ask(wrong) is None
    assert names(said(bench, 6200)) == [FAILURE]


def test_hold_time():
    bench = with_targets(Bench(), hold=30)
    assert said(bench, 29000) == []
    assert names(said(bench, 2000)) == [COLD_START, LINK_UP]


def test_the_ring_loses_the_oldest():
    bench = with_targets(Bench(), hold=10, size=4)
    for count in (1, 2, 3, 4, 5):
        record(bench, count, count, 1, 1)
        assert said(bench) == []
    told = [read(data) for _, data in said(bench, 12000)]
    assert [each[4][0][1] for each in told] == [2, 3, 4, 5]
    assert bench.agent.counts[counters.LOST] == 3 == bench.agent.counters[4]


def acknowledge(bench, ident, peer=("192.0.2.1", 162), community=b"public"):
    data = message(pdu(RESPONSE, ident, 0, 0), 1, community)
    assert bench.agent.datagram(data, len(data), peer, bench.now) == 0


def test_informs_are_repeated():
    bench = with_targets(Bench(), traps=2)
    ((to, first),) = said(bench)
    assert to == ("192.0.2.1", 162) and read(first)[0] == INFORM and read(first)[3] == COLD_START
    assert said(bench, 4000) == []
    assert [data for _, data in said(bench, 2000)] == [first]
    # the pause doubles, to a minute
    assert len(said(bench, 600000)) in range(11, 15)
    ident = read(first)[1]
    acknowledge(bench, ident + 1)
    acknowledge(bench, ident, ("192.0.2.2", 162))
    acknowledge(bench, ident, community=b"other")
    assert FAILURE not in names(said(bench, 200))
    acknowledge(bench, ident)
    assert names(said(bench)) == [LINK_UP]
    acknowledge(bench, ident)  # that of before counts for nothing
    assert names(said(bench, 7000)) == [LINK_UP]


def test_one_target_does_not_wait_for_another():
    bench = with_targets(Bench(), traps=2, hosts=(b"192.0.2.1", b"192.0.2.2"))
    for _ in range(3):
        for to, data in said(bench):
            if to[0] == "192.0.2.2":
                acknowledge(bench, read(data)[1], to)
    record(bench, 1, 1, 1, 1)
    assert [(to[0], read(data)[3]) for to, data in said(bench)] == [("192.0.2.2", RECORD)]


def test_no_targets():
    bench = with_targets(Bench(), hosts=())
    for count in (1, 2, 3, 4, 5) * 20:
        record(bench, count, 1, 1, 1)
        assert said(bench) == []
    assert bench.agent.counts[counters.LOST] == 0


def test_switched_off():
    bench = with_targets(Bench(), traps=0)
    assert said(bench, 1000) == [] and bench.agent.notifier is None
    names_of = (1, 3, 6, 1, 2, 1, 11, 30, 0)
    assert bench.bindings(request(0xA0, names_of))[2] == [(names_of, 2, b"\x02")]


# v3.


def security(data):
    """(flags, engine, boots, time, user, digest, salt, data) of a message."""
    _, (_, head), (_, parameters), scoped = parse(data)[0][1]
    return (head[2][1][0],) + tuple([each[1] for each in parse(parameters)[0][1]]) + (scoped,)


def plain(found, engine):
    flags, _, boots, time, _, _, salt, (_, cut) = found
    iv = bytes(4 - len(boots)) + boots + bytes(4 - len(time)) + time + salt
    key = local(bytes(range(100, 132)), engine)[:16]
    return parse(cfb(key, iv, cut, True))[0][1]


def test_traps_of_v3():
    bench = with_targets(V3())
    told = said(bench)
    assert len(told) == 2
    for _, data in told:
        found = security(data)
        assert found[0] == AUTH | PRIV and found[4] == USER
        assert hmac(local(KU), data.replace(found[5], bytes(24)))[:24] == found[5]
        engine, name, (tag, (_, _, _, (_, bindings))) = plain(found, found[1])
        assert engine == (4, found[1]) and name == (4, b"") and tag == TRAP
        assert content(bindings)[1] in (COLD_START, LINK_UP)


def test_without_keys_traps_of_v3_wait():
    bench = V3()
    texts = bench.points.texts.known
    key, texts[n.SNMP_AUTH_KEY] = texts[n.SNMP_AUTH_KEY], b""
    with_targets(bench)
    assert said(bench, 5000) == []
    texts[n.SNMP_AUTH_KEY] = key
    bench.agent.usm.began()
    assert len(said(bench)) == 2


class Receiver:
    """The engine that informs of v3 go to."""

    engine = b"\x80\x00\x1f\x88\x04receiver"
    boots, time = 7, 5000

    def say(self, flags, body, digest=None):
        scoped = seq(tlv(4, self.engine), tlv(4, b""), body)
        salt = b""
        if flags & PRIV:
            salt = b"SALTsalt"
            iv = self.boots.to_bytes(4, "big") + self.time.to_bytes(4, "big") + salt
            scoped = tlv(4, cfb(local(bytes(range(100, 132)), self.engine)[:16], iv, scoped))
        mark = b"\xa5" * 24 if flags & AUTH else b""
        head = seq(integer(1), integer(1500), tlv(4, bytes((flags,))), integer(3))
        clock = integer(self.boots) + integer(self.time)
        parameters = seq(
            tlv(4, self.engine), clock, tlv(4, USER if flags else b""), tlv(4, mark), tlv(4, salt)
        )
        whole = seq(integer(3), head, tlv(4, parameters), scoped)
        if mark:
            right = hmac(local(KU, self.engine), whole.replace(mark, bytes(24)))[:24]
            whole = whole.replace(mark, digest or right)
        return whole


def hear(bench, data, peer=("192.0.2.1", 162)):
    assert bench.agent.datagram(data, len(data), peer, bench.now) == 0
    return said(bench)


def test_informs_of_v3():
    bench, other = with_targets(V3(), traps=2), Receiver()
    ((_, question),) = said(bench)
    found = security(question)
    assert found[0] == REPORTABLE and found[1] == b"" and found[4] == b""
    report = pdu(REPORT, 0, 0, 0)
    assert hear(bench, other.say(0, report), ("192.0.2.9", 162)) == []
    ((_, inform),) = hear(bench, other.say(0, report))
    found = security(inform)
    assert found[0] == AUTH | PRIV | REPORTABLE and found[1] == other.engine
    assert (number(found[2]), number(found[3])) == (7, 5000)
    assert hmac(local(KU, other.engine), inform.replace(found[5], bytes(24)))[:24] == found[5]
    _, _, (tag, (ident, _, _, (_, bindings))) = plain(found, other.engine)
    assert tag == INFORM and content(bindings)[1] == COLD_START
    # it has begun anew: an authentic report says so, and it is told again with the time that is right
    other.boots, other.time = 8, 3
    assert hear(bench, other.say(AUTH | PRIV, report, b"z" * 24)) == []
    ((_, again),) = hear(bench, other.say(AUTH | PRIV, report))
    assert (number(security(again)[2]), number(security(again)[3])) == (8, 3)
    answer = pdu(RESPONSE, number(ident[1]), 0, 0)
    assert hear(bench, other.say(0, answer)) == []
    ((_, following),) = hear(bench, other.say(AUTH | PRIV, answer))
    _, _, (_, (_, _, _, (_, bindings))) = plain(security(following), other.engine)
    assert content(bindings)[1] == LINK_UP


def test_an_engine_that_does_not_answer_is_asked_anew():
    bench, other = with_targets(V3(), traps=2), Receiver()
    said(bench)
    hear(bench, other.say(0, pdu(REPORT, 0, 0, 0)))
    kinds = [security(data)[0] for _, data in said(bench, 60000)]
    assert AUTH | PRIV | REPORTABLE in kinds and REPORTABLE in kinds
