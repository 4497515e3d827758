"""CRC-32 in viper code: allocates nothing. For MicroPython only; CPython cannot import this file."""

from array import array

import micropython

# The CRC of each half byte, for the polynomial 0xEDB88320: 64 bytes of table instead of 1024.
_TABLE = array(
    "I",
    (
        0x00000000,
        0x1DB71064,
        0x3B6E20C8,
        0x26D930AC,
        0x76DC4190,
        0x6B6B51F4,
        0x4DB26158,
        0x5005713C,
        0xEDB88320,
        0xF00F9344,
        0xD6D6A3E8,
        0xCB61B38C,
        0x9B64C2B0,
        0x86D3D2D4,
        0xA00AE278,
        0xBDBDF21C,
    ),
)


@micropython.viper
def put(source: ptr8, count: int, target: ptr8, at: int):  # noqa: F821
    """Put the CRC-32 of the first `count` bytes of `source` into target[at : at + 4], little-endian."""
    table = ptr32(_TABLE)  # noqa: F821
    crc = -1
    i = 0
    while i < count:
        crc ^= source[i]
        # viper shifts right with the sign, hence the mask
        crc = ((crc >> 4) & 0x0FFFFFFF) ^ int(table[crc & 15])
        crc = ((crc >> 4) & 0x0FFFFFFF) ^ int(table[crc & 15])
        i += 1
    crc ^= -1
    target[at] = crc
    target[at + 1] = crc >> 8
    target[at + 2] = crc >> 16
    target[at + 3] = crc >> 24
