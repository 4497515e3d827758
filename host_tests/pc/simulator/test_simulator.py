"""The simulator as a whole, in virtual time: what the meter reads against what the plant makes."""

import asyncio
import math
from datetime import datetime, timezone

import pytest
import virtual_clock

from fourquad import points as p
from fourquad_tools.commands import Commands
from fourquad_tools.control import ControlError
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

START = datetime(2026, 1, 1, tzinfo=timezone.utc).timestamp()
PHASE = {"volts": 230.0, "amps": 5.0, "lag": 60.0}
THREE = {"phases": [PHASE] * 3}


def make(load=THREE, folder=None, settings=()):
    plant, adc = plant_from_json(load)
    simulator = Simulator(model("kw320"), plant, adc, Storage(folder), START)
    simulator.power_on()
    for offset, value in settings:
        assert simulator.device.points.write(p.SETTING + offset, value) == p.OK
    run(simulator, 2.5)
    return simulator


def run(simulator, seconds):
    asyncio.run(simulator.advance(seconds))


def points(simulator):
    return {name: value for name, value, _ in simulator.readings()}


@pytest.mark.parametrize("hertz", [50.0, 60.0, 47.3, 62.9])
def test_readings_are_the_truth(hertz):
    load = {
        "frequency": hertz,
        "phases": [
            PHASE,
            {"volts": 225.0, "amps": 3.0, "lag": -20.0, "volt_harmonics": {"5": [0.04, 30.0]}},
            {"volts": 235.0, "amps": 2.0, "lag": 200.0, "amp_harmonics": {"3": [0.2, 0.0], "7": [0.1, 80.0]}},
        ],
    }
    simulator = make(load)
    got, truth = points(simulator), simulator.plant.truth(simulator.now)
    assert got["primary.frequency"] == pytest.approx(hertz, abs=0.002)
    for i, phase in enumerate(truth["phases"]):
        n = i + 1
        assert got[f"primary.v{n}"] == pytest.approx(phase["volts"], rel=1e-4)
        assert got[f"primary.i{n}"] == pytest.approx(phase["amps"], rel=1e-4)
        assert got[f"primary.p{n}"] == pytest.approx(phase["active"], rel=2e-4)
        assert got[f"primary.q{n}"] == pytest.approx(phase["reactive_fundamental"], rel=3e-4)
        assert got[f"primary.s{n}"] == pytest.approx(phase["apparent"], rel=2e-4)
    assert got["primary.p_sum"] == pytest.approx(truth["active"], rel=3e-4)
    assert got["primary.i_n"] == pytest.approx(truth["neutral_amps"], rel=2e-4)
    assert got["primary.angle_v2"] == pytest.approx(120.0, abs=0.05)
    assert got["primary.angle_i1"] == pytest.approx(60.0, abs=0.05)


@pytest.mark.parametrize(
    ("adc", "volts", "amps", "power"),
    [("ideal", 1e-5, 1e-5, 1e-5), ("24bit", 1e-5, 1e-5, 1e-5), ("16bit", 1e-4, 1e-4, 2e-4)]
    + [("12bit", 1e-3, 2e-3, 4e-3)],
)
def test_converters(adc, volts, amps, power):
    got = points(make({**THREE, "adc": adc}))
    assert got["primary.v2"] == pytest.approx(230.0, rel=volts)
    assert got["primary.i2"] == pytest.approx(5.0, rel=amps)
    assert got["primary.p2"] == pytest.approx(575.0, rel=power)


def test_noise_and_clipping():
    simulator = make({**THREE, "noise": 0.01})
    # 12 V RMS of noise at a full scale of 1200 V
    assert points(simulator)["primary.v1"] == pytest.approx(math.hypot(230.0, 12.0), rel=1e-3)
    assert simulator.stats()["clipped"] == 0
    simulator = make({"phases": [{"volts": 230.0, "amps": 20.0}], "adc": "12bit"})
    assert simulator.stats()["clipped"] > 0


def test_transformers():
    settings = ((p.PT1, 100_000), (p.PT2, 1000), (p.CT1, 200), (p.CT2, 5))
    load = {"phases": [{"volts": 5773.5, "amps": 120.0, "lag": 30.0}] * 3}
    got = points(make(load, settings=settings))
    assert got["primary.v1"] == pytest.approx(5773.5, rel=1e-5)
    assert got["secondary.v1"] == pytest.approx(57.735, rel=1e-5)
    assert got["primary.i1"] == pytest.approx(120.0, rel=1e-5)
    assert got["secondary.i1"] == pytest.approx(3.0, rel=1e-5)
    assert got["primary.p_sum"] == pytest.approx(3 * 5773.5 * 120 * math.cos(math.pi / 6), rel=1e-4)


WATTS = 230 * 5 * 0.5
VARS = 230 * 5 * math.sqrt(0.75)
LINE = 230 * math.sqrt(3)


