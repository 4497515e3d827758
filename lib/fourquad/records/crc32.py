"""CRC-32 (ISO-HDLC, as in zlib and Ethernet) put into a buffer, little-endian.

The checksum goes into a buffer instead of being returned, because MicroPython makes an object on the heap of
every integer beyond 30 bits, and the snapshot on the power-fail warning must not depend on the heap.
"""

import sys


def _with_binascii():
    from binascii import crc32
    from struct import pack_into

    def put(source, count, target, at):
        pack_into("<I", target, at, crc32(memoryview(source)[:count]))

    return put


def _choose():
    if sys.implementation.name == "micropython":
        try:
            from fourquad.records.crc32_native import put
        except ImportError:
            return _with_binascii()
        return put
    return _with_binascii()


put_crc32 = _choose()
# put_crc32(source, count, target, at): the CRC of the first `count` bytes of `source` to target[at : at + 4].
