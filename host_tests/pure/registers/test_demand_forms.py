"""Every method of demand against closed forms: steps, ramps, pulses; all quantities, all lengths."""

from fourquad.billing import demand as d
from fourquad.billing.demand import Demand
from fourquad.points import billing as b

START = 10000 * 1440
NO_AMPS = (0, 0, 0)
IMPORT = (b.ACTIVE_IMPORT,)


def meter(mode, window, sub, channels=IMPORT, rates=1):
    demand = Demand(channels, rates)
    demand.configure(mode, window, sub)
    demand.start(START)
    demand.tariff(1)
    return demand


def minutes(demand, joules):
    """A minute for each of `joules` (active import); the demands that became known, by minute."""
    seen = {}
    for m in range(len(joules)):
        demand.add((joules[m], 0, 0, 0, 0, 0, 0), NO_AMPS, 60000)
        if demand.minute(START + m + 1, 60 * (START + m + 1)):
            seen[m + 1] = demand.read(b.DEMAND_LAST, b.ACTIVE_IMPORT, 0)
    return seen


def test_thermal_ramp():
    # x = c k in minute k: y = c (n - a (1 - a**n) / (1 - a)) with a = 10 ** (-1 / T)
    for window in (1, 5, 15, 30, 60):
        watts = 200
        seen = minutes(meter(d.THERMAL, window, 1), [60 * watts * k for k in range(1, 2 * window + 1)])
        a = 10 ** (-1 / window)
        assert sorted(seen) == [window, 2 * window]
        for n in seen:
            expected = 10 * watts * (n - a * (1 - a**n) / (1 - a))
            assert abs(seen[n] - expected) <= 2 + expected * 1e-6, (window, n)


def test_thermal_pulse_dies_away():
    # one minute of 60 kW: (1 - a) a**(n - 1) of it is left after n minutes
    window = 15
    seen = minutes(meter(d.THERMAL, window, 1), [60 * 60000] + [0] * 89)
    a = 10 ** (-1 / window)
    for n in seen:
        assert abs(seen[n] - 600000 * (1 - a) * a ** (n - 1)) <= 3, n


def test_external_windows_of_a_ramp_and_of_pulses():
    # P = t W: the average from s to e seconds is (s + e - 1) / 2; 20 kW for 30 s of each 200 s
    def ramp(t):
        return t

    def pulses(t):
        return 20000 if t % 200 < 30 else 0

    for power in (ramp, pulses):
        demand = meter(d.EXTERNAL, 15, 15)
        second = 0
        best = (0, 0)
        for length in (900, 750, 540, 61, 900, 11):
            begin = second
            joules = 0
            while second < begin + length:
                demand.add((power(second), 0, 0, 0, 0, 0, 0), NO_AMPS, 1000)
                joules += power(second)
                second += 1
                if second % 60 == 0:
                    assert not demand.minute(START + second // 60, 60 * START + second)
            assert demand.synchronise(START + second // 60, 60 * START + second)
            expected = (20 * joules + length) // (2 * length)
            if power is ramp:
                assert joules == (begin + second - 1) * length // 2
            assert demand.read(b.DEMAND_LAST, b.ACTIVE_IMPORT, 0) == expected, length
            best = (expected, second) if expected > best[0] else best
        maximum = demand.read(b.DEMAND_MAXIMUM, b.ACTIVE_IMPORT, 0)
        stamp = demand.read(b.DEMAND_MAXIMUM_TIME, b.ACTIVE_IMPORT, 0) - 60 * START
        assert (maximum, stamp) == best


def test_sliding_pulse_is_seen_for_a_window():
    for window in (1, 2, 7, 15, 60):
        joules = [0] * 5 + [60 * 3000] + [0] * (2 * window)
        seen = minutes(meter(d.SLIDING, window, 1), joules)
        for m in range(1, len(joules) + 1):
            assert seen[m] == ((60000 + window) // (2 * window) if 6 <= m < 6 + window else 0), (window, m)


def test_block_pulse_and_step_at_every_length():
    for window in (1, 2, 3, 5, 10, 15, 20, 30, 60):
        joules = [0] * window + [60 * 1234] * window + [60 * 4321] + [0] * (window - 1)
        seen = minutes(meter(d.BLOCK, window, window), joules)
        assert sorted(seen) == [n for n in range(1, 3 * window + 1) if n % window == 0]
        assert [seen[n] for n in sorted(seen)] == [0, 12340, (2 * 43210 + window) // (2 * window)]


def test_rolling_step_rises_by_its_sub_intervals():
    for window, sub in ((5, 1), (10, 2), (15, 3), (30, 5), (60, 3), (60, 20)):
        n = window // sub
        seen = minutes(meter(d.ROLLING, window, sub), [60 * 600] * (2 * window))
        assert sorted(seen) == [sub * k for k in range(1, 2 * n + 1)]
        for m in seen:
            assert seen[m] == (2 * 6000 * min(m // sub, n) + n) // (2 * n), (window, sub, m)


def test_every_quantity_with_every_method():
    joules = (6000, 1500, 300, 420, 540, 660, 7200)
    amps = (60 * 5123, 60 * 4567, 60 * 1)
    watts = (1000, 250, 50, 70, 90, 110, 1200)
    expected = watts + (50 + 70, 90 + 110, 1000 - 250, 1000 + 250, 120 - 200, 120 + 200)
    for mode, window, sub in ((0, 15, 15), (1, 15, 1), (2, 15, 1), (3, 15, 5), (4, 15, 15)):
        demand = meter(mode, window, sub, tuple(range(b.QUANTITIES)), 5)
        # six of joules are a minute's worth of tenths: ten times as much, sixty seconds
        for m in range(1, 20 * window + 1):
            demand.add([10 * j for j in joules], amps, 60000)
            demand.minute(START + m, 60 * (START + m))
            if mode == d.EXTERNAL and m % window == 0:
                demand.synchronise(START + m, 60 * (START + m))
        for rate in (0, 1):
            read = [demand.read(b.DEMAND_LAST, q, rate) for q in range(b.QUANTITIES)]
            close = 3 if mode == d.THERMAL else 0
            for q in range(13):
                assert abs(read[q] - 10 * expected[q]) <= close, (mode, q)
            for k in range(3):
                assert abs(read[13 + k] - (5123, 4567, 1)[k]) <= close, (mode, k)
        assert demand.read(b.DEMAND_MAXIMUM, b.REACTIVE_Q4, 2) == 0