@pytest.mark.parametrize(
    ("wiring_u", "wiring_i", "phases", "want"),
    [
        (
            0,
            0,
            [PHASE] * 3,
            {"v1": 230, "v12": LINE, "v31": LINE, "i_avg": 5, "p_sum": 3 * WATTS, "p3": WATTS},
        ),
        (0, 1, [PHASE] * 3, {"v3": 230, "i3": 5, "p_sum": 3 * WATTS}),
        (0, 2, [PHASE] * 3, {"i2": 5, "p2": WATTS, "q_sum": 3 * VARS}),
        (1, 0, [PHASE] * 3, {"v1": 230, "v2": 0, "v12": 0, "i1": 5, "i2": 0, "p1": WATTS, "p_sum": WATTS}),
        (
            2,
            0,
            [PHASE] * 3,
            {"v1": 0, "v12": LINE, "v23": LINE, "v31": LINE, "p_sum": 3 * WATTS, "angle_v2": 120},
        ),
        (2, 2, [PHASE] * 3, {"v12": LINE, "i2": 5, "p_sum": 3 * WATTS, "q_sum": 3 * VARS}),
        (3, 0, [PHASE] * 3, {"v1": 0, "v12": LINE, "v23": LINE, "p_sum": 3 * WATTS, "q_sum": 3 * VARS}),
        (
            4,
            2,
            [PHASE, {**PHASE, "volt_angle": 180.0}],
            {"v1": 230, "v2": 230, "v3": 0, "v12": 460, "i3": 0, "p_sum": 2 * WATTS, "i_n": 0},
        ),
    ],
)
def test_wirings(wiring_u, wiring_i, phases, want):
    simulator = make({"phases": phases}, settings=((p.WIRING_U, wiring_u), (p.WIRING_I, wiring_i)))
    got = points(simulator)
    for name, value in want.items():
        assert got[f"primary.{name}"] == pytest.approx(value, rel=1e-4, abs=1e-3), name


def test_unbalanced_lines_without_neutral():
    """Line voltages of a three-wire system with unequal phases, by complex numbers."""
    phases = [{"volts": 230.0, "amps": 4.0}, {"volts": 210.0, "amps": 4.0}, {"volts": 240.0, "amps": 4.0}]
    volts = [
        p["volts"] * complex(math.cos(a), -math.sin(a))
        for p, a in zip(phases, (0, 2.0943951, 4.1887902), strict=True)
    ]
    for wiring in (2, 3):
        got = points(make({"phases": phases}, settings=((p.WIRING_U, wiring),)))
        assert got["primary.v12"] == pytest.approx(abs(volts[0] - volts[1]), rel=1e-4)
        assert got["primary.v23"] == pytest.approx(abs(volts[1] - volts[2]), rel=1e-4)
        assert got["primary.v31"] == pytest.approx(abs(volts[2] - volts[0]), rel=1e-4)


def test_energy_and_its_direction():
    data = {"phases": [PHASE] * 3, "timeline": [{"at": 452.5, "phases": [{"lag": 120.0}] * 3}]}
    simulator = make(data)
    run(simulator, 900)
    got, truth = points(simulator), simulator.plant.truth(simulator.now)
    assert truth["import_wh"] == pytest.approx(3 * WATTS * 452.5 / 3600)
    assert got["energy.ep_imp"] == pytest.approx(truth["import_wh"] / 1000, abs=0.101)
    assert got["energy.ep_exp"] == pytest.approx(truth["export_wh"] / 1000, abs=0.101)
    assert got["energy.eq_imp"] == pytest.approx(truth["import_varh"] / 1000, abs=0.101)
    # the secondary side counts single watt-hours
    simulator = make(settings=((p.ENERGY_SIDE, 1),))
    run(simulator, 900)
    assert points(simulator)["energy.ep_imp"] == pytest.approx(3 * WATTS / 4000, rel=4e-3)


def test_power_cuts(tmp_path):
    settings = ((p.ENERGY_SIDE, 1), (p.ADDRESS_1, 17))
    simulator = make(folder=str(tmp_path), settings=settings)
    run(simulator, 130)
    before = points(simulator)["energy.ep_imp"]
    assert before > 0.06
    simulator.power_off()
    assert simulator.device is None
    assert points(simulator) == {}
    run(simulator, 60)
    simulator.power_on()
    after = points(simulator)
    # with the warning at most one second is lost, and nothing counts without power
    assert before <= after["energy.ep_imp"] <= before + 3 * WATTS / 3.6e6 + 0.001
    assert after["setting.address_1"] == 17
    run(simulator, 110)
    before = points(simulator)["energy.ep_imp"]
    simulator.power_off(warning=False)
    simulator.power_on()
    # without it at most a minute
    lost = before - points(simulator)["energy.ep_imp"]
    assert -0.001 <= lost <= 3 * WATTS * 60 / 3.6e6 + 0.001
    simulator.close()


