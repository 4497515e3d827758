"""Runs of points straight out of the meter's arrays, without a Python call or an object for each."""

import sys
from struct import pack_into

INTEGERS = 0
FLOATS = 1
SHORTS = 2  # integers in 16 bits, those beyond them as the nearest; without flags


def _plain(target, at, values, first, count, flagged, kind):
    for i in range(first, first + count):
        value = values[i]
        online = 1
        if kind == SHORTS:
            pack_into("<h", target, at, min(max(value, -0x8000), 0x7FFF))
            at += 2
            continue
        real = kind == FLOATS
        if real and not -3.4028235e38 <= value <= 3.4028235e38:
            value = online = 0
        if flagged:
            target[at] = online
            at += 1
        if real:
            pack_into("<f", target, at, value)
        else:
            # counters are of 32 bits without sign, NET ones have one
            pack_into("<i" if value < 0 else "<I", target, at, value)
        at += 4


def _plain_clear(target, at, end):
    for i in range(at, end):
        target[i] = 0


# gather(target, at, values, first, count, flagged, kind): values[first : first + count], an array of 32-bit
# integers or floats, little-endian to target[at:], each after a flag octet if `flagged`. An infinite float
# and one that is no number become 0, not online.
# clear(target, at, end): zeros to target[at:end].
gather, clear = _plain, _plain_clear
if sys.implementation.name == "micropython":
    try:
        from fourquad.protocols.dnp3.gather_native import clear, gather
    except ImportError:
        gather, clear = _plain, _plain_clear
