"""Time of use, slowly and independently: dates and zones are Python's own, no line of the meter is used."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(2000, 1, 1, tzinfo=timezone.utc)


@dataclass
class Tables:
    """Profiles are lists of (time, tariff); a plan is ("profile", n) or ("tariff", n), both from 1."""

    zone: ZoneInfo
    profiles: list[list[tuple[time, int]]]
    seasons: list[tuple[int, int, tuple[str, int]]]
    weekend: dict[int, tuple[str, int]]  # by Python's weekday, 0 Monday
    holidays: dict[date, tuple[str, int]] = field(default_factory=dict)
    _days: dict[date, list[tuple[time, int]]] = field(default_factory=dict)  # that were asked for

    def plan(self, day: date) -> tuple[str, int]:
        """What a local day follows."""
        if day in self.holidays:
            return self.holidays[day]
        if day.weekday() in self.weekend:
            return self.weekend[day.weekday()]
        begun = [row for row in self.seasons if (row[0], row[1]) <= (day.month, day.day)]
        return (begun or self.seasons)[-1][2]

    def tariff(self, moment: datetime) -> int:
        """The tariff at a moment of UTC."""
        return self.tariff_at_local(moment.astimezone(self.zone))

    def tariff_at_local(self, local: datetime) -> int:
        """The tariff at a moment of local time."""
        day = local.date()
        if day not in self._days:
            kind, number = self.plan(day)
            self._days[day] = [(time(0, 0), number)] if kind == "tariff" else self.profiles[number - 1]
        profile, now = self._days[day], local.time()
        tariff = profile[-1][1]
        for start, tariff_then in profile:
            if start > now:
                break
            tariff = tariff_then
        return tariff

    # The same as the meter's bytes.

    def _plan_byte(self, plan: tuple[str, int]) -> int:
        return plan[1] - 1 if plan[0] == "profile" else plan[1] + 3

    def profile_bytes(self, n: int) -> bytes:
        return bytes(x for at, tariff in self.profiles[n] for x in (at.hour, at.minute, tariff))

    def season_bytes(self) -> bytes:
        return bytes(x for month, day, plan in self.seasons for x in (month, day, self._plan_byte(plan)))

    def weekend_bytes(self) -> bytes:
        return bytes(x for day, plan in self.weekend.items() for x in ((day + 1) % 7, self._plan_byte(plan)))

    def holiday_bytes(self, year: int) -> bytes:
        days = [(day, plan) for day, plan in self.holidays.items() if day.year == year]
        return bytes([year - 2000]) + bytes(
            x for day, plan in days for x in (day.month, day.day, self._plan_byte(plan))
        )


def easter(year: int) -> date:
    """Easter Sunday (Gauss, as corrected by Lichtenberg)."""
    k = year // 100
    m = 15 + (3 * k + 3) // 4 - (8 * k + 13) // 25
    s = 2 - (3 * k + 3) // 4
    a = year % 19
    d = (19 * a + m) % 30
    r = (d + a // 11) // 29
    og = 21 + d - r
    sz = 7 - (year + year // 4 + s) % 7
    return date(year, 3, 1) + timedelta(days=og + 7 - (og - sz) % 7 - 1)


def busy_tables(zone: str, first_year: int, years: int) -> Tables:
    """Four profiles of up to ten sections, ten seasons, two weekend days, 24 holidays a year."""
    profiles = [
        [(time(0, 0), 1), (time(6, 0), 2), (time(8, 30), 3), (time(12, 0), 2), (time(13, 15), 3)]
        + [(time(17, 59), 4), (time(20, 0), 3), (time(21, 1), 2), (time(22, 0), 1), (time(23, 59), 2)],
        [(time(2, 30), 1), (time(7, 0), 2), (time(21, 0), 3)],
        [(time(0, 1), 4), (time(2, 0), 3), (time(2, 59), 2), (time(3, 0), 1), (time(12, 34), 2)],
        [(time(12, 0), 2)],
    ]
    plans = [("profile", 1), ("profile", 2), ("tariff", 3), ("profile", 3), ("profile", 4), ("tariff", 1)]
    dates = [(1, 10), (2, 28), (2, 29), (3, 1), (3, 25), (6, 21), (9, 1), (10, 20), (11, 30), (12, 24)]
    seasons = [(month, day, plans[i % len(plans)]) for i, (month, day) in enumerate(dates)]
    weekend = {5: ("profile", 2), 6: ("tariff", 1)}
    tables = Tables(ZoneInfo(zone), profiles, seasons, weekend)
    for year in range(first_year, first_year + years):
        sunday = easter(year)
        days = [sunday + timedelta(days=n) for n in (-2, 0, 1, 39, 49, 50)]
        days += [date(year, month, day) for month, day in ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))]
        day = date(year, 1, 17)
        while len(days) < 24:
            if day not in days:
                days.append(day)
            day += timedelta(days=23)
        for i, day in enumerate(days[:24]):
            tables.holidays[day] = plans[(i + year) % len(plans)]
    return tables


def minute_of(moment: datetime) -> int:
    """Minutes of UTC since 2000."""
    return int((moment - EPOCH).total_seconds()) // 60
