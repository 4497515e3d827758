"""The master node machine against the transitions of clause 9.5.6, one node at a time, in ms."""

from protocols.bacnet.mstp_line import Line, Station

from fourquad.protocols.bacnet.mstp import frames as f
from fourquad.protocols.bacnet.mstp import node as n

SECOND = 1000000
TURNAROUND = 2  # ms: 40 bit times at 38400, rounded up
USAGE_TIMEOUTS = 20, 35  # ms, 9.5.3


class Hand:
    """A node and who speaks to it: `now` in ms."""

    def __init__(self, address=5, maximum=10, frames=1):
        self.station = Station(address, maximum, frames)
        self.network = self.station.network
        self.node = self.station.node
        self.now = 1000
        self.node.poll(self.now)

    def hear(self, kind, destination, source, data=b"", later=b""):
        """A frame that has just ended, and octets after it."""
        buffer = bytearray(f.MAX_FRAME)
        buffer[f.HEADER : f.HEADER + len(data)] = data
        octets = bytes(buffer[: f.put(buffer, kind, destination, source, len(data))]) + later
        self.node.run(octets, len(octets), 0)
        self.node.poll(self.now)

    def look(self, ms=1):
        """What it says within so many ms: (type, destination, data), or None."""
        for _ in range(ms):
            self.now += 1
            length = self.node.poll(self.now)
            if length:
                said = bytes(self.node.answer[:length])
                return said[2], said[3], said[f.HEADER : -2]
        return None

    def said(self, ms):
        """All that it says within so many ms."""
        end = self.now + ms
        found = []
        while self.now < end:
            one = self.look()
            if one:
                found.append(one)
        return found


def in_the_ring(frames=1):
    """A node that has the token for the second time, and 7 as its successor."""
    hand = Hand(frames=frames)
    hand.hear(f.TOKEN, 5, 2)
    assert hand.look(TURNAROUND) == (f.POLL_FOR_MASTER, 6, b"")
    assert hand.look(40) == (f.POLL_FOR_MASTER, 7, b"")
    hand.hear(f.REPLY_TO_POLL, 5, 7)
    assert hand.look(TURNAROUND) == (f.TOKEN, 7, b"")
    hand.hear(f.TOKEN, 2, 7)
    return hand


def test_initialize_finds_the_successor_with_the_first_token():
    hand = in_the_ring()
    assert hand.node.next_station == 7 and not hand.node.sole


def test_npoll_tokens_between_polls_of_the_gap():
    hand = in_the_ring()
    asked = []
    for token in range(1, 205):
        hand.hear(f.TOKEN, 5, 2)
        kind, to, _ = hand.look(TURNAROUND)
        if kind == f.POLL_FOR_MASTER:
            asked.append((token, to))
            # nobody is there: the token goes on all the same
            kind, to, _ = hand.look(40)
        assert (kind, to) == (f.TOKEN, 7)
        hand.hear(f.TOKEN, 2, 7)
    # the gap is 6 alone: it is asked, then the search begins anew
    assert [to for _, to in asked] == [6] * len(asked)
    assert [token for token, _ in asked] == [50, 100, 150, 200]


def test_pass_token_is_repeated_once_then_a_new_successor_is_looked_for():
    hand = in_the_ring()
    hand.hear(f.TOKEN, 5, 2)
    began = hand.now
    assert hand.look(TURNAROUND) == (f.TOKEN, 7, b"")
    began = hand.now
    assert hand.look(40) == (f.TOKEN, 7, b"")
    assert USAGE_TIMEOUTS[0] <= hand.now - began <= USAGE_TIMEOUTS[1] + 1
    assert hand.look(40) == (f.POLL_FOR_MASTER, 8, b"")
    asked = [hand.look(40)[1] for _ in range(5)]
    assert asked == [9, 10, 0, 1, 2]
    hand.hear(f.REPLY_TO_POLL, 5, 2)
    assert hand.look(TURNAROUND) == (f.TOKEN, 2, b"")


def test_four_octets_are_no_token_user_and_five_are():
    for octets, used in ((b"\x00" * 4, False), (b"\x00" * 5, True)):
        hand = in_the_ring()
        hand.hear(f.TOKEN, 5, 2)
        assert hand.look(TURNAROUND) == (f.TOKEN, 7, b"")
        hand.now += 3
        hand.node.run(octets, len(octets), 0)
        assert (hand.look(100) is None) == used


