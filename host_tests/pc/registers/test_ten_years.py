"""Ten simulated years, minute by minute, against the reference: leap days, holidays, seasons, daylight
saving.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from billing_fakes import Plant, Table
from tariff_reference import EPOCH, Tables, busy_tables, minute_of

from fourquad import points as p
from fourquad import points_billing as b
from fourquad.zone import Zone, pack_zone

FIRST, YEARS = 2026, 10
BERLIN = pack_zone(60, 60, (3, 5, 0, 120), (10, 5, 0, 120))
ZONES = {
    "Europe/Berlin": BERLIN,
    "America/New_York": pack_zone(-300, 60, (3, 2, 0, 120), (11, 1, 0, 60)),
    "Australia/Adelaide": pack_zone(570, 60, (10, 1, 0, 120), (4, 1, 0, 120)),
    "Asia/Shanghai": pack_zone(480),
    "Asia/Kathmandu": pack_zone(345),
}


class YearTable(Table):
    """Tariffs, demands and self-reads; the load profile has its own tests."""

    CHANNELS = (b.ACTIVE_IMPORT, b.REACTIVE_Q1)
    PROFILE = SUPERVISION = False


def load(minute: int) -> int:
    """Watts of a minute, whole, from 1 to some thousands."""
    return 1 + (minute * 7919 + minute // 60 * 104729) % 4999


def plant(tables: Tables, zone: bytes) -> Plant:
    start = minute_of(datetime(FIRST, 1, 1, tzinfo=timezone.utc)) * 60
    meter = Plant(start, YearTable, SELF_READ_DAY=1)
    parts = [(b.ZONE, zone), (b.SEASONS, tables.season_bytes()), (b.WEEKEND, tables.weekend_bytes())]
    parts += [(b.PROFILE_1 + n, tables.profile_bytes(n)) for n in range(4)]
    parts += [(b.HOLIDAYS + n, tables.holiday_bytes(FIRST + n)) for n in range(YEARS)]
    for index, data in parts:
        assert meter.points.write(p.TABLE + index, data) == p.OK, meter.tables.reason
    return meter


@pytest.mark.parametrize("year", range(FIRST, FIRST + YEARS))
def test_a_year_in_berlin_minute_by_minute(year: int) -> None:
    """Every minute in the right tariff, by indication and by energy; tariffs add up to the total exactly."""
    tables = busy_tables("Europe/Berlin", FIRST, YEARS)
    meter = plant(tables, BERLIN)
    revenue = meter.revenue
    moment = datetime(year, 1, 1, tzinfo=timezone.utc)
    first, last = minute_of(moment), minute_of(datetime(year + 1, 1, 1, tzinfo=timezone.utc))
    meter.set_clock(60 * first)
    before = meter.billing(b.RESETS)
    expected = [tables.tariff(EPOCH + timedelta(minutes=m)) for m in range(first, last + 1)]
    joules = revenue.quadrants.joules
    totals = [0] * 5
    began = time.process_time()
    for minute in range(first, last):
        energy = 60 * load(minute)
        tariff = expected[minute - first]
        assert revenue.tariff_at(minute) == revenue._booked == tariff, minute
        totals[0] += energy
        totals[tariff] += energy
        joules[b.ACTIVE_IMPORT] += energy
        meter.clock.now = 60 * minute + 60
        revenue.book(60 * minute + 60, 0, 0)
        if meter.periods.due:
            meter.periods.service()
    assert time.process_time() - began < 60
    assert meter.joules() == totals[0]
    assert meter.energy_of() == totals[0] // 36000 % 10000000
    rates = [meter.energy_of(rate=n) for n in range(1, 5)]
    assert sum(rates) % 10000000 == meter.energy_of()
    # a count goes where it becomes whole: never a whole one astray at a change, and they cancel
    changes = sum(x != y for x, y in zip(expected, expected[1:], strict=False))
    for rate, total in zip(rates, totals[1:], strict=True):
        assert abs(rate - total / 36000) < 1 + changes**0.5
    assert meter.billing(b.RESETS) - before == 12


@pytest.mark.parametrize("name", ZONES)
def test_local_time_of_every_quarter_of_ten_years(name: str) -> None:
    """Offsets, hours that come twice, hours that do not come."""
    tables = busy_tables(name, FIRST, YEARS)
    meter = plant(tables, ZONES[name])
    zone = Zone()
    zone.set(ZONES[name])
    first = minute_of(datetime(FIRST, 1, 1, tzinfo=timezone.utc))
    for minute in range(first, first + YEARS * 365 * 1440, 15):
        moment = (EPOCH + timedelta(minutes=minute)).astimezone(tables.zone)
        local = minute_of(moment.replace(tzinfo=timezone.utc))
        assert zone.local_minute(minute) == local
        back = zone.utc(60 * local)
        assert back == 60 * minute or moment.fold == 1 and zone.local(back) == 60 * local
    for minute in range(first, first + YEARS * 365 * 1440, 37):
        assert meter.revenue.tariff_at(minute) == tables.tariff(EPOCH + timedelta(minutes=minute))


def test_hours_of_self_reading_through_daylight_saving() -> None:
    """Once a month, whatever hour comes twice or not at all."""
    for hour in (2, 3):
        tables = busy_tables("Europe/Berlin", FIRST, YEARS)
        meter = plant(tables, BERLIN)
        meter.settings.values.update({p.SELF_READ_DAY: 28, p.SELF_READ_HOUR: hour})
        meter.revenue.configure()
        # the last Sunday of March 2027 is a 28th
        meter.set_clock(minute_of(datetime(2027, 2, 1, tzinfo=timezone.utc)) * 60)
        before = meter.billing(b.RESETS)
        meter.run(300 * 86400, 3600, active_import=100)
        assert meter.billing(b.RESETS) - before == 9  # the 28ths from February to October
