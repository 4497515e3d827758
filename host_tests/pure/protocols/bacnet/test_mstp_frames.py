"""Frames of MS/TP: the standard's own examples, and a stream in pieces, spoilt and foreign."""

from protocols.random16 import Random

from fourquad.protocols.bacnet.mstp import frames as f

# Annex G.1: a token from 05H to 10H; annex G.2: the data 01H 22H 30H.
TOKEN = b"\x55\xff\x00\x10\x05\x00\x00\x8c"
DATA = b"\x01\x22\x30"
DATA_CRC = b"\x10\xbd"


def frame(kind, destination, source, data=b""):
    buffer = bytearray(f.MAX_FRAME)
    buffer[f.HEADER : f.HEADER + len(data)] = data
    return bytes(buffer[: f.put(buffer, kind, destination, source, len(data))])


def heard(receiver, octets, piece):
    """What it finds in octets that come `piece` at a time."""
    found = []
    for begin in range(0, len(octets), piece):
        part = octets[begin : begin + piece]
        at = 0
        while at < len(part):
            at = receiver.next(part, at, len(part))
            what = receiver.found
            if what == f.VALID:
                data = bytes(receiver.data[f.HEADER : f.HEADER + receiver.length])
                found.append((receiver.kind, receiver.destination, receiver.source, data))
            elif what == f.INVALID:
                found.append(None)
    return found


def receiver(address=0x10):
    r = f.Receiver()
    r.address = address
    return r


def test_the_examples_of_the_standard():
    assert frame(f.TOKEN, 0x10, 5) == TOKEN
    assert frame(f.DATA_NOT_EXPECTING_REPLY, 0x10, 5, DATA)[f.HEADER :] == DATA + DATA_CRC
    assert heard(receiver(), TOKEN, 8) == [(f.TOKEN, 0x10, 5, b"")]


def test_each_type_as_bacnet_stack_makes_it():
    # MSTP_Create_Frame of PyPI misty 0.0.13, from 5 to 10H
    data = b"\x01\x04\x00\x05\x55\xff"
    for kind, content, octets in (
        (f.TOKEN, b"", "00100500008C"),
        (f.POLL_FOR_MASTER, b"", "01100500000A"),
        (f.REPLY_TO_POLL, b"", "021005000083"),
        (f.TEST_REQUEST, data, "03100500060701040005 55FF 3E45"),
        (f.TEST_REQUEST, b"", "031005000005"),
        (f.TEST_RESPONSE, data, "04100500069001040005 55FF 3E45"),
        (f.TEST_RESPONSE, b"", "041005000092"),
        (f.DATA_EXPECTING_REPLY, data, "05100500061601040005 55FF 3E45"),
        (f.DATA_NOT_EXPECTING_REPLY, data, "06100500069F01040005 55FF 3E45"),
        (f.REPLY_POSTPONED, b"", "07100500001B"),
    ):
        digits = octets.replace(" ", "")
        expected = b"\x55\xff" + bytes([int(digits[i : i + 2], 16) for i in range(0, len(digits), 2)])
        assert frame(kind, 0x10, 5, content) == expected
        assert heard(receiver(), expected, 3) == [(kind, 0x10, 5, content)]


def test_pieces_of_any_size():
    whole = bytes(range(256)) + bytes(range(245))
    sent = [
        (f.TOKEN, 0x10, 5, b""),
        (f.DATA_EXPECTING_REPLY, 0x10, 5, whole),
        (f.POLL_FOR_MASTER, 7, 5, b""),
        (f.DATA_NOT_EXPECTING_REPLY, 255, 5, DATA),
    ]
    stream = b"\x55\x55\x00" + b"\xff".join([frame(*each) for each in sent])
    for piece in (1, 2, 3, 7, 8, 9, 64, 1000):
        assert heard(receiver(), stream, piece) == sent


def test_foreign_data_are_passed_over():
    stream = frame(f.DATA_NOT_EXPECTING_REPLY, 9, 5, frame(f.TOKEN, 0x10, 9)) + TOKEN
    for piece in (1, 5, 100):
        assert heard(receiver(), stream, piece) == [(f.TOKEN, 0x10, 5, b"")]


def test_what_does_not_fit_its_crc_is_invalid():
    good = frame(f.DATA_EXPECTING_REPLY, 0x10, 5, DATA)
    for i in range(2, len(good)):
        for bit in (1, 16, 128):
            bad = bytearray(good)
            bad[i] ^= bit
            found = heard(receiver(), bytes(bad), 100)
            assert found in ([None], []) or i < f.HEADER and found[:1] == [None], (i, bit)
            assert (f.DATA_EXPECTING_REPLY, 0x10, 5, DATA) not in found


def test_too_long_a_frame_for_us_is_invalid_and_passed_over():
    head = bytearray(TOKEN)
    head[2] = f.DATA_EXPECTING_REPLY
    head[5:7] = bytes((f.MAX_DATA + 1 >> 8, f.MAX_DATA + 1 & 0xFF))
    head[7] = f.header_crc(head, 2)
    r = receiver()
    assert heard(r, bytes(head) + bytes(f.MAX_DATA + 3) + TOKEN, 64) == [None, (f.TOKEN, 0x10, 5, b"")]


def test_a_length_that_no_frame_has_makes_nobody_deaf():
    for destination in (0x10, 9, f.BROADCAST):
        head = bytearray(TOKEN)
        head[2:7] = bytes((f.DATA_NOT_EXPECTING_REPLY, destination, 5, 0xFF, 0xFF))
        head[7] = f.header_crc(head, 2)
        assert heard(receiver(), bytes(head) + TOKEN, 5) == [None, (f.TOKEN, 0x10, 5, b"")]


def test_nothing_but_the_preamble_begins_a_frame():
    for first in (b"\x00\xff", b"\xff\xff", b"\x54\xff", b"\x55\xfe", b"\x55\x00\xff"):
        assert heard(receiver(), first + TOKEN[2:], 5) == []
    assert heard(receiver(), b"\xff\x55\x55\x55" + TOKEN[1:], 5) == [(f.TOKEN, 0x10, 5, b"")]


def test_silence_ends_a_frame():
    r = receiver()
    assert heard(r, TOKEN[:5], 8) == []
    assert r.begun() and r.abort() and not r.begun()
    assert heard(r, TOKEN, 8) == [(f.TOKEN, 0x10, 5, b"")]
    assert not r.abort()


def test_noise_never_raises_and_a_frame_after_a_silence_is_found():
    random = Random(5)
    r = receiver()
    for _ in range(300):
        n = random.below(80)
        noise = bytes([(0x55, 0xFF, 0x10, random.below(256))[random.below(4)] for _ in range(n)])
        heard(r, noise, 1 + random.below(9))
        r.abort()
        assert heard(r, TOKEN, 3) == [(f.TOKEN, 0x10, 5, b"")]
