"""Conversions of the RP2040's converter made into straight codes of 12 bits.

Erratum RP2040-E11: the codes 512, 1536, 2560 and 3584 are some nine times as wide as they should be, and
those between them a little too narrow. A sine of 5 A through an input for 11.6 A then reads 1.1 % less than
one of 0.25 A would have it: more than class 0.5S has in all. All chips are alike in this, because their
capacitors are (measurements of five chips: kitanokitsune/rp2040adc_correction on GitHub); SHAPE is their
mean, less a slope of 4 codes in 1024, which is as good as gain: without it nothing changes where small
signals are.

A sample may be the sum of 2**shift conversions (shift 0 to 3), which has as much less noise.
"""

from array import array

_WIDTH = 4  # codes that share an entry of the table
ZERO = 512
_TOP = 4095

# first code of a piece; what is to be added to it and to the piece's last code, in codes
SHAPE = ((0, -23.2, -21.4), (512, -11.2, -9.3), (1536, 0, 0), (2560, 9.0, 10.7), (3584, 20.7, 22.0))


def straight_table(shift):
    """Halfwords: for every 4 codes what a sum of 2**shift conversions needs to be straight, and ZERO."""
    conversions = 1 << shift
    half = conversions >> 1
    out = array("H", [0] * ((_TOP + 1) // _WIDTH))
    for piece in range(len(SHAPE)):
        first, start, end = SHAPE[piece]
        stop = SHAPE[piece + 1][0] if piece + 1 < len(SHAPE) else _TOP + 1
        for code in range(first, stop, _WIDTH):
            error = start + (end - start) * (code - first) / (stop - first)
            add = int(ZERO + conversions * error + 0.5)
            # the result is within 0 to 4095 at both ends
            low = ZERO - conversions * code
            high = ZERO + conversions * (_TOP - code - _WIDTH + 1) - half
            out[code // _WIDTH] = min(max(add, low), high)
    return out


def straighten(total, table, shift):
    """The code for a sum of 2**shift conversions: what codes_native.py does to a whole buffer."""
    return (total + table[total >> (shift + 2)] - ZERO + (1 << shift >> 1)) >> shift
