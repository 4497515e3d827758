"""I/O modules of the simulator: what is wired to them, and what they put out, in virtual time."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from fourquad import points as p
from fourquad.points import alarms as a
from fourquad.points import modules as m
from fourquad.points import values as v
from fourquad_tools.commands import Commands
from fourquad_tools.control import ControlError
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

START = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone.utc).timestamp()
# on the secondary side 3 x 230 V x 4 A x cos 60 = 1380 W, and 2390.2 var
LOAD = {"phases": [{"volts": 230.0, "amps": 4.0, "lag": 60.0}] * 3}
EXPORT = {"phases": [{"volts": 230.0, "amps": 4.0, "lag": 240.0}] * 3}
WATTS, VARS = 1380.0, 2390.23


class Bench:
    """A simulator with these modules, and its commands."""

    def __init__(self, *names: str, name: str = "kw320", folder: Path | None = None) -> None:
        self.sim = Simulator(
            model(name), *plant_from_json(LOAD), Storage(str(folder) if folder else None), START
        )
        if names:
            self.sim.terminals.connect(list(names), None)
        self.sim.power_on()
        self.run(2.5)

    def run(self, seconds: float) -> None:
        asyncio.run(self.sim.advance(seconds))

    def ask(self, name: str, **fields: Any) -> dict[str, Any]:
        return asyncio.run(getattr(Commands(self.sim), f"do_{name}")(**fields))

    def write(self, offset: int, value: int) -> None:
        assert self.sim.device is not None
        assert self.sim.device.points.write(p.SETTING + offset, value) == p.OK

    def read(self, pid: int) -> Any:
        assert self.sim.device is not None
        return self.sim.device.points.read(pid)

    @property
    def pulses(self) -> list[int]:
        return self.sim.stats()["outputs"]


@pytest.mark.parametrize(
    ("load", "source", "constant", "watts"),
    [
        (LOAD, v.PULSES_ACTIVE_IMPORT, p.PULSE_P, WATTS),
        (EXPORT, v.PULSES_ACTIVE_EXPORT, p.PULSE_P, WATTS),
        (LOAD, v.PULSES_REACTIVE_IMPORT, p.PULSE_Q, VARS),
        (EXPORT, v.PULSES_REACTIVE_EXPORT, p.PULSE_Q, VARS),
    ],
)
def test_pulses_are_the_energy_times_the_constant(
    load: dict[str, Any], source: int, constant: int, watts: float
) -> None:
    bench = Bench("io21")
    bench.ask("load", load=load)
    bench.write(constant, 3600)
    bench.write(m.IO21_DO_PULSE, 50)
    bench.run(5)
    bench.write(m.IO21_DO2_OUTPUT, source)
    bench.run(300)
    # a pulse a joule and second of a watt: P pulses in 1000 seconds, as 3600 kJ are a kWh
    assert bench.pulses[1] == pytest.approx(watts * 300 / 1000, abs=3)
    assert bench.pulses[0] == 0


def test_what_cannot_be_put_out_in_time_waits() -> None:
    bench = Bench("io22")
    bench.write(p.PULSE_P, 60000)  # 23 a second at 1380 W
    bench.write(m.IO22_DO_PULSE, 100)  # five at most
    bench.write(m.IO22_DO3_OUTPUT, v.PULSES_ACTIVE_IMPORT)
    bench.run(60)
    assert 295 <= bench.pulses[2] <= 301
    # the load goes, and all that has gathered comes
    bench.ask("load", load={"phases": []})
    bench.run(2)
    made = WATTS * 60000 / 3.6e6 * 60
    bench.run(made / 5)
    assert bench.pulses[2] == pytest.approx(made, rel=0.03)
    count = bench.pulses[2]
    bench.run(10)
    assert bench.pulses[2] == count


def test_no_pulse_is_lost_or_made_over_power_cuts(tmp_path: Path) -> None:
    bench = Bench("io21", folder=tmp_path)
    bench.write(p.PULSE_P, 3600)
    bench.write(m.IO21_DO1_OUTPUT, v.PULSES_ACTIVE_IMPORT)
    bench.run(5)
    total = 0
    bench.write(p.ENERGY_SIDE, v.ENERGY_SECONDARY)
    energy = bench.read(p.ENERGY + p.EP_IMP)
    first = bench.pulses[0]
    for _ in range(12):
        bench.run(20)
        total += bench.pulses[0] - first
        bench.ask("power", on=False)
        bench.ask("power", on=True)
        bench.run(2)
        first = 0
    total += bench.pulses[0]
    # 3600 pulses a kWh are 3.6 a Wh, and the register counts Wh
    energy = bench.read(p.ENERGY + p.EP_IMP) - energy
    assert energy > 80
    assert total == pytest.approx(energy * 3.6, abs=8)


def test_an_output_that_gets_another_energy_drops_what_waited() -> None:
    bench = Bench("io21")
    bench.write(p.PULSE_P, 60000)
    bench.write(m.IO21_DO_PULSE, 1000)
    bench.write(m.IO21_DO1_OUTPUT, v.PULSES_ACTIVE_IMPORT)
    bench.run(20)
    bench.write(m.IO21_DO1_OUTPUT, v.PULSES_NONE)
    bench.run(3)
    count = bench.pulses[0]
    bench.run(20)
    assert bench.pulses[0] == count and bench.read(p.MODULE + m.DO1) == 0


def test_counts_survive_cuts_and_closed_contacts_are_no_pulses(tmp_path: Path) -> None:
    bench = Bench("io12", "io31", folder=tmp_path)
    bench.write(m.IO12_DI_TYPE, 0b100000)
    bench.write(m.IO12_DI_CONSTANT, 3)
    for n in range(1, 12):
        bench.ask("input", n=20, value=1)
        bench.run(0.1)
        if n % 2:
            # it stays closed over the cut
            bench.ask("power", on=False)
            bench.ask("power", on=True)
        bench.run(0.1)
        bench.ask("input", n=20, value=0)
        bench.run(0.1)
        assert bench.read(p.MODULE + m.COUNT1 + 19) == n // 3, n


def test_analog_outputs_follow_the_load() -> None:
    bench = Bench("io21", "io22")
    # I2 of 0-5 A as 4-20 mA; P of -3000 to 3000 W as 0-5 V
    for offset, value in (
        (m.AO1_PARAMETER, 10),
        (m.AO1_GRADIENTS + 1, 0),
        (m.AO1_GRADIENTS + 4, 5000),
        (m.AO1_GRADIENTS + 5, 819),
        (m.AO1_GRADIENTS + 8, 4096),
        (m.IO22_AO_TYPE, v.RANGE_0_5_V),
        (m.AO4_PARAMETER, 17),
        (m.AO4_GRADIENTS + 1, 0x10000 - 3000),
        (m.AO4_GRADIENTS + 4, 3000),
        (m.AO4_GRADIENTS + 5, 0),
        (m.AO4_GRADIENTS + 8, 4096),
    ):
        bench.write(offset, value)
    # the primary side of the readings changes nothing
    bench.write(p.BASIC_MODE, v.PRESENT_PRIMARY)
    bench.write(p.CT1, 100)
    bench.run(3)
    amps, watts = (bench.read(p.SECONDARY + each) for each in (p.I2, p.P_SUM))
    assert bench.read(p.MODULE + m.AO1) == pytest.approx(4 + 16 * amps / 5, abs=0.01)
    assert bench.read(p.MODULE + m.AO1 + 3) == pytest.approx(2.5 + 2.5 * watts / 3000, abs=0.002)


def test_alarms_drive_relays_and_digital_outputs() -> None:
    bench = Bench("io32", "io21")
    first = a.FIRST
    # channel 1: I1 above 3 A, relay 7; channel 2: DI8 on, DO2
    for offset, value in (
        (first + a.CODE, 9),
        (first + a.COMPARISON, 1),
        (first + a.SET_POINT, 3000),
        (first + a.RELAY, 7),
        (first + a.FIELDS + a.CODE, 59),
        (first + a.FIELDS + a.SET_POINT, 1),
        (a.DO1 + 1, 0b10),
        (m.IO32_RELAY_WORK, v.RELAY_ALARM),
        (m.IO21_DO_WORK, v.OUTPUT_ALARM),
        (a.CHANNELS, 0b11),
        (a.ON, 1),
    ):
        bench.write(offset, value)
    bench.run(1)
    assert bench.sim.io.relays == 1 << 6 and bench.sim.io.outputs == 0
    bench.ask("input", n=8, value=1)
    bench.run(0.5)
    assert bench.sim.io.outputs == 0b10
    bench.ask("load", load={"phases": []})
    bench.ask("input", n=8, value=0)
    bench.run(1)
    assert bench.sim.io.relays == bench.sim.io.outputs == 0


def test_commands_say_what_is_wrong() -> None:
    bench = Bench("io11", "io31")
    assert bench.ask("module") == {"modules": ["io11", "io31"]}
    for name, fields, words in (
        ("module", {"connected": ["io11", "io12", "io21", "io22"]}, "at most 3"),
        ("module", {"connected": ["io11", "io11"]}, "twice"),
        ("module", {"connected": ["io13"]}, "'io13' is none of io11"),
        ("input", {"n": 7, "value": 1}, "7 is of io21, which is not connected"),
        ("input", {"n": 29, "value": 1}, "29 is not in 1 to 28"),
        ("input", {"n": 0, "value": 1}, "0 is not in 1 to 28"),
        ("input", {"n": 1, "value": 2}, "value: 2"),
        ("analog", {"input": 3, "value": 1.0}, "3 is of io32, which is not connected"),
        ("analog", {"input": 5, "value": 1.0}, "5 is not in 1 to 4"),
        ("analog", {"input": 1, "value": 24.5}, "value: 24.5"),
        ("analog", {"input": 1, "value": float("nan")}, "value: nan"),
    ):
        with pytest.raises(ControlError, match=words):
            bench.ask(name, **fields)
    assert bench.ask("module") == {"modules": ["io11", "io31"]}
    # what is wired stays while the meter is off, and while its module is away
    bench.ask("analog", input=2, value=12.0)
    bench.ask("input", n=12, value=1)
    bench.ask("power", on=False)
    bench.ask("power", on=True)
    assert bench.read(p.MODULE + m.AI1 + 1) == 2458 and bench.read(p.MODULE + m.DI1 + 11) == 1
    bench.ask("module", connected=[])
    assert bench.read(p.MODULE + m.AI1 + 1) == 0 and bench.read(p.STATE + p.MODULES) == 0
    bench.ask("module", connected=["io31"])
    assert bench.read(p.MODULE + m.AI1 + 1) == 2458 and bench.read(p.MODULE + m.DI1 + 11) == 1


def test_a_meter_with_inputs_of_its_own_has_no_modules() -> None:
    bench = Bench(name="a1000")
    assert bench.ask("module") == {"modules": ["inputs"]}
    bench.ask("input", n=6, value=1)
    with pytest.raises(ControlError, match="7 is not in 1 to 6"):
        bench.ask("input", n=7, value=1)
    with pytest.raises(ControlError, match="there is none"):
        bench.ask("analog", input=1, value=1.0)
