"""The whole meter at the edges of time: its first second, within an interval, after the clock is set, after a
power cut, at both ends of the calendar. Oracle: a constant load, so every average is that load.
"""

import asyncio
from datetime import datetime, timezone

import pytest

from fourquad import points as p
from fourquad.calendar.clock import END, seconds
from fourquad.points import billing as b
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

THREE = {"phases": [{"volts": 220.0, "amps": 5.0, "lag": 0.0}] * 3}
WATTS = 3300
RUNNING = b.demand(b.DEMAND_RUNNING, b.ACTIVE_IMPORT)
PREDICTED = b.demand(b.DEMAND_PREDICTED, b.ACTIVE_IMPORT)
MAXIMUM = b.demand(b.DEMAND_MAXIMUM, b.ACTIVE_IMPORT)
# 1 J of a second, and what the converter makes of the load
NEAR = 1 + 6e-4


def make(name, start, warm=True):
    plant, adc = plant_from_json(THREE)
    utc = datetime(*start, tzinfo=timezone.utc).timestamp()
    simulator = Simulator(model(name), plant, adc, Storage(None), utc)
    if warm:
        simulator.warm_up()
    else:
        simulator.power_on()
    return simulator


def run(simulator, seconds):
    asyncio.run(simulator.advance(seconds))


def five_minutes(simulator):
    points = simulator.device.points
    for offset, value in ((p.DEMAND_MODE, 0), (p.DEMAND_WINDOW, 5), (p.POWER_INTERVAL, 5)):
        assert points.write(p.SETTING + offset, value) == p.OK
    return points


def local(*fields):
    return seconds(*fields)


@pytest.mark.parametrize("start", [(2026, 1, 1, 11, 59, 57), (2026, 1, 1, 11, 59, 57, 430000)])
def test_running_average_is_the_load_from_the_first_moment_of_an_interval(start):
    simulator = make("a1000", start)
    points = five_minutes(simulator)
    seen = []
    for step in range(60):
        run(simulator, 0.26)
        if points.read(p.BILLING + b.INTERVAL_SECONDS) or step > 20:
            seen.append(points.read(RUNNING) / 10)
    # it starts anew at 12:00:00
    assert len(seen) > 30
    assert max(seen) <= WATTS * NEAR and min(seen) >= WATTS / NEAR
    run(simulator, 280)
    for _ in range(40):
        run(simulator, 0.26)
        assert points.read(RUNNING) / 10 == pytest.approx(WATTS, rel=6e-4)
        assert points.read(PREDICTED) / 10 == pytest.approx(WATTS, rel=6e-4)
    assert points.read(MAXIMUM) / 10 == pytest.approx(WATTS, rel=6e-4)


def test_present_demand_is_the_load_from_the_first_reading_on():
    simulator = make("a1000", (2026, 1, 1, 12, 1, 0), warm=False)
    points = five_minutes(simulator)
    seen = []
    for _ in range(100):
        run(simulator, 0.1)
        if simulator.device.meter.valid:
            seen.append(points.read(RUNNING) / 10)
    assert len(seen) > 80
    # the frames follow the mains within the first second: its length is known to 0.2 %
    assert max(seen) <= WATTS * NEAR and min(seen) >= WATTS * 0.998


