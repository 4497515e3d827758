"""codes.straighten on a ring of halfwords, in place. Never imported by CPython."""
# ruff: noqa: F821 (ptr16 and ptr32 are names of the viper compiler)

import micropython


# `count` samples from sample `first` on; `at`, `x` and `table` are the locals that viper keeps in registers.
@micropython.viper
def straighten(at: int, x: int, table: ptr32, buffer: ptr16, first: int, count: int, shift: int):
    at = int(buffer) + 2 * first
    end = at + 2 * count
    piece = 10 + shift
    zero = 512 << shift
    while at < end:
        x = int(ptr16(at)[0])
        i = ((x + zero) >> piece) << 1
        x = (((x * table[i]) >> 5) + table[i + 1]) >> piece
        if x < 0:
            x = 0
        elif x > 4095:
            x = 4095
        ptr16(at)[0] = x
        at += 2
