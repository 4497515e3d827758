"""Gather registers out of the providers' arrays, without a Python call or an object for each.

A *code* names one 16-bit word: `source << 11 | word`. Source is a place in a table of arrays of 32-bit values
('f' or 'i'); word 2n is the low half of value n, word 2n + 1 the high half (the machine is little-endian).

The codes of registers that follow each other are kept as *runs*, rows of RUN words: the place after the run's
last register, a code, and how it goes on from there: SAME for all; LOW halves of values that follow each
other; PAIRS of halves, the high one first. A run is of one source. A KW320 has 1,600 codes, and 70 runs.

Registers without a gap between them are a *span*, a row of codes.SPAN words. The runs of all spans are in one
array, and so is what must be asked for.
"""

import sys
from array import array

from fourquad.protocols.modbus import codes as m

SOURCE_SHIFT = 11
WORD_MASK = 2047
MAX_SOURCES = 32  # a code is a word of 16 bits
RUN = 3
SAME = 0
LOW = 1
PAIRS = 2


def runs_of(codes):
    """`codes` as runs."""
    runs = array("H")
    first, last = 0, len(codes)
    while first < last:
        code = codes[first]
        end = first + 1
        pairs = code & 1
        if pairs:
            code -= 1
            how, step = PAIRS, 1
        elif end < last and codes[end] == code:
            how, step = SAME, 0
        else:
            how, step = LOW, 2
        beyond = (code >> SOURCE_SHIFT) + 1 << SOURCE_SHIFT
        while end < last and codes[end] < beyond and codes[end] == code + step * (end - first ^ pairs):
            end += 1
        runs.extend(array("H", (end, code, how)))
        first = end
    return runs


def _code(code, how, n):
    """The n-th code of a run."""
    if how == PAIRS:
        return code + (n ^ 1)
    return code + 2 * n if how == LOW else code


def code_at(runs, at, place):
    """The code of one register; the runs of its span begin at runs[at:]."""
    first = 0
    while runs[at] <= place:
        first = runs[at]
        at += RUN
    return _code(runs[at + 1], runs[at + 2], place - first)


def _plain_table(count):
    return [None] * count


def _plain_bind(table, source, values):
    table[source] = memoryview(values).cast("B").cast("H")


def _plain_span(spans, length, first, last):
    for at in range(0, length, m.SPAN):
        if spans[at] <= first and last <= spans[at + m.SPAN_LAST]:
            return at
    return -1


def _plain_gather(target, at, runs, run, first, count, table):
    end = first + count
    begin = 0
    while first < end:
        last, code, how = runs[run], runs[run + 1], runs[run + 2]
        words = table[code >> SOURCE_SHIFT]
        while first < last and first < end:
            word = words[_code(code, how, first - begin) & WORD_MASK]
            target[at] = word >> 8
            target[at + 1] = word & 0xFF
            at += 2
            first += 1
        begin = last
        run += RUN


# source_table(count): a table of sources.
# bind(table, source, values): let `source` stand for the array `values`, which the caller must keep alive.
# span_at(spans, len(spans), first, last): where the row of the span is that has these addresses; -1 if none.
# gather(target, at, runs, run, first, count, table): registers from place `first` on of the span whose runs
# begin at runs[run:], big-endian, to target[at:].
if sys.implementation.name == "micropython":
    from fourquad.protocols.modbus.pack_native import bind, gather, source_table, span_at
else:
    source_table, bind, span_at, gather = _plain_table, _plain_bind, _plain_span, _plain_gather
