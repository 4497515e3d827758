"""Energies at the ends of months on a simulated KW320, read as registers: over midnights, leaps, a supply
that is off for months, another zone.
"""

from __future__ import annotations

import asyncio
import struct
from datetime import datetime, timezone
from pathlib import Path

import pytest

from fourquad import points as p
from fourquad.points import billing as b
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

PHASE = {"volts": 230.0, "amps": 5.0, "lag": 60.0}
LOAD = {"phases": [PHASE] * 3}
WATTS = 3 * 230 * 5 * 0.5
HOUR_WH = WATTS  # Wh in an hour
MONTH = 0x463E  # 48 registers each
SECONDARY = {p.ENERGY_SIDE: 1}  # counts of 1 Wh


def make(start: datetime, folder: Path | None = None) -> Simulator:
    when = start.replace(tzinfo=timezone.utc).timestamp()
    simulator = Simulator(model("kw320"), *plant_from_json(LOAD), Storage(folder and str(folder)), when)
    simulator.power_on()
    assert simulator.device is not None
    for offset, value in SECONDARY.items():
        assert simulator.device.points.write(p.SETTING + offset, value) == p.OK
    return simulator


def run(simulator: Simulator, seconds: float, leap: float = 0.0) -> None:
    asyncio.run(simulator.advance(seconds, leap))


def ends(simulator: Simulator) -> list[int]:
    """Active energy import at the ends of the last seven months, in Wh."""
    found = []
    for month in range(7):
        target = bytearray(4)
        assert simulator.device is not None
        assert simulator.device.registers.read(MONTH + 48 * month, 2, target, 0) == 0
        found.append(struct.unpack(">i", target)[0])
    return found


def test_a_midnight_to_the_second() -> None:
    simulator = make(datetime(2026, 1, 31, 23, 58))
    run(simulator, 119)
    assert ends(simulator) == [0] * 7
    run(simulator, 61)
    # two minutes of it, a second more or less
    assert ends(simulator)[0] == pytest.approx(HOUR_WH * 120 / 3600, abs=HOUR_WH / 3600 + 1)
    assert ends(simulator)[1:] == [0] * 6
    simulator.close()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("start", "until"),
    [
        (datetime(2026, 1, 31), datetime(2026, 3, 1, 1)),
        (datetime(2026, 1, 1), datetime(2026, 7, 1, 1)),
    ],
)
def test_months_in_leaps(start: datetime, until: datetime) -> None:
    simulator = make(start)
    run(simulator, (until - start).total_seconds(), 6 * 3600)
    # a leap is done by minutes
    begun = [datetime(2026, month, 1) for month in range(until.month, start.month, -1)]
    expected = [HOUR_WH * (first - start).total_seconds() / 3600 for first in begun]
    assert ends(simulator)[: len(begun)] == pytest.approx(expected, abs=HOUR_WH / 30, rel=1e-3)
    assert ends(simulator)[len(begun) :] == [0] * (7 - len(begun))
    simulator.close()


def test_a_supply_that_is_off_over_three_months(tmp_path: Path) -> None:
    simulator = make(datetime(2026, 1, 31, 12), tmp_path)
    run(simulator, 60)
    simulator.power_off()
    run(simulator, 70 * 86400, 86400)
    simulator.power_on()
    run(simulator, 3)
    first = ends(simulator)
    # February, March and April have begun
    assert first[0] == first[1] == first[2] == pytest.approx(HOUR_WH / 60, abs=2) and first[3:] == [0] * 4
    # cut at once, without a warning: it is the same, not twice
    simulator.power_off(warning=False)
    simulator.power_on()
    run(simulator, 3)
    assert ends(simulator) == first
    simulator.close()


def test_midnight_is_that_of_the_zone() -> None:
    # UTC+2: at 22:00 of UTC the month begins
    simulator = make(datetime(2026, 1, 31, 21, 59))
    assert simulator.device is not None
    none = bytes(simulator.device.points.read(p.TABLE + b.ZONE))
    zone = struct.pack("<h", 120) + none[2:]
    assert simulator.device.points.write(p.TABLE + b.ZONE, zone) == p.OK
    run(simulator, 58)
    assert ends(simulator) == [0] * 7
    run(simulator, 7)
    assert ends(simulator)[0] > 0
    simulator.close()
