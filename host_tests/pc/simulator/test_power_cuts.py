"""What a cut of the simulated meter's supply costs, as docs/storage.md promises it for every meter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fourquad import models
from fourquad import points as p
from fourquad.points import billing as b
from fourquad_tools.plant.demo import demo
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

START = 1_767_268_800.0  # 2026-01-01 12:00:00
PT1 = 0x1005


def make(model: str) -> Simulator:
    made = Simulator(models.load(model), demo(), "ideal", Storage(None), START)
    made.power_on()
    run(made, 1.0)
    return made


def run(sim: Simulator, seconds: float) -> None:
    end = sim.now + seconds
    while sim.now < end:
        sim.step()


def by_modbus(sim: Simulator, n: int) -> None:
    """A register of a setting; 0 is the answer that acknowledges it."""
    assert sim.device.registers.write(PT1, 2, (1000 + n).to_bytes(4, "big"), 0) == 0


def by_modbus_read(sim: Simulator) -> int:
    out = bytearray(4)
    assert sim.device.registers.read(PT1, 2, out, 0) == 0
    return int.from_bytes(out, "big") - 1000


def of_the_network(sim: Simulator, n: int) -> None:
    assert sim.device.points.write(p.DNP3 + 1, n) == p.OK


def of_the_network_read(sim: Simulator) -> int:
    return sim.device.points.read(p.DNP3 + 1)


def in_a_table(sim: Simulator, n: int) -> None:
    assert sim.device.points.write(p.BILLING + b.PROGRAM_MODE, 1) == p.OK
    assert sim.device.points.write(p.TABLE + b.PROFILE_1, bytes((6, 0, 1, 22, n, 2))) == p.OK


def in_a_table_read(sim: Simulator) -> int:
    return sim.device.points.read(p.TABLE + b.PROFILE_1)[4]


@pytest.mark.parametrize(
    ("model", "change", "read"),
    [
        ("kw320", by_modbus, by_modbus_read),
        ("kw320", of_the_network, of_the_network_read),
        ("a1000", in_a_table, in_a_table_read),
    ],
)
def test_what_a_master_was_told_is_there_after_a_cut(
    model: str, change: Callable[[Simulator, int], None], read: Callable[[Simulator], int]
) -> None:
    sim = make(model)
    for n in (21, 22, 23):
        change(sim, n)
        sim.power_off()
        sim.power_on()
        assert read(sim) == n
    run(sim, 1.0)
    # without the warning, what is older than a second
    change(sim, 31)
    run(sim, 1.3)
    change(sim, 32)
    run(sim, 0.5)
    sim.power_off(warning=False)
    sim.power_on()
    assert read(sim) == 31
    sim.close()


def test_the_clock_that_a_master_has_set_runs_on_without_the_supply() -> None:
    sim = make("kw320")
    epoch = p.STATE + p.EPOCH
    for ahead, warning in ((86400, True), (172800, False)):
        assert sim.device.points.write(epoch, round(START) - 946_684_800 + ahead) == p.OK
        before = sim.now
        sim.power_off(warning)
        for _ in range(50):
            sim.step()
        sim.power_on()
        passed = sim.device.points.read(epoch) - (round(START) - 946_684_800 + ahead)
        assert passed == pytest.approx(sim.now - before, abs=1.1)
    sim.close()
