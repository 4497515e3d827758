"""`limits.py` in viper code: allocates nothing. For MicroPython only; CPython cannot import this file."""

# ruff: noqa: F821
from array import array

import micropython


def sources(count):
    """The addresses of `count` readings."""
    return array("I", [0] * count)


@micropython.viper
def bind(table: ptr32, i: int, values: ptr32, place: int):
    """Let reading `i` be at this place of the array `values`, which the caller must keep alive."""
    table[i] = int(values) + 4 * place


@micropython.viper
def beyond(asked: int, table: ptr32, limits: ptr32) -> int:
    """Of the bits in `asked`, those of readings that meet their limits."""
    found = 0
    bit = 1
    top = (bit << 31) - 1  # of a variable, or it would be an object
    while asked:
        if asked & bit:
            asked ^= bit
            x = int(ptr32(table[0])[0])
            if limits[0] and x < 0:
                x ^= top
            if int(limits[1]) <= x and x <= int(limits[2]):
                found |= bit
        bit <<= 1
        table = ptr32(int(table) + 4)
        limits = ptr32(int(limits) + 12)
    return found
