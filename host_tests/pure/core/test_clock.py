"""Calendar arithmetic and the clock's fields."""

from fourquad import points as p
from fourquad import ticks
from fourquad.calendar.clock import END, Clock, days, month_days, seconds, split
from fourquad.calendar.zone import Zone, pack_zone

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


def sealed(hour=12):
    c = Clock(lambda: False)
    c.tick(0)
    c.set(seconds(2026, 5, 5, hour, 0, 0))
    return c


def test_a_sealed_clock_takes_corrections_of_five_minutes():
    c = sealed()
    assert write(c, minute=5, second=1) == p.FORBIDDEN
    assert write(c, minute=5) == p.OK
    # there and back is twice as far
    assert write(c, minute=4, second=59) == p.FORBIDDEN
    c = sealed()
    assert write(c, hour=11, minute=54, second=59) == p.FORBIDDEN
    assert write(c, hour=11, minute=55) == p.OK


def run(c, now, wanted):
    """`wanted` s pass, in ticks that the counter can tell."""
    for _ in range(wanted):
        now = ticks.add(now, 1000)
        c.tick(now)
    return now


def test_a_sealed_clock_cannot_be_walked():
    c = sealed()
    assert write(c, minute=4) == p.OK
    assert write(c, minute=8) == p.FORBIDDEN and write(c, minute=2) == p.FORBIDDEN
    now = run(c, 0, 86400 - 1)
    assert fields(c)[3:] == [6, 12, 3, 59]
    assert write(c, minute=2, second=58) == p.FORBIDDEN
    # a day after the first correction there is room again
    now = run(c, now, 1)
    assert write(c, minute=0) == p.OK
    # what was used up is not forgotten with the power
    spent = c.spent
    again = sealed()
    again.restore_spent(spent)
    assert write(again, minute=1, second=1) == p.FORBIDDEN
    assert write(again, minute=1) == p.OK


def test_a_sealed_clock_cannot_be_walked_by_parts_of_a_second():
    c = sealed()
    now = gained = 0
    for _ in range(1000):
        now = ticks.add(now, 990)
        c.tick(now)
        # the fields that it shows, so that its second begins anew
        before = 1000 * c.now + c.ms
        if write(c, second=c.read(6)) == p.OK:
            gained += 1000 * c.now + c.ms - before
    assert -301000 < gained <= -299000
    assert len(c._spent) <= 8


def test_any_corrections_of_a_sealed_clock_in_any_day():
    # steps of all sizes at all times, against the sum over a sliding day
    c = sealed()
    now, x, given = 0, 1, []
    second = 0
    for _ in range(400):
        x = x * 1103515245 + 12345 & 0x7FFFFFFF
        pause = x >> 8 & 4095
        for _ in range(pause // 60 + 1):
            now = ticks.add(now, 60000)
            c.tick(now)
            second += 60
        x = x * 1103515245 + 12345 & 0x7FFFFFFF
        step = (x >> 8) % 401 - 200
        if c.write_set([p.EPOCH], [c.now + step], 0, 1) == p.OK:
            given.append((second, abs(step)))
    assert len(given) > 50
    for end, _ in given:
        assert sum([n for at, n in given if end - 86400 < at <= end]) <= 300


def test_the_calendar_ends():
    c = Clock()
    c.tick(0)
    c.set(END - 2)
    assert c.valid
    c.tick(1000)
    assert c.valid and fields(c)[1:] == [2099, 12, 31, 23, 59, 59]
    for now in range(2000, 9000, 1000):
        c.tick(now)
        assert not c.valid and fields(c) == [4, 2099, 12, 31, 23, 59, 59]
        assert c.shown == END - 1
    assert write(c, year=2026, month=1, day=1) == p.OK
    assert c.valid and fields(c)[1:4] == [2026, 1, 1]


def test_times_outside_of_the_calendar():
    c = Clock()
    for moment in (-1, -86400, -(1 << 40)):
        c.set(moment)
        assert c.now == 0 and fields(c)[1:] == [2000, 1, 1, 0, 0, 0]
    for moment in (END, END + 86400, 1 << 40):
        c.set(moment)
        assert not c.valid and c.now < 1 << 32
        assert fields(c)[1:] == [2099, 12, 31, 23, 59, 59]
        assert c.check_set([p.EPOCH], [moment], 0, 1) == p.RANGE


def test_local_times_at_both_ends():
    # 14 hours east and west: what is shown is a time of the calendar, and what is none in UTC is refused
    for offset in (-840, -60, 60, 840):
        c = Clock()
        c.zone = Zone()
        c.zone.set(pack_zone(offset))
        for moment in (0, 1, 3599, 50399, 50400, END - 50401, END - 50400, END - 3600, END - 1, END, END + 1):
            c.set(moment)
            shown = seconds(*[c.read(i) for i in range(1, 7)])
            assert shown == min(max(min(moment, END - 1) + 60 * offset, 0), END - 1)
            why = c.check_set(list(range(1, 7)), [c.read(i) for i in range(1, 7)], 0, 6)
            assert why == (p.OK if 0 <= shown - 60 * offset < END else p.RANGE)


def test_a_clock_that_is_set_between_two_ticks_loses_nothing():
    c = Clock()
    c.tick(0)
    c.set(1000)
    c.tick(700)
    # set at 700 ms, looked at again 250 ms later
    assert c.write_set([p.EPOCH, p.MILLISECOND], [5000, 10], 0, 2) == p.OK
    c.tick(950)
    assert (c.now, c.ms) == (5000, 260)
    c.tick(1690)
    assert (c.now, c.ms) == (5001, 0)


def stamped(c, now):
    out = [0] * 9
    c.stamp(now, out, 1)
    return out[1:8]


def test_the_time_of_an_event_is_that_of_its_ms():
    c = Clock()
    c.set(seconds(2026, 12, 31, 23, 59, 59), 250)
    assert stamped(c, 77) == [2026, 12, 31, 23, 59, 59, 250]  # before time is fed
    now = ticks.PERIOD - 300
    c.tick(now)
    assert stamped(c, now) == [2026, 12, 31, 23, 59, 59, 250]
    assert stamped(c, ticks.add(now, 749)) == [2026, 12, 31, 23, 59, 59, 999]
    assert stamped(c, ticks.add(now, 750)) == [2027, 1, 1, 0, 0, 0, 0]
    assert stamped(c, ticks.add(now, -251)) == [2026, 12, 31, 23, 59, 58, 999]
    # nothing of it stays
    assert fields(c)[1:] == [2026, 12, 31, 23, 59, 59]
    c.tick(ticks.add(now, 2000))
    assert stamped(c, ticks.add(now, 1999)) == [2027, 1, 1, 0, 0, 1, 249]
    c.set(END - 1, 900)
    assert stamped(c, ticks.add(now, 2200)) == [2099, 12, 31, 23, 59, 59, 100]
