"""Calendar arithmetic and the clock's fields."""

from fourquad import points as p
from fourquad import ticks
from fourquad.clock import END, Clock, days, month_days, seconds, split

OUT = [0] * 7


def test_every_day_of_the_century():
    n = 0
    for year in range(2000, 2100):
        for month in range(1, 13):
            for day in range(1, month_days(year, month) + 1):
                found = days(year, month, day)
                assert found == n
                if n % 7 == 3 or day in (1, 28, 29, 31):
                    split(n * 86400 + 86399, OUT)
                    assert [(n + 6) % 7, year, month, day, 23, 59, 59] == OUT
                n += 1
    assert n * 86400 == END


def test_known_days():
    split(seconds(2026, 1, 1, 0, 0, 0), OUT)
    assert OUT == [4, 2026, 1, 1, 0, 0, 0]  # a Thursday
    split(seconds(2024, 2, 29, 12, 30, 45), OUT)
    assert OUT == [4, 2024, 2, 29, 12, 30, 45]
    # 2026-01-01 in Unix time is 1767225600, 2000-01-01 is 946684800
    assert seconds(2026, 1, 1, 0, 0, 0) == 1767225600 - 946684800


def test_ticking():
    c = Clock()
    c.set(1000)
    now = ticks.PERIOD - 1500
    c.tick(now)
    for step in (400, 700, 900, 2500, 20):
        now = ticks.add(now, step)
        c.tick(now)
    assert c.now == 1004


def fields(c):
    return [c.read(i) for i in range(7)]


def write(c, **values):
    names = ("weekday", "year", "month", "day", "hour", "minute", "second")
    indexes = [9] + [names.index(n) for n in values]
    numbers = [9] + list(values.values())
    why = c.check_set(indexes, numbers, 1, len(values))
    assert c.write_set(indexes, numbers, 1, len(values)) == why
    return why


def test_fields_are_set_together():
    c = Clock()
    c.set(seconds(2026, 1, 31, 10, 20, 30))
    before = fields(c)
    # the 31st of February is no date, and nothing is stored
    assert write(c, month=2) == p.RANGE
    assert write(c, year=2026, month=2, day=29) == p.RANGE
    assert fields(c) == before
    assert write(c, year=2028, month=2, day=29) == p.OK
    assert fields(c) == [2, 2028, 2, 29, 10, 20, 30]
    assert write(c, weekday=5, hour=23, minute=59, second=59) == p.OK
    assert fields(c) == [2, 2028, 2, 29, 23, 59, 59]
    for bad in (
        {"weekday": 7},
        {"year": 1999},
        {"year": 2100},
        {"month": 0},
        {"day": 32},
        {"hour": 24},
        {"second": 60},
    ):
        assert write(c, **bad) == p.RANGE


def test_a_sealed_clock_takes_corrections_of_five_minutes():
    c = Clock(lambda: False)
    c.set(seconds(2026, 5, 5, 12, 0, 0))
    assert write(c, minute=5) == p.OK
    assert write(c, minute=11) == p.FORBIDDEN
    assert write(c, minute=0) == p.OK
    assert write(c, hour=11, minute=55) == p.OK
