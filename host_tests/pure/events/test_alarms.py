"""Alarms: channels, delays, pairs, records, outputs."""

from alarm_bench import ABOVE, BELOW, SAME, Bench, settled

from fourquad import points as p
from fourquad import ticks
from fourquad.points import alarms as a


def test_the_example_of_the_manual_writes_two_records_in_one_millisecond():
    bench = settled()
    fast = bench.chain.fast
    fast[p.V1], fast[p.I1] = 100.0, 4.4
    # I1 > 180 A for 5 s and U1 < 9980 V for 10 s, CT 200 A : 5 A, PT 10000 V : 100 V
    bench.channel(1, 9, 1, 4500, 500)
    bench.channel(2, 1, 3, 998, 1000)
    bench.set(a.PAIRS, 1)
    bench.run(20000)
    assert bench.records() == [] and bench.standing == 0
    fast[p.I1] = 4.52
    bench.run(7000)
    fast[p.V1] = 99.5
    bench.run(9500)
    assert bench.records() == []
    bench.run(1000)
    assert bench.standing == 3
    # status: code in the high byte, bit 1 of a pair, bit 0 occurred
    assert bench.records() == [(0x0903, 4520), (0x0103, 995)]
    first, second = bench.record(1), bench.record(2)
    assert first[1] == 9 and second[1] == 1
    assert first[3:] == second[3:] and first[3:6] == [2026, 4, 28]
    # either of them ends both
    fast[p.I1] = 4.4
    bench.run(200)
    assert bench.records()[2:] == [(0x0902, 4400), (0x0102, 995)]
    assert bench.record(3)[3:] == bench.record(4)[3:] and bench.standing == 0


def test_equal_to_the_set_point_is_neither_above_nor_below():
    bench = settled()
    bench.chain.fast[p.V1] = 230.04  # reads 2300
    for n, comparison in ((1, ABOVE), (2, SAME), (3, BELOW)):
        bench.channel(n, 1, comparison, 2300)
    bench.run(300)
    assert bench.standing == 2
    bench.chain.fast[p.V1] = 230.06
    bench.run(200)
    assert bench.standing == 1
    bench.chain.fast[p.V1] = 229.9
    bench.run(200)
    assert bench.standing == 4


def test_a_delay_is_of_10_ms_and_begins_anew_with_each_break():
    bench = settled()
    bench.channel(1, 0, ABOVE, 5000, 7)
    bench.chain.fast[p.FREQUENCY] = 49.9
    bench.run(500)
    bench.chain.fast[p.FREQUENCY] = 50.02
    bench.run(bench.window)  # the window that shows it ends
    bench.run(65)
    assert bench.standing == 0
    bench.run(5)
    assert bench.standing == 1 and bench.record(1)[0] == 1
    at = bench.clock.ms
    assert bench.record(1)[9] == at
    # recovery has no delay
    bench.chain.fast[p.FREQUENCY] = 50.0
    bench.run(100)
    assert bench.standing == 0 and bench.records() == [(1, 5002), (0, 5000)]
    # 1 s of delay, and a break after each 0.9 s
    bench.channel(1, 0, ABOVE, 5000, 100)
    for _ in range(5):
        bench.chain.fast[p.FREQUENCY] = 50.02
        bench.run(900)
        bench.chain.fast[p.FREQUENCY] = 50.0
        bench.run(100)
    assert len(bench.records()) == 2
    bench.chain.fast[p.FREQUENCY] = 50.02
    bench.run(1200)
    assert bench.standing == 1


def test_delays_over_the_wrap_of_the_ticks():
    bench = settled(start=ticks.PERIOD - 2000)
    bench.channel(1, 0, ABOVE, 5000, 300)
    bench.chain.fast[p.FREQUENCY] = 50.5
    bench.run(3000)
    assert bench.now < 2000 and bench.standing == 0
    bench.run(300)
    assert bench.standing == 1


def test_a_meter_whose_ticks_begin_anywhere_has_alarms_at_once():
    for start in (0, 5, (1 << 29) + 5, ticks.PERIOD - 400):
        bench = Bench(start=start)
        bench.channel(16, 0, ABOVE, 5000)
        bench.chain.fast[p.FREQUENCY] = 50.5
        bench.run(500)
        assert bench.standing == 0x8000, start
        # and still has them after a week
        bench.chain.fast[p.FREQUENCY] = 50.0
        bench.run(100)
        for _ in range(14):
            bench.now = ticks.add(bench.now, 12 * 3600000)
            bench.run(200)
        bench.channel(1, 0, ABOVE, 4900, 10)
        bench.run(500)
        assert bench.standing == 1


