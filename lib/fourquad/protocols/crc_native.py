"""CRC-16/MODBUS in viper code: allocates nothing. For MicroPython only; CPython cannot import this file."""

# ruff: noqa: F821
import micropython

from fourquad.protocols.crc_octets import HIGH, LOW


@micropython.viper
def checksum(buffer: ptr8, length: int, start: int) -> int:
    """The CRC of `length` bytes of `buffer` from `start` on."""
    # viper keeps the first three names in registers: bytes left to do, the end, the CRC
    low = ptr8(LOW)
    high = ptr8(HIGH)
    buffer = ptr8(int(buffer) + start)
    length += int(buffer)
    start = 0xFFFF
    while int(buffer) < length:
        i = (start ^ int(buffer[0])) & 255
        start = (start >> 8) ^ (int(low[i]) | int(high[i]) << 8)
        buffer = ptr8(int(buffer) + 1)
    return start
