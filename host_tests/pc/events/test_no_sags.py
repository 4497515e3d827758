"""Nothing is found where there is nothing, and one event stands for all phases until they are back."""

from __future__ import annotations

import pytest
from mains import Dip, Mains, Rig

from fourquad import points as p

LIMITS = (
    (p.RATED_VOLTAGE, 230),
    (p.SAG_CAPTURE, 1),
    (p.SAG_THRESHOLD, 90),
    (p.SAG_HALVES, 4),
    (p.SWELL_CAPTURE, 1),
    (p.SWELL_THRESHOLD, 110),
    (p.RATED_AMPERES, 500),
    (p.OVER_CURRENT_CAPTURE, 1),
    (p.OVER_CURRENT_THRESHOLD, 110),
)
ODD = ((3, 0.1, 0.3), (5, 0.1, 2.0), (7, 0.1, 1.0))
# a second order alone moves half cycles of alternate signs apart by up to 8 %
EVEN = ((2, 0.1, 0.7),)


def found(rig: Rig) -> tuple[int, ...]:
    return tuple(rig.read(offset) for offset in (p.SAGS, p.SWELLS, p.OVER_CURRENTS))


@pytest.mark.parametrize("harmonics", [ODD, EVEN, ((25, 0.1, 0.0), (11, 0.1, 1.0)), ((3, 0.1, 3.14),)])
def test_harmonics_are_no_sags(harmonics) -> None:
    mains = Mains(amps=0.5, harmonics=harmonics)
    rms = (1 + sum(ratio**2 for _, ratio, _ in harmonics)) ** 0.5
    mains.rms = [x / rms for x in mains.rms]
    assert found(Rig(mains, LIMITS).run(20)) == (0, 0, 0)


def test_noise_is_no_sag() -> None:
    assert found(Rig(Mains(noise=0.02), LIMITS).run(60)) == (0, 0, 0)


@pytest.mark.parametrize(("begin", "ramp"), [(45.0, 1.0), (65.0, -1.0), (45.0, 5.0), (65.0, -5.0)])
def test_ramps_of_the_frequency_are_no_sags(begin: float, ramp: float) -> None:
    rig = Rig(Mains(frequency=begin), LIMITS, batch=1).run(2)
    mains = rig.mains
    # the ramp begins here, without a jump
    mains.phase = 2 * 3.141592653589793 * begin * rig.now
    start = rig.now
    mains.turns = lambda times: (begin + ramp * (times - start) / 2) * (times - start)
    rig.run(20.0 / abs(ramp))
    assert found(rig) == (0, 0, 0)
    assert abs(rig.meter.points.read(p.FREQUENCY) - (110 - begin)) < abs(ramp) * 1.5


def test_nothing_is_watched_as_it_comes() -> None:
    mains = Mains(volts=230)
    rig = Rig(mains).run(2)
    mains.dips = [Dip(rig.now, rig.now + 1, 0, 0.0), Dip(rig.now, rig.now + 1, 4, 5.0)]
    rig.run(2)
    assert found(rig) == (0, 0, 0) and rig.events == []


def test_one_event_stands_until_all_phases_are_back() -> None:
    mains = Mains()
    rig = Rig(mains, LIMITS).run(2)
    t = rig.now
    # the second joins 100 ms later and outlasts the first; a third comes after both
    mains.dips = [Dip(t + 0.1, t + 0.3, 0, 0.5), Dip(t + 0.2, t + 0.5, 1, 0.3), Dip(t + 0.6, t + 0.7, 2, 0.5)]
    rig.run(1)
    assert [event[2] for event in rig.events] == [1, 4]
    assert found(rig) == (2, 0, 0)
    # two at once make one event with both bits
    t = rig.now
    mains.dips = [Dip(t + 0.1, t + 0.3, 0, 0.5), Dip(t + 0.1, t + 0.3, 2, 0.5)]
    rig.run(1)
    assert [event[2] for event in rig.events[2:]] == [5]
    # a sag and a swell are two
    t = rig.now
    mains.dips = [Dip(t + 0.1, t + 0.3, 0, 0.5), Dip(t + 0.1, t + 0.3, 1, 1.5)]
    rig.run(1)
    assert sorted(event[2] for event in rig.events[3:]) == [1, 16]
    assert [event[3:] for event in rig.events if event[2] == 16] == [(230, 110, 0)]


def test_a_sag_that_is_too_short_is_counted_only() -> None:
    mains = Mains()
    rig = Rig(mains, (*LIMITS, (p.SAG_HALVES, 20))).run(2)
    t = rig.now
    mains.dips = [Dip(t + 0.1, t + 0.29, 0, 0.5), Dip(t + 0.5, t + 0.72, 0, 0.5)]
    rig.run(1)
    assert len(rig.events) == 1 and rig.events[0][5] == 20
    assert found(rig) == (2, 0, 0)
    assert abs(rig.read(p.SAGS + p.LENGTH) - 220) < 10
    assert abs(rig.read(p.SAGS + p.WORST) - 1150) < 3


def test_over_current_is_worst_in_ma() -> None:
    mains = Mains()
    rig = Rig(mains, LIMITS).run(2)
    mains.dips = [Dip(rig.now + 0.1, rig.now + 0.3, 4, 1.6)]
    rig.run(1)
    assert found(rig) == (0, 0, 1) and rig.events == []
    assert abs(rig.read(p.OVER_CURRENTS + p.WORST) - 800) <= 2
    assert abs(rig.read(p.OVER_CURRENTS + p.LENGTH) - 200) <= 10


def test_between_lines_where_there_is_no_neutral() -> None:
    # 3LL: lines are sqrt(3) times the star voltages
    mains = Mains(volts=230)
    settings = ((p.WIRING_U, 3), *LIMITS, (p.RATED_VOLTAGE, 400), (p.SWELL_CAPTURE, 0))
    rig = Rig(mains, settings).run(2)
    t = rig.now
    # with V1 at half, V12 and V31 are sqrt(1 + 1/4 + 1/2) of 230 V
    mains.dips = [Dip(t + 0.1, t + 0.3, 0, 0.5)]
    rig.run(1)
    assert [event[2] for event in rig.events] == [0b101]
    assert abs(rig.read(p.SAGS + p.WORST) / 10 - 230 * 1.75**0.5) < 2.3


def test_phases_that_are_not_there_do_not_sag() -> None:
    for wiring, volts in ((1, (230, 0, 0)), (4, (230, 230, 0))):
        mains = Mains()
        mains.rms[:3] = volts
        rig = Rig(mains, ((p.WIRING_U, wiring), *LIMITS)).run(3)
        assert found(rig) == (0, 0, 0)


def test_a_rated_voltage_above_400_v_is_of_three_lines_alone() -> None:
    rig = Rig(Mains())
    write = rig.meter.points.write
    assert write(p.SETTING + p.RATED_VOLTAGE, 500) == p.RANGE
    assert write(p.SETTING + p.WIRING_U, 3) == p.OK
    assert write(p.SETTING + p.RATED_VOLTAGE, 690) == p.OK
    assert write(p.SETTING + p.WIRING_U, 0) == p.OK
    assert rig.meter.settings.get(p.RATED_VOLTAGE) == 400
