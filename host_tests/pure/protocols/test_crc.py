"""CRC-16/MODBUS, and the table that it shares with DNP3's."""

from fourquad.protocols.crc import checksum, crc16
from fourquad.protocols.crc_table import plain


def bitwise(data):
    """The rule of manual 6.1, bit by bit."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def test_check_value_of_the_catalogue():
    assert crc16(b"123456789", 9) == 0x4B37


def test_nothing_is_the_start_value():
    assert crc16(b"", 0) == 0xFFFF


def test_agrees_with_the_rule_for_every_byte_value():
    data = bytes(range(256))
    assert crc16(data, 256) == bitwise(data)
    assert crc16(bytes(reversed(data)), 256) == bitwise(reversed(data))


def test_part_of_a_buffer():
    data = bytearray(b"xx123456789yy")
    assert crc16(data, 9, 2) == 0x4B37
    assert checksum(data, 9, 2) == 0x4B37


def test_a_frame_with_its_crc_gives_zero():
    assert crc16(b"\x11\x03\x40\x00\x00\x06\xd2\x98", 8) == 0


def test_other_crcs_of_the_catalogue():
    for polynomial, first, last, check in (
        (0xA001, 0xFFFF, 0, 0x4B37),  # CRC-16/MODBUS
        (0xA001, 0, 0, 0xBB3D),  # CRC-16/ARC
        (0xA6BC, 0, 0xFFFF, 0xEA82),  # CRC-16/DNP
        (0x8408, 0xFFFF, 0xFFFF, 0x906E),  # CRC-16/IBM-SDLC
    ):
        assert plain(polynomial, first, last)(b"xx123456789", 9, 2) == check
