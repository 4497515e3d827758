"""CRC-16/MODBUS (Modbus over serial line V1.02, 6.2.2): polynomial A001H reflected, start value FFFFH.

On the wire the low byte comes first, so the CRC over a frame with its CRC is 0.
"""

import sys
from array import array


def _table():
    table = array("H", bytes(512))
    for i in range(256):
        crc = i
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
        table[i] = crc
    return table


def _plain():
    table = _table()

    def checksum(buffer, length, start):
        crc = 0xFFFF
        for i in range(start, start + length):
            crc = crc >> 8 ^ table[(crc ^ buffer[i]) & 0xFF]
        return crc

    return checksum


def _choose():
    if sys.implementation.name == "micropython":
        try:
            from fourquad.protocols.crc_native import checksum
        except ImportError:
            return _plain()
        return checksum
    return _plain()


# checksum(buffer, length, start): as crc16 below, but all three must be given; one call less.
checksum = _choose()


def crc16(buffer, length, start=0):
    """The CRC of `length` bytes of `buffer` from `start` on."""
    return checksum(buffer, length, start)
