"""The checksum against published check values, not against itself."""

from fourquad.records.crc32 import put_crc32


def _crc(data):
    out = bytearray(b"\xaa" * 6)
    put_crc32(data, len(data), out, 1)
    assert out[0] == 0xAA and out[5] == 0xAA
    return bytes(out[1:5])


def test_check_value_of_the_catalogue():
    assert _crc(b"123456789") == b"\x26\x39\xf4\xcb"


def test_published_vectors():
    # 0x190A55AD, 0xFF6CAB0B, 0x91267E8A
    assert _crc(bytes(32)) == b"\xad\x55\x0a\x19"
    assert _crc(b"\xff" * 32) == b"\x0b\xab\x6c\xff"
    assert _crc(bytes(range(32))) == b"\x8a\x7e\x26\x91"


def test_only_the_first_bytes_count():
    out = bytearray(4)
    put_crc32(b"123456789 and more", 9, out, 0)
    assert out == b"\x26\x39\xf4\xcb"


def test_into_the_buffer_it_reads():
    data = bytearray(b"123456789----")
    put_crc32(data, 9, data, 9)
    assert data == b"123456789\x26\x39\xf4\xcb"


def _bit_by_bit(data):
    crc = 0xFFFFFFFF
    for byte in data:
        for bit in range(8):
            low = (crc ^ (byte >> bit)) & 1
            crc >>= 1
            if low:
                crc ^= 0xEDB88320
    crc ^= 0xFFFFFFFF
    return bytes(((crc >> shift) & 0xFF) for shift in (0, 8, 16, 24))


def test_against_the_definition():
    seed = 12345
    for length in (0, 1, 2, 3, 17, 252):
        data = bytearray(length)
        for i in range(length):
            seed = (seed * 1103515 + 12345) & 0xFFFFFF
            data[i] = seed >> 12 & 0xFF
        assert _crc(data) == _bit_by_bit(data)
