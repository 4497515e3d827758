"""codes.straighten on a ring of halfwords, in place. Never imported by CPython."""
# ruff: noqa: F821 (ptr16 is a name of the viper compiler)

import micropython


# `count` samples (an even number) from sample `first` on. Two steps a turn, because comparisons are dear;
# `at`, `x` and `table` are the locals that viper keeps in registers.
@micropython.viper
def straighten(at: int, x: int, table: ptr16, buffer: ptr16, first: int, count: int, shift: int):
    at = int(buffer) + 2 * first
    end = at + 2 * count
    entry = shift + 2
    half = ((1 << shift) >> 1) - 512
    while at < end:
        x = int(ptr16(at)[0])
        ptr16(at)[0] = (x + table[x >> entry] + half) >> shift
        x = int(ptr16(at)[1])
        ptr16(at)[1] = (x + table[x >> entry] + half) >> shift
        at += 4
