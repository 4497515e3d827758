"""CRC-16/MODBUS (Modbus over serial line V1.02, 6.2.2): polynomial A001H reflected, start value FFFFH.

On the wire the low byte comes first, so the CRC over a frame with its CRC is 0.
"""

import sys


def _choose():
    if sys.implementation.name == "micropython":
        try:
            from fourquad.protocols.crc_native import checksum
        except ImportError:
            pass
        else:
            return checksum
    # only imported where it is needed
    from fourquad.protocols.crc_table import plain

    return plain(0xA001, 0xFFFF, 0)


# checksum(buffer, length, start): as crc16 below, but all three must be given; one call less.
checksum = _choose()


def crc16(buffer, length, start=0):
    """The CRC of `length` bytes of `buffer` from `start` on."""
    return checksum(buffer, length, start)
