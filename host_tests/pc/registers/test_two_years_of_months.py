"""Two years of an AcuRev 1312, with schedules of chance: its months by tariff against Python's dates."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from meter.tables import meter
from tariff_reference import EPOCH, Tables, minute_of
from test_ten_years import ZONES

from fourquad import models
from fourquad import points as p
from fourquad.points import billing as b

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
MINUTES = 2 * 365 * 1440
STEP = 15  # minutes that are booked at once
COUNT_J = 36000  # of 0.01 kWh


def schedule(rng: random.Random, zone: str) -> Tables:
    """Profiles, seasons, weekends and holidays of chance."""

    def profile() -> list[tuple[time, int]]:
        starts = sorted(rng.sample(range(1440), rng.randint(1, 10)))
        return [(time(at // 60, at % 60), rng.randint(1, 4)) for at in starts]

    def plan() -> tuple[str, int]:
        return (rng.choice(("profile", "tariff")), rng.randint(1, 4))

    days = sorted(rng.sample(range(1, 366), rng.randint(1, 10)))
    seasons = [(date(2027, 1, 1) + timedelta(days=day - 1)) for day in days]
    holidays = [date(2026, 1, 1) + timedelta(days=rng.randrange(730)) for _ in range(20)]
    return Tables(
        ZoneInfo(zone),
        [profile() for _ in range(4)],
        [(day.month, day.day, plan()) for day in seasons],
        {day: plan() for day in rng.sample(range(7), rng.randint(0, 2))},
        {day: plan() for day in holidays},
    )


class Months:
    """What the meter's rules make of the load: a count goes to the tariff in which it becomes whole."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.rest = 0
        self.by_month: dict[tuple[int, int], list[int]] = {}

    def minute(self, moment: datetime, joules: int) -> None:
        local = moment.astimezone(self.tables.zone)
        self.rest += joules
        whole, self.rest = divmod(self.rest, COUNT_J)
        if whole:
            month = self.by_month.setdefault((local.year, local.month), [0] * 5)
            month[0] += whole
            month[self.tables.tariff_at_local(local)] += whole

    def last_three(self, local: datetime) -> list[list[int]]:
        out = []
        year, month = local.year, local.month
        for _ in range(3):
            out.append(self.by_month.get((year, month), [0] * 5))
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        return out


def plant(tables: Tables, zone: bytes) -> Any:
    device = meter(models.load("acurev1312"))
    device.clock.set(int((START - EPOCH).total_seconds()))
    parts = [(b.ZONE, zone), (b.SEASONS, tables.season_bytes()), (b.WEEKEND, tables.weekend_bytes())]
    parts += [(b.PROFILE_1 + n, tables.profile_bytes(n)) for n in range(4)]
    parts += [(b.HOLIDAYS + n, tables.holiday_bytes(2026 + n)) for n in range(2)]
    for index, data in parts:
        assert device.points.write(p.TABLE + index, data) == p.OK, device.tables.reason
    return device


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(5))
def test_two_years_to_the_last_count(seed: int) -> None:
    rng = random.Random(1312 + seed)
    name = list(ZONES)[seed]
    tables = schedule(rng, name)
    device = plant(tables, ZONES[name])
    billing, clock = device.billing, device.clock
    reference = Months(tables)
    billing.mark(0, 0)
    billing.second()
    billing.rest()
    ticks, compared = 0, 0
    watts = 0
    for start in range(0, MINUTES, STEP):
        if start % 240 == 0:
            watts = rng.choice((0, 1, 150, 2300, 40000)) * rng.randint(1, 3)
        moment = START + timedelta(minutes=start)
        for minute in range(STEP):
            reference.minute(moment + timedelta(minutes=minute), 60 * watts)
        ticks = (ticks + STEP * 60000) % (1 << 29)
        billing.quadrants.joules[0] += watts * STEP * 60
        billing.quadrants.span += STEP * 60000
        clock.set(clock.now + STEP * 60)
        billing.mark(ticks, ticks)
        billing.second()
        billing.rest()
        if start % (7 * 1440) == 0:
            local = (moment + timedelta(minutes=STEP)).astimezone(tables.zone)
            found = [[device.points.read(p.CONSUMPTION + 5 * m + i) for i in range(5)] for m in range(3)]
            assert found == reference.last_three(local), local
            compared += 1
    assert compared == 105 and len(reference.by_month) >= 24
    assert minute_of(START) == int((START - EPOCH).total_seconds()) // 60