def test_records_go_round_and_a_clear_begins_anew():
    bench = settled()
    bench.channel(1, 1, ABOVE, 2300)
    bench.run(300)
    for n in range(9):
        bench.chain.fast[p.V1] = 240.0 + n
        bench.run(100)
        bench.chain.fast[p.V1] = 220.0
        bench.run(100)
    # 16 records are 8 episodes: the 17th and the 18th are the first and the second
    assert bench.alarms.log.number == 2
    assert bench.record(1)[:3] == [0x0101, 1, 2480] and bench.record(2)[:3] == [0x0100, 1, 2200]
    assert bench.record(3)[:3] == [0x0101, 1, 2410]
    assert bench.alarms.log.fresh
    bench.commands[p.CLEAR_ALARMS]()
    assert bench.alarms.log.number == 0 and not bench.alarms.log.fresh
    assert bench.record(1) == [0] * 10
    # what stands goes on, and its end is the first record
    bench.chain.fast[p.V1] = 240.0
    bench.run(100)
    bench.commands[p.CLEAR_ALARMS]()
    bench.chain.fast[p.V1] = 220.0
    bench.run(100)
    assert bench.records() == [(0x0100, 2200)]


def test_signed_values_are_words_of_two_complement():
    bench = settled()
    bench.chain.fast[p.P_SUM], bench.chain.fast[p.PF_SUM] = -500.0, -0.75
    bench.channel(1, 17, BELOW, -499)
    bench.channel(2, 29, SAME, -750)
    bench.channel(3, 17, ABOVE, -501)
    bench.run(300)
    assert bench.standing == 7
    assert bench.records() == [(0x1101, 0xFE0C), (0x1D01, 0xFD12), (0x1101, 0xFE0C)]
    # more than a word shows as the highest one
    bench.chain.fast[p.P_SUM] = 41000.0
    bench.run(100)
    assert bench.standing == 6 and bench.records()[3:] == [(0x1100, 32767)]
    bench.chain.fast[p.P_SUM] = float("nan")
    bench.run(100)
    assert bench.standing == 2 and bench.records()[4:] == [(0x1100, 0)]


def test_set_points_are_secondary_whatever_side_the_readings_are_of():
    bench = settled()
    bench.channel(1, 9, ABOVE, 4500)
    bench.channel(2, 1, BELOW, 998)
    bench.channel(3, 17, SAME, 1200)
    fast = bench.chain.fast
    fast[p.I1], fast[p.V1], fast[p.P_SUM] = 4.6, 99.0, 1200.0
    bench.run(400)
    assert bench.standing == 7 and len(bench.records()) == 3
    # the same on the primary side: PT 100, CT 40
    bench.chain.fast_ratios = (1.0, 100.0, 40.0, 4000.0)
    fast[p.I1], fast[p.V1], fast[p.P_SUM] = 184.0, 9900.0, 4800000.0
    bench.run(500)
    assert bench.standing == 7 and len(bench.records()) == 3
    fast[p.I1], fast[p.V1] = 179.0, 9990.0
    bench.run(200)
    assert bench.standing == 4
    assert bench.records()[3:] == [(0x0900, 4475), (0x0100, 999)]


def test_what_is_turned_off_ends_without_a_record_and_begins_anew():
    bench = settled()
    bench.channel(1, 1, ABOVE, 2300)
    bench.channel(2, 2, ABOVE, 2300)
    bench.chain.fast[p.V1] = bench.chain.fast[p.V2] = 240.0
    bench.run(300)
    assert bench.records() == [(0x0101, 2400), (0x0201, 2400)]
    bench.set(a.CHANNELS, 2)
    bench.run(300)
    assert bench.standing == 2 and len(bench.records()) == 2
    bench.set(a.CHANNELS, 3)
    bench.run(300)
    assert bench.standing == 3 and bench.records()[2:] == [(0x0101, 2400)]
    # another set point: this channel only
    bench.channel(2, 2, ABOVE, 2350)
    bench.run(300)
    assert bench.standing == 3 and bench.records()[3:] == [(0x0201, 2400)]
    bench.set(a.ON, 0)
    bench.run(300)
    bench.set(a.ON, 1)
    bench.run(300)
    assert bench.records()[4:] == [(0x0101, 2400), (0x0201, 2400)]


