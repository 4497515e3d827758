"""Energies at the ends of months against the calendar of `datetime`, over thousands of random steps."""

from __future__ import annotations

import random
from array import array
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from fourquad import points as p
from fourquad.billing.months import Months
from fourquad.calendar.clock import Clock
from fourquad.calendar.zone import Zone
from fourquad.meter.settings import Settings
from fourquad.models import kw320

EPOCH = datetime(2000, 1, 1)
STEPS = 3000
# minutes of standard time, and by how many daylight saving is ahead from the last Sunday of March to October
ZONES = {"UTC": (0, 0), "India": (330, 0), "Chatham without summer": (765, 0), "Newfoundland": (-210, 0)}


def months(moment: datetime) -> int:
    return 12 * moment.year + moment.month


class Oracle:
    """What the ends of months are, in words of `datetime` alone."""

    def __init__(self) -> None:
        self.begun: int | None = None
        self.ends = [0] * 7

    def look(self, local: datetime, register: int) -> None:
        month = months(local)
        if self.begun is None:
            self.begun = month
        for _ in range(max(0, month - self.begun)):
            self.ends = [register, *self.ends[:6]]
        if month > self.begun or months(local + timedelta(days=1)) < self.begun:
            self.begun = month


@pytest.mark.parametrize("zone", ZONES)
def test_a_random_walk_of_the_clock(zone: str) -> None:
    offset = timedelta(minutes=ZONES[zone][0])
    draw = random.Random(zone)
    clock = Clock()
    clock.zone = Zone()
    clock.zone.offset = ZONES[zone][0]
    energy = SimpleNamespace(values=array("i", [0] * p.ENERGIES))
    meter = Months(Settings(kw320.SETTINGS), clock, energy)
    oracle = Oracle()
    now = datetime(2026, 1, 1)
    shifts = 0
    for _ in range(STEPS):
        kind = draw.random()
        if kind < 0.6:
            now += timedelta(seconds=draw.randrange(12 * 3600))
        elif kind < 0.8:
            # just around a midnight of local time
            day = (now + offset + timedelta(days=draw.randrange(3))).replace(hour=0, minute=0, second=0)
            now = day - offset + timedelta(seconds=draw.randrange(-180, 180))
        elif kind < 0.9:
            now += timedelta(days=draw.randrange(300))
        else:
            now -= timedelta(seconds=draw.randrange(40 * 86400))
        if not datetime(2003, 1, 1) < now < datetime(2095, 1, 1):
            now = datetime(2026, 1, 1)
        energy.values[0] += draw.randrange(1000)
        clock.set(int((now - EPOCH).total_seconds()))
        meter.look()
        before = list(oracle.ends)
        oracle.look(now + offset, energy.values[0])
        shifts += before != oracle.ends
        assert [meter.values[24 * n] for n in range(7)] == oracle.ends, now
    assert shifts > STEPS // 20
