"""CRCs of 16 bits, reflected, by a table with an entry an octet: what crc.py and dnp3/crc.py share."""

from array import array


def table(polynomial):
    """The CRC of each octet; `polynomial` is reflected, its highest power left out."""
    entries = array("H", bytes(512))
    for i in range(256):
        crc = i
        for _ in range(8):
            crc = crc >> 1 ^ polynomial if crc & 1 else crc >> 1
        entries[i] = crc
    return entries


def plain(polynomial, first, last):
    """checksum(buffer, length, start): the CRC of `length` octets from `start` on; it begins with `first`,
    and `last` is exclusive-ored at the end.
    """
    entries = table(polynomial)

    def checksum(buffer, length, start):
        crc = first
        for i in range(start, start + length):
            crc = crc >> 8 ^ entries[(crc ^ buffer[i]) & 0xFF]
        return crc ^ last

    return checksum
