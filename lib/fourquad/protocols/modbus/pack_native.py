"""`pack.py` in viper code: allocates nothing. For MicroPython only; CPython cannot import this file."""

# ruff: noqa: F821
from array import array

import micropython
from micropython import const

# of codes.py
_SPAN = const(6)
_LAST = const(1)


def source_table(count):
    """A table of the addresses of `count` arrays."""
    return array("I", [0] * count)


@micropython.viper
def bind(table: ptr32, source: int, values: ptr32):
    """Let `source` stand for the array `values`, which the caller must keep alive."""
    table[source] = int(values)


@micropython.viper
def span_at(spans: ptr16, length: int, first: int, last: int) -> int:
    """Where the row of the span is that has the addresses from `first` to `last`; -1 if none has."""
    at = 0
    while at < length:
        if int(spans[at]) <= first and last <= int(spans[at + _LAST]):
            return at
        at += _SPAN
    return -1


@micropython.viper
def gather(target: ptr8, at: int, runs: ptr16, run: int, first: int, count: int, table: ptr32):
    """Registers from place `first` on of the span whose runs begin at runs[run:], big-endian, to
    target[at:].
    """
    # viper keeps the first three names in registers: where words go, how many are left of a run, where they
    # are
    target = ptr8(int(target) + at)
    own = ptr16(int(runs) + 2 * run)
    end = first + count
    begin = 0
    while first < end:
        last = int(own[0])
        if last > first:
            how = int(own[2])
            n = first - begin
            begin = last
            if last > end:
                last = end
            at = last - first
            first = last
            last = int(own[1])
            runs = ptr16(int(table[last >> 11]) + 2 * (last & 2047))
            if how == 2:
                runs = ptr16(int(runs) + 2 * (n & -2))
                if n & 1:
                    target[0] = int(runs[0]) >> 8
                    target[1] = int(runs[0])
                    target = ptr8(int(target) + 2)
                    runs = ptr16(int(runs) + 4)
                    at -= 1
                while at > 1:
                    n = int(runs[1])
                    target[0] = n >> 8
                    target[1] = n
                    n = int(runs[0])
                    target[2] = n >> 8
                    target[3] = n
                    target = ptr8(int(target) + 4)
                    runs = ptr16(int(runs) + 4)
                    at -= 2
                if at:
                    target[0] = int(runs[1]) >> 8
                    target[1] = int(runs[1])
                    target = ptr8(int(target) + 2)
            else:
                how *= 4
                runs = ptr16(int(runs) + n * how)
                while at:
                    n = int(runs[0])
                    target[0] = n >> 8
                    target[1] = n
                    target = ptr8(int(target) + 2)
                    runs = ptr16(int(runs) + how)
                    at -= 1
        else:
            begin = last
        own = ptr16(int(own) + 6)
