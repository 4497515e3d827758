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
    end = first + count
    while first < end:
        code = int(codes[first])
        source = ptr16(table[code >> 11])
        word = int(source[code & 2047])
        target[at] = word >> 8
        target[at + 1] = word
        at += 2
        first += 1
