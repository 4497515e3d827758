"""CRC-16/DNP (IEEE 1815, 9.2.4.1): polynomial 3D65H, reflected A6BCH, start 0, inverted; low byte first on
the wire.

`put_blocks` and `take_blocks` do the data blocks of a frame: 16 octets at most, each block with its CRC.
"""

import sys

from fourquad.protocols.crc_table import plain

BLOCK = 16  # data octets a CRC covers


def _plain():
    checksum = plain(0xA6BC, 0, 0xFFFF)

    def put_blocks(target, at, first, source, start, length):
        room = BLOCK - 1
        begin = at
        target[at] = first
        at += 1
        while True:
            n = room if length > room else length
            target[at : at + n] = source[start : start + n]
            at += n
            start += n
            length -= n
            crc = checksum(target, at - begin, begin)
            target[at] = crc & 0xFF
            target[at + 1] = crc >> 8
            at += 2
            if not length:
                return at
            begin = at
            room = BLOCK

    def take_blocks(target, source, at, length):
        done = 0
        while done < length:
            n = BLOCK if length - done > BLOCK else length - done
            if checksum(source, n, at) != source[at + n] | source[at + n + 1] << 8:
                return 0
            target[done : done + n] = source[at : at + n]
            done += n
            at += n + 2
        return 1

    return checksum, put_blocks, take_blocks


def _choose():
    if sys.implementation.name == "micropython":
        try:
            from fourquad.protocols.dnp3 import crc_native as native
        except ImportError:
            return _plain()
        return native.checksum, native.put_blocks, native.take_blocks
    return _plain()


# checksum(buffer, length, start): the CRC of `length` octets of `buffer` from `start` on.
# put_blocks(target, at, first, source, start, length): the octet `first` and `length` octets of `source`
# from `start` on as blocks with CRCs to target[at:]; the place after them.
# take_blocks(target, source, at, length): `length` data octets out of the blocks at source[at:]; 1 if all
# CRCs fit.
checksum, put_blocks, take_blocks = _choose()