@pytest.mark.parametrize("ahead", [0.0, 0.35, 0.83])
@pytest.mark.parametrize(
    "to", [(12, 5, 0), *(pytest.param(to, marks=pytest.mark.thorough) for to in ((17, 0, 0), (11, 55, 0)))]
)
def test_first_maximum_after_the_clock_is_set_is_the_load(to, ahead):
    simulator = make("a1000", (2026, 1, 1, 12, 1, 0))
    points = five_minutes(simulator)
    run(simulator, 20 + ahead)
    moment = local(2026, 1, 1, *to)
    assert points.write(p.BILLING + b.LOCAL_TIME, moment) == p.OK
    run(simulator, 330)
    assert points.read(MAXIMUM) / 10 == pytest.approx(WATTS, rel=6e-4)
    assert points.read(b.demand(b.DEMAND_MAXIMUM_TIME, b.ACTIVE_IMPORT)) == moment + 300
    run(simulator, 700)
    assert points.read(MAXIMUM) / 10 == pytest.approx(WATTS, rel=6e-4)
    profile = points.provider(p.PROFILE)
    number, rows = profile.find(0), {}
    while profile.load(number):
        rows[profile.stamp] = (profile.status, profile.values[0])
        number += 1
    if to == (17, 0, 0):
        # 15 minutes in 0.1 Wh, whole because the interval began with the time that was set
        status, value = rows[moment + 900]
        assert value == pytest.approx(WATTS * 2.5, rel=6e-4)
        assert status == b.PROFILE_CLOCK_SET
    # the records and what is open are all that was measured
    total = points.read(b.tariff_energy(b.ACTIVE_IMPORT)) * 100
    open_units = simulator.device.meter.billing.profile._joules[0] // 360
    assert sum([row[1] for row in rows.values()]) + open_units == pytest.approx(total, abs=101)


def test_corrections_leave_the_maximum_at_the_load():
    simulator = make("a1000", (2026, 1, 1, 12, 0, 1))
    points = five_minutes(simulator)
    for step in (7, -3, 1, -9, 0, 10, -10):
        run(simulator, 111.37)
        now = points.read(p.BILLING + b.LOCAL_TIME)
        assert points.write(p.BILLING + b.LOCAL_TIME, now + step) == p.OK
        run(simulator, 0.4)
        assert points.read(RUNNING) / 10 <= WATTS * NEAR
        assert points.read(PREDICTED) / 10 <= WATTS * NEAR
    run(simulator, 300)
    assert points.read(MAXIMUM) / 10 == pytest.approx(WATTS, rel=6e-4)


def test_a_new_meter_has_no_period_to_end():
    # the first seconds are before midnight, as a simulator's warm-up is
    simulator = make("a1000", (2026, 2, 1, 0, 0, 0))
    points = simulator.device.points
    run(simulator, 70)
    assert points.read(p.BILLING + b.RESETS) == points.read(p.BILLING + b.PERIODS_STORED) == 0
    # the next month's end is one
    assert points.write(p.BILLING + b.LOCAL_TIME, local(2026, 2, 28, 23, 59, 50)) == p.OK
    run(simulator, 15)
    assert points.read(p.BILLING + b.RESETS) == 1
    assert points.read(p.BILLING + b.LAST_RESET_CAUSE) == b.CAUSE_AUTOMATIC


def test_a_power_cut_lasts_as_long_as_it_does():
    for fraction in (0.0, 0.31, 0.57, 0.98):
        simulator = make("a1000", (2026, 1, 1, 12, 1, 0), warm=False)
        run(simulator, 20 + fraction)
        for total in (60, 120):
            simulator.power_off()
            run(simulator, 60)
            simulator.power_on()
            run(simulator, 5)
            points = simulator.device.points
            assert points.read(b.supervised(b.POWER_DOWN, b.EVENT_SECONDS)) == total
            start = points.read(b.supervised(b.POWER_DOWN, b.EVENT_START))
            assert points.read(b.supervised(b.POWER_DOWN, b.EVENT_STOP)) == start + 60


