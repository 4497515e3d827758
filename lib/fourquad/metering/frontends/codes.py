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

_TOP = 4095

# of each piece of 1024 codes, the first beginning at -512: what is to be added to its first and last code
SHAPE = ((-23.2, -21.4), (-11.2, -9.3), (0, 0), (9.0, 10.7), (20.7, 22.0))
_ENDS = ((0, 512), (512, 1536), (1536, 2560), (2560, 3584), (3584, 4096))


def straight_table(shift):
    """Slope (15 binary places) and start (10, for a sum of 2**shift conversions) of each piece, in turn."""
    out = array("i", [0] * (2 * len(SHAPE)))
    for piece in range(len(SHAPE)):
        start, end = SHAPE[piece]
        first, stop = _ENDS[piece]
        slope = (end - start) / (stop - first)
        out[2 * piece] = int((1 + slope) * 32768 + 0.5)
        out[2 * piece + 1] = int((start - slope * first) * 1024 + 512) << shift
    return out


def straighten(total, table, shift):
    """The code for a sum of 2**shift conversions: what codes_native.py does to a whole buffer."""
    piece = (total + (512 << shift)) >> (10 + shift)
    code = (((total * table[2 * piece]) >> 5) + table[2 * piece + 1]) >> (10 + shift)
    return min(max(code, 0), _TOP)
