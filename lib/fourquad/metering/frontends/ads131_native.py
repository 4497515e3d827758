"""Frames of an ADS131M08 in the ring, in native code: checked, made codes of a kernel, repaired. Never
imported by CPython.

A frame in the ring is what ads131.WORDS says. Status and eighth channel are not in it, but in its CRC: their
values are known, so that a frame with another status is as wrong as one with a bit turned.
"""
# ruff: noqa: F821 (ptr16 and ptr32 are names of the viper compiler)

import micropython
from micropython import const

ROOM = const(8)  # numbers of bad frames that are told


# Turns two's complement into codes around 32768; gives how many of `count` frames from an address on have
# another CRC than their own. found[0] is the CRC of the status, numbers of the first of them go after it.
@micropython.viper
def check(at: int, tables: ptr16, count: int, found: ptr32) -> int:
    n = 0
    i = 0
    while i < count:
        value = found[0]
        end = at + 14
        while at < end:
            x = int(ptr16(at)[0])
            value ^= x
            ptr16(at)[0] = x ^ 0x8000
            value = int(tables[value >> 8]) ^ int(tables[256 + (value & 255)])
            at += 2
        # the channel that reads 0
        value = int(tables[value >> 8]) ^ int(tables[256 + (value & 255)])
        if value != int(ptr16(at)[0]):
            if n < ROOM:
                found[1 + n] = i
            n += 1
        at += 2
        i += 1
    return n


# Puts in place of frame `number` of a ring of `frames` what the two before it lead to in a straight line; of
# `several` converters the frames stand in a row.
@micropython.viper
def repair(buffer: ptr16, number: int, frames: int, several: int):
    one = number - several
    if one < 0:
        one += frames
    two = one - several
    if two < 0:
        two += frames
    at = number << 3
    one <<= 3
    two <<= 3
    c = 0
    while c < 7:
        x = 2 * int(buffer[one + c]) - int(buffer[two + c])
        if x < 0:
            x = 0
        elif x > 65535:
            x = 65535
        buffer[at + c] = x
        c += 1
