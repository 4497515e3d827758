"""What the value of a point is in registers: the kinds that a row of a register map may have.

Plain kinds, which are read without a call for each point where their provider keeps an array:
"word"      16 bits, one register
"dword"     32 bits with a sign, two registers, the high word first
"float"     an IEEE 754 single, of points that are floats
Kinds that are asked for point by point:
"signed"    16 bits with a sign
"udword"    32 bits without a sign
"text"      all registers of the row: two characters of a text (fourquad.meter.texts) each, the first in the
            high byte, zeros after the last
"secret"    the same of a text that is written, and reads zeros
("choice", codes[, form])    a whole number n as codes[n]
("scaled", factor[, form])   the value times factor, rounded; written values become whole numbers
where `form` is one of the kinds above without texts, "word" if it is left out. What does not fit into the
form reads as the nearest value that does; a NaN as 0.
A kind without values:
"block"     16-bit registers that their provider reads and takes by itself, as many at a time as a master asks
            for (map.py); no other row may stand next to it
Kinds without a point:
"reserved"  reads 0; 0 may be written
"hole"      between documented registers, in a range that the manual lists: reads 0, read-only
"absent"    of an I/O module that is not connected: reads 0, forbidden to write
"""

from struct import pack, unpack

SILENT = ("reserved", "hole", "absent")  # in the order of their sources (codes.py)

TEXTS = ("text", "secret")

_ONE = ("word", "signed", "command", "block") + TEXTS + SILENT
_TWO = ("dword", "udword", "float")
_FORMS = ("word", "signed") + _TWO


def form(kind):
    """The form of a kind; ValueError if there is no such kind."""
    if isinstance(kind, tuple):
        name = kind[0]
        found = kind[2] if len(kind) > 2 else "word"
        known = len(kind[1]) == len(set(kind[1])) if name == "choice" else name == "scaled" and kind[1] != 0
        known = known and found in _FORMS
    else:
        found = kind
        known = kind in _ONE or kind in _TWO
    if not known:
        raise ValueError(kind)
    return found


def registers(kind):
    """How many registers a value takes; of text, its smallest part."""
    return 2 if form(kind) in _TWO else 1


def asked(kind):
    """Whether values of this kind must be asked for, whatever their provider keeps."""
    return isinstance(kind, tuple) or kind in ("signed", "udword") + TEXTS


def encode(kind, value):
    """A value as a whole number with the bits of its registers."""
    shape = kind
    if isinstance(kind, tuple):
        shape = form(kind)
        if kind[0] == "choice":
            value = kind[1][value]
        else:
            value *= kind[1]
    if shape == "float":
        return unpack(">i", pack(">f", value))[0]
    if isinstance(value, float):
        if value != value:
            return 0
        value = int(value + 0.5) if value >= 0 else -int(0.5 - value)
    low, high = _limits(shape)
    return low if value < low else high if value > high else value


def decode(kind, bits):
    """The value of registers with these bits (those of two with a sign); None where there is none."""
    shape = form(kind)
    if shape == "signed":
        bits -= (bits & 0x8000) << 1
    elif shape == "udword" and bits < 0:
        bits += 0x100000000
    elif shape == "float":
        bits = unpack(">f", pack(">i", bits))[0]
        if bits - bits != 0:
            return None  # no number, or without end
    if not isinstance(kind, tuple):
        return bits
    if kind[0] == "choice":
        return kind[1].index(bits) if bits in kind[1] else None
    bits /= kind[1]
    return int(bits + 0.5) if bits >= 0 else -int(0.5 - bits)


def _limits(shape):
    if shape == "word":
        return 0, 0xFFFF
    if shape == "signed":
        return -0x8000, 0x7FFF
    return (0, 0xFFFFFFFF) if shape == "udword" else (-0x80000000, 0x7FFFFFFF)


def encode_text(text, i):
    """The i-th register of a text (bytes)."""
    pair = text[2 * i : 2 * i + 2] + b"\0\0"
    return pair[0] << 8 | pair[1]


def decode_text(data, at, count):
    """The text in `count` registers at data[at:], up to its first zero."""
    text = bytes(data[at : at + 2 * count])
    end = text.find(b"\0")
    return text if end < 0 else text[:end]