@pytest.mark.parametrize("name", ["a1000", "kw320"])
@pytest.mark.parametrize("start", [(2099, 12, 31, 23, 59, 50), (2000, 1, 1, 0, 0, 0)])
def test_both_ends_of_the_calendar(name, start):
    simulator = make(name, start)
    points = simulator.device.points
    began = points.read(p.ENERGY + p.EP_IMP)
    if name == "kw320":
        assert points.write(p.SETTING + p.DEMAND_WINDOW, 1) == p.OK
        assert points.write(p.SETTING + p.DEMAND_MODE, 0) == p.OK
    run(simulator, 135)
    at_end = start[0] == 2099
    fields = [points.read(p.STATE + p.YEAR + i) for i in range(6)]
    if at_end:
        assert fields == [2099, 12, 31, 23, 59, 59]
        assert points.read(p.STATE + p.EPOCH) == END - 1
    else:
        assert fields[:4] == [2000, 1, 1, 0]
        assert 135 <= points.read(p.STATE + p.EPOCH) <= 139
    assert simulator.device.meter.clock.valid is not at_end
    if name == "kw320":
        assert points.read(p.SECONDARY + p.P_DEMAND) == pytest.approx(WATTS, rel=6e-4)
    simulator.power_off()
    run(simulator, 2)
    simulator.power_on()
    run(simulator, 120)
    points = simulator.device.points
    # 255 s of 3.3 kW in 0.1 kWh of the primary side, or Wh of the secondary one
    unit = 1 if name == "a1000" else 100
    assert points.read(p.ENERGY + p.EP_IMP) - began == pytest.approx(WATTS * 255 / 3600 / unit, abs=2)
    assert points.read(p.STATE + p.RUN_TIME) == pytest.approx(255 / 36, abs=1)
    # and the end is not for ever; that far forward it needs programming mode
    assert points.write(p.BILLING + b.PROGRAM_MODE, 1) == p.OK
    assert points.write(p.STATE + p.EPOCH, seconds(2026, 6, 1, 12, 0, 0)) == p.OK
    run(simulator, 70)
    assert points.read(p.STATE + p.YEAR) == 2026
    assert simulator.device.meter.clock.valid
    simulator.close()


def test_a_master_sets_the_last_seconds_of_the_calendar():
    simulator = make("kw320", (2026, 1, 1, 12, 0, 0))
    points = simulator.device.points
    assert points.write(p.STATE + p.EPOCH, END - 3) == p.OK
    run(simulator, 70)
    assert points.read(p.STATE + p.YEAR) == 2099
    simulator.device.power_fails()
    assert simulator.device.meter.restore(bytes(simulator.device.meter.dump()))


def test_clearing_demands_clears_them_at_once_with_their_extremes():
    simulator = make("kw320", (2026, 1, 1, 11, 58, 30))
    points = simulator.device.points
    registers = simulator.device.registers

    def words(address, count):
        out = bytearray(2 * count)
        assert registers.read(address, count, out, 0) == 0
        return [out[i] << 8 | out[i + 1] for i in range(0, 2 * count, 2)]

    for offset, value in ((p.DEMAND_WINDOW, 2), (p.DEMAND_MODE, 0)):
        assert points.write(p.SETTING + offset, value) == p.OK
    run(simulator, 90 + 120 + 2)
    assert words(0x4042, 6) != [0] * 6 and words(0x4198, 3 * 7) != [0] * 21 and words(0x4600, 27) != [0] * 27
    volts = words(0x4136, 7)
    assert points.write(p.COMMAND + p.CLEAR_DEMAND, 1) == p.OK
    for wait in (0, 0.5, 1, 5):
        run(simulator, wait)
        assert words(0x4042, 6) == [0] * 6
        assert words(0x4600, 27) == [0] * 27
        assert words(0x4198, 3 * 7) == [0] * 21
        # nothing else is cleared
        assert words(0x4136, 7) == volts
        assert points.read(p.PRIMARY + p.P_DEMAND) == points.read(p.SECONDARY + p.P_DEMAND) == 0.0
    run(simulator, 240)
    assert words(0x4198, 1)[0] == pytest.approx(WATTS, rel=1e-3)


def test_the_seal_holds_for_all_clears_of_demand():
    simulator = make("kw320", (2026, 1, 1, 12, 0, 0))
    registers = simulator.device.registers
    rows = ((0x100F, 1), (0x103A, 10), (0x103B, 10), (0x103C, 10), (0x103D, 10), (0x103E, 10))
    for sealed, answer in ((True, 4), (False, 0)):
        simulator.set_seal(sealed)
        for address, value in rows:
            assert registers.write(address, 1, bytes((0, value)), 0) == answer
