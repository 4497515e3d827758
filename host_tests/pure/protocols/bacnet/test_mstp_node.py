"""The master node of MS/TP on a line with byte times: alone, in rings, with losses and noise."""

from protocols.bacnet.bacnet_fakes import Plant
from protocols.bacnet.mstp_line import Line, Station

from fourquad.protocols.bacnet.mstp import frames as f
from fourquad.protocols.bacnet.mstp.port import Master

SECOND = 1000000


def ring(line, since):
    """The order in which the token went round in what was logged."""
    return sorted(set(line.tokens(since)))


def test_a_node_that_is_alone_asks_for_company():
    line = Line([Station(3, 10)])
    line.run(2 * SECOND)
    polls = [octets[3] for _, _, octets in line.log]
    # no token for 500 ms and its own slot; then every address but its own, from the next on
    assert 500000 + 3 * 10000 <= line.log[0][0] <= 500000 + 3 * 10000 + 10000
    assert all(octets[2] == 1 and octets[4] == 3 for _, _, octets in line.log)
    assert polls[:10] == [4, 5, 6, 7, 8, 9, 10, 0, 1, 2]
    assert line.stations[0].node.sole


def test_three_make_a_ring_and_keep_it():
    stations = [Station(2, 10), Station(5, 10), Station(9, 10)]
    line = Line(stations)
    line.run(5 * SECOND)
    assert ring(line, 3 * SECOND) == [(2, 5), (5, 9), (9, 2)]
    generated = sum([s.node.counters[5] for s in stations])
    line.run(60 * SECOND)
    assert ring(line, 5 * SECOND) == [(2, 5), (5, 9), (9, 2)]
    assert sum([s.node.counters[5] for s in stations]) == generated
    assert all(s.node.counters[6] == 0 for s in stations)
    assert line.collisions == 0


def test_one_leaves_and_comes_back():
    stations = [Station(2, 10), Station(5, 10), Station(9, 10)]
    line = Line(stations)
    line.run(3 * SECOND)
    stations[1].on = False
    line.run(SECOND)
    assert ring(line, 4 * SECOND - SECOND // 2) == [(2, 9), (9, 2)]
    stations[1].on = True
    stations[1].node.restart()
    # it is found when the gap is searched: N_poll tokens, and as many polls as there are addresses
    line.run(10 * SECOND)
    assert ring(line, 12 * SECOND) == [(2, 5), (5, 9), (9, 2)]


def test_a_lost_token_is_made_anew_by_the_lowest():
    stations = [Station(2, 10), Station(5, 10)]
    line = Line(stations)
    line.run(2 * SECOND)
    for _ in range(100):
        lost = [0]

        def spoil(octet, lost=lost):
            # the next 40 octets do not arrive: a token and its repetition
            lost[0] += 1
            return None if lost[0] <= 40 else octet

        line.spoil = spoil
        line.run(SECOND // 2)
        line.spoil = None
        line.run(SECOND)
        assert ring(line, line.now - SECOND // 2) == [(2, 5), (5, 2)]


def test_noise_is_survived():
    stations = [Station(2, 10), Station(5, 10), Station(9, 10)]
    line = Line(stations)
    seed = [1]

    def spoil(octet):
        seed[0] = seed[0] * 1103515245 + 12345 & 0x7FFFFFFF
        x = seed[0] >> 16
        return octet ^ (x & 0xFF) if x % 97 == 0 else None if x % 89 == 0 else octet

    line.spoil = spoil
    line.run(60 * SECOND)
    line.spoil = None
    line.run(5 * SECOND)
    assert ring(line, line.now - 2 * SECOND) == [(2, 5), (5, 9), (9, 2)]


def test_requests_are_answered_at_once_and_by_the_right_node():
    stations = [Station(2, 10), Station(5, 10)]
    line = Line(stations)
    line.run(2 * SECOND)
    # from an address that is in no ring
    buffer = bytearray(f.MAX_FRAME)
    for kind, reply in (
        (f.DATA_EXPECTING_REPLY, f.DATA_NOT_EXPECTING_REPLY),
        (f.TEST_REQUEST, f.TEST_RESPONSE),
    ):
        for s in stations:
            s.on = s is stations[1]
        stations[1].node.restart()
        line.run(10000)
        buffer[f.HEADER : f.HEADER + 4] = b"\x01\x04\x02\x75"
        n = f.put(buffer, kind, 5, 1, 4)
        before = line.now
        line.say(bytes(buffer[:n]))
        line.run(SECOND // 10)
        when, who, octets = line.log[-1]
        assert who == 5 and octets[2] == reply and octets[3] == 1 and octets[8:12] == b"\x01\x04\x02\x75"
        # 40 bit times at least, 250 ms at most
        assert 1042 <= when - before - n * line.octet_us < 20000


def test_what_comes_too_late_is_not_answered():
    station = Station(5, 10)
    buffer = bytearray(f.MAX_FRAME)
    node = station.node
    node.poll(0)
    n = f.put(buffer, f.TOKEN, 5, 2)
    node.run(buffer, n, 45000)
    assert node.poll(50) == 0
    assert node.counters[4] == 1
    n = f.put(buffer, f.POLL_FOR_MASTER, 5, 2)
    node.run(buffer, n, 45000)
    assert node.poll(100) == 0
    assert node.counters[4] == 2
    # an answer to a request waits for the token; who asked is told so while there is time
    for age, kind in ((210000, f.REPLY_POSTPONED), (300000, None)):
        buffer[f.HEADER : f.HEADER + 2] = b"ab"
        n = f.put(buffer, f.DATA_EXPECTING_REPLY, 5, 2, 2)
        node.run(buffer, n, age)
        sent = node.poll(1000)
        assert (sent and node.answer[2]) == (kind if kind else 0)
        n = f.put(buffer, f.TOKEN, 5, 2)
        node.run(buffer, n, 2000)
        sent = node.poll(1100)
        assert sent and bytes(node.answer[2:5]) == bytes((f.DATA_NOT_EXPECTING_REPLY, 2, 5))
        assert bytes(node.answer[8:10]) == b"ab"
        node.run(buffer, 1, 0)
        node.restart()
        node.poll(1200)


def test_a_lost_token_does_not_begin_the_meter_anew():
    begun = []
    master = Master(Plant().application, lambda what: (5, 10, 1, 38400)[what], lambda: begun.append(1))
    buffer = bytearray(f.MAX_FRAME)
    master.poll(0)
    f.put(buffer, f.TOKEN, 5, 2)
    master.run(buffer, 8, 0)
    said = []
    for now in range(600):
        if master.poll(now):
            said.append(bytes(master.answer[2:4]))
            if said[-1] == b"\x01\x07":
                f.put(buffer, f.REPLY_TO_POLL, 5, 7)
                master.run(buffer, 8, 0)
    # the announcement, polls, the token twice, a new search
    assert said[:6] == [b"\x06\xff", b"\x01\x06", b"\x01\x07", b"\x00\x07", b"\x00\x07", b"\x01\x08"]
    assert not begun


def test_a_foreign_frame_takes_the_token_away():
    station = Station(5, 10)
    node = station.node
    node.poll(0)
    buffer = bytearray(f.MAX_FRAME)
    n = f.put(buffer, f.TOKEN, 5, 2)
    m = n + 8
    data = bytearray(m)
    data[:n] = buffer[:n]
    f.put(buffer, f.TOKEN, 9, 2)
    data[n:m] = buffer[:8]
    # the token to us is followed by another: it was somebody else's turn already
    node.run(data, m, 0)
    assert node.poll(5) == 0
    assert node.counters[3] == 0
