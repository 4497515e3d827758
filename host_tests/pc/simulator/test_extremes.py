"""Maxima and minima of a whole meter, over Modbus' registers and power cuts."""

from __future__ import annotations

import pytest

from fourquad import models
from fourquad import points as p
from fourquad_tools.plant.generator import Sines
from fourquad_tools.plant.load import parse_load
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

LOAD = {
    "frequency": 50.0,
    "phases": [{"volts": 230.0, "amps": 5.0, "lag": 30.0, "volt_harmonics": {"5": [0.03, 10.0]}}] * 3,
    "timeline": [
        {"at": 6.0, "phases": [{"volts": 240.0}, {}, {}]},
        {"at": 9.0, "phases": [{"volts": 220.0}, {}, {}]},
    ],
}
START = 1_767_268_800.0  # 2026-01-01 12:00:00


@pytest.fixture
def sim() -> Simulator:
    load = parse_load(LOAD)
    made = Simulator(models.load("kw320"), Sines(load), load.adc, Storage(None), START)
    made.power_on()
    return made


def run(sim: Simulator, seconds: float) -> None:
    end = sim.now + seconds
    while sim.now < end:
        sim.step()


def words(sim: Simulator, address: int, count: int) -> list[int]:
    out = bytearray(2 * count)
    assert sim.device.registers.read(address, count, out, 0) == 0
    return [out[2 * i] << 8 | out[2 * i + 1] for i in range(count)]


def test_maximum_and_minimum_with_their_times(sim: Simulator) -> None:
    run(sim, 12.0)
    value, year, month, day, hour, minute, second = words(sim, 0x4136, 7)
    assert value == pytest.approx(2401, abs=2)
    assert (year, month, day, hour, minute) == (2026, 1, 1, 12, 0) and 6 <= second <= 9
    value, *_, second = words(sim, 0x41E5, 7)
    assert value == pytest.approx(2201, abs=2) and 9 <= second <= 12
    # THD of V1, from the harmonics
    assert words(sim, 0x41BB, 1)[0] == pytest.approx(300, abs=5)
    assert words(sim, 0x405A, 1)[0] == pytest.approx(300, abs=5)


def test_they_survive_power_cuts(sim: Simulator) -> None:
    run(sim, 12.0)
    before = words(sim, 0x4136, 125)
    sim.power_off()
    run(sim, 60.0)
    sim.power_on()
    assert words(sim, 0x4136, 125) == before
    # without warning only what was saved last is there
    sim.power_off(warning=False)
    sim.power_on()
    assert words(sim, 0x4136, 125) == before


def test_clear(sim: Simulator) -> None:
    run(sim, 12.0)
    assert sim.device.registers.write(0x1010, 1, bytes((0, 0x55)), 0) == 0
    assert words(sim, 0x4136, 1)[0] > 2000
    assert sim.device.registers.write(0x1010, 1, bytes((0, 0x0A)), 0) == 0
    assert not any(words(sim, 0x4136, 125)) and sim.device.points.read(p.EXTREME + 175) == 0
    run(sim, 1.5)
    assert words(sim, 0x4136, 1)[0] == words(sim, 0x41E5, 1)[0] == pytest.approx(2201, abs=2)
    # nothing is written meanwhile
    saves = sim.device.stores[0].saves
    run(sim, 30.0)
    assert sim.device.stores[0].saves == saves
