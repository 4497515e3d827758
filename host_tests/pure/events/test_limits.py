"""Limits of readings: floats by their bits, integers, many at once."""

from array import array
from struct import pack, unpack

from fourquad.events import limits
from fourquad.points import values as v

COMPARISONS = (v.GREATER, v.EQUAL, v.LESS)


def met(limit, values):
    """Which of some values meet one limit, one after the other."""
    code = "f" if isinstance(values[0], float) else "i"
    sources = limits.sources(1)
    out = []
    for x in values:
        one = array(code, [x])
        limits.bind(sources, 0, one, 0)
        out.append(limits.beyond(1, sources, array("i", limit)))
    return out


def test_amperes_against_milliamperes():
    # 4.500 A and what rounds to it
    values = [4.4994, 4.4996, 4.5, 4.5004, 4.5006, 4.6, 0.0, -4.6, 1e9]
    assert met(limits.of_floats(v.GREATER, 4500, 1000), values) == [0, 0, 0, 0, 1, 1, 0, 0, 1]
    assert met(limits.of_floats(v.EQUAL, 4500, 1000), values) == [0, 1, 1, 1, 0, 0, 0, 0, 0]
    assert met(limits.of_floats(v.LESS, 4500, 1000), values) == [1, 0, 0, 0, 0, 0, 1, 1, 0]


def test_powers_of_both_signs_and_around_0():
    values = [-1000.6, -1000.4, -0.6, -0.4, -0.0, 0.0, 0.4, 0.6, 1000.4, 1000.6]
    assert met(limits.of_floats(v.GREATER, -1000, 1), values) == [0, 0] + [1] * 8
    assert met(limits.of_floats(v.LESS, -1000, 1), values) == [1] + [0] * 9
    assert met(limits.of_floats(v.EQUAL, -1000, 1), values) == [0, 1] + [0] * 8
    assert met(limits.of_floats(v.EQUAL, 0, 1), values) == [0, 0, 0, 1, 1, 1, 1, 0, 0, 0]
    assert met(limits.of_floats(v.GREATER, 0, 1), values) == [0] * 7 + [1] * 3
    assert met(limits.of_floats(v.LESS, 0, 1), values) == [1, 1, 1] + [0] * 7


def test_what_is_no_number_meets_nothing_and_what_has_no_end_is_great_or_little():
    nan, inf = float("nan"), float("inf")
    for comparison, found in ((v.GREATER, [0, 0, 1, 0]), (v.EQUAL, [0] * 4), (v.LESS, [0, 0, 0, 1])):
        assert met(limits.of_floats(comparison, 5, 10), [nan, -nan, inf, -inf]) == found
    assert met(limits.NEVER, [0, 1, -1, limits.ABSENT]) == [0] * 4


def floats_near(x, steps):
    """The floats of 32 bits next to `x`, which is above 0."""
    bits = unpack("<i", pack("<f", x))[0]
    return [unpack("<f", pack("<i", bits + step))[0] for step in range(-steps, steps + 1)]


def holds(comparison, shown, n):
    return {v.GREATER: shown > n, v.EQUAL: shown == n, v.LESS: shown < n}[comparison]


def test_the_edges_are_those_of_the_value_that_a_record_shows():
    seed = 7
    for factor in (1, 10, 100, 1000, 1000 / 36.0, 10 * 400.0 / 35000.0):
        for _ in range(25):
            seed = (seed * 75 + 74) % 65537
            n = 1 + seed % 60000
            for comparison in COMPARISONS:
                limit = limits.of_floats(comparison, n, factor)
                for edge in (n - 0.5, n + 0.5):
                    values = floats_near(edge / factor, 3)
                    expected = [holds(comparison, limits.rounded(x * factor), n) for x in values]
                    assert met(limit, values) == [int(e) for e in expected], (factor, n, comparison)
                for negative in (-n, -n - 1):
                    expected = [holds(comparison, limits.rounded(-x * factor), negative) for x in values]
                    limit = limits.of_floats(comparison, negative, factor)
                    assert met(limit, [-x for x in values]) == [int(e) for e in expected]


def test_a_range():
    limit = limits.between(1801, 3000, 10)
    assert met(limit, [0.0, 120.0, 180.0, 180.2, 240.0, 300.0, 300.2, 359.9]) == [0, 0, 0, 1, 1, 1, 0, 0]


def test_integers():
    values = [-5, 0, 4, 5, 6, 65535, limits.ABSENT]
    assert met(limits.of_integers(v.GREATER, 5), values) == [0, 0, 0, 0, 1, 1, 0]
    assert met(limits.of_integers(v.EQUAL, 5), values) == [0, 0, 0, 1, 0, 0, 0]
    # what is not there is not little
    assert met(limits.of_integers(v.LESS, 5), values) == [1, 1, 1, 0, 0, 0, 0]


def many():
    floats = array("f", [float(i) for i in range(40)])
    whole = array("i", [10 * i for i in range(40)])
    sources = limits.sources(16)
    rows = array("i")
    for i in range(16):
        if i % 3:
            limits.bind(sources, i, floats, 2 * i)
            rows.extend(array("i", limits.of_floats(v.GREATER, 12, 1)))
        else:
            limits.bind(sources, i, whole, 2 * i)
            rows.extend(array("i", limits.of_integers(v.LESS, 200)))
    return floats, whole, sources, rows


def test_sixteen_at_once_and_of_those_that_are_asked():
    floats, whole, sources, rows = many()
    expected = 0
    for i in range(16):
        if 2 * i > 12 if i % 3 else 20 * i < 200:
            expected |= 1 << i
    for asked in (0xFFFF, 0, 1, 0x8000, 0x5A5A):
        assert limits.beyond(asked, sources, rows) == expected & asked
    # they are looked at where they lie
    floats[2 * 4] = 13.0
    whole[2 * 3] = 200
    assert limits.beyond(0xFFFF, sources, rows) == (expected | 1 << 4) & ~(1 << 3)


def test_it_allocates_nothing():
    try:
        from micropython import heap_lock, heap_unlock
    except ImportError:
        return
    kept = many()
    sources, rows = kept[2:]
    heap_lock()
    try:
        found = limits.beyond(0xFFFF, sources, rows)
    finally:
        heap_unlock()
    assert found
