"""What is done to each octet of an MS/TP line: CRCs (annex G of ASHRAE 135), and headers out of a stream."""

import sys


def _plain():
    # only imported where it is needed
    from fourquad.protocols.crc_table import plain

    def header_crc(buffer, at):
        crc = 0xFF
        for i in range(at, at + 5):
            crc ^= buffer[i]
            # all eight steps at once
            crc ^= crc << 1 ^ crc << 2 ^ crc << 3 ^ crc << 4 ^ crc << 5 ^ crc << 6 ^ crc << 7
            crc = crc & 0xFE ^ crc >> 8 & 1
        return crc ^ 0xFF

    def collect(header, count, buffer, at, end):
        while at < end and count < 8:
            octet = buffer[at]
            at += 1
            if count == 0:
                count = 1 if octet == 0x55 else 0
            elif count == 1:
                # a repeated first octet may be the first of the frame
                count = 2 if octet == 0xFF else 1 if octet == 0x55 else 0
            else:
                header[count] = octet
                count += 1
        return at << 4 | count

    return header_crc, plain(0x8408, 0xFFFF, 0xFFFF), collect


def _choose():
    if sys.implementation.name == "micropython":
        try:
            from fourquad.protocols.bacnet.mstp import octets_native as native
        except ImportError:
            pass
        else:
            return native.header_crc, native.data_crc, native.collect
    return _plain()


# header_crc(buffer, at): the CRC-8 (polynomial x^8 + x^7 + 1, start FFH, inverted; G.1) of the five octets of
# a header at buffer[at:].
# data_crc(buffer, length, start): the CRC-16 (x^16 + x^12 + x^5 + 1, start FFFFH, inverted; G.2) of data; its
# low octet goes first.
# collect(header, count, buffer, at, end): take octets buffer[at:end] of a preamble and a header, of which
# `count` are in header[:count] already, up to the eighth: place after them << 4 | count. What is no preamble
# is passed over.
header_crc, data_crc, collect = _choose()