def test_frames_of_others_take_what_may_be_a_second_token():
    for kind, data in ((f.TOKEN, b""), (f.DATA_EXPECTING_REPLY, b"what?"), (f.REPLY_POSTPONED, b"")):
        hand = in_the_ring()
        hand.hear(f.TOKEN, 5, 2)
        hand.look(TURNAROUND)
        # it waits for a reply to a poll, and hears somebody use a token
        hand.node.state = n.POLL_FOR_MASTER
        hand.hear(kind, 9, 8, data)
        assert hand.look(n.T_NO_TOKEN - 10) is None, kind


def test_a_token_that_was_late_is_left_to_who_passed_it():
    hand = in_the_ring()
    hand.hear(f.TOKEN, 5, 2)
    hand.now += n.T_USAGE_DELAY + 1
    assert hand.look(100) is None and hand.node.counters[n.MISSED] == 1
    # broadcast it is none
    hand.hear(f.TOKEN, 255, 2)
    assert hand.look(100) is None


def test_no_token_is_made_in_the_own_slot_only():
    # node 5: 550 to 560 ms of silence
    for first, expected in ((0, 550), (549, 550), (551, 552), (558, 559), (561, 1830), (1000, 1830)):
        hand = Hand()
        hand.hear(f.TOKEN, 7, 2)
        began = hand.now
        hand.now += first
        while hand.look() is None:
            assert hand.now - began < 2000
        late = hand.now - began - expected
        assert 0 <= late <= 1, (first, hand.now - began)


def test_frames_per_token():
    for frames in (1, 3):
        hand = in_the_ring(frames)
        for i in range(5):
            hand.network.says.append((2, bytes((0x30 + i,))))
        order = []
        for _ in range(3):
            hand.hear(f.TOKEN, 5, 2)
            while True:
                kind, to, data = hand.look(20)
                order.append(data or "token")
                if kind == f.TOKEN:
                    break
            hand.hear(f.TOKEN, 2, 7)
        said = [bytes((0x30 + i,)) for i in range(5)]
        if frames == 1:
            assert order == [said[0], "token", said[1], "token", said[2], "token"]
        else:
            assert order == said[:3] + ["token"] + said[3:] + ["token", "token"]


def test_answer_data_request():
    hand = in_the_ring()
    hand.hear(f.DATA_EXPECTING_REPLY, 5, 3, b"what?")
    assert hand.look(TURNAROUND) == (f.DATA_NOT_EXPECTING_REPLY, 3, b"what?")
    # only once, and idle again
    assert hand.look(400) is None and hand.node.state == n.IDLE
    hand.hear(f.TEST_REQUEST, 5, 3, b"echo")
    assert hand.look(TURNAROUND) == (f.TEST_RESPONSE, 3, b"echo")
    hand.hear(f.TEST_REQUEST, 5, 3)
    assert hand.look(TURNAROUND) == (f.TEST_RESPONSE, 3, b"")
    hand.hear(f.TEST_REQUEST, 255, 3, b"echo")
    assert hand.look(400) is None
    hand.hear(f.POLL_FOR_MASTER, 5, 3)
    assert hand.look(TURNAROUND) == (f.REPLY_TO_POLL, 3, b"")
    hand.hear(f.POLL_FOR_MASTER, 255, 3)
    assert hand.look(400) is None


def test_data_for_all_are_taken_and_those_for_others_are_not():
    hand = in_the_ring()
    hand.hear(f.DATA_NOT_EXPECTING_REPLY, 255, 3, b"all")
    hand.hear(f.DATA_EXPECTING_REPLY, 255, 3, b"ask")
    hand.hear(f.DATA_NOT_EXPECTING_REPLY, 9, 3, b"you")
    assert hand.network.got == [(3, b"all", True), (3, b"ask", True)]
    hand.hear(f.DATA_NOT_EXPECTING_REPLY, 5, 3, b"me")
    assert hand.network.got[2:] == [(3, b"me", False)]
    assert hand.node.counters[n.REQUESTS] == 3
    # nobody waits; the answer to the last waits for the token
    assert hand.look(200) is None
    hand.hear(f.TOKEN, 5, 2)
    assert hand.look(TURNAROUND) == (f.DATA_NOT_EXPECTING_REPLY, 3, b"me")


