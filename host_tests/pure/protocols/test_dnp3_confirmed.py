"""User data frames that the outstation sends with confirmation (setting of manual 5.1.8.12)."""

from protocols.dnp3_fakes import MASTER, Station, frame, unframe, with_options
from protocols.dnp3_lists import FULL, UNSOLICITED

from fourquad.protocols.dnp3 import application as a

ACK, NACK, NOT_SUPPORTED = frame(0x80), frame(0x81), frame(0x8F)
SHORT = (a.READ, "64 01 00 00 00")
LONG = (a.READ, "3C 01 06 3C 01 06 3C 01 06")


def station(confirmed, tables=FULL):
    return Station(with_options(tables, confirmed=confirmed))


def ask(s, request):
    """What the station sends first: (control octet, user data) of each frame."""
    s.sequence = (s.sequence + 1) & 15
    body = bytes((0xC0 | s.sequence, request[0])) + bytes([int(word, 16) for word in request[1].split()])
    return heard(s.send(s.frames_of(body)))


def heard(octets):
    frames = unframe(octets)
    for _, destination, source, _ in frames:
        assert (destination, source) == (MASTER, 1)
    return [(control, data) for control, _, _, data in frames]


def deliver(s, sent, reset=True):
    """Acknowledge until nothing comes any more; the user data that came."""
    parts = []
    while sent:
        ((control, data),) = sent
        assert control & 0xC0 == 0x40
        if control & 15 == 0:
            assert reset and control == 0x40 and data == b""
        else:
            parts.append((control, data))
        sent = heard(s.send(ACK))
    return parts


def test_never():
    s = station(0)
    assert [control for control, _ in ask(s, LONG)] == [0x44] * 3
    assert s.send(ACK) == s.send(NACK) == b""
    assert s.poll(5000) == b""


def test_only_of_several_frames():
    s = station(1)
    assert [control for control, _ in ask(s, SHORT)] == [0x44]
    plain = station(0)
    ask(plain, SHORT)
    whole = ask(plain, LONG)
    sent = ask(s, LONG)
    assert sent == [(0x40, b"")]
    parts = deliver(s, sent)
    # the count bit is 1 after a reset, then it alternates
    assert [control for control, _ in parts] == [0x73, 0x53, 0x73]
    assert [data[1:] for _, data in parts] == [data[1:] for _, data in whole]
    assert [data[0] & 0xC0 for _, data in parts] == [0x40, 0, 0x80]


def test_always():
    s = station(2)
    parts = deliver(s, ask(s, SHORT))
    assert [control for control, _ in parts] == [0x73]
    # the link is reset now
    for control in (0x53, 0x73, 0x53):
        assert [found for found, _ in deliver(s, ask(s, SHORT), False)] == [control]
    assert s.poll(10000) == b""


def test_a_frame_that_is_not_acknowledged():
    s = station(2)
    deliver(s, ask(s, SHORT))
    sent = ask(s, SHORT)
    for _ in range(2):
        assert s.poll(990) == b""
        assert heard(s.poll(10)) == sent  # the same bit: the master may have had it
    assert s.poll(1000) == b"" and s.poll(20000) == b""
    # the next message begins with a reset, which is repeated too
    assert ask(s, SHORT) == [(0x40, b"")]
    assert heard(s.poll(1000)) == [(0x40, b"")]
    assert [control for control, _ in deliver(s, heard(s.send(ACK)))] == [0x73]


def test_what_a_master_may_say_instead():
    s = station(2)
    sent = ask(s, SHORT)
    assert s.send(frame(0x80, source=4)) == s.send(frame(0x8B)) == b""  # of another one; a link status
    (data,) = heard(s.send(ACK))
    # its link has lost its state: reset, then the frame again
    assert heard(s.send(NACK)) == sent
    assert heard(s.send(ACK)) == [data]
    assert s.send(ACK) == b""
    assert s.send(ACK) == b""
    # it does not know the service: nothing more comes
    ask(s, SHORT)
    assert s.send(NOT_SUPPORTED) == b"" and s.poll(20000) == b""


def test_a_new_request_drops_the_rest():
    s = station(2)
    ask(s, LONG)
    s.send(ACK)
    assert ask(s, SHORT) == []  # the acknowledgement to come is of the frame before, not of the new answer
    ((control, data),) = deliver(s, heard(s.send(ACK)), False)
    assert control == 0x53 and data[1] & 15 == s.sequence
    assert s.poll(10000) == b""


def test_a_new_request_while_the_link_is_reset():
    s = station(2)
    assert ask(s, LONG) == [(0x40, b"")]
    assert ask(s, SHORT) == []
    ((control, data),) = deliver(s, heard(s.send(ACK)), False)
    assert control == 0x73 and data[1] & 15 == s.sequence


def test_a_new_request_and_the_frame_before_is_not_acknowledged():
    s = station(2)
    ask(s, LONG)
    s.send(ACK)
    assert ask(s, SHORT) == []
    assert s.poll(990) == b""
    sent = heard(s.poll(10))
    assert sent == [(0x40, b"")]  # whether the master has it nobody knows
    ((control, data),) = deliver(s, sent)
    assert control == 0x73 and data[1] & 15 == s.sequence


def test_events_wait_and_are_not_lost():
    s = station(2, UNSOLICITED)
    sent = heard(s.poll())
    (first,) = deliver(s, sent)
    s.send(frame(0xC4, bytes((0xC0, 0xD0 | first[1][1] & 15, 0))))
    ask(s, (a.ENABLE_UNSOLICITED, "3C 02 06"))
    s.meter.io.set_input(0, 1)
    for _ in range(20):
        assert s.poll(10) == b""  # the answer before is not acknowledged yet
    deliver(s, [(0x53, b"")], False)
    found = b""
    while not found:
        found = s.poll(10)
    ((control, data),) = deliver(s, heard(found), False)
    assert data[2] == a.UNSOLICITED and data[5:10] == bytes((2, 2, 0x17, 1, 0))


def test_an_unsolicited_response_that_a_request_cut_off_comes_again_at_once():
    """A master waits for its read no longer than the answer before it takes; it may give up after 5 s."""
    s = station(2, UNSOLICITED)
    assert heard(s.poll()) == [(0x40, b"")]
    assert ask(s, (a.WRITE, "50 01 00 07 07 00")) == []
    deliver(s, heard(s.send(ACK)), False)
    read = ask(s, SHORT)
    assert read == []  # it waits for the confirmation of the null response
    ((_, again),) = deliver(s, heard(s.poll()), False)
    assert again[2] == a.UNSOLICITED and again[1] & 0xF0 == 0xF0
    sent = heard(s.send(frame(0xC4, bytes((0xC0, 0xD0 | again[1] & 15, 0)))))
    ((_, answer),) = deliver(s, sent, False)
    assert answer[2] == a.RESPONSE and answer[1] & 15 == s.sequence
