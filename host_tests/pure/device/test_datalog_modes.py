"""When a data log makes records: intervals, its three modes, a clock that is set, power that fails."""

from datalog_bench import START, VOLTS, Bench, value
from log_master import number, records

from fourquad.calendar.clock import seconds, split

DAY = 1440


def _all(bench, log=0):
    """(number, time, registers) of all records that a master finds."""
    master = bench.masters[3]
    _, used, size, first, last = master.status(log)
    found = []
    while len(found) < used:
        count = min(246 // size, used - len(found))
        state, data = master.window(log, count, len(found))
        assert state == 0x0B
        found += records(data, size, count)
    assert not found or bytes(found[0][1]) == first and bytes(found[-1][1]) == last
    assert [n for n, _, _ in found] == list(range(1, used + 1))
    return found


def _stamp(minute):
    out = [0] * 7
    split(60 * minute, out)
    return (out[1] - 2000,) + tuple(out[2:6]) + (0,)


def _recorded(bench, log=0):
    """Stamps of all records, whose registers must be those of their minutes."""
    found = _all(bench, log)
    for _, when, data in found:
        minute = seconds(2000 + when[0], *when[1:]) // 60
        assert data == b"".join([value(a, minute).to_bytes(2, "big") for a in VOLTS])
    return [when for _, when, _ in found]


def _set_up(**settings):
    bench = Bench(sectors=16)
    assert bench.set_up(**settings) == 0
    bench.settle()
    return bench


def test_intervals_begin_at_midnight():
    # the bench begins at 10:00:30
    for interval in (1, 2, 7, 15, 60, 120, 700, 1439, 1440):
        bench = _set_up(interval=interval)
        bench.run(2 * DAY)
        begin = START // 60
        of_day = begin % DAY
        expected = [
            minute for minute in range(begin + 1, begin + 2 * DAY + 1) if minute % DAY % interval == 0
        ]
        assert of_day == 600
        recorded = _recorded(bench)
        # one a minute is more than there is room for
        assert recorded == [_stamp(minute) for minute in expected[-len(recorded) :]]
        assert len(recorded) == len(expected) or interval == 1


def test_every_log_has_its_own_interval():
    bench = _set_up(interval=3)
    assert bench.set_up(1, interval=5) == 0 and bench.set_up(2, interval=15, sectors=20) == 0
    bench.settle()
    bench.run(60)
    assert [len(_recorded(bench, log)) for log in range(3)] == [20, 12, 4]


def _span(bench, start, end, log=0):
    base = 0x1100 + 192 * log
    fields = []
    for year, month, day, hour, minute, second in (start, end):
        fields += [year << 8 | month, day << 8 | hour, minute << 8 | second]
    assert bench.masters[0].write(base + 179, *fields) == 0
    bench.settle()


def test_from_start_to_end():
    for start, end, first, count in (
        ((26, 3, 4, 10, 5, 0), (26, 3, 4, 10, 9, 0), (26, 3, 4, 10, 5, 0), 5),
        ((26, 3, 4, 10, 5, 1), (26, 3, 4, 10, 9, 59), (26, 3, 4, 10, 6, 0), 4),
        ((26, 3, 4, 9, 0, 0), (26, 3, 4, 10, 2, 0), (26, 3, 4, 10, 1, 0), 2),
        ((20, 1, 1, 0, 0, 0), (99, 12, 31, 23, 59, 59), (26, 3, 4, 10, 1, 0), 30),
        ((26, 3, 4, 10, 9, 0), (26, 3, 4, 10, 5, 0), None, 0),
        ((25, 3, 4, 10, 5, 0), (25, 3, 4, 10, 9, 0), None, 0),
        # no dates
        ((0, 0, 0, 0, 0, 0), (99, 12, 31, 0, 0, 0), None, 0),
        ((26, 2, 29, 0, 0, 0), (99, 12, 31, 0, 0, 0), None, 0),
        ((26, 3, 4, 0, 0, 0), (26, 4, 31, 0, 0, 0), None, 0),
    ):
        bench = _set_up(mode=1)
        _span(bench, start, end)
        bench.run(30)
        recorded = _recorded(bench)
        assert len(recorded) == count and (not count or recorded[0] == first), (start, recorded)


def test_mode_1_stops_when_full_and_the_others_go_on():
    for mode in (0, 1):
        bench = Bench(sectors=4)
        assert bench.set_up(registers=VOLTS, mode=mode) == 0
        _span(bench, (26, 1, 1, 0, 0, 0), (27, 1, 1, 0, 0, 0))
        most = bench.masters[0].status(0)[0]
        # two of four units are full of records
        assert most == 2 * 169
        bench.run(most)
        full = _recorded(bench)
        assert len(full) == most
        bench.run(20)
        assert _recorded(bench) == (
            full if mode else [_stamp(m) for m in range(bench.minute - 188, bench.minute + 1)]
        )


def test_once_a_day():
    bench = _set_up(mode=2, interval=77)
    _span(bench, (99, 12, 31, 17, 45, 59), (0, 0, 0, 0, 0, 0))
    bench.run(3 * DAY)
    assert _recorded(bench) == [(26, 3, day, 17, 45, 0) for day in (4, 5, 6)]
    assert bench.set_up(mode=2, interval=0) == 0
    bench.settle()
    bench.run(DAY)
    assert bench.masters[0].status(0)[1] == 0


def test_a_clock_that_is_set_makes_no_record():
    bench = _set_up()
    bench.run(3)
    for utc in (START + 86400, START - 86400, START + 7200, 30, START + 3600, START + 3600):
        bench.set_clock(utc)
        before = len(_recorded(bench))
        bench.run_seconds(20)
        assert len(_recorded(bench)) == before
        bench.run(2)
        assert _recorded(bench)[-2:] == [_stamp(bench.minute - 1), _stamp(bench.minute)]
    # over and over back into the minute that was recorded
    before = len(_recorded(bench))
    minute = 60 * bench.minute
    for _ in range(10):
        bench.set_clock(minute - 3)
        bench.run_seconds(5)
    assert len(_recorded(bench)) == before


def test_a_clock_that_is_set_back_over_a_power_cut_records_no_minute_twice():
    bench = _set_up()
    bench.run(3)
    before = _recorded(bench)
    bench.boot()
    bench.set_clock(60 * bench.minute - 3)
    bench.run_seconds(10)
    assert _recorded(bench) == before
    bench.run(1)
    assert _recorded(bench) == before + [_stamp(bench.minute)]


def test_the_calendar_ends():
    bench = _set_up()
    bench.set_clock(seconds(2099, 12, 31, 23, 55, 30))
    bench.run(20)
    assert _recorded(bench) == [(99, 12, 31, 23, minute, 0) for minute in (56, 57, 58, 59)]


def test_without_power_nothing_is_recorded_and_nothing_made_up_for():
    bench = _set_up()
    bench.run(5)
    kept = _recorded(bench)
    bench.utc += 3600
    bench.boot()
    assert _recorded(bench) == kept
    bench.run_seconds(29)
    assert _recorded(bench) == kept
    bench.run(2)
    assert _recorded(bench) == kept + [(26, 3, 4, 11, minute, 0) for minute in (6, 7)]
    # many times: never anything lost, never twice
    for n in range(30):
        bench.boot()
        bench.run(n % 3)
    recorded = _recorded(bench)
    assert recorded[: len(kept)] == kept and sorted(set(recorded)) == recorded
    assert len(recorded) == 7 + sum([n % 3 for n in range(30)])


def test_a_change_that_power_loses_leaves_the_records():
    bench = _set_up()
    bench.run(5)
    kept = _recorded(bench)
    assert bench.masters[0].write(0x1101, 2) == 0
    bench.serve()
    assert bench.masters[0].status(0)[1] == 0
    # before it was saved: all is as it was
    bench.boot()
    assert number(bench.masters[0].read(0x1101, 1)) == 1 and _recorded(bench) == kept
    bench.run(1)
    assert len(_recorded(bench)) == 6
    # after it
    assert bench.masters[0].write(0x1101, 2) == 0
    bench.save()
    bench.boot()
    assert number(bench.masters[0].read(0x1101, 1)) == 2 and bench.masters[0].status(0)[1] == 0
    bench.run(2)
    assert len(_recorded(bench)) == 1


def test_a_record_is_of_one_moment():
    scattered = (0x4003, 0x4002, 0x4048, 0x4049, 0x4100, 0x4500, 0x4501, 0x4620)
    bench = Bench(sectors=16)
    for log in range(3):
        assert bench.set_up(log, scattered, sizes=(1, 1, 2, 1, 2, 1)) == 0
    bench.settle()
    # all registers are others after each slice of the meter's work
    slices = [0]

    def fetch(address, count, target, at):
        for i in range(count):
            target[at + 2 * i : at + 2 * i + 2] = bytes((slices[0], address + i & 0xFF))
        return 0

    bench.logs.fetch = fetch
    for _ in range(5):
        bench.now += 60000
        bench.meter.clock.tick(bench.now)
        for part in bench.logs.after_reading:
            slices[0] += 1
            part()
    for log in range(3):
        for _, _, data in _all(bench, log):
            assert data == b"".join([bytes((data[0], register & 0xFF)) for register in scattered])
