"""Runs hold the codes that they were made of, and what is gathered from them is what the codes name."""

from array import array
from struct import pack

from fourquad.protocols.modbus.codes import SPAN
from fourquad.protocols.modbus.pack import (
    RUN,
    SOURCE_SHIFT,
    bind,
    code_at,
    gather,
    runs_of,
    source_table,
    span_at,
)

FLOATS = array("f", [50.0, -1.5e-30, 3.4e38])
INTEGERS = array("i", [1, -2, 0x12345678, -0x80000000])


def _table():
    table = source_table(4)
    bind(table, 0, FLOATS)
    bind(table, 3, INTEGERS)
    return table


def _every_part(codes, expected):
    """Gather all parts of `codes`, and compare."""
    table, runs = _table(), runs_of(codes)
    assert [code_at(runs, 0, i) for i in range(len(codes))] == list(codes)
    target = bytearray(2 * len(codes) + 8)
    for first in range(len(codes)):
        for count in range(len(codes) - first + 1):
            for i in range(len(target)):
                target[i] = 0xEE
            gather(target, 3, runs, 0, first, count, table)
            assert target[:3] == b"\xee\xee\xee"
            assert target[3 : 3 + 2 * count] == expected[2 * first : 2 * (first + count)]
            assert target[3 + 2 * count] == 0xEE
    return runs


def test_words_are_big_endian_and_high_word_first():
    codes = array("H", [])
    expected = b""
    for source, kind, values in ((0, ">f", FLOATS), (3, ">i", INTEGERS)):
        for i, value in enumerate(values):
            codes.append(source << SOURCE_SHIFT | i << 1 | 1)
            codes.append(source << SOURCE_SHIFT | i << 1)
            expected += pack(kind, value)
    # a run for each array
    assert len(_every_part(codes, expected)) == 2 * RUN


def test_low_halves_and_zeros():
    codes = array("H", [])
    expected = b""
    for value in range(4):
        codes.append(3 << SOURCE_SHIFT | value << 1)
        expected += pack(">i", INTEGERS[value])[2:]
    for _ in range(5):
        codes.append(3 << SOURCE_SHIFT)
        expected += pack(">i", INTEGERS[0])[2:]
    codes.append(3 << SOURCE_SHIFT | 3)
    codes.append(3 << SOURCE_SHIFT | 2)
    expected += pack(">i", INTEGERS[1])
    assert len(_every_part(codes, expected)) == 3 * RUN


def test_any_order_of_words():
    """A linear congruential generator of codes, with runs of all kinds and none among them."""
    words = {0: pack("<3f", *FLOATS), 3: pack("<4i", *INTEGERS)}
    state = 1
    for _ in range(40):
        codes = array("H", [])
        expected = b""
        while len(codes) < 12:
            state = (state * 1021 + 17) & 0x3FFF
            source = 3 if state & 64 else 0
            last = len(words[source]) // 2
            word = (state >> 7) % last
            step = (0, 2, -1, 3)[state & 3]
            for _ in range(1 + (state >> 2) % 5):
                if not 0 <= word < last:
                    break
                codes.append(source << SOURCE_SHIFT | word)
                expected += bytes(reversed(words[source][2 * word : 2 * word + 2]))
                word += step
        _every_part(codes, expected)


def test_a_run_is_of_one_source():
    # the last word of a source, and what would come after it
    codes = array("H", [(2 << SOURCE_SHIFT) - 2, 2 << SOURCE_SHIFT])
    assert len(runs_of(codes)) == 2 * RUN


def test_the_last_value_of_a_long_array():
    values = array("i", range(1024))
    table = source_table(32)
    bind(table, 31, values)
    target = bytearray(2)
    gather(target, 0, runs_of(array("H", [0xFFFF & (31 << SOURCE_SHIFT | 2046)])), 0, 0, 1, table)
    assert target == b"\x03\xff"


def test_a_span_has_all_addresses_that_are_asked_for():
    rows = ((0x4000, 0x40FF), (0xFFF0, 0xFFFF), (0, 0), (0x8000, 0x8001))
    spans = array("H", [])
    for first, last in rows:
        spans.extend(array("H", [first, last, 0xFFFF, 0, 0, 1]))
    for first in (0, 1, 0x3FFF, 0x4000, 0x4080, 0x40FF, 0x4100, 0x8000, 0x8001, 0xFFEF, 0xFFF0, 0xFFFF):
        for count in (1, 2, 127, 256, 257):
            last = first + count - 1
            found = [i for i, (low, high) in enumerate(rows) if low <= first and last <= high]
            assert span_at(spans, len(spans), first, last) == (found[0] * SPAN if found else -1)
    assert span_at(spans, 0, 0, 0) == -1
