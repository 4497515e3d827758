"""`pack.py` in viper code: allocates nothing. For MicroPython only; CPython cannot import this file."""

# ruff: noqa: F821
from array import array

import micropython


def source_table(count):
    """A table of the addresses of `count` arrays."""
    return array("I", [0] * count)


@micropython.viper
def bind(table: ptr32, source: int, values: ptr32):
    """Let `source` stand for the array `values`, which the caller must keep alive."""
    table[source] = int(values)


@micropython.viper
def gather(target: ptr8, at: int, codes: ptr16, first: int, count: int, table: ptr32):
    """Words that codes[first : first + count] name, big-endian, to target[at:]."""
    # viper keeps the first three names in registers: where the words go, the end of the codes, the codes left
    target = ptr8(int(target) + at)
    at = int(codes) + 2 * (first + count)
    codes = ptr16(int(codes) + 2 * first)
    while int(codes) < at:
        code = int(codes[0])
        word = int(ptr16(table[code >> 11])[code & 2047])
        target[0] = word >> 8
        target[1] = word
        target = ptr8(int(target) + 2)
        codes = ptr16(int(codes) + 2)
