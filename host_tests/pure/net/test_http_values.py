"""Pages of values that there are several of, such as one for each circuit; energies and packed times."""

import json

from fourquad import points as p
from fourquad.models.rows import value
from fourquad.protocols.http import values

FIRST = 5000
TIMES = 5100
ROWS = (
    value("i", "number", FIRST, 1.0, step=2),
    value("p", "number", FIRST + 1, 0.001, step=2),
    value("e", "tenths", FIRST, step=2),
    value("at", "packed", TIMES, step=3),
    value("all", "list", FIRST, 1, 6, step=0),
)


class Tables:
    PAGES = (("one", (value("x", "number", FIRST),)), ("each", ROWS, 3))


class Points:
    """Point n is n - FIRST, in hundreds; times are packed words; no energy has a side."""

    def place(self, point):
        return self, 0

    def read(self, point):
        if p.STATE + p.YEAR <= point <= p.STATE + p.SECOND:
            return (2026, 1, 2, 3, 4, 5)[point - p.STATE - p.YEAR]
        if point >= TIMES:
            circuit, word = divmod(point - TIMES, 3)
            return (0, 0x1A0C, 0x1A0B)[circuit] if word == 0 else 0x0102 * word
        if point < FIRST:
            raise KeyError(point)
        return 100 * (point - FIRST) + 7


class Api:
    tables = Tables
    points = Points()
    up_s = 9


def said(name):
    return json.loads("".join(values.page(Api, None, name).body))["values"]


def test_each_has_its_own_values():
    for n in range(3):
        found = said(f"each.{n}")
        assert abs(found["i"] - (200 * n + 7)) < 0.001
        assert abs(found["p"] - (200 * n + 107) / 1000) < 0.001
        assert found["all"] == [7, 107, 207, 307, 407, 507]


def test_counts_of_energy_keep_their_digits():
    texts = "".join(values.page(Api, None, "each.2").body)
    assert '"e":40.7' in texts
    assert values._counts(999999999, 1) == "99999999.9"
    assert values._counts(-1, 3) == "-0.001"


def test_three_words_are_a_time():
    assert said("each.0")["at"] is None
    assert said("each.1")["at"] == "2026-12-01 02:02:04"


def test_what_there_is_not():
    assert said("one") == {"x": 7}
    for name in (
        "each",
        "each.3",
        "each.-1",
        "each.",
        "each.x",
        "each.0001",
        "one.0",
        "two",
        "",
        ".",
        "each.1.1",
    ):
        assert values.page(Api, None, name).status == 404, name
