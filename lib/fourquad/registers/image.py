"""Arrays into the bytes that survive a power cut, and back: little-endian, as the machines are that run
this.
"""

import sys
from binascii import crc32
from struct import pack_into, unpack_from

SIZES = {"B": 1, "H": 2, "i": 4, "I": 4, "q": 8, "f": 4}
_formats = {}


if sys.implementation.name == "micropython":

    def put(buffer, at, values, count):
        """Copy the `count` bytes of an array to buffer[at:]; the place after them. It allocates nothing but
        the first time.
        """
        form = _formats.get(count)
        if form is None:
            form = _formats[count] = str(count) + "s"
        pack_into(form, buffer, at, values)
        return at + count

else:

    def put(buffer, at, values, count):
        """Copy the `count` bytes of an array to buffer[at:]; the place after them."""
        memoryview(buffer)[at : at + count] = memoryview(values).cast("B")
        return at + count


def mark(*layout):
    """A number of 32 bits that stands before bytes and says what they are: the CRC-32 of names, numbers and
    tuples of them, the same on every machine.
    """
    return crc32(repr(layout).encode())


def take(buffer, at, values, code):
    """Fill an array of type `code` from buffer[at:]; the place after them."""
    step = SIZES[code]
    form = "<" + code
    for i in range(len(values)):
        values[i] = unpack_from(form, buffer, at)[0]
        at += step
    return at
