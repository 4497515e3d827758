"""SNTP of a whole meter with its network module, against a server made here from RFC 4330."""

from struct import pack, unpack

from device.device_fakes import started

from fourquad import points as p
from fourquad.points import network as n

DAYS_1900_TO_2000 = 36524  # 100 years, of which 24 have a leap day
SERVER = ("192.0.2.1", 123)
TRUE = 820540800 + 500000  # s since 2000, beyond what the meter says


def timestamp(seconds, fraction=0):
    """Seconds since 2000, and 1/65536 of one, as RFC 4330 writes them."""
    return pack(">IHH", (seconds + 86400 * DAYS_1900_TO_2000) & 0xFFFFFFFF, fraction, 0)


def message(question, received, sent, first=0x24, stratum=2):
    """An answer: leap 0, version 4, mode server."""
    return bytes((first, stratum, 6, 0xEC)) + bytes(20) + question[40:48] + received + sent


def with_servers(*hosts, **settings):
    plant = started()
    texts = plant.points.provider(p.SETTING + n.NTP_SERVER).texts
    for i, host in enumerate(hosts):
        assert texts.check(n.NTP_SERVER + i - p.GROUP_NETWORK, host) == p.OK
        texts.write(n.NTP_SERVER + i - p.GROUP_NETWORK, host)
    settings["ntp"] = 1
    for name in settings:
        assert plant.set(getattr(n, name.upper()), settings[name]) == p.OK
    plant.reset_module()
    plant.run(200)
    return plant


def questions(plant):
    """(bytes, to whom) of what was said since the last call."""
    socket = plant.sockets.datagrams[0]
    said, socket.said = socket.said, []
    return said


def asked(plant):
    ((question, to),) = questions(plant)
    assert to == SERVER and len(question) == 48
    assert question[0] == 0x23 and not any(question[1:40]) and any(question[40:])
    return question


def hear(plant, octets, peer=SERVER):
    plant.sockets.datagrams[0].to_us.append((octets, peer))
    plant.run(100)


def clock(plant):
    state = p.STATE
    return 1000 * plant.points.read(state + p.EPOCH) + plant.points.read(state + p.MILLISECOND)


def test_the_clock_follows_the_server():
    plant = with_servers(b"192.0.2.1", ntp_interval=1)
    question = asked(plant)
    hear(plant, message(question, timestamp(TRUE, 0x4000), timestamp(TRUE, 0x8000)))
    assert abs(clock(plant) - (1000 * TRUE + 500)) < 400  # it is up to 300 ms since the question
    plant.skip(57000)
    plant.run(2000)
    assert questions(plant) == []
    plant.run(2000)
    asked(plant)


def test_a_small_error_is_left():
    plant = with_servers(b"192.0.2.1")
    question = asked(plant)
    before = clock(plant)
    moment = before + 150 - 100
    stamp = timestamp(moment // 1000, moment % 1000 * 65536 // 1000)
    hear(plant, message(question, stamp, stamp))
    assert clock(plant) - before == 100


def test_nothing_is_asked_until_it_is_switched_on():
    plant = started()
    plant.run(200)
    assert plant.sockets.datagrams == {} or 0 not in plant.sockets.datagrams


def test_a_silent_server_is_followed_by_the_next():
    plant = with_servers(b"192.0.2.9", b"", b"192.0.2.1", ntp_interval=1)
    ((_, to),) = questions(plant)
    assert to == ("192.0.2.9", 123)
    plant.run(2500)
    question = asked(plant)
    hear(plant, message(question, timestamp(TRUE), timestamp(TRUE)))
    assert abs(clock(plant) - 1000 * TRUE) < 1000
    plant.skip(58000)
    plant.run(3000)
    assert questions(plant)[0][1] == ("192.0.2.9", 123)


def test_after_the_last_one_it_waits():
    plant = with_servers(b"192.0.2.1")
    asked(plant)
    plant.run(8000)
    plant.skip(50000)
    plant.run(2000)
    assert questions(plant) == []
    plant.run(8000)
    asked(plant)


def test_what_counts_for_nothing():
    plant = with_servers(b"192.0.2.1")
    question = asked(plant)
    before = clock(plant)
    good = message(question, timestamp(TRUE), timestamp(TRUE))
    hear(plant, good, ("192.0.2.2", 123))
    hear(plant, good, ("192.0.2.1", 124))
    hear(plant, good[:47])
    hear(plant, b"")
    hear(plant, good[:24] + bytes(8) + good[32:])
    hear(plant, bytes((0x23,)) + good[1:])
    assert clock(plant) - before < 1000
    hear(plant, good)
    assert abs(clock(plant) - 1000 * TRUE) < 1000
    # once more the same
    plant.run(5000)
    hear(plant, message(question, timestamp(TRUE + 900), timestamp(TRUE + 900)))
    assert abs(clock(plant) - 1000 * TRUE) < 7000


def test_a_server_that_does_not_know_the_time():
    for first, stratum, sent in ((0xE4, 2, TRUE), (0x24, 0, TRUE), (0x24, 16, TRUE), (0x24, 2, None)):
        plant = with_servers(b"192.0.2.1")
        question = asked(plant)
        before = clock(plant)
        stamp = bytes(8) if sent is None else timestamp(sent)
        hear(plant, message(question, stamp, stamp, first, stratum))
        assert clock(plant) - before == 100
        plant.minutes(1)
        assert questions(plant) == []


def test_after_2036():
    plant = with_servers(b"192.0.2.1")
    question = asked(plant)
    moment = (36 * 366 + 40) * 86400  # in 2036, after the overflow
    assert unpack(">I", timestamp(moment)[:4])[0] < 1 << 31
    hear(plant, message(question, timestamp(moment), timestamp(moment)))
    assert abs(clock(plant) - 1000 * moment) < 1000


def test_ask_now():
    plant = with_servers(b"192.0.2.1")
    question = asked(plant)
    hear(plant, message(question, timestamp(TRUE), timestamp(TRUE)))
    assert plant.set(n.NTP_NOW, 1) == p.OK
    plant.run(200)
    asked(plant)
    assert plant.get(n.NTP_NOW) == 0
