"""CRC-16/MODBUS in viper code: allocates nothing. For MicroPython only; CPython cannot import this file."""

# ruff: noqa: F821
from array import array

import micropython


def _table():
    table = array("H", bytes(512))
    for i in range(256):
        crc = i
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
        table[i] = crc
    return table


_TABLE = _table()


@micropython.viper
def checksum(buffer: ptr8, length: int, start: int) -> int:
    """The CRC of `length` bytes of `buffer` from `start` on."""
    # viper keeps the first three names in registers: bytes left to do, the end, the CRC
    table = ptr16(_TABLE)
    buffer = ptr8(int(buffer) + start)
    length += int(buffer)
    start = 0xFFFF
    while int(buffer) < length:
        start = (start >> 8) ^ int(table[(start ^ int(buffer[0])) & 255])
        buffer = ptr8(int(buffer) + 1)
    return start
