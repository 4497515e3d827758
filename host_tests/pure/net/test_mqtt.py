"""The client of MQTT by the byte, against a broker made here from the standard."""

import json

from net.mqtt_bench import EPOCH, SINCE_1970, Bench

from fourquad import points as p
from fourquad.points import network as n
from fourquad.protocols.mqtt import client as c
from fourquad.protocols.mqtt import packets as m
from fourquad.protocols.mqtt.payload import energy, number, quoted


def began(**settings):
    bench = Bench(**settings)
    bench.start()
    return bench


def published(bench):
    """(number, DUP) of what the broker got since the last call."""
    got, bench.broker.got = bench.broker.got, []
    return [each[:2] for each in got]


# Packets.


def test_the_example_of_the_standard():
    # figure 3.6: user name, password, will with QoS 1, clean session, 10 seconds
    packet = m.connect(b"id", 10, True, b"u", b"p", (b"t", b"m", 1, False))
    assert packet[2:12] == b"\0\4MQTT\4\xce\0\x0a"
    # 3.1.3: client id, will topic, will message, user name, password
    assert packet[12:] == b"\0\2id\0\1t\0\1m\0\1u\0\1p" and packet[1] == len(packet) - 2
    assert m.connect(b"", 0, False)[2:] == b"\0\4MQTT\4\0\0\0\0\0"
    # 3.1.2.9: no password without a user
    assert m.connect(b"", 0, False, b"", b"p") == m.connect(b"", 0, False)
    will = (b"t", b"m", 2, True)
    assert m.connect(b"", 0, False, will=will)[9] == 0x04 | 2 << 3 | 0x20


def test_the_remaining_length():
    # table 2.4
    for count, octets in (
        (0, "00"),
        (127, "7f"),
        (128, "8001"),
        (16383, "ff7f"),
        (16384, "808001"),
        (2097151, "ffff7f"),
        (2097152, "80808001"),
        (268435455, "ffffff7f"),
    ):
        assert m.length(count).hex() == octets, count


def test_values_as_json():
    assert number(50.0) == '"50"' and number(230.125) == '"230.125"' and number(-0.5) == '"-0.5"'
    assert number(float("nan")) == number(float("inf")) == "null"
    assert energy(12345, 0) == '"1234.5"' and energy(-7, 0) == '"-0.7"' and energy(0, 0) == '"0.0"'
    assert energy(12345, 1) == '"12.345"' and energy(-7, 1) == '"-0.007"'
    assert quoted(b'a"b\\c') == 'a\\"b\\\\c'


# A message.


def test_a_message():
    bench = began(qos=1)
    bench.meter.readings[p.PRESENTED + p.FREQUENCY] = 50.0
    bench.meter.readings[p.PRESENTED + p.V2] = 230.5
    bench.meter.readings[p.ENERGY + p.EP_EXP] = 12345
    bench.make()
    bench.talk()
    (text,) = bench.broker.texts
    assert json.loads(text) == {
        "timestamp": EPOCH + 10 + SINCE_1970,
        "number": 0,
        "device": {"serial": "0123456789ABCDEF", "model": "kw320", "name": "fourquad"},
        "readings": [
            {"param": "frequency", "value": "50", "unit": "Hz"},
            {"param": "v2", "value": "230.5", "unit": "V"},
            {"param": "ep_exp", "value": "1234.5", "unit": "kWh"},
        ],
    }
    assert bench.broker.topics == [b"plant/meter"]
    assert bench.broker.got == [(0, 0, 1, 0, 1)]
    (connect,) = bench.broker.connects
    assert connect == b"\0\4MQTT\4\0\0\x3c\0\x13fq-0123456789ABCDEF"


def test_what_is_chosen_and_nothing_else():
    bench = began(real=0, energy=0, demand=0)
    bench.make()
    bench.talk()
    assert json.loads(bench.broker.texts[0])["readings"] == []


def test_each_quality_of_service():
    for qos in (0, 1, 2):
        bench = began(qos=qos, retained=1)
        bench.make(3)
        bench.talk()
        ids = [1, 2, 3] if qos else [None] * 3
        assert bench.broker.got == [(i, 0, qos, 1, ids[i]) for i in range(3)]
        assert bench.broker.delivered == [0, 1, 2]
        assert bench.outbox.count() == 0 and bench.outbox.counters[:3] == [3, 3, 3]
        assert bench.client.poll(bench.ms) == 0 and not bench.client.busy


def test_messages_are_those_of_the_clock():
    bench = began()
    for _ in range(9):
        bench.meter.clock.now += 1
        bench.start()
    assert bench.outbox.count() == 0
    bench.meter.clock.now += 1
    bench.start()
    bench.start()
    assert bench.outbox.count() == 1
    # a clock that is set back makes one message, and goes on
    bench.meter.clock.now -= 3600
    for _ in range(25):
        bench.start()
        bench.meter.clock.now += 1
    assert bench.outbox.count() == 4


