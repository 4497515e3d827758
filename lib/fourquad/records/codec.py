"""Integers of given widths to bytes and back, little-endian: no floats, and no allocation of its own when
packing.

MicroPython's `struct` cuts a number that does not fit without a word; here it is a ValueError everywhere.
"""

from struct import calcsize, pack_into, unpack_from

_CODES = {1: "<B", 2: "<H", 4: "<I", 8: "<Q", -1: "<b", -2: "<h", -4: "<i", -8: "<q"}
_LOW = {1: 0, 2: 0, 4: 0, 8: 0, -1: -(1 << 7), -2: -(1 << 15), -4: -(1 << 31), -8: -(1 << 63)}
_HIGH = {w: (1 << 8 * w) - 1 if w > 0 else (1 << -8 * w - 1) - 1 for w in _CODES}


def pack(width, buffer, offset, value):
    """Put `value` into buffer[offset:]. `width` in bytes: 1, 2, 4, 8, negative for signed. ValueError out
    of range.
    """
    if not _LOW[width] <= value <= _HIGH[width]:
        raise ValueError("number does not fit its width")
    pack_into(_CODES[width], buffer, offset, value)


def unpack(width, buffer, offset):
    """The integer of `width` (as in `pack`) at buffer[offset:]."""
    return unpack_from(_CODES[width], buffer, offset)[0]


def pack16(buffer, offset, value):
    """Put `value` (0..65535) into two bytes at `offset`."""
    pack(2, buffer, offset, value)


def pack32(buffer, offset, value):
    """Put `value` (-2**31..2**32-1, two's complement) into four bytes at `offset`."""
    pack(-4 if value < 0 else 4, buffer, offset, value)


def pack64(buffer, offset, value):
    """Put `value` (-2**63..2**64-1, two's complement) into eight bytes at `offset`."""
    pack(-8 if value < 0 else 8, buffer, offset, value)


def unpack16(buffer, offset):
    """The unsigned integer of two bytes at `offset`."""
    return unpack(2, buffer, offset)


def unpack32(buffer, offset):
    """The unsigned integer of four bytes at `offset`."""
    return unpack(4, buffer, offset)


def unpack64(buffer, offset):
    """The unsigned integer of eight bytes at `offset`."""
    return unpack(8, buffer, offset)


class Layout:
    """A record of integers: `widths` is a tuple of bytes a number, 1, 2, 4 or 8, negative for signed numbers.

    `size` is the length of the record in bytes.
    """

    def __init__(self, widths):
        self._widths = widths
        self.size = 0
        for width in widths:
            self.size += calcsize(_CODES[width])

    def pack(self, buffer, offset, values):
        """Put `values`, one for each width, into buffer[offset:]. ValueError: wrong number, or one out of
        range.
        """
        if len(values) != len(self._widths):
            raise ValueError("wrong number of values")
        for i in range(len(values)):
            width = self._widths[i]
            pack(width, buffer, offset, values[i])
            offset += width if width > 0 else -width

    def unpack(self, buffer, offset):
        """The list of values at buffer[offset:]. ValueError if the record does not fit there."""
        if offset < 0 or offset + self.size > len(buffer):
            raise ValueError("record outside of the buffer")
        values = []
        for width in self._widths:
            values.append(unpack(width, buffer, offset))
            offset += width if width > 0 else -width
        return values
