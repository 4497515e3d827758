"""Demands of eighteen circuits against averages by hand: sliding, fixed and rolling windows, what is
predicted, maxima and when they were, sums of groups.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from meter.tables import meter
from tariff_reference import EPOCH
from test_circuit_months import groups

from fourquad import models
from fourquad import points as p
from fourquad.points import billing as b
from fourquad.points import circuits as c
from fourquad.points import values as v

START = datetime(2026, 3, 1, 10, 0, tzinfo=timezone.utc)
ALL = 4 * c.GROUPS


class Device:
    """A meter to which each second of energy is given."""

    def __init__(self, mode: int, window: int, sub: int = 1) -> None:
        self.meter: Any = meter(models.load("acurev2020"))
        self.points = self.meter.points
        for offset, value in ((p.DEMAND_MODE, mode), (p.DEMAND_WINDOW, window), (p.DEMAND_SUB_INTERVAL, sub)):
            assert self.points.write(p.SETTING + offset, value) == p.OK
        self.meter.clock.set(int((START - EPOCH).total_seconds()))
        self.ticks = 0
        self._book()

    def _book(self) -> None:
        billing = self.meter.billing
        billing.mark(self.ticks, self.ticks)
        for part in self.meter.parts:
            for work in part.after_booking:
                work()

    def run(self, seconds: int, watts: list[float], var: float = 0.0, amps: float = 0.0) -> None:
        """`watts` of each input, signed; `var` and `amps` the same for all; in steps of 10 s."""
        billing, clock = self.meter.billing, self.meter.clock
        for n in range(18):
            self.meter.readings.circuits[c.FIELDS * n + c.AMPS] = amps
        for _ in range(seconds // 10):
            joules = billing.quadrants.joules
            for n, power in enumerate(watts):
                at = b.BASES + 5 * n
                joules[at if power >= 0 else at + 1] += round(abs(power) * 10)
                joules[at + 2 if var >= 0 else at + 3] += round(abs(var) * 10)
                joules[at + 4] += round(abs(power) * 10)
            self.ticks += 10000
            clock.set(clock.now + 10)
            self._book()

    def demand(self, kind: int, group: int, quantity: int) -> float:
        return self.points.read(c.DEMAND + ALL * kind + 4 * group + quantity)

    def when(self, group: int, quantity: int) -> datetime | None:
        words = [self.points.read(c.DEMAND + 3 * ALL + 3 * (4 * group + quantity) + k) for k in range(3)]
        if not any(words):
            return None
        year, month, day, hour, minute, second = [x for word in words for x in (word >> 8, word & 0xFF)]
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=timezone.utc)


WATTS = [1000.0 + 100 * n for n in range(18)]
WATTS[3] = -2500.0


def test_sliding_windows_of_every_group() -> None:
    device = Device(v.DEMAND_SLIDING, 15)
    device.run(900, WATTS, var=-300.0, amps=12.5)
    for group, those in enumerate(groups(2)):
        watts = sum(WATTS[n - 1] for n in those)
        wanted = (watts, -300.0 * len(those), sum(abs(WATTS[n - 1]) for n in those), 12.5 * len(those))
        for quantity in range(4):
            assert device.demand(0, group, quantity) == pytest.approx(wanted[quantity], rel=1e-6)
        assert device.demand(2, group, 0) == pytest.approx(max(0.0, watts), rel=1e-6)
        assert device.when(group, 0) == (START + timedelta(minutes=15) if watts > 0 else None)
        assert device.demand(2, group, 1) == 0.0
    # four minutes without load: eleven of fifteen are left, and five more seconds of the maximum's are not
    device.run(240, [0.0] * 18)
    assert device.demand(0, 0, 0) == pytest.approx(1000.0 * 11 / 15, rel=1e-6)
    assert device.demand(2, 0, 0) == pytest.approx(1000.0, rel=1e-6)
    assert device.when(0, 0) == START + timedelta(minutes=15)
    # what comes is as the last minute was
    device.run(30, [3000.0] * 18)
    assert device.demand(1, 0, 0) == pytest.approx((10 * 60 * 1000.0 + 30 * 3000.0) / 900, rel=1e-6)


def test_fixed_windows_begin_with_the_clock() -> None:
    device = Device(v.DEMAND_FIXED, 10)
    device.run(540, [600.0] * 18)
    assert device.demand(0, 0, 0) == 0.0
    assert device.demand(1, 0, 0) == pytest.approx(600.0, rel=1e-6)
    device.run(60, [600.0] * 18)
    assert device.demand(0, c.TOTAL, 0) == pytest.approx(18 * 600.0, rel=1e-6)
    device.run(600, [900.0] * 18)
    assert device.demand(0, 17, 0) == pytest.approx(900.0, rel=1e-6)
    assert device.when(17, 0) == START + timedelta(minutes=20)


def test_rolling_windows_move_by_their_sub_interval() -> None:
    device = Device(v.DEMAND_ROLLING, 15, 5)
    device.run(1800, [500.0] * 18)
    device.run(240, [2000.0] * 18)
    assert device.demand(0, 4, 0) == pytest.approx(500.0, rel=1e-6)
    device.run(60, [2000.0] * 18)
    assert device.demand(0, 4, 0) == pytest.approx(1000.0, rel=1e-6)


def test_a_clear_another_window_and_another_wiring_begin_anew() -> None:
    device = Device(v.DEMAND_SLIDING, 5)
    device.run(600, WATTS)
    assert device.demand(2, 0, 0) > 0
    assert device.points.write(p.COMMAND + p.CLEAR_DEMAND, 1) == p.OK
    assert not any(device.points.read(c.DEMAND + k) for k in range(6 * ALL))
    device.run(600, WATTS)
    assert device.demand(2, 0, 0) == pytest.approx(1000.0, rel=1e-6)
    assert device.points.write(p.SETTING + c.CIRCUIT_WIRING, 0) == p.OK
    assert not any(device.points.read(c.DEMAND + k) for k in range(6 * ALL))


def test_maxima_are_kept_and_another_models_are_not() -> None:
    device, other = Device(v.DEMAND_SLIDING, 5), Device(v.DEMAND_SLIDING, 5)
    device.run(600, WATTS)
    part = device.meter.circuit_demand
    other.meter.circuit_demand.load(bytes(part.record()))
    for k in range(2 * ALL, 6 * ALL):
        assert other.points.read(c.DEMAND + k) == device.points.read(c.DEMAND + k)
    stranger = Device(v.DEMAND_SLIDING, 5)
    stranger.meter.circuit_demand.mark = 7
    stranger.meter.circuit_demand.load(bytes(part.record()))
    assert not any(stranger.points.read(c.DEMAND + 2 * ALL + k) for k in range(ALL))
