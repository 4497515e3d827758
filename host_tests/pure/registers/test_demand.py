"""Demands against closed forms; the load is given second by second, in whole joules."""

from fourquad.billing import demand as d
from fourquad.billing.demand import Demand
from fourquad.points import billing as b

START = 10000 * 1440  # a midnight, in minutes
NO_AMPS = (0, 0, 0)


def joules(active=0, reactive=0, apparent=0):
    """A second of that many W, var, VA."""
    out = [0] * 7
    out[b.ACTIVE_IMPORT if active >= 0 else b.ACTIVE_EXPORT] = abs(active)
    out[b.REACTIVE_Q1 if reactive >= 0 else b.REACTIVE_Q4] = abs(reactive)
    out[b.APPARENT] = apparent
    return out


def meter(mode, window, sub=1, channels=(b.ACTIVE_IMPORT,), rates=5):
    demand = Demand(channels, rates)
    demand.configure(mode, window, sub)
    demand.start(START)
    demand.tariff(1)
    return demand


def run(demand, first, minutes, power, seen=None):
    """Watts of `power(second)` for some minutes; `seen` gathers (minute, demand) of the windows that
    ended.
    """
    for minute in range(first, first + minutes):
        for second in range(60):
            demand.add(joules(power(60 * minute + second)), NO_AMPS, 1000)
        if demand.minute(START + minute + 1, 60 * (START + minute + 1)) and seen is not None:
            seen.append((minute + 1, demand.read(b.DEMAND_LAST, b.ACTIVE_IMPORT, 0)))


def maximum(demand, quantity=b.ACTIVE_IMPORT, rate=0):
    return (
        demand.read(b.DEMAND_MAXIMUM, quantity, rate),
        demand.read(b.DEMAND_MAXIMUM_TIME, quantity, rate) // 60 - START
        if demand.read(b.DEMAND_MAXIMUM_TIME, quantity, rate)
        else None,
    )


def test_block_of_a_step():
    demand, seen = meter(d.BLOCK, 15, 15), []
    # 1000 W from 10 minutes on: a third of the first block
    run(demand, 0, 45, lambda t: 1000 if t >= 600 else 0, seen)
    assert seen == [(15, 3333), (30, 10000), (45, 10000)]
    assert maximum(demand) == (10000, 30)


def test_sliding_step_rises_by_a_fifteenth_each_minute():
    demand, seen = meter(d.SLIDING, 15), []
    run(demand, 0, 32, lambda t: 900 if t >= 600 else 0, seen)
    assert seen == [(m, 600 * min(15, max(0, m - 10))) for m in range(1, 33)]
    assert maximum(demand) == (9000, 25)


def test_ramp_is_its_middle():
    # P = t W: the average from a to e is (a + e - 1) / 2 for whole seconds
    for mode, window, sub, step in ((d.BLOCK, 30, 30, 30), (d.SLIDING, 15, 1, 1), (d.ROLLING, 60, 20, 20)):
        demand, seen = meter(mode, window, sub), []
        run(demand, 0, 120, lambda t: t, seen)
        assert len(seen) == 120 // step
        for minute, value in seen:
            end = 60 * minute
            begin = max(0, end - 60 * window)
            total = (begin + end - 1) * (end - begin) // 2
            assert value == (10 * total + 30 * window) // (60 * window), (mode, minute)


