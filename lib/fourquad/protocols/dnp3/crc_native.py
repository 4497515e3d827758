"""`crc.py` in viper code: allocates nothing. For MicroPython only; CPython cannot import this file."""

# ruff: noqa: F821
from array import array

import micropython

# The CRC of each half octet: 32 octets of table instead of 512.
_TABLE = array(
    "H",
    (
        0x0000,
        0xB26B,
        0x29AF,
        0x9BC4,
        0x535E,
        0xE135,
        0x7AF1,
        0xC89A,
        0xA6BC,
        0x14D7,
        0x8F13,
        0x3D78,
        0xF5E2,
        0x4789,
        0xDC4D,
        0x6E26,
    ),
)


@micropython.viper
def checksum(buffer: ptr8, length: int, start: int) -> int:
    """The CRC of `length` octets of `buffer` from `start` on."""
    table = ptr16(_TABLE)
    crc = 0
    end = start + length
    while start < end:
        crc ^= int(buffer[start])
        crc = (crc >> 4) ^ int(table[crc & 15])
        crc = (crc >> 4) ^ int(table[crc & 15])
        start += 1
    return crc ^ 0xFFFF


@micropython.viper
def put_blocks(target: ptr8, at: int, first: int, source: ptr8, start: int, length: int) -> int:
    """The octet `first` and `length` octets of `source` as blocks to target[at:]; the place after them."""
    table = ptr16(_TABLE)
    room = 16
    crc = 0
    octet = first
    end = start + length
    while True:
        target[at] = octet
        at += 1
        crc ^= octet
        crc = (crc >> 4) ^ int(table[crc & 15])
        crc = (crc >> 4) ^ int(table[crc & 15])
        room -= 1
        if room == 0 or start == end:
            target[at] = (crc ^ 0xFFFF) & 0xFF
            target[at + 1] = (crc ^ 0xFFFF) >> 8
            at += 2
            if start == end:
                return at
            crc = 0
            room = 16
        octet = int(source[start])
        start += 1


@micropython.viper
def take_blocks(target: ptr8, source: ptr8, at: int, length: int) -> int:
    """`length` data octets out of the blocks at source[at:]; 1 if all CRCs fit."""
    table = ptr16(_TABLE)
    done = 0
    while done < length:
        n = length - done
        if n > 16:
            n = 16
        crc = 0
        i = 0
        while i < n:
            octet = int(source[at])
            target[done] = octet
            crc ^= octet
            crc = (crc >> 4) ^ int(table[crc & 15])
            crc = (crc >> 4) ^ int(table[crc & 15])
            at += 1
            done += 1
            i += 1
        crc ^= 0xFFFF
        if int(source[at]) != crc & 0xFF or int(source[at + 1]) != crc >> 8:
            return 0
        at += 2
    return 1