def test_the_last_will_and_who_it_is():
    bench = Bench(will_qos=2, will_retained=1, clean=1, keep_alive=300)
    texts = bench.meter.texts_of
    texts[n.MQTT_WILL_TOPIC], texts[n.MQTT_WILL] = b"w", b"gone"
    texts[n.MQTT_CLIENT], texts[n.MQTT_USER], texts[n.MQTT_PASSWORD] = b"me", b"us", b"pw"
    bench.talk()
    (connect,) = bench.broker.connects
    assert connect == b"\0\4MQTT\4\xf6\1\x2c\0\2me\0\1w\0\4gone\0\2us\0\2pw"


# What goes wrong.


def test_an_acknowledgement_that_is_lost():
    for qos, mute in ((1, 0x40), (2, 0x50), (2, 0x70)):
        bench = began(qos=qos)
        bench.broker.mute = (mute,)
        bench.make(2)
        bench.talk()
        assert bench.linked
        bench.wait(c.ANSWER_MS)
        bench.talk()
        assert not bench.linked, "who does not answer is left"
        bench.broker.mute = ()
        bench.wait(c.LONGEST_MS)
        bench.talk()
        if mute == 0x70:
            # the broker said that it has it
            assert published(bench) == [(0, 0), (1, 0)]
        else:
            assert published(bench) == [(0, 0), (0, 1), (1, 0)]
        assert bench.broker.delivered[-1] == 1 and bench.outbox.count() == 0
        if qos == 2:
            assert bench.broker.delivered == [0, 1], "exactly once"


def test_a_broker_that_forgets_what_it_had():
    # QoS 2: its session is gone between PUBREC and PUBREL, and nobody has got the message
    bench = began(qos=2)
    bench.broker.mute = (0x70,)
    bench.broker.keeps = False
    bench.make()
    bench.broker.held = {}
    bench.talk()
    bench.broker.delivered = []
    bench.broker.mute = ()
    bench.wait(c.ANSWER_MS)
    bench.talk()
    bench.wait(c.LONGEST_MS)
    bench.talk()
    assert published(bench) == [(0, 0), (0, 1)] and bench.broker.delivered == [0]


def test_the_connection_breaks_within_a_message():
    bench = began()
    bench.make(2)
    bench.broker.mute = (0x40,)
    for turns in range(1, 12):
        bench.wait(2 * c.LONGEST_MS)
        bench.talk(turns)
        bench.hang_up()
    bench.broker.mute = ()
    bench.wait(2 * c.LONGEST_MS)
    bench.talk()
    assert bench.broker.delivered[-2:] == [0, 1] and 1 not in bench.broker.delivered[:-1]
    assert bench.outbox.count() == 0


def test_who_is_refused_asks_ever_more_seldom():
    for code in (1, 2, 3, 4, 5):
        bench = began()
        bench.make(3)
        bench.broker.code = code
        pauses = []
        for _ in range(9):
            before = bench.ms
            while not bench.linked and not bench.broker.gone:
                bench.wait(1000)
                count = len(bench.broker.connects)
                bench.talk()
                if len(bench.broker.connects) > count:
                    break
            pauses.append(bench.ms - before)
        assert bench.outbox.read(1) == code and bench.broker.got == []
        assert min(pauses[1:]) >= c.REFUSED_MS and max(pauses) <= 1.5 * c.LONGEST_MS + 2000
        assert pauses[-1] >= c.LONGEST_MS
        bench.broker.code = 0
        bench.wait(2 * c.LONGEST_MS)
        bench.talk()
        assert bench.broker.delivered == [0, 1, 2] and bench.outbox.read(1) == 0


def test_pauses_grow_and_differ():
    seen = set()
    for name in (b"one", b"two", b"three"):
        bench = began()
        bench.meter.texts_of[n.MQTT_CLIENT] = name
        bench.broker.there = False
        whens = []
        for _ in range(4000):
            bench.wait(500)
            failed = bench.outbox.counters[5]
            bench.talk()
            if bench.outbox.counters[5] > failed:
                whens.append(bench.ms)
        pauses = [whens[i + 1] - whens[i] for i in range(len(whens) - 1)]
        assert pauses[0] < 4000 and c.LONGEST_MS <= max(pauses) < 1.5 * c.LONGEST_MS + 1000
        assert len(pauses) < 20
        seen.add(tuple(pauses))
    assert len(seen) == 3


