"""CRC-16/DNP against published values, and the blocks of frames."""

import sys

from protocols.dnp3_fakes import hexed, with_crc

from fourquad.protocols.dnp3 import crc as module
from fourquad.protocols.dnp3.crc import checksum, put_blocks, take_blocks


def test_check_value():
    # catalogue of CRC algorithms, CRC-16/DNP: check EA82H
    assert checksum(b"123456789", 9, 0) == 0xEA82


def test_published_frames():
    # reset link states to station 1 from 1024, and its acknowledgement; an integrity poll
    for frame in (
        "05 64 05 C0 01 00 00 04 E9 21",
        "05 64 05 00 00 04 01 00 19 A6",
        "05 64 14 F3 01 00 00 04 0A 3B",
        "C0 C3 01 3C 02 06 3C 03 06 3C 04 06 3C 01 06 9A 12",
    ):
        octets = hexed(frame)
        assert with_crc(octets[:-2]) == octets


def test_from_the_middle():
    assert checksum(b"??123456789??", 9, 2) == 0xEA82


def blocks_by_hand(data):
    out = b""
    for i in range(0, len(data), 16):
        out += with_crc(data[i : i + 16])
    return out


def test_blocks_of_every_length():
    source = bytes([(7 * i + 3) & 255 for i in range(260)])
    for length in range(250):
        target = bytearray(320)
        end = put_blocks(target, 10, 0xC5, source, 4, length)
        expected = blocks_by_hand(b"\xc5" + source[4 : 4 + length])
        assert bytes(target[10:end]) == expected, length
        assert target[end] == 0
        data = bytearray(250)
        assert take_blocks(data, target, 10, length + 1)
        assert data[0] == 0xC5 and data[1 : length + 1] == source[4 : 4 + length]
        if length:
            target[10 + length // 2] ^= 4
            assert not take_blocks(data, target, 10, length + 1)


def test_native_and_plain_agree():
    if sys.implementation.name != "micropython":
        return
    plain = module._plain()
    data = bytes(range(200))
    assert plain[0](data, 200, 0) == checksum(data, 200, 0)
    one, two = bytearray(300), bytearray(300)
    assert plain[1](one, 0, 9, data, 0, 200) == put_blocks(two, 0, 9, data, 0, 200)
    assert one == two
    assert plain[2](bytearray(201), one, 0, 201) == take_blocks(bytearray(201), two, 0, 201) == 1
