"""Gather registers out of the providers' arrays, without a Python call or an object for each.

A *code* names one 16-bit word: `source << 11 | word`. Source is a place in a table of arrays of 32-bit values
('f' or 'i'); word 2n is the low half of value n, word 2n + 1 the high half (the machine is little-endian).
"""

import sys

SOURCE_SHIFT = 11
WORD_MASK = 2047
MAX_SOURCES = 32  # a code is a word of 16 bits


def _plain_table(count):
    return [None] * count


def _plain_bind(table, source, values):
    table[source] = memoryview(values).cast("B").cast("H")


def _plain_gather(target, at, codes, first, count, table):
    for i in range(first, first + count):
        code = codes[i]
        word = table[code >> SOURCE_SHIFT][code & WORD_MASK]
        target[at] = word >> 8
        target[at + 1] = word & 0xFF
        at += 2


# source_table(count): a table of sources.
# bind(table, source, values): let `source` stand for the array `values`, which the caller must keep alive.
# gather(target, at, codes, first, count, table): codes[first : first + count] as big-endian words to target.
if sys.implementation.name == "micropython":
    from fourquad.protocols.modbus.pack_native import bind, gather, source_table
else:
    source_table, bind, gather = _plain_table, _plain_bind, _plain_gather
