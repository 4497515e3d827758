"""The native gather and the plain rule agree."""

from array import array
from struct import pack

from fourquad.protocols.modbus.pack import SOURCE_SHIFT, bind, gather, source_table


def test_words_are_big_endian_and_high_word_first():
    floats = array("f", [50.0, -1.5e-30, 3.4e38])
    integers = array("i", [1, -2, 0x12345678, -0x80000000])
    table = source_table(4)
    bind(table, 0, floats)
    bind(table, 3, integers)
    codes = array("H", [])
    expected = b""
    for source, kind, values in ((0, ">f", floats), (3, ">i", integers)):
        for i, value in enumerate(values):
            codes.append(source << SOURCE_SHIFT | i << 1 | 1)
            codes.append(source << SOURCE_SHIFT | i << 1)
            expected += pack(kind, value)
    target = bytearray(40)
    for first in range(len(codes)):
        for count in range(len(codes) - first + 1):
            for i in range(40):
                target[i] = 0xEE
            gather(target, 3, codes, first, count, table)
            assert target[:3] == b"\xee\xee\xee"
            assert target[3 : 3 + 2 * count] == expected[2 * first : 2 * (first + count)]
            assert target[3 + 2 * count] == 0xEE


def test_the_last_value_of_a_long_array():
    values = array("i", range(1024))
    table = source_table(32)
    bind(table, 31, values)
    target = bytearray(2)
    gather(target, 0, array("H", [0xFFFF & (31 << SOURCE_SHIFT | 2046)]), 0, 1, table)
    assert target == b"\x03\xff"
