"""Quick time in the simulator: a year of billing in less than a minute, and nothing of it wrong."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from fourquad import models
from fourquad import points as p
from fourquad.points import billing as b
from fourquad.points import system as s
from fourquad_tools.commands import Commands
from fourquad_tools.control import answer
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

START = 1_770_552_000  # 2026-02-08 12:00:00 UTC, a Sunday
LOAD = {"phases": [{"volts": 220.0, "amps": 5.0, "lag": 60.0}] * 3}
WATTS = 3 * 220 * 5 * 0.5
DAYS = 40


def simulator(model: str) -> Simulator:
    plant, adc = plant_from_json(LOAD, 0.0)
    made = Simulator(models.load(model), plant, adc, Storage(None), START)
    made.warm_up()
    return made


@pytest.mark.thorough
def test_forty_days_of_an_a1000(monkeypatch: pytest.MonkeyPatch) -> None:
    meter = simulator("a1000")
    assert meter.device is not None
    read = meter.device.points.read
    first = read(b.tariff_energy(b.ACTIVE_IMPORT))
    gaps = meter.device.gaps
    frames, booked = meter.frames, []
    book = meter.device.leap
    monkeypatch.setattr(meter.device, "leap", lambda *args: (booked.append(args), book(*args)))
    asyncio.run(meter.advance(DAYS * 86400, 21600))
    # what it costs: every six hours two seconds of 50 cycles of 128 frames, and minutes that are booked
    assert meter.frames - frames <= 2.4 * 50 * 128 * DAYS * 4
    assert len(booked) == pytest.approx(DAYS * 1440, rel=0.01)
    assert read(p.BILLING + b.LOCAL_TIME) == pytest.approx(START - 946_684_800 + DAYS * 86400, abs=1)
    energy = read(b.tariff_energy(b.ACTIVE_IMPORT)) - first
    assert energy == pytest.approx(WATTS * DAYS * 86400 / 36000, rel=1e-5)
    assert read(b.tariff_energy(b.REACTIVE_Q1)) == pytest.approx(energy * 3**0.5, rel=1e-4)
    assert read(p.BILLING + b.RESETS) == 1, "the first of March"
    month = read(b.tariff_energy(b.ACTIVE_IMPORT) + p.HISTORY)
    assert month == pytest.approx(WATTS * (20.5 * 86400) / 36000, rel=1e-4)
    for n in (0, 1):
        assert read(b.demand(b.DEMAND_MAXIMUM, b.ACTIVE_IMPORT) + n * p.HISTORY) == pytest.approx(
            10 * WATTS, rel=2e-4
        )
    ring = meter.device.meter.billing.profile.ring
    assert ring.count == DAYS * 96
    for number in (ring.oldest + 1, ring.newest):
        assert ring.load(number) and ring.status in (0, 1, 4, 16)
        assert ring.values[0] == pytest.approx(WATTS / 4 * 10, rel=1e-3)
    assert meter.device.gaps == gaps


def test_pulses_of_both_times() -> None:
    """Close to the highest power that the constant allows, for a minute as it is and for days in a hurry."""
    meter = simulator("a1000")
    assert meter.device is not None
    points = meter.device.points
    assert points.write(p.SETTING + p.PULSE_P, 3400) == p.OK
    plant, adc = plant_from_json({"phases": [{"volts": 230.0, "amps": 9.5}] * 3}, meter.now)
    meter.connect(plant, adc)
    asyncio.run(meter.advance(62))
    billing = meter.device.meter.billing
    counted = meter.stats()["pulses"]
    assert counted[0] > 60 * 6
    joules = billing.tariffs.joules(b.ACTIVE_IMPORT)
    assert counted[0] == pytest.approx(joules * 3400 / 3600000, abs=9), "a second's share is still to come"
    asyncio.run(meter.advance(3 * 86400, 86400))
    joules = billing.tariffs.joules(b.ACTIVE_IMPORT)
    counted = meter.stats()["pulses"]
    assert counted[0] == pytest.approx(joules * 3400 / 3600000, abs=9)
    assert counted[4] == pytest.approx(joules * 1600 / 3600000, abs=5)


def test_a_day_of_a_kw320_by_command() -> None:
    meter = simulator("kw320")
    assert meter.device is not None
    before = meter.device.meter.energy.values[p.EP_IMP]
    target = Commands(meter)
    refused = asyncio.run(answer(target, b'{"cmd":"advance","seconds":1,"leap":10}'))
    assert refused == {"ok": False, "error": "leap: 10 is not in 60 to 86400"}
    done = asyncio.run(answer(target, b'{"cmd":"advance","seconds":86400,"leap":7200}'))
    assert done["ok"] and done["time"].startswith("2026-02-09T12:00:00")
    energy = meter.device.meter.energy.values[p.EP_IMP] - before
    # whatever transformers a kw320 has by default: what it reads is what it counts
    watts = meter.device.points.read(p.PRIMARY + p.P_SUM)
    assert energy / 10 == pytest.approx(watts * 24 / 1000, abs=0.2)


def test_an_hour_of_an_s4100(monkeypatch: pytest.MonkeyPatch) -> None:
    """Apparent energy by direction, demands and records of a trend log are those of each minute."""
    meter = simulator("s4100")
    assert meter.device is not None
    device, points = meter.device.meter, meter.device.points
    assert points.write(p.SETTING + s.SUB_INTERVAL, 6000) == p.OK
    asyncio.run(meter.advance(90))
    taken = []
    monkeypatch.setattr(device.trends.logs[0], "take", lambda _: taken.append(device.clock.shown))
    before = device.directions.energy(s.APPARENT_IMPORT)
    asyncio.run(meter.advance(3600, 3600))
    assert device.directions.energy(s.APPARENT_IMPORT) - before == pytest.approx(2 * WATTS / 10, abs=2)
    assert device.intervals.present[0] == pytest.approx(WATTS, rel=1e-3)
    assert len(taken) == 60
    assert all(57 <= after - before <= 63 for before, after in itertools.pairwise(taken))
