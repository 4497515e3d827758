"""Integers to bytes and back."""

from fourquad.records.codec import Layout, pack, pack16, pack32, pack64, unpack, unpack16, unpack32, unpack64


def _refuses(function, *arguments):
    try:
        function(*arguments)
    except ValueError:
        return True
    return False


def test_little_endian():
    data = bytearray(16)
    pack16(data, 0, 0x1234)
    pack32(data, 2, 0x89ABCDEF)
    pack64(data, 6, 0x0102030405060708)
    assert data == b"\x34\x12\xef\xcd\xab\x89\x08\x07\x06\x05\x04\x03\x02\x01\x00\x00"
    assert unpack16(data, 0) == 0x1234
    assert unpack32(data, 2) == 0x89ABCDEF
    assert unpack64(data, 6) == 0x0102030405060708


def test_negative_numbers_are_two_s_complement():
    data = bytearray(12)
    pack32(data, 0, -2)
    pack64(data, 4, -3)
    assert data == b"\xfe\xff\xff\xff\xfd\xff\xff\xff\xff\xff\xff\xff"
    assert unpack(-4, data, 0) == -2
    assert unpack(-8, data, 4) == -3


def test_limits_of_every_width():
    data = bytearray(8)
    for width in (1, 2, 4, 8):
        top = 1 << 8 * width
        for value in (0, 1, top - 1):
            pack(width, data, 0, value)
            assert unpack(width, data, 0) == value
        assert _refuses(pack, width, data, 0, top)
        assert _refuses(pack, width, data, 0, -1)
        half = top >> 1
        for value in (-half, -1, 0, half - 1):
            pack(-width, data, 0, value)
            assert unpack(-width, data, 0) == value
        assert _refuses(pack, -width, data, 0, half)
        assert _refuses(pack, -width, data, 0, -half - 1)


def test_layout():
    layout = Layout((8, -8, 4, -2, 1))
    assert layout.size == 23
    values = [(1 << 64) - 1, -(1 << 63), 7, -1, 255]
    data = bytearray(b"\xaa" * 25)
    layout.pack(data, 1, values)
    assert data[0] == 0xAA and data[24] == 0xAA
    assert layout.unpack(data, 1) == values
    assert _refuses(layout.pack, data, 1, values[1:])
    assert _refuses(layout.unpack, data, 3)
