"""Billing of the whole meter in virtual time: samples in, demands, tariffs, periods and profile out."""

import asyncio
from datetime import datetime, timezone

import pytest

from fourquad import points as p
from fourquad.calendar.clock import seconds
from fourquad.points import billing as b
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

PHASE = {"volts": 220.0, "amps": 5.0, "lag": 30.0}
THREE = {"phases": [PHASE] * 3}
WATTS = 3 * 220 * 5 * 3**0.5 / 2


def make(name, start, load=THREE, folder=None):
    plant, adc = plant_from_json(load)
    utc = datetime(*start, tzinfo=timezone.utc).timestamp()
    simulator = Simulator(model(name), plant, adc, Storage(folder), utc)
    simulator.power_on()
    return simulator


def run(simulator, seconds):
    asyncio.run(simulator.advance(seconds))


def words(simulator, address, count):
    out = bytearray(2 * count)
    assert simulator.device.registers.read(address, count, out, 0) == 0
    return [out[i] << 8 | out[i + 1] for i in range(0, 2 * count, 2)]


def test_kw320_demands_over_the_register_map():
    simulator = make("kw320", (2026, 1, 1, 11, 58, 30))
    points = simulator.device.points
    for offset, value in ((p.DEMAND_WINDOW, 2), (p.DEMAND_MODE, 0)):
        assert points.write(p.SETTING + offset, value) == p.OK
    run(simulator, 90 + 120 + 2)
    assert points.read(p.SECONDARY + p.P_DEMAND) == pytest.approx(WATTS, rel=5e-4)
    assert points.read(p.SECONDARY + p.Q_DEMAND) == pytest.approx(WATTS / 3**0.5, rel=5e-4)
    assert points.read(p.SECONDARY + p.S_DEMAND) == pytest.approx(3300, rel=5e-4)
    assert points.read(p.SECONDARY + p.I2_DEMAND) == pytest.approx(5.0, rel=5e-4)
    assert words(simulator, 0x460D, 7) == [5000, 2026, 1, 1, 12, 2, 0]
    assert points.write(p.COMMAND + p.CLEAR_DEMAND, 1) == p.OK
    run(simulator, 2)
    assert words(simulator, 0x4042, 6) == [0] * 6
    assert words(simulator, 0x4600, 27) == [0] * 27


def test_a1000_through_a_self_read_and_power_cuts(tmp_path):
    simulator = make("a1000", (2026, 1, 31, 23, 50, 0), folder=str(tmp_path))
    points = simulator.device.points
    assert points.write(p.BILLING + b.PROGRAM_MODE, 1) == p.OK
    assert points.write(p.TABLE + b.PROFILE_1, bytes((0, 0, 1, 23, 55, 2))) == p.OK
    run(simulator, 12 * 60)
    points = simulator.device.points

    def energy(rate=0, n=0):
        return points.read(b.tariff_energy(b.ACTIVE_IMPORT, rate) + n * p.HISTORY)

    assert points.read(p.BILLING + b.RESETS) == 1
    assert points.read(p.BILLING + b.LAST_RESET + p.HISTORY) == seconds(2026, 2, 1, 0, 0, 0)
    assert energy(n=1) == energy(1, 1) + energy(2, 1) == pytest.approx(WATTS / 6 / 10, abs=2)
    assert energy(1, 1) == pytest.approx(WATTS / 12 / 10, abs=2)
    # ten of the fifteen minutes before midnight
    maximum = points.read(b.demand(b.DEMAND_MAXIMUM, b.ACTIVE_IMPORT) + p.HISTORY)
    assert maximum == pytest.approx(10 * WATTS * 2 / 3, rel=3e-3)
    before = energy()
    simulator.power_off()
    run(simulator, 600)
    simulator.power_on()
    run(simulator, 5 * 60)
    points = simulator.device.points
    assert energy() == pytest.approx(before + WATTS * 5 / 60 / 10, abs=2)
    assert points.read(p.BILLING + b.RESETS) == points.read(p.BILLING + b.PERIODS_STORED) == 1
    assert points.read(b.supervised(b.POWER_DOWN, b.EVENT_COUNT)) == 1
    assert points.read(b.supervised(b.POWER_DOWN, b.EVENT_SECONDS)) == pytest.approx(600, abs=2)
    assert points.read(p.TABLE + b.PROFILE_1) == bytes((0, 0, 1, 23, 55, 2))
    profile = points.provider(p.PROFILE)
    number = profile.find(0)
    rows = []
    while profile.load(number):
        rows.append((profile.stamp, profile.status, profile.values[0]))
        number += 1
    assert [stamp - seconds(2026, 2, 1, 0, 0, 0) for stamp, _, _ in rows] == [0, 900]
    assert rows[0][2] == pytest.approx(WATTS * 10 / 60 * 10, rel=3e-3)
    assert rows[1][1] & 1
    simulator.close()


def test_a1000_events_of_a_lost_phase():
    load = {
        "phases": [PHASE] * 3,
        "timeline": [
            {"at": 20.0, "phases": [{"volts": 0.0, "amps": 0.0}, {}, {}]},
            {"at": 60.0, "phases": [PHASE]},
        ],
    }
    simulator = make("a1000", (2026, 1, 1, 0, 0, 0), load)
    run(simulator, 50)
    points = simulator.device.points
    assert points.read(p.BILLING + b.ERROR_1) == 8
    run(simulator, 40)
    assert points.read(p.BILLING + b.ERROR_1) == 0
    failure = b.PHASE_FAILURE
    assert points.read(b.supervised(failure, b.EVENT_COUNT)) == 1
    assert points.read(b.supervised(failure, b.EVENT_SECONDS)) == pytest.approx(40, abs=2)
    assert points.read(b.supervised(failure, b.EVENT_IMPORT)) == pytest.approx(
        WATTS * 2 / 3 * 40 / 3600, abs=2
    )