def test_pulse_load_is_its_share():
    # 20 kW for one minute of every ten
    demand, seen = meter(d.BLOCK, 30, 30), []
    run(demand, 0, 90, lambda t: 20000 if t // 60 % 10 == 3 else 0, seen)
    assert seen == [(30, 20000), (60, 20000), (90, 20000)]
    demand, seen = meter(d.ROLLING, 15, 5), []
    run(demand, 0, 60, lambda t: 20000 if t // 60 % 10 == 3 else 0, seen)
    # a window of 15 minutes holds one or two of the pulses
    assert seen == [(5 * n, (13333, 26667)[n >= 3 and n % 2]) for n in range(1, 13)]
    assert maximum(demand) == (26667, 15)


def test_rolling_example_of_the_manual():
    # KW320 "Rolling Window": 15 minutes, sub-interval 5; three levels of 5 minutes, then silence
    demand, seen = meter(d.ROLLING, 15, 5), []
    levels = (3000, 6000, 9000, 0, 0, 0)
    run(demand, 0, 30, lambda t: levels[t // 300], seen)
    assert seen == [(5, 10000), (10, 30000), (15, 60000), (20, 50000), (25, 30000), (30, 0)]
    assert maximum(demand) == (60000, 15)
    assert demand.read(b.DEMAND_SUB, b.ACTIVE_IMPORT, 0) == 0


def test_thermal_shows_ninety_percent_after_the_interval():
    demand, seen = meter(d.THERMAL, 15), []
    run(demand, 0, 60, lambda t: 10000, seen)
    assert [m for m, _ in seen] == [15, 30, 45, 60]
    for i in range(4):
        assert abs(seen[i][1] - 100000 * (1 - 0.1 ** (i + 1))) <= 3, seen[i]


def test_external_window_is_over_its_own_time():
    demand = meter(d.EXTERNAL, 15)
    for second in range(60 * 14 + 30):
        demand.add(joules(1200), NO_AMPS, 1000)
        if second % 60 == 59:
            assert not demand.minute(START + second // 60 + 1, 0)
    assert demand.synchronise(START + 14, 777)
    assert demand.read(b.DEMAND_LAST, b.ACTIVE_IMPORT, 0) == 12000
    assert demand.read(b.DEMAND_MAXIMUM_TIME, b.ACTIVE_IMPORT, 0) == 777
    # it bounces
    demand.add(joules(50000), NO_AMPS, 1000)
    assert not demand.synchronise(START + 14, 778)
    # no pulse comes: it ends by itself
    ended = [m for m in range(1, 30) if _minute_of(demand, m)]
    assert ended == [16]


def _minute_of(demand, m):
    demand.add(joules(60 * 1000), NO_AMPS, 60000)
    return demand.minute(START + 20 + m, 60 * (START + 20 + m))


def test_tariff_changes_within_a_sub_interval():
    demand = meter(d.ROLLING, 15, 5)
    run(demand, 0, 15, lambda t: 1000)
    assert maximum(demand, rate=1) == (10000, 15)
    run(demand, 15, 2, lambda t: 1000)
    demand.tariff(2)
    run(demand, 17, 3, lambda t: 4000)
    # the sub-interval with the change counts for the total only: (5 * 1 + 2 * 1 + 3 * 4 + 5 * 1) / 15 kW
    assert maximum(demand) == (16000, 20)
    assert maximum(demand, rate=2) == (0, None)
    run(demand, 20, 5, lambda t: 3000)
    # the window of the new tariff starts empty: 5 of 15 minutes
    assert maximum(demand, rate=2) == (10000, 25)
    assert demand.read(b.DEMAND_LAST, b.ACTIVE_IMPORT, 1) == 0
    run(demand, 25, 10, lambda t: 3000)
    assert maximum(demand, rate=2) == (30000, 35)
    assert maximum(demand, rate=1) == (10000, 15)
    assert maximum(demand)[0] == 30000


def test_tariff_changes_between_sub_intervals():
    demand = meter(d.ROLLING, 15, 5)
    run(demand, 0, 15, lambda t: 1000)
    demand.tariff(3)
    run(demand, 15, 5, lambda t: 3000)
    # nothing is skipped, the window starts empty
    assert maximum(demand, rate=3) == (10000, 20)


def test_tariff_changes_within_a_block():
    demand = meter(d.BLOCK, 15, 5)
    run(demand, 0, 22, lambda t: 1000)
    demand.tariff(2)
    run(demand, 22, 8, lambda t: 5000)
    assert maximum(demand, rate=2) == (0, None)
    run(demand, 30, 15, lambda t: 2000)
    # the tariff's demand starts with the next block; the total has the block of the change
    assert maximum(demand, rate=2) == (20000, 45)
    assert maximum(demand) == (31333, 30)
    assert demand.read(b.DEMAND_SUB, b.ACTIVE_IMPORT, 0) == 20000


def test_block_whose_last_part_alone_is_of_the_tariff():
    demand = meter(d.BLOCK, 15, 5)
    run(demand, 0, 10, lambda t: 1000)
    demand.tariff(2)
    run(demand, 10, 5, lambda t: 9000)
    assert maximum(demand, rate=2) == (0, None)
    run(demand, 15, 15, lambda t: 3000)
    assert maximum(demand, rate=2) == (30000, 30)


def test_signed_and_derived_quantities():
    channels = (b.ACTIVE_NET, b.REACTIVE_IMPORT, b.REACTIVE_EXPORT, b.REACTIVE_NET, b.APPARENT, b.CURRENT_2)
    demand = meter(d.BLOCK, 1, 1, channels, 1)
    for _ in range(60):
        demand.add(joules(-3285, -120, 3290), (0, 7401, 0), 1000)
    demand.minute(START + 1, 60 * START + 60)
    read = [demand.read(b.DEMAND_LAST, q, 0) for q in channels]
    assert read == [-32850, 0, 1200, -1200, 32900, 7401]


def test_running_and_predicted():
    demand = meter(d.BLOCK, 15, 5)
    run(demand, 0, 6, lambda t: 2000)
    run(demand, 6, 3, lambda t: 5000)
    assert demand.seconds == 540
    # (6 * 2 + 3 * 5) / 9 kW so far; then 6 minutes at the last minute's 5 kW
    assert demand.read(b.DEMAND_RUNNING, b.ACTIVE_IMPORT, 0) == 30000
    assert demand.read(b.DEMAND_RUNNING, b.ACTIVE_IMPORT, 1) == 30000
    assert demand.read(b.DEMAND_RUNNING, b.ACTIVE_IMPORT, 2) == 0
    assert demand.read(b.DEMAND_PREDICTED, b.ACTIVE_IMPORT, 0) == 38000
    demand = meter(d.ROLLING, 15, 5)
    run(demand, 0, 22, lambda t: 3000)
    assert demand.seconds == 720
    assert demand.read(b.DEMAND_RUNNING, b.ACTIVE_IMPORT, 0) == 30000
    assert demand.read(b.DEMAND_PREDICTED, b.ACTIVE_IMPORT, 0) == 30000


def test_reset_adds_to_the_cumulative_maximum():
    demand = meter(d.BLOCK, 15, 15)
    run(demand, 0, 30, lambda t: 1000 if t < 900 else 3000)
    demand.reset()
    assert maximum(demand) == (0, None)
    run(demand, 30, 15, lambda t: 2000)
    demand.reset()
    assert demand.read(b.DEMAND_CUMULATIVE, b.ACTIVE_IMPORT, 0) == 50000
    assert demand.read(b.DEMAND_CUMULATIVE, b.ACTIVE_IMPORT, 1) == 50000


def test_first_of_equal_maxima_keeps_its_time():
    demand = meter(d.BLOCK, 5, 5)
    run(demand, 0, 20, lambda t: 1000)
    assert maximum(demand) == (10000, 5)


def test_image_brings_the_open_window_back():
    demand = meter(d.BLOCK, 15, 15)
    run(demand, 0, 22, lambda t: 1000)
    image = bytearray(demand.size + 3)
    assert demand.dump(image, 3) == demand.size + 3
    other = Demand((b.ACTIVE_IMPORT,), 5)
    other.configure(d.BLOCK, 15, 15)
    assert other.restore(image, 3) == demand.size + 3
    run(other, 22, 8, lambda t: 1000)
    assert maximum(other) == (10000, 15)
    assert other.read(b.DEMAND_LAST, b.ACTIVE_IMPORT, 0) == 10000


def test_clock_set_far_counts_the_open_slot_over_its_full_length():
    demand = meter(d.BLOCK, 15, 15)
    run(demand, 0, 5, lambda t: 3000)
    demand.interrupt(START + 100, 60 * (START + 5))
    assert demand.read(b.DEMAND_MAXIMUM, b.ACTIVE_IMPORT, 0) == 10000
    assert demand.end == START + 105
    run(demand, 100, 5, lambda t: 3000)
    assert maximum(demand) == (10000, 5)


def test_clock_corrected_is_over_the_real_time():
    demand = meter(d.BLOCK, 15, 15)
    run(demand, 0, 14, lambda t: 1000)
    demand.correct()
    for _ in range(50):  # ten seconds were skipped
        demand.add(joules(1000), NO_AMPS, 1000)
    demand.minute(START + 15, 60 * START + 900)
    assert demand.read(b.DEMAND_LAST, b.ACTIVE_IMPORT, 0) == 10000


def test_impossible_windows():
    demand = Demand((b.ACTIVE_IMPORT,), 1)
    for mode, window, sub in ((d.BLOCK, 0, 1), (d.BLOCK, 61, 1), (d.ROLLING, 15, 4), (d.ROLLING, 5, 10)):
        try:
            demand.configure(mode, window, sub)
        except ValueError:
            continue
        raise AssertionError((mode, window, sub))
