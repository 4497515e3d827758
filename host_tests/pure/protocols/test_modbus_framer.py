"""Framing by silence, at every speed."""

from fourquad import ticks
from fourquad.protocols.modbus.framer import MAX_FRAME, Framer, character_us, t15_us, t35_us

BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
FRAME = b"\x01\x03\x40\x00\x00\x06\xd1\xc8"


def send(framer, data, start, gap_before=None):
    """Bytes one by one from `start` on; `gap_before` maps a byte's number to silence before it. The end."""
    now = start
    for i in range(len(data)):
        now = ticks.add(now, (gap_before or {}).get(i, 0) + framer.character)
        assert framer.feed(data[i : i + 1], 1, now) == 1
    return now


def test_times_of_the_standard():
    assert (t15_us(1200), t35_us(1200)) == (13750, 32084)
    assert (t15_us(9600), t35_us(9600)) == (1718, 4011)
    assert (t15_us(19200), t35_us(19200)) == (859, 2006)
    for baud in (19201, 38400, 57600, 115200):
        assert (t15_us(baud), t35_us(baud)) == (750, 1750)
    assert character_us(38400) == 287


def test_a_frame_ends_after_three_and_a_half_characters():
    for baud in BAUDS:
        for start in (0, ticks.PERIOD - 3000):  # also over the wrap
            framer = Framer(baud)
            end = send(framer, FRAME, start)
            assert framer.poll(end) == 0
            assert framer.poll(ticks.add(end, t35_us(baud) - 1)) == 0
            assert framer.due() == ticks.add(end, t35_us(baud))
            assert framer.poll(framer.due()) == len(FRAME)
            assert bytes(framer.buffer[: len(FRAME)]) == FRAME
            assert framer.due() is None
            assert framer.poll(ticks.add(end, 1 << 20)) == 0


def test_a_gap_of_one_and_a_half_characters_is_allowed():
    for baud in BAUDS:
        framer = Framer(baud)
        end = send(framer, FRAME, 0, {4: t15_us(baud)})
        assert framer.poll(end + t35_us(baud)) == len(FRAME)
        assert framer.spoiled == 0


def test_a_longer_gap_inside_spoils_the_frame():
    for baud in BAUDS:
        for gap in (t15_us(baud) + 1, t35_us(baud) - 1):
            framer = Framer(baud)
            end = send(framer, FRAME, 0, {4: gap})
            assert framer.poll(end + t35_us(baud)) == 0
            assert framer.spoiled == 1
            end = send(framer, FRAME, end + 2 * t35_us(baud))
            assert framer.poll(end + t35_us(baud)) == len(FRAME)


def test_a_lenient_framer_lets_the_gap_pass():
    for baud in BAUDS:
        framer = Framer(baud, strict=False)
        end = send(framer, FRAME, 0, {4: t35_us(baud) - 1})
        assert framer.poll(end + t35_us(baud)) == len(FRAME)


def test_a_chunk_is_dated_by_its_last_byte():
    for baud in BAUDS:
        framer = Framer(baud)
        now = 4 * framer.character
        assert framer.feed(FRAME, 4, now) == 4
        now += t15_us(baud) + 4 * framer.character
        assert framer.feed(FRAME[4:], 4, now) == 4
        assert framer.poll(now + t35_us(baud)) == 8
        assert bytes(framer.buffer[:8]) == FRAME


def test_bytes_after_the_silence_wait_until_the_run_is_taken():
    framer = Framer(38400)
    end = send(framer, FRAME, 0)
    later = end + t35_us(38400) + 8 * framer.character
    assert framer.feed(b"\x02" * 8, 8, later) == 0
    assert framer.poll(later) == 8
    assert bytes(framer.buffer[:8]) == FRAME
    assert framer.feed(b"\x02" * 8, 8, later) == 8
    assert framer.poll(later + t35_us(38400)) == 8
    assert framer.buffer[0] == 2


def test_too_long_a_frame_is_dropped_whole():
    framer = Framer(115200)
    end = send(framer, bytes(MAX_FRAME + 1), 0)
    assert framer.poll(end + 1750) == 0
    assert framer.spoiled == 1
    end = send(framer, bytes(MAX_FRAME), end + 5000)
    assert framer.poll(end + 1750) == MAX_FRAME


def test_another_speed_forgets_what_was_coming():
    framer = Framer(9600)
    framer.feed(FRAME, 8, 0)
    framer.set_baud(1200)
    assert framer.due() is None
    end = send(framer, FRAME, 0)
    assert framer.poll(end + t35_us(1200)) == 8


def test_nothing_fed_is_nothing():
    framer = Framer(9600)
    assert framer.feed(b"", 0, 5) == 0
    assert framer.poll(1 << 20) == 0
