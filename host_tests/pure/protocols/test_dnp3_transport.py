"""The transport function: segments to fragments and back."""

from protocols.dnp3_fakes import frame

from fourquad.protocols.dnp3.transport import Transport, framed


def segment(head, data):
    return bytes((head,)) + data


def take(t, *segments, source=3):
    return [t.receive(s, len(s), source, 0) for s in segments]


def test_one_segment():
    t = Transport(2048)
    assert take(t, segment(0xC7, b"abc")) == [3]
    assert t.buffer[:3] == b"abc"


def test_several_segments_wrap():
    t = Transport(2048)
    assert take(t, segment(0x7E, b"ab"), segment(0x3F, b"cd"), segment(0x80, b"ef")) == [0, 0, 6]
    assert t.buffer[:6] == b"abcdef"


def test_a_gap_ends_the_fragment():
    t = Transport(2048)
    assert take(t, segment(0x41, b"a"), segment(0x03, b"b"), segment(0x84, b"c")) == [0, 0, 0]
    assert t.dropped == 1
    assert take(t, segment(0xC0, b"x")) == [1]


def test_without_a_beginning():
    assert take(Transport(2048), segment(0x01, b"a"), segment(0x82, b"b")) == [0, 0]


def test_a_doubled_segment():
    t = Transport(2048)
    assert take(t, segment(0x41, b"a"), segment(0x02, b"b"), segment(0x02, b"b"), segment(0x83, b"c")) == [
        0,
        0,
        0,
        3,
    ]
    assert t.buffer[:3] == b"abc"


def test_reordered_segments():
    t = Transport(2048)
    assert take(t, segment(0x41, b"a"), segment(0x83, b"c"), segment(0x02, b"b")) == [0, 0, 0]


def test_a_new_beginning_wins():
    t = Transport(2048)
    assert take(t, segment(0x41, b"lost"), segment(0x45, b"a"), segment(0x86, b"b")) == [0, 0, 2]
    assert t.buffer[:2] == b"ab" and t.dropped == 1


def test_another_master_does_not_mix_in():
    t = Transport(2048)
    assert take(t, segment(0x41, b"a")) == [0]
    assert take(t, segment(0x82, b"evil"), source=4) == [0]
    assert take(t, segment(0x82, b"b")) == [2]
    assert t.buffer[:2] == b"ab"


def test_too_long():
    t = Transport(2048)
    full = bytes(249)
    heads = [0x40] + list(range(1, 9))
    assert take(t, *[segment(head, full) for head in heads]) == [0] * 9
    assert t.dropped == 1
    assert take(t, segment(0x80 | 9, b"x")) == [0]
    assert len(t.buffer) == 2048
    # the longest that fits
    heads = [0x40] + list(range(1, 8))
    assert take(t, *[segment(head, full) for head in heads]) == [0] * 8
    assert take(t, segment(0x88, bytes(56))) == [2048]


def test_nothing_at_all():
    t = Transport(2048)
    assert t.receive(b"", 0, 3, 0) == 0
    assert take(t, segment(0xC0, b"")) == [0]


def test_sending():
    t = Transport(0)
    for length in (1, 2, 15, 16, 248, 249, 250, 498, 499, 2047, 2048):
        data = bytes([i & 255 for i in range(length)])
        target = bytearray(3000)
        end = t.send(target, 0, 3, 1, data, length)
        assert end == framed(length), length
        t.send(bytearray(3000), 0, 3, 1, data, length)
    t = Transport(0)
    target = bytearray(3000)
    data = bytes([i & 255 for i in range(600)])
    end = t.send(target, 0, 3, 1, data, 600)
    expected = b""
    for head, at in ((0x40, 0), (0x01, 249), (0x82, 498)):
        expected += frame(0x44, bytes((head,)) + data[at : at + 249], 3, 1)
    assert bytes(target[:end]) == expected