def test_clock_runs_through_a_power_cut():
    simulator = make()
    run(simulator, 100)
    simulator.power_off()
    run(simulator, 86400)
    simulator.power_on()
    run(simulator, 3)
    assert simulator.device.utc == pytest.approx(simulator.utc, abs=2)
    state = points(simulator)
    assert [state[f"state.{f}"] for f in ("year", "month", "day", "hour")] == [2026, 1, 2, 0]
    assert simulator.device.points.write(p.STATE + p.YEAR, 2030) == p.OK
    simulator.power_off()
    simulator.power_on()
    assert points(simulator)["state.year"] == 2030


def test_load_of_another_kind_while_running():
    simulator = make()
    commands = Commands(simulator)
    asyncio.run(commands.do_load({"phases": [{"volts": 120.0}], "frequency": 60.0, "adc": "16bit"}))
    run(simulator, 3)
    got = points(simulator)
    assert got["primary.v1"] == pytest.approx(120.0, rel=1e-3)
    assert got["primary.v2"] == 0.0
    assert got["primary.frequency"] == pytest.approx(60.0, abs=0.01)
    with pytest.raises(ControlError, match=r"phases\[0\]\.volts"):
        asyncio.run(commands.do_load({"phases": [{"volts": "x"}]}))


def test_no_load_at_all():
    got = points(make({"phases": []}))
    assert got["primary.v1"] == got["primary.i1"] == got["primary.frequency"] == 0.0


def press(simulator, key, ms=100):
    """The command, with virtual time run along as the pace does."""

    async def both():
        task = asyncio.ensure_future(Commands(simulator).do_key(key, ms))
        while not task.done():
            simulator.step()
            await asyncio.sleep(0.001)
        return await task

    return virtual_clock.run(virtual_clock.Clock(), both())


def test_keys_and_chord():
    simulator = make()
    assert simulator.screen().as_dict()["rows"][0]["text"] == "230.0"
    press(simulator, "v/a")
    assert simulator.screen().as_dict()["rows"][0] == {"label": "1", "text": "5.000", "unit": "A"}
    press(simulator, "P")
    assert simulator.screen().as_dict()["item"].startswith("P")
    press(simulator, "H+V/A")
    assert simulator.screen().as_dict()["choosing"] is True
    with pytest.raises(ControlError, match="none of H, P, E, V/A"):
        press(simulator, "X")
    with pytest.raises(ControlError, match="ms"):
        press(simulator, "P", 0)


def test_page_is_kept_over_a_power_cut():
    simulator = make()
    press(simulator, "P")
    simulator.power_off()
    simulator.power_on()
    run(simulator, 2)
    assert simulator.screen().as_dict()["item"].startswith("P")


def test_seal_and_inputs():
    simulator = make()
    commands = Commands(simulator)
    asyncio.run(commands.do_seal(True))
    asyncio.run(commands.do_input(2, 1))
    assert simulator.device.points.write(p.SETTING + p.CT1, 100) == p.FORBIDDEN
    simulator.power_off()
    simulator.power_on()
    got = points(simulator)
    assert got["state.seal_state"] == 10
    assert [got["io.di1"], got["io.di2"]] == [0, 1]
    with pytest.raises(ControlError):
        asyncio.run(commands.do_input(7, 1))
    with pytest.raises(ControlError):
        asyncio.run(commands.do_input(1, 2))


def test_without_power_commands_say_so():
    simulator = make()
    commands = Commands(simulator)
    asyncio.run(commands.do_power(False, warning=False))
    for refused in (commands.do_points(), commands.do_screen(), commands.do_key("P")):
        with pytest.raises(ControlError, match="no power"):
            asyncio.run(refused)
    assert asyncio.run(commands.do_stats())["power"] is False
    assert asyncio.run(commands.do_truth())["frequency"] == 50.0
    asyncio.run(commands.do_power(True))
    assert asyncio.run(commands.do_stats())["boots"] == 2


def test_no_sample_is_lost_or_counted_twice():
    simulator = make()
    run(simulator, 30)
    stats = simulator.stats()
    assert stats["gaps"] == 0
    # 6400 frames a second at 50 Hz, six channels
    assert stats["samples"] == pytest.approx(simulator.now * 6400 * 6, rel=1e-4)


@pytest.mark.parametrize("hertz", [45.0, 50.0, 65.0])
def test_ports_are_silent_until_readings_can_be_trusted(hertz):
    simulator = make({"frequency": hertz, **THREE})
    simulator.power_off()
    simulator.power_on()
    line = simulator.lines["rs485"]
    began = simulator.now
    while line.station is None:
        assert simulator.now < began + 0.5
        run(simulator, 0.05)
    read = points(simulator)
    assert read["secondary.v1"] == pytest.approx(230.0, rel=1e-3)
    assert read["fast.p_sum"] == pytest.approx(3 * 575.0, rel=2e-3)
    assert read["secondary.frequency"] == pytest.approx(hertz, abs=0.02)
