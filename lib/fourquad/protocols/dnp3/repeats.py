"""Whether a request is the one before once more."""

from array import array

from fourquad import ticks
from fourquad.protocols.crc import checksum as other_checksum
from fourquad.protocols.dnp3.crc import checksum

REPEAT_MS = 60000  # within which the same request is a repetition
_SEQUENCE, _SOURCE, _LENGTH, _CHECK, _AT = range(5)


def nothing():
    """What is known where there was no request."""
    return array("i", [-1, 0, 0, 0, 0])


def again(last, buffer, length, source, sequence, now):
    """Whether a request is the one that `last` is about, which it is from now on."""
    check = checksum(buffer, length, 0) << 14 ^ other_checksum(buffer, length, 0)
    same = (
        sequence == last[_SEQUENCE]
        and source == last[_SOURCE]
        and length == last[_LENGTH]
        and check == last[_CHECK]
        and ticks.diff(now, last[_AT]) < REPEAT_MS
    )
    last[_SEQUENCE] = sequence
    last[_SOURCE] = source
    last[_LENGTH] = length
    last[_CHECK] = check
    last[_AT] = now
    return same
