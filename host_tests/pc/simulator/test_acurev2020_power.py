"""An AcuRev 2020 over power cuts: energies, months, maxima, settings; loads without circuits."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from fourquad import points as p
from fourquad.points import circuits as c
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

START = 1_769_860_800.0  # 2026-01-31 12:00
LOAD: dict[str, Any] = {
    "phases": [{"volts": 230.0}] * 3,
    "circuits": [{"amps": 10.0 + 5 * k, "lag": 20.0 * k} for k in range(18)],
}


def simulated(load: dict[str, Any]) -> Simulator:
    plant, adc = plant_from_json(load)
    simulator = Simulator(model("acurev2020"), plant, adc, Storage(None), START)
    simulator.warm_up()
    return simulator


def points(simulator: Simulator) -> Any:
    assert simulator.device is not None
    return simulator.device.points


def kept(simulator: Simulator) -> list[Any]:
    read = points(simulator).read
    ids = [c.ENERGY + k for k in range(5 * c.GROUPS)] + [c.MONTH + k for k in range(840)]
    ids += [c.DEMAND + k for k in range(8 * c.GROUPS, 24 * c.GROUPS)]
    return [read(pid) for pid in ids] + [read(p.SETTING + c.CT_1 + n) for n in range(18)]


def test_what_was_counted_outlives_a_cut_with_a_warning() -> None:
    simulator = simulated(LOAD)
    assert points(simulator).write(p.SETTING + c.CT_1 + 17, 200) == p.OK
    asyncio.run(simulator.advance(18 * 3600, leap=7200))
    before = kept(simulator)
    month = points(simulator).read(c.MONTH + 5 * c.TOTAL)
    last = points(simulator).read(c.MONTH + 5 * (3 * c.GROUPS + c.TOTAL))
    # six hours of February, twelve of January, in 0.1 kWh
    circuits = simulator.plant.truth(simulator.now)["circuits"]
    watts = sum(each["active"] for each in circuits if each["active"] > 0)
    assert month == pytest.approx(watts * 6 / 100, rel=1e-3, abs=18)
    assert last == pytest.approx(watts * 12 / 100, rel=1e-3, abs=18)
    simulator.power_off()
    asyncio.run(simulator.advance(10))
    simulator.power_on()
    assert kept(simulator) == before
    asyncio.run(simulator.advance(3))
    after = kept(simulator)
    assert all(0 <= b - a <= 1 for a, b in zip(before[:140], after[:140], strict=True))
    simulator.close()


def test_a_cut_without_a_warning_takes_no_more_than_a_minute() -> None:
    simulator = simulated(LOAD)
    asyncio.run(simulator.advance(130))
    before = kept(simulator)[: 5 * c.GROUPS]
    simulator.power_off(warning=False)
    simulator.power_on()
    lost = [b - a for b, a in zip(before, kept(simulator)[: 5 * c.GROUPS], strict=True)]
    watts = sum(each["apparent"] for each in simulator.plant.truth(simulator.now)["circuits"])
    assert min(lost) >= 0 and max(lost) <= watts / 60 / 100 + 18
    simulator.close()


def test_a_load_without_circuits_is_the_first_three_phase_one() -> None:
    amps = (3.0, 4.0, 5.0)
    simulator = simulated({"phases": [{"volts": 230.0, "amps": each} for each in amps]})
    read = points(simulator).read
    found = [read(c.READINGS + c.FIELDS * n + c.AMPS) for n in range(18)]
    assert [found[n] for n in (0, 3, 6)] == [pytest.approx(each, rel=5e-4) for each in amps]
    assert not any(found[n] for n in range(18) if n not in (0, 3, 6))
    named = {name: (value, unit) for name, value, unit in simulator.readings()}
    assert named["input4.i"] == (pytest.approx(4.0, rel=5e-4), "A") and named["user1.p"][1] == "W"
    assert named["input18.ep_imp"] == (0.0, "kWh") and "setting.dnp3" not in named
    simulator.close()
