"""Registers of a sheet: each alone as in a block, halves of values, holes; none is written."""

from struct import unpack_from

from fourquad import points as p
from fourquad.protocols.modbus.map import RegisterMap


class Provider:
    """Points whose values say which they are; the odd ones are negative."""

    def read(self, index):
        if index >= 40:
            raise KeyError(index)
        return 100000 + index if index % 2 else -index - 1

    def check(self, index, value):
        return p.READ_ONLY

    write = check


class Model:
    """A sheet of every form, and another one next to a row of the map."""

    REGIONS = ((0x0FFF, 1, "hole", 0),)
    WRITABLE = ((0x0FFF, 0x0FFF),)
    SHEETS = (
        (
            (0x1000, 4, "udword", 64 + 1),
            (0x1004, 3, "hole", 0),
            (0x1007, 2, ("scaled", 0.5, "float"), 64 + 3),
            (0x1009, 3, "word", 64 + 5),
            (0x100C, 6, "dword", 64 + 9),
        ),
        ((0x2000, 2, "signed", 64),),
    )


def registers():
    points = p.Points()
    points.provide(64, Provider())
    return RegisterMap(Model, points)


# By hand: unsigned dwords, zeros, a float, words within their range, signed dwords.
WORDS = [1, 0x86A1, 0, 0, 0, 0, 0]  # 100001, then -3 is 0 without a sign
WORDS += [0x4743, 0x5180]  # 50001.5
WORDS += [0xFFFF, 0, 0xFFFF]
WORDS += [1, 0x86A9, 0xFFFF, 0xFFF5, 1, 0x86AB]


def test_each_register_alone_and_in_blocks():
    map_ = registers()
    target = bytearray(64)
    assert map_.read(0x1000, 18, target, 0) == 0
    whole = unpack_from(">18H", target)
    assert unpack_from(">f", target, 14)[0] == 50001.5
    assert list(whole) == WORDS
    for first in range(18):
        for count in range(1, 19 - first):
            target = bytearray(b"\xaa" * 64)
            assert map_.read(0x1000 + first, count, target, 3) == 0
            assert unpack_from(">" + str(count) + "H", target, 3) == whole[first : first + count]
            assert set(target[:3]) == set(target[3 + 2 * count :]) == {0xAA}


def test_signed_words():
    target = bytearray(4)
    assert registers().read(0x2000, 2, target, 0) == 0
    assert unpack_from(">2h", target) == (-1, 32767)


def test_what_is_beyond_and_what_is_written():
    map_ = registers()
    target = bytearray(64)
    for first, count in ((0x0FFE, 2), (0x0FFF, 2), (0x1011, 2), (0x1012, 1), (0x1FFF, 2), (0x2001, 2)):
        assert map_.read(first, count, target, 0) == 2
    for first, count in ((0x1000, 2), (0x1009, 1), (0x2000, 1)):
        assert map_.write(first, count, bytes(4), 0) == 2