def test_frames_are_counted():
    hand = in_the_ring()
    before = list(hand.node.counters)
    hand.hear(f.TOKEN, 9, 7)
    hand.hear(f.DATA_NOT_EXPECTING_REPLY, 9, 7, b"you")
    # two spoilt ones, of which one ends with the silence
    hand.node.run(b"\x55\xff\x00\x05\x02\x00\x00\x00", 8, 0)
    hand.node.run(b"\x55\xff\x00", 3, 0)
    hand.look(40)
    counted = [hand.node.counters[i] - before[i] for i in range(len(before))]
    assert counted[n.FRAMES] == 2 and counted[n.BAD_FRAMES] == 2 and sum(counted) == 4


def test_data_that_somebody_else_cut_short_wait_for_the_token():
    hand = in_the_ring()
    hand.hear(f.DATA_EXPECTING_REPLY, 5, 3, b"what?")
    # before the answer begins another frame is there: who asked waits no longer
    hand.hear(f.TOKEN, 7, 2)
    assert hand.look(200) is None
    hand.hear(f.TOKEN, 5, 2)
    assert hand.look(TURNAROUND) == (f.DATA_NOT_EXPECTING_REPLY, 3, b"what?")
    assert hand.look(20) == (f.TOKEN, 7, b"")


def test_a_reply_that_comes_later_is_said_to_come_later():
    hand = in_the_ring()
    hand.hear(f.DATA_EXPECTING_REPLY, 5, 3, b"what?")
    hand.now += n.T_REPLY_DELAY + 5
    assert hand.look() == (f.REPLY_POSTPONED, 3, b"")
    assert hand.node.counters[n.POSTPONED] == 1 and hand.node.waiting()
    assert hand.look(200) is None
    hand.hear(f.TOKEN, 5, 2)
    assert hand.look(TURNAROUND) == (f.DATA_NOT_EXPECTING_REPLY, 3, b"what?")
    assert hand.look(20) == (f.TOKEN, 7, b"")


def test_unknown_and_postponed_frames_are_ignored():
    hand = in_the_ring()
    for kind in (f.REPLY_TO_POLL, f.TEST_RESPONSE, f.REPLY_POSTPONED, 8, 32, 127, 128, 255):
        hand.hear(kind, 5, 3, b"\x01\x00")
        assert hand.look(100) is None and hand.node.state == n.IDLE
    assert not hand.network.got


def test_alone_it_takes_another_address_over():
    station = Station(3, 10)
    line = Line([station])
    line.run(2 * SECOND)
    assert station.node.sole
    station.settings[n.ADDRESS] = 4
    line.run(2 * SECOND)
    assert station.node.address == 4 and station.node.sole
    assert all(octets[4] == 4 for when, _, octets in line.log if when > 3 * SECOND)


def test_an_address_above_max_master_speaks_all_the_same():
    station = Station(20, 10)
    line = Line([station])
    station.network.says.append((255, b"here"))
    line.run(3 * SECOND)
    assert station.node.sole
    assert [octets[8:12] for _, _, octets in line.log if octets[2] == f.DATA_NOT_EXPECTING_REPLY] == [b"here"]


def test_a_second_token_does_not_live():
    stations = [Station(a, 10) for a in (2, 4, 6, 8)]
    line = Line(stations, keep=500)
    line.run(4 * SECOND)
    token = bytearray(8)
    for i in range(20):
        f.put(token, f.TOKEN, (4, 8)[i % 2], 2)
        line.say(bytes(token))
        line.run(3 * SECOND)
        collisions = line.collisions
        began = line.now
        line.run(2 * SECOND)
        tokens = line.tokens(began)
        assert line.collisions == collisions and len(tokens) > 100, i
        # each goes to the one after
        assert [b[0] for b in tokens[1:]] == [a[1] for a in tokens[:-1]]


def test_turnaround_and_usage_delay_at_every_speed():
    for baud in (9600, 19200, 38400, 76800, 115200):
        stations = [Station(a, 10, baud=baud) for a in (2, 5, 9)]
        line = Line(stations, baud, keep=300)
        line.run(8 * SECOND)
        began = line.now - 2 * SECOND
        octet = line.octet_us
        frames = [(when, when + len(octets) * octet, octets) for when, _, octets in line.log if when > began]
        assert len(frames) > 60
        for i in range(1, len(frames)):
            gap = frames[i][0] - frames[i - 1][1]
            assert gap >= 40 * SECOND // baud, (baud, gap)
            if frames[i - 1][2][2] == f.TOKEN or frames[i][2][2] == f.REPLY_TO_POLL:
                assert gap <= 15000, (baud, gap)
