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
from fourquad.calendar.zone import Zone, pack_zone
from fourquad.points import billing as b

FIRST, YEARS = 2026, 10
MODULUS = Table.MODULI[0]
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


def second_of(local: datetime) -> int:
    """Seconds since 2000 that a clock of local time shows."""
    return 60 * minute_of(local.replace(tzinfo=timezone.utc))


class Reference:
    """What the rules make of the load: registers that roll over, maxima of whole blocks, of a
    tariff those without a change within.
    """

    def __init__(self) -> None:
        self.rest = 0
        self.counts = [0] * 5
        self.block: list[tuple[int, int]] = []
        self.maxima = [(0, 0)] * 5

    def minute(self, minute: int, tariff: int, joules: int, local: datetime) -> None:
        """A minute of UTC is over; `local` is the local time at its end."""
        counts, self.rest = divmod(self.rest + joules, 36000)
        for rate in (0, tariff):
            self.counts[rate] = (self.counts[rate] + counts) % MODULUS
        self.block.append((joules, tariff))
        if (minute + 1) % 15:
            return
        demand = (10 * sum(part for part, _ in self.block) + 450) // 900
        tariffs = {rate for _, rate in self.block}
        for rate in {0} | tariffs if len(tariffs) == 1 else {0}:
            if demand > self.maxima[rate][0]:
                self.maxima[rate] = (demand, second_of(local))
        self.block = []


@pytest.mark.minutes
@pytest.mark.thorough
def test_ten_years_in_berlin_minute_by_minute() -> None:
    """One life: every minute in the right tariff, by indication and by energy; tariffs add up to the total;
    each month's maxima with their times; power is cut at each second New Year.
    """
    tables = busy_tables("Europe/Berlin", FIRST, YEARS)
    meter = plant(tables, BERLIN)
    reference = Reference()
    moment, step = datetime(FIRST, 1, 1, tzinfo=timezone.utc), timedelta(minutes=1)
    minute = minute_of(moment)
    tariff = tables.tariff(moment)
    month = 1
    for year in range(FIRST, FIRST + YEARS):
        billing = meter.billing
        joules = billing.quadrants.joules
        began = time.process_time()
        end = minute_of(datetime(year + 1, 1, 1, tzinfo=timezone.utc))
        while minute < end:
            if not billing.tariff_at(minute) == billing._booked == tariff:
                raise AssertionError((EPOCH + timedelta(minutes=minute), tariff))
            part = 60 * load(minute)
            joules[b.ACTIVE_IMPORT] += part
            meter.clock.now = 60 * minute + 60
            billing.book(60 * minute + 60, 0, 0)
            minute += 1
            moment += step
            local = moment.astimezone(tables.zone)
            reference.minute(minute - 1, tariff, part, local)
            tariff = tables.tariff_at_local(local)
            if local.month != month:
                month = local.month
                assert meter.billing_point(b.LAST_RESET, 1) == second_of(local)
                assert [meter.maximum(rate, 1) for rate in range(5)] == reference.maxima, local
                reference.maxima = [(0, 0)] * 5
                counts = [meter.energy_of(rate=rate, n=1) for rate in range(5)]
                assert counts == reference.counts, local
            if meter.periods.due:
                meter.periods.service()
        assert time.process_time() - began < 60
        rates = [meter.energy_of(rate=rate) for rate in range(5)]
        assert rates == reference.counts and sum(rates[1:]) % MODULUS == rates[0], year
        assert meter.billing_point(b.RESETS) == 12 * (year + 1 - FIRST)
        if year % 2:
            meter.utc = 60 * minute
            meter.cut()


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
        assert meter.billing.tariff_at(minute) == tables.tariff(EPOCH + timedelta(minutes=minute))


@pytest.mark.thorough
def test_hours_of_self_reading_through_daylight_saving() -> None:
    """Once a month, whatever hour comes twice or not at all."""
    for hour in (2, 3):
        tables = busy_tables("Europe/Berlin", FIRST, YEARS)
        meter = plant(tables, BERLIN)
        meter.settings.values.update({p.SELF_READ_DAY: 28, p.SELF_READ_HOUR: hour})
        meter.billing.configure()
        # the last Sunday of March 2027 is a 28th
        meter.set_clock(minute_of(datetime(2027, 2, 1, tzinfo=timezone.utc)) * 60)
        before = meter.billing_point(b.RESETS)
        meter.run(300 * 86400, 3600, active_import=100)
        assert meter.billing_point(b.RESETS) - before == 9  # the 28ths from February to October
