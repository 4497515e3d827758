"""CRC-16/MODBUS."""

from fourquad.protocols.crc import checksum, crc16


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
