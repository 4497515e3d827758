"""Two months of eighteen circuits, joules of chance, tariffs by the hour: registers, months and tariffs
against sums by Python's dates, and every sum to the last count.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from circuits_bench import USERS_2LN, USERS_3LN
from meter.tables import meter
from tariff_reference import EPOCH

from fourquad import models
from fourquad import points as p
from fourquad.points import billing as b
from fourquad.points import circuits as c
from fourquad.points import values as v

START = datetime(2026, 1, 20, tzinfo=timezone.utc)
STEP = 15  # minutes that are booked at once
COUNT_J = 360000  # of 0.1 kWh
SHARP = {17: 1, 18: 1, 8: 2, 9: 2}  # tariffs by the hour, the others:
NIGHT, DAY = 4, 3


def tariff_of(local: datetime) -> int:
    return SHARP.get(local.hour, NIGHT if local.hour < 6 else DAY)


def groups(wiring: int) -> list[tuple[int, ...]]:
    """The inputs (1-18) of each group, in the order of the points, as the manual's table has them."""
    users: Any = ({}, USERS_2LN, USERS_3LN)[wiring]
    used = [n for n in range(1, 19) if wiring != 1 or n in {k for those in users.values() for k in those}]
    out = [(n,) if n in used else () for n in range(1, 19)]
    out += [users.get(user, ()) for user in range(1, 7)]
    out += [tuple(n for n in used if (n - 1) % 9 // 3 == phase) for phase in range(3)]
    return [*out, tuple(used)]


class Device:
    """A meter whose joules are given, as the chain would, every STEP minutes."""

    def __init__(self) -> None:
        self.meter: Any = meter(models.load("acurev2020"))
        self.points = self.meter.points
        self.clock = self.meter.clock
        self.clock.set(int((START - EPOCH).total_seconds()))
        profile = bytes([0, 0, 4, 6, 0, 3, 8, 0, 2, 10, 0, 3, 17, 0, 1, 19, 0, 3])
        assert self.points.write(p.TABLE + b.PROFILE_1, profile) == p.OK
        # few windows: they take the time, and are not what is looked at
        assert self.points.write(p.SETTING + p.DEMAND_MODE, v.DEMAND_FIXED) == p.OK
        assert self.points.write(p.SETTING + p.DEMAND_WINDOW, 30) == p.OK
        self.ticks = 0
        self.book(0, {})

    def book(self, minutes: int, joules: dict[int, int]) -> None:
        billing = self.meter.billing
        self.ticks = (self.ticks + minutes * 60000) % (1 << 29)
        for i, value in joules.items():
            billing.quadrants.joules[b.BASES + i] += value
        billing.quadrants.span += minutes * 60000
        self.clock.set(self.clock.now + minutes * 60)
        billing.mark(self.ticks, self.ticks)
        billing.second()
        billing.rest()


@pytest.mark.parametrize("days", [3, pytest.param(60, marks=pytest.mark.thorough)])
def test_every_count_is_in_its_month_and_tariff(days: int) -> None:
    rng = random.Random(2020 + days)
    device = Device()
    begin = START if days > 3 else datetime(2026, 1, 30, tzinfo=timezone.utc)
    device.clock.set(int((begin - EPOCH).total_seconds()))
    device.book(0, {})
    rests = [0] * 90
    totals = [0] * 90
    by_month: dict[tuple[int, int], dict[tuple[int, int, int], int]] = defaultdict(lambda: defaultdict(int))
    for at in range(0, days * 1440, STEP):
        moment = begin + timedelta(minutes=at)
        joules = {i: rng.choice((0, 7, 900 * 1000, 44_000_000)) for i in rng.sample(range(90), 30)}
        device.book(STEP, joules)
        # the engine splits by time: what is of one tariff alone is booked as a whole
        for i, value in joules.items():
            whole, rests[i] = divmod(rests[i] + value, COUNT_J)
            totals[i] += whole
            n, source = divmod(i, 5)
            if source in (0, 2, 4):
                by_month[moment.year, moment.month][n, (0, 2, 4).index(source), tariff_of(moment)] += whole
    read = device.points.read
    last = begin + timedelta(days=days) - timedelta(minutes=1)
    this = by_month[last.year, last.month]
    before = by_month[(last.year, last.month - 1)]
    for wiring in (0, 1, 2):
        assert device.points.write(p.SETTING + c.CIRCUIT_WIRING, wiring) == p.OK
        for group, those in enumerate(groups(wiring)):
            for source in range(5):
                wanted = sum(totals[5 * (n - 1) + source] for n in those)
                assert read(c.ENERGY + c.GROUPS * source + group) == wanted, (wiring, group, source)
            for m, month in enumerate((this, before)):
                for quantity in range(3):
                    at = c.MONTH + 5 * (c.GROUPS * (3 * m + quantity) + group)
                    parts = [sum(month[n - 1, quantity, tariff] for n in those) for tariff in range(1, 5)]
                    assert [read(at + i) for i in range(5)] == [sum(parts), *parts], (wiring, group, m)


def test_what_is_counted_survives_and_is_cleared() -> None:
    device = Device()
    for _ in range(4):
        device.book(
            STEP, {5 * n + source: 1000 * (n + 1) * (source + 3) for n in range(18) for source in range(5)}
        )
    saved = bytes(device.meter.dump())
    other = Device()
    assert other.meter.restore(saved)
    for k in range(5 * c.GROUPS):
        assert other.points.read(c.ENERGY + k) == device.points.read(c.ENERGY + k)
    # the residues, too: the same joules make the same counts
    more = {5 * n: COUNT_J - 1 for n in range(18)}
    for each in (device, other):
        each.book(STEP, more)
    counts = [device.points.read(c.ENERGY + n) for n in range(18)]
    assert counts == [other.points.read(c.ENERGY + n) for n in range(18)] and sum(counts) > 0
    assert device.points.write(p.COMMAND + p.CLEAR_ENERGY, 1) == p.OK
    assert not any(device.points.read(c.ENERGY + k) for k in range(5 * c.GROUPS))
    assert not any(device.points.read(c.MONTH + k) for k in range(2 * 3 * 5 * c.GROUPS))
    assert device.points.write(c.ENERGY, 5) == p.READ_ONLY