def test_a_pair_of_which_one_is_off_does_not_stand():
    bench = settled()
    bench.channel(3, 1, ABOVE, 2300)
    bench.channel(4, 2, ABOVE, 2300)
    bench.channel(5, 2, ABOVE, 2300)
    bench.chain.fast[p.V1] = bench.chain.fast[p.V2] = 240.0
    bench.set(a.PAIRS, 2)
    bench.run(300)
    assert bench.standing == 0x1C
    bench.set(a.CHANNELS, 0x18)
    bench.run(300)
    assert bench.standing == 0x10 and len(bench.records()) == 3
    # no pair any more: it stands alone
    bench.set(a.PAIRS, 0)
    bench.run(300)
    assert bench.standing == 0x18 and bench.records()[3:] == [(0x0201, 2400)]


def test_what_is_not_measured_yet_is_no_alarm():
    bench = Bench()
    chain = bench.chain
    chain.valid, chain.windows = False, 0
    bench.channel(1, 30, BELOW, 20)  # voltage unbalance, of a second
    bench.channel(2, 33, BELOW, 20)  # THD
    bench.channel(3, 45, BELOW, 20)  # demand: this bench has none
    bench.channel(4, 1, BELOW, 20)
    bench.run(500)
    assert bench.standing == 8
    chain.valid = True
    bench.run(200)
    assert bench.standing == 9
    chain.windows = 3
    bench.run(200)
    assert bench.standing == 11


class Demand:
    """Of a billing whose first window has ended or not."""

    def __init__(self):
        self.windows = 0
        self.demand = self


def test_demands_count_from_their_first_window_on():
    billing = Demand()
    bench = settled(billing=billing)
    bench.channel(1, 45, BELOW, 20)
    bench.channel(2, 50, BELOW, 20)
    bench.run(500)
    assert bench.standing == 0
    billing.windows = 1
    bench.run(200)
    assert bench.standing == 3


def test_a_reversed_phase_order_records_the_angle():
    bench = settled()
    bench.channel(1, 51, BELOW, 0)
    angles = bench.chain.secondary
    for angle, standing in ((120.0, 0), (240.3, 1), (119.0, 0), (0.0, 0), (359.9, 0), (200.0, 1)):
        angles[p.ANGLE_V2] = angle
        bench.run(300)
        assert bench.standing == standing, angle
    assert bench.records()[:2] == [(0x3301, 2403), (0x3300, 1190)]


def test_chatter_at_the_set_point_is_records():
    bench = settled()
    for n in range(1, 17):
        bench.channel(n, 9 + n % 3, ABOVE, 4500)
    bench.run(300)
    for k in range(200):
        for i in range(3):
            bench.chain.fast[p.I1 + i] = 4.51 if k & 1 else 4.49
        bench.run(100)
    assert bench.standing == 0xFFFF
    log = bench.alarms.log
    assert log.key == 16 * 200 - 16 and log.lost == log.key - 16 and log.number == 16
    assert bench.record(16)[0] in (0x0A01, 0x0901, 0x0B01)


def test_a_window_and_a_tick_without_news_allocate_nothing():
    try:
        from micropython import heap_lock, heap_unlock
    except ImportError:
        return
    bench = settled()
    for n in range(1, 17):
        bench.channel(n, n, ABOVE, 4500, 10)
    bench.run(500)
    look = bench.alarms._look
    heap_lock()
    try:
        bench.alarms.window(bench.now, bench.now)
        look()
        bench.alarms.tick(bench.now)
    finally:
        heap_unlock()
    assert bench.alarms._armed == 0xFFFF


def test_sixteen_at_once_are_told_a_few_a_slice_with_one_time_and_their_window_s_values():
    bench = settled()
    for n in range(1, 17):
        bench.channel(n, 9, ABOVE, 4500 + n)
    bench.run(400)
    bench.run(bench.window)
    for amps, value in ((4.6, 4600), (4.4, 4400)):
        bench.commands[p.CLEAR_ALARMS]()
        bench.chain.fast[p.I1] = amps
        bench.run(100)
        # four by the slice of the window, four by the tick after it
        assert bench.alarms.log.number == 8 and bench.standing in (0, 0xFFFF)
        if amps > 4.5:
            bench.run(15)
        else:
            # the next window ends before they are told
            bench.alarms.window(bench.now, bench.now)
            bench.chain.fast[p.I1] = 4.3
        assert bench.alarms.log.number == 16
        records = [bench.record(n) for n in range(1, 17)]
        assert [record[2] for record in records] == [value] * 16
        assert [record[3:] for record in records] == [records[0][3:]] * 16
        bench.run(bench.window)
