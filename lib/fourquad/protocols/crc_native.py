"""CRC-16/MODBUS in viper code: allocates nothing. For MicroPython only; CPython cannot import this file."""

# ruff: noqa: F821
import micropython

from fourquad.protocols.crc_table import table

_TABLE = table(0xA001)


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
