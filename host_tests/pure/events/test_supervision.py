"""Supervised events: when they begin and end, what is counted meanwhile."""

from array import array

from fourquad import points as p
from fourquad.calendar.zone import Zone, pack_zone
from fourquad.events.supervision import Supervision
from fourquad.points import billing as b

T = 800000000


def meter(delay=3):
    zone = Zone()
    zone.set(pack_zone(60))
    s = Supervision(zone)
    s.configure(2300, 5000, 6000, 115, 85, 60, 120, 5, delay, (p.V1, p.V2, p.V3))
    return s


def readings(volts=(230, 230, 230), amps=(5, 5, 5), powers=None, angle=120.0):
    r = array("f", [0.0] * p.READINGS)
    for k in range(3):
        r[p.V1 + k] = volts[k]
        r[p.I1 + k] = amps[k]
        r[p.P1 + k] = powers[k] if powers else volts[k] * amps[k]
        r[p.P_SUM] += r[p.P1 + k]
    r[p.ANGLE_V2] = angle
    return r


def run(s, first, seconds, r, joules=None):
    for t in range(T + first, T + first + seconds):
        s.look(r, t)
        if joules:
            s.add(joules)


def active(s):
    return [i for i in range(b.EVENTS) if s.active[i]]


def event(s, i):
    return [s.read(8 * i + f) for f in (b.EVENT_COUNT, b.EVENT_SECONDS, b.EVENT_START, b.EVENT_STOP)]


def test_healthy_network_has_no_events():
    s = meter()
    run(s, 0, 100, readings())
    assert active(s) == [] and s.warnings == 0 and not any(s.counts)


def test_every_condition():
    for r, events, word in (
        (readings((270, 230, 230)), [b.OVER_VOLTAGE], 1),
        (readings((230, 180, 230)), [b.UNDER_VOLTAGE + 1], 2),
        (readings((230, 230, 100)), [b.VOLTAGE_LOSS + 2], 4),
        (readings((230, 0, 230), (5, 0, 5)), [b.PHASE_FAILURE + 1, b.ONE_PHASE_FAILURE], 8),
        (readings((0, 0, 230), (0, 0, 5)), [9, 10, b.TWO_PHASE_FAILURE], 8),
        (readings(amps=(5, 8, 5)), [b.OVER_CURRENT + 1], 0),
        (readings(powers=(1100, -1100, 1100)), [b.CURRENT_REVERSAL + 1], 16),
        (readings(powers=(-900, -900, -900)), [15, 16, 17, b.ENERGY_REVERSAL], 48),
        (readings(amps=(5, 0, 5)), [b.MISSING_CURRENT + 1], 64),
        (readings(angle=240.0), [b.PHASE_SEQUENCE], 128),
        (readings((0, 0, 0)), [6, 7, 8, b.ALL_VOLTAGE_LOSS], 4),
    ):
        s = meter()
        run(s, 0, 2, r)
        assert active(s) == [], events
        run(s, 2, 1, r)
        assert active(s) == events, (events, active(s))
        assert s.warnings == word
        run(s, 3, 3, readings())
        assert active(s) == [] and s.warnings == 0


def test_time_stamps_and_energies():
    s = meter()
    bad = readings((50, 230, 230))
    run(s, 0, 10, readings())
    run(s, 10, 60, bad, (4000, 1000, 0, 0, 0, 0, 0))
    run(s, 70, 10, readings(), (4000, 1000, 0, 0, 0, 0, 0))
    local = T + 3600
    assert event(s, b.VOLTAGE_LOSS) == [1, 60, local + 10, local + 70]
    # energies are counted from when the loss is known to when its end is
    assert s.read(8 * b.VOLTAGE_LOSS + b.EVENT_IMPORT) == 4000 * 60 // 3600
    assert s.read(8 * b.VOLTAGE_LOSS + b.EVENT_EXPORT) == 1000 * 60 // 3600
    run(s, 80, 5, bad)
    assert event(s, b.VOLTAGE_LOSS)[:2] == [2, 65]


def test_what_is_shorter_than_the_delay_is_nothing():
    s = meter(10)
    for n in range(20):
        run(s, 20 * n, 9, readings((0, 230, 230), (0, 5, 5)))
        run(s, 20 * n + 9, 11, readings())
    assert not any(s.counts)


def test_power_down_ends_what_lasts():
    s = meter()
    run(s, 0, 10, readings((0, 230, 230), (0, 5, 5)))
    image = bytearray(s.size)
    assert s.dump(image, 0) == s.size
    s = meter()
    assert s.restore(image, 0) == s.size
    assert b.PHASE_FAILURE in active(s)
    s.power_was_down(T + 10, T + 500)
    assert active(s) == []
    local = T + 3600
    assert event(s, b.PHASE_FAILURE)[3] == local + 10
    assert event(s, b.POWER_DOWN) == [1, 490, local + 10, local + 500]


def test_clear_and_unknown_points():
    s = meter()
    run(s, 0, 10, readings((300, 230, 230)))
    s.clear()
    assert not any(s.counts) and s.warnings == 0
    for index in (8 * b.EVENTS, 8 * b.OVER_VOLTAGE + b.EVENT_IMPORT, 7):
        try:
            s.read(index)
        except KeyError:
            continue
        raise AssertionError(index)
