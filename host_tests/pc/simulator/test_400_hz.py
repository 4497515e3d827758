"""The 400 Hz type (manual 4.1): the simulator with a load of 400 Hz, end to end, and its display."""

import asyncio
from datetime import datetime, timezone
from pathlib import Path

import pytest

from fourquad import points as p
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

START = datetime(2026, 1, 1, tzinfo=timezone.utc).timestamp()
# an aircraft's supply: 115 V, a rectifier's harmonics; the 17th is beyond what the type knows
VOLT_HARMONICS = {"5": [0.04, 10.0], "15": [0.02, 50.0]}
AMP_HARMONICS = {"3": [0.2, 20.0], "5": [0.1, 100.0], "15": [0.05, 40.0], "17": [0.1, 0.0]}
PHASE = {
    "volts": 115.0,
    "amps": 4.0,
    "lag": 30.0,
    "volt_harmonics": VOLT_HARMONICS,
    "amp_harmonics": AMP_HARMONICS,
}
TYPE = (p.NOMINAL_FREQUENCY, 2)


def make(
    hertz: float = 400.0, settings: tuple = (TYPE,), phase: dict = PHASE, folder: object = None
) -> Simulator:
    plant, adc = plant_from_json({"frequency": hertz, "phases": [phase] * 3})
    simulator = Simulator(model("kw320"), plant, adc, Storage(folder), START)
    simulator.power_on()
    for offset, value in settings:
        assert simulator.device.points.write(p.SETTING + offset, value) == p.OK
    asyncio.run(simulator.advance(6.0))
    return simulator


def points(simulator: Simulator) -> dict[str, float]:
    return {name: value for name, value, _ in simulator.readings()}


@pytest.mark.parametrize("hertz", [400.0, 310.0, 443.7, 495.0])
def test_readings_are_the_truth(hertz: float) -> None:
    simulator = make(hertz)
    got, truth = points(simulator), simulator.plant.truth(simulator.now)
    assert got["primary.frequency"] == pytest.approx(hertz, abs=0.01)
    phase = truth["phases"][0]
    for n in (1, 2, 3):
        assert got[f"primary.v{n}"] == pytest.approx(phase["volts"], rel=2e-4)
        assert got[f"primary.i{n}"] == pytest.approx(phase["amps"], rel=2e-4)
        assert got[f"primary.p{n}"] == pytest.approx(phase["active"], rel=3e-4)
        assert got[f"primary.q{n}"] == pytest.approx(phase["reactive"], rel=1e-3)
        assert got[f"primary.s{n}"] == pytest.approx(phase["apparent"], rel=3e-4)
    assert got["primary.angle_v2"] == pytest.approx(120.0, abs=0.05)
    assert got["state.gaps"] == 0


def test_harmonics_end_at_the_15th() -> None:
    got = points(make())
    for order in range(2, 64):
        volts = 100 * VOLT_HARMONICS[str(order)][0] if str(order) in VOLT_HARMONICS else 0.0
        amps = 100 * AMP_HARMONICS[str(order)][0] if str(order) in AMP_HARMONICS and order <= 15 else 0.0
        assert got[f"harmonic.v1.h{order}"] == pytest.approx(volts, abs=0.02), order
        assert got[f"harmonic.i1.h{order}"] == pytest.approx(amps, abs=0.02), order
    # of the orders up to the 15th only: with the 17th the current would have 25.00 %
    assert got["harmonic.i1.thd"] == pytest.approx(22.91, abs=0.02)
    assert got["harmonic.v1.thd"] == pytest.approx(4.47, abs=0.02)


def test_energy_is_full_wave_whatever_the_setting_says() -> None:
    phase = {
        **PHASE,
        "amps": 4000.0,
        "volt_harmonics": {"5": [0.3, 10.0]},
        "amp_harmonics": {"5": [0.4, 20.0]},
    }
    settings = ((p.ENERGY_WAVE, 0), TYPE, (p.CT1, 5000), (p.CT2, 5))
    simulator = make(settings=settings, phase=phase)
    fundamental = 3 * 115.0 * 4000.0 * 0.8660254
    before = points(simulator)["energy.ep_imp"]
    start = simulator.plant.truth(simulator.now)["phases"][0]["import_wh"]
    asyncio.run(simulator.advance(60.0))
    counted = points(simulator)["energy.ep_imp"] - before
    true = 3 * (simulator.plant.truth(simulator.now)["phases"][0]["import_wh"] - start) / 1000
    # the harmonics take a tenth of it away
    assert true < 0.95 * fundamental * 60 / 3600 / 1000
    # within the register's step of 0.1 kWh
    assert counted == pytest.approx(true, abs=0.11, rel=0.002)


def test_the_setting_survives_a_power_cut(tmp_path: Path) -> None:
    simulator = make(folder=tmp_path)
    simulator.close()
    again = make(settings=(), folder=tmp_path)
    got = points(again)
    assert got["setting.nominal_frequency"] == 2
    assert got["primary.frequency"] == pytest.approx(400.0, abs=0.01)
    assert got["primary.v1"] == pytest.approx(115.115, rel=2e-4)


def test_back_to_50_hz() -> None:
    simulator = make()
    simulator.plant, _ = plant_from_json({"frequency": 50.0, "phases": [PHASE] * 3})
    assert simulator.device.points.write(p.SETTING + p.NOMINAL_FREQUENCY, 0) == p.OK
    asyncio.run(simulator.advance(6.0))
    got = points(simulator)
    assert got["primary.frequency"] == pytest.approx(50.0, abs=0.002)
    assert got["harmonic.i1.h17"] == pytest.approx(10.0, abs=0.02)


def test_display_shows_the_frequency() -> None:
    simulator = make()
    seen = []
    for _ in range(12):
        seen += simulator.screen().as_dict()["rows"]
        simulator.device.press("P", 100, simulator.now)
        asyncio.run(simulator.advance(0.5))
    assert any(row["unit"] == "Hz" and row["text"].startswith("400.0") for row in seen), seen
