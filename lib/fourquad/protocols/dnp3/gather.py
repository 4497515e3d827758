"""Runs of points straight out of the meter's arrays, without a Python call or an object for each."""

import sys
from struct import pack_into


def _plain(target, at, values, first, count, flagged, real):
    for i in range(first, first + count):
        value = values[i]
        online = 1
        if real and not -3.4028235e38 <= value <= 3.4028235e38:
            value = online = 0
        if flagged:
            target[at] = online
            at += 1
        pack_into("<f" if real else "<i", target, at, value)
        at += 4


# gather(target, at, values, first, count, flagged, real): values[first : first + count], an array of 32-bit
# integers or (`real`) floats, little-endian to target[at:], each behind a flag octet if `flagged`. An
# infinite float and one that is no number become 0, not online.
if sys.implementation.name == "micropython":
    try:
        from fourquad.protocols.dnp3.gather_native import gather
    except ImportError:
        gather = _plain
else:
    gather = _plain