def test_a_name_without_an_address():
    bench = began()
    bench.resolve = lambda name: None
    bench.client._resolve = bench.resolve
    bench.talk()
    assert bench.outbox.counters[5] == 1 and bench.client.wants(bench.ms + 1000) is None
    bench.client._resolve = lambda name: ""
    bench.wait(c.LONGEST_MS)
    assert bench.client.wants(bench.ms) is None and bench.outbox.counters[5] == 1


def test_tls_that_is_not_there():
    """It is told, and the broker not called; where there is TLS, a broker that is not trusted is told."""
    bench = began(tls=1)
    for _ in range(5):
        bench.wait(10000)
        assert bench.client.wants(bench.ms) is None
    assert bench.outbox.code == c.NO_TLS and bench.outbox.state == c.WAITING and not bench.broker.got
    bench.client._tls = True
    assert bench.client.wants(bench.ms) == ("192.0.2.9", 1883) and bench.client.secure == "192.0.2.9"
    bench.outbox.code = 0
    bench.client.untrusted()
    assert bench.outbox.code == c.NO_TLS


def test_keep_alive():
    bench = began(keep_alive=40)
    bench.talk()
    for _ in range(30):
        bench.wait(4000)
        bench.talk()
    assert 5 <= bench.broker.pings <= 6 and bench.linked
    bench.broker.mute = (0xD0,)
    for _ in range(12):
        bench.wait(4000)
        bench.talk()
        if not bench.linked:
            break
    assert not bench.linked and bench.outbox.counters[5] == 1
    silent = began(keep_alive=0)
    silent.talk()
    for _ in range(100):
        silent.wait(60000)
        silent.talk()
    assert silent.broker.pings == 0 and silent.linked


def test_what_is_no_broker():
    for octets in (
        b"HTTP/1.1 400",
        b"\x20\x02\x02\x00",  # reserved flags
        b"\x20\x02\x00\x06",  # no such code
        b"\x20\x03\x00\x00\x00",
        b"\x40\x02\x00\x01",
        b"\xd0\x00",
        b"\x30\x03\x00\x01a",
        b"\x21\x02\x00\x00",
    ):
        bench = began()
        bench.client.wants(bench.ms)
        bench.client.opened(("192.0.2.9", 1883), bench.ms)
        assert bench.client.poll(bench.ms) > 0
        bench.client.run(octets, len(octets), bench.ms)
        assert bench.client.closing, octets
    for octets in (
        b"\x20\x02\x00\x00",  # a second one
        b"\x30\x03\x00\x01a",  # nobody has subscribed
        b"\x90\x03\x00\x01\x00",
        b"\xd0\x01\x00",
        b"\x40\x82\x00",
        b"\x62\x02\x00\x01",
        b"\x50\x02\x00\x01",  # not of this QoS
        b"\xe0\x00",
    ):
        bench = began()
        bench.broker.mute = (0x40,)
        bench.make()
        bench.talk()
        bench.client.run(octets, len(octets), bench.ms)
        assert bench.client.closing and bench.outbox.count() == 1, octets


def test_acknowledgements_of_others_count_for_nothing():
    bench = began()
    bench.broker.mute = (0x40,)
    bench.make()
    bench.talk()
    for octets in (b"\x40\x02\x00\x02", b"\x40\x02\x01\x01", b"\xd0\x00"):
        for octet in octets:
            bench.client.run(bytes((octet,)), 1, bench.ms)
    assert not bench.client.closing and bench.outbox.count() == 1
    bench.client.run(b"\x40\x02\x00\x01", 4, bench.ms)
    assert bench.outbox.count() == 0
    # one that comes before the message is there is a lie
    bench.make()
    for _ in range(2):
        bench.client.poll(bench.ms)
    assert bench.client.busy
    bench.client.run(b"\x40\x02\x00\x02", 4, bench.ms)
    assert bench.client.closing and bench.outbox.count() == 1


def test_settings_count_from_a_reset_on():
    bench = began()
    bench.talk()
    assert bench.linked
    bench.meter.values[n.MQTT_QOS] = 2
    bench.meter.texts_of[n.MQTT_TOPIC] = b"other"
    bench.hang_up()
    bench.make()
    bench.wait(c.LONGEST_MS)
    bench.talk()
    assert bench.broker.got[0][2] == 1 and bench.broker.topics == [b"plant/meter"]
    # the module is reset: what it was connected to is called again at once
    bench.outbox.on_setting(p.MODULE_RESET)
    bench.hang_up()
    bench.make()
    bench.talk()
    assert bench.broker.got[1][2] == 2 and bench.broker.topics[1] == b"other"
    bench.meter.values[n.MQTT] = 0
    bench.outbox.on_setting(p.MODULE_RESET)
    bench.store.tick(0)
    bench.hang_up()
    bench.make()
    bench.talk()
    assert not bench.linked and bench.outbox.read(0) == c.OFF and len(bench.broker.got) == 2
