"""Limits of many readings at once: whether the rounded value of each is beyond its limit, in integers only.

Floats are compared by their bits, which are in the order of the values once those of negative ones are turned
round (IEEE 754). So a limit is two whole numbers, the lowest and the highest bits that meet it, found when it
is set; a NaN meets none. A limit of integers is the lowest and the highest of them.
"""

import sys
from struct import pack, unpack

from fourquad.points import values as v

ROW = 3  # words of a limit: whether it is of floats, lowest, highest
NEVER = (0, 1, 0)
_TOP = 0x7FFFFFFF
_INFINITY = 0x7F800000
_LOWEST = -0x3FFFFFFF  # integers from here on count
ABSENT = -0x40000000  # what is not there: it meets no limit


def rounded(x):
    """The nearest whole number, of two the one farther from 0, as registers have it."""
    return int(x + 0.5) if x >= 0 else -int(0.5 - x)


def _order(x):
    """The place of a float in the order of all."""
    bits = unpack("<i", pack("<f", x))[0]
    return bits if bits >= 0 else bits ^ _TOP


def _value(order):
    return unpack("<f", pack("<i", order if order >= 0 else order ^ _TOP))[0]


def _edge(n, factor):
    """The place of the lowest float that times `factor` is `n` or more when rounded."""
    order = _order((n - 0.5) / factor)
    while rounded(_value(order - 1) * factor) >= n:
        order -= 1
    while rounded(_value(order) * factor) < n:
        order += 1
    return order


def of_floats(comparison, n, factor):
    """The limit of floats that times `factor`, rounded, are greater than `n`, equal to it, or less."""
    if comparison == v.GREATER:
        return 1, _edge(n + 1, factor), _INFINITY
    if comparison == v.LESS:
        return 1, -_INFINITY - 1, _edge(n, factor) - 1
    return between(n, n, factor)


def between(low, high, factor):
    """The limit of floats that times `factor`, rounded, are `low` to `high`."""
    return 1, _edge(low, factor), _edge(high + 1, factor) - 1


def of_integers(comparison, n):
    """The limit of integers greater than `n`, equal to it, or less."""
    if comparison == v.GREATER:
        return 0, n + 1, -_LOWEST
    if comparison == v.LESS:
        return 0, _LOWEST, n - 1
    return 0, n, n


def _plain_sources(count):
    return [None] * count


def _plain_bind(sources, i, values, place):
    sources[i] = memoryview(values).cast("B").cast("i")[place : place + 1]


def _plain_beyond(asked, sources, limits):
    found = 0
    for i in range(len(sources)):
        if asked >> i & 1:
            x = sources[i][0]
            if limits[ROW * i] and x < 0:
                x ^= _TOP
            if limits[ROW * i + 1] <= x <= limits[ROW * i + 2]:
                found |= 1 << i
    return found


# sources(count): of so many readings, where they are.
# bind(sources, i, values, place): reading `i` is at this place of an array of 32-bit integers or floats,
# which the caller must keep alive.
# beyond(asked, sources, limits): of the bits in `asked`, those of readings that meet their limits, which are
# rows of ROW words in array("i").
if sys.implementation.name == "micropython":
    from fourquad.events.limits_native import beyond, bind, sources
else:
    sources, bind, beyond = _plain_sources, _plain_bind, _plain_beyond
