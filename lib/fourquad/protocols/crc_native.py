"""CRC-16/MODBUS in viper code: allocates nothing. For MicroPython only; CPython cannot import this file."""

# ruff: noqa: F821
from array import array

import micropython

# The CRC of each half byte: 32 bytes of table instead of 512.
_TABLE = array(
    "H",
    (
        0x0000,
        0xCC01,
        0xD801,
        0x1400,
        0xF001,
        0x3C00,
        0x2800,
        0xE401,
        0xA001,
        0x6C00,
        0x7800,
        0xB401,
        0x5000,
        0x9C01,
        0x8801,
        0x4400,
    ),
)


@micropython.viper
def checksum(buffer: ptr8, length: int, start: int) -> int:
    """The CRC of `length` bytes of `buffer` from `start` on."""
    table = ptr16(_TABLE)
    crc = 0xFFFF
    end = start + length
    while start < end:
        crc ^= int(buffer[start])
        crc = (crc >> 4) ^ int(table[crc & 15])
        crc = (crc >> 4) ^ int(table[crc & 15])
        start += 1
    return crc
