"""Lost, doubled and reordered messages, masters that die: nothing is done twice, nothing hangs."""

from protocols.dnp3_fakes import Station, fragments, frame, hexed, text, unframe
from protocols.dnp3_lists import FULL, UNSOLICITED

from fourquad import points as p
from fourquad.protocols.dnp3 import application as a

CLEAR = "0C 01 17 01 01 03 00 00 00 00 00 01 00 00 00 00"


def raw(s, sequence, function, objects=""):
    return s.app(bytes((0xC0 | sequence, function)) + hexed(objects))


def test_a_doubled_request_is_done_once():
    s = Station()
    s.poll()
    for function, objects in ((a.DIRECT_OPERATE, CLEAR), (a.WRITE, "50 01 00 07 07 00")):
        first = raw(s, 5, function, objects)
        again = raw(s, 5, function, objects)
        assert first == again and first
    assert s.meter.done == [p.CLEAR_ENERGY]
    # the next number, other objects, or a minute later: a new request
    raw(s, 6, a.DIRECT_OPERATE, CLEAR)
    raw(s, 6, a.DIRECT_OPERATE, CLEAR.replace("01 01 03", "01 02 03"))
    raw(s, 6, a.DIRECT_OPERATE, CLEAR)
    s.poll(60000)
    raw(s, 6, a.DIRECT_OPERATE, CLEAR)
    assert s.meter.done == [p.CLEAR_ENERGY, p.CLEAR_ENERGY, p.CLEAR_DEMAND] + [p.CLEAR_ENERGY] * 2


def test_a_doubled_request_without_answer():
    s = Station()
    for _ in range(3):
        assert raw(s, 5, a.DIRECT_OPERATE_NO_ACK, CLEAR) == b""
    assert s.meter.done == [p.CLEAR_ENERGY]


def test_doubled_select_and_operate():
    s = Station()
    assert raw(s, 1, a.SELECT, CLEAR) == raw(s, 1, a.SELECT, CLEAR)
    first = raw(s, 2, a.OPERATE, CLEAR)
    assert raw(s, 2, a.OPERATE, CLEAR) == first and first[-1] == 0
    assert s.meter.done == [p.CLEAR_ENERGY]


def test_a_doubled_frame():
    s = Station()
    octets = s.frames_of(bytes((0xC3, a.DIRECT_OPERATE)) + hexed(CLEAR))
    assert s.send(octets + octets) and s.send(octets)
    assert s.meter.done == [p.CLEAR_ENERGY]


def test_a_doubled_read_is_read_again():
    s = Station()
    first = raw(s, 3, a.READ, "64 01 00 01 01")
    s.meter.secondary[1] = 230.0
    assert raw(s, 3, a.READ, "64 01 00 01 01") != first


def events_waiting():
    s = Station(FULL)
    s.settle()
    s.meter.io.set_input(0, 1)
    s.settle(50)
    return s


def test_a_doubled_read_of_events_gets_the_same_response():
    s = events_waiting()
    first = raw(s, 3, a.READ, "3C 02 06")
    s.poll(4000)
    s.meter.io.set_input(1, 1)
    s.poll(10)
    s.poll(10)
    assert raw(s, 3, a.READ, "3C 02 06") == first
    # the time for the confirmation began anew
    s.poll(4000)
    s.confirm(3)
    answer = raw(s, 4, a.READ, "3C 02 06")
    assert text(answer[4:]).startswith("02 02 17 01 01 81")


def test_a_read_repeated_in_the_middle_of_a_long_answer_begins_anew():
    s = Station()
    long = "64 01 06 " * 20
    first = raw(s, 3, a.READ, long)
    second = s.confirm(3)
    assert second[0] & 0x8F == 4
    assert raw(s, 3, a.READ, long) == first


def test_a_master_that_dies_in_the_middle():
    s = events_waiting()
    first = raw(s, 3, a.READ, "3C 02 06 " + "3C 01 06 " * 20)
    assert first[0] & 0xF0 == 0xA0
    for _ in range(600):
        s.poll(10)
    assert s.confirm(3) == b""
    again = raw(s, 9, a.READ, "3C 02 06")
    assert again[4:] == first[4 : len(again)]
    s.confirm(9)
    assert text(raw(s, 10, a.READ, "3C 02 06")[4:]) == ""


def test_confirmations_that_nobody_waits_for():
    s = Station()
    for control in range(256):
        assert s.app(bytes((control, 0))) == b""
    assert s.read("64 01 00 00 00")


def test_a_confirmation_with_objects_is_none():
    s = events_waiting()
    raw(s, 3, a.READ, "3C 02 06")
    s.app(bytes((0xC3, 0, 60, 2, 6)))
    assert s.out.session.events.count == 1


def test_lost_segments():
    s = Station()
    body = bytes((0xC1, a.READ)) + hexed("64 01 06 " * 20 + "1E 04 00 00 07 " * 60)
    octets = s.frames_of(body)
    assert len(octets) > 292
    s.send(octets[292:])
    assert s.send(octets[:292]) == b""
    # the beginning is there, its end comes twice
    answers = fragments(s.send(octets[292:]))
    assert len(answers) == 1
    assert s.send(octets[292:]) == b""


def test_two_masters():
    s = events_waiting()
    raw(s, 3, a.READ, "3C 02 06")
    # a confirmation of another one does not count, its request ends the waiting
    other = frame(0xC4, b"\xc0\xc3\x00", source=4)
    assert s.send(other) == b""
    assert s.out.session.events.count == 1
    assert s.send(frame(0xC4, b"\xc0\xc3\x01\x3c\x02\x06", source=4))
    assert s.confirm(3) == b""
    assert s.out.session.events.count == 1
    s.send(other)
    assert s.out.session.events.count == 0


def test_ticks_wrap():
    s = Station(FULL)
    s.now = (1 << 30) - 2000
    for _ in range(100):
        s.poll(30)
        s.now &= (1 << 30) - 1
    s.meter.io.set_input(0, 1)
    for _ in range(5):
        s.poll(30)
    assert s.request(a.READ, "3C 02 06")[3].startswith("02 02 17 01 00 81")


def test_a_read_that_waited_is_answered_to_who_asked():
    options = (9,) + UNSOLICITED[0][1:]
    s = Station((options,) + UNSOLICITED[1:])
    assert unframe(s.poll())[0][:3] == (0x44, 9, 1)
    # of another master than the one that gets the unsolicited response, which it cannot confirm
    assert raw(s, 3, a.READ, "64 01 00 00 00") == b""
    assert s.confirm(0, True) == b""
    octets = s.send(frame(0xC4, b"\xc0\xd0\x00", source=9))
    control, destination, source, data = unframe(octets)[0]
    assert destination == 3 and data[1:3] == b"\xc3\x81"


def test_unsolicited_responses_stay_with_their_master():
    options = (0,) + UNSOLICITED[0][1:]
    s = Station((options,) + UNSOLICITED[1:])
    s.error(a.DISABLE_UNSOLICITED, "3C 02 06")
    first = s.poll()
    assert unframe(first)[0][1] == 3
    # somebody else asks meanwhile
    assert s.send(frame(0xC4, b"\xc0\xc7\x17", source=4))
    assert unframe(s.poll(5000))[0][1] == 3
    assert s.confirm(0, True) == b""
    s.settle(6000)
