"""Rolling demand with changes of tariff, power cuts and resets at random, against a slow reference."""

from __future__ import annotations

import random

import pytest
from billing_fakes import Plant, Table

from fourquad import points as p
from fourquad.billing.demand import BLOCK, ROLLING
from fourquad.calendar.clock import seconds
from fourquad.points import billing as b

START = seconds(2026, 5, 4, 0, 0, 0)


class DemandTable(Table):
    """Demands and tariffs only."""

    CHANNELS = (b.ACTIVE_IMPORT,)
    PROFILE = SUPERVISION = PERIODS = False


class Reference:
    """The rules of the manual (1.2) over a list of minutes; nothing is kept from one look to the next."""

    def __init__(self, window: int, sub: int, rolling: bool) -> None:
        self.window = window
        self.sub = sub if rolling else window
        self.joules: list[int] = []  # by minute
        self.tariffs: list[int] = []
        self.born = 0  # the minute from which the window knows

    def maxima(self) -> list[tuple[int, int]]:
        """Of the total and the tariffs: (demand, minute)."""
        best = [(0, 0)] * 5
        for end in range(self.sub, len(self.joules) + 1, self.sub):
            for rate in range(5):
                demand = self._demand(end, rate)
                if demand > best[rate][0]:
                    best[rate] = (demand, end)
        return best

    def _demand(self, end: int, rate: int) -> int:
        raise NotImplementedError


class Rolling(Reference):
    cuts: list[int]

    def _demand(self, end: int, rate: int) -> int:
        total = 0
        for begin in range(end - self.sub, max(end - self.window, 0) - 1, -self.sub):
            span = range(begin, begin + self.sub)
            # closed sub-intervals from before a power cut are gone, the open one goes on
            if any(begin + self.sub <= cut < end for cut in self.cuts):
                break
            if rate and {self.tariffs[m] for m in span} != {rate}:
                break
            total += sum(self.joules[m] for m in span)
        return (20 * total + 60 * self.window) // (2 * 60 * self.window)


def profile(changes: list[int], tariffs: list[int]) -> bytes:
    return bytes(x for m, t in zip(changes, tariffs, strict=True) for x in (m // 60, m % 60, t))


@pytest.mark.parametrize(("window", "sub"), [(15, 5), (30, 2), (60, 3), (5, 1)])
@pytest.mark.parametrize("mode", [ROLLING, BLOCK])
def test_days_at_random(window: int, sub: int, mode: int) -> None:
    for seed in range(4):
        rng = random.Random(100 * window + 10 * mode + seed)
        changes = [0, *sorted(rng.sample(range(1, 1440), 9))]
        tariffs = [1]
        while len(tariffs) < 10:
            tariffs.append(rng.choice([t for t in (1, 2, 3, 4) if t != tariffs[-1]]))
        cuts = sorted(rng.sample(range(1, 1440), 4))
        settings = {"DEMAND_MODE": mode, "DEMAND_WINDOW": window, "DEMAND_SUB_INTERVAL": sub}
        meter = Plant(START, DemandTable, **settings)
        table = profile(changes, tariffs)
        assert meter.points.write(p.TABLE + b.PROFILE_1, table) == p.OK
        reference = Rolling(window, sub, mode == ROLLING)
        reference.cuts = cuts
        for minute in range(1440):
            if minute in cuts:
                meter.cut()
            watts = rng.randrange(0, 9000)
            reference.joules.append(60 * watts)
            reference.tariffs.append([t for m, t in zip(changes, tariffs, strict=True) if m <= minute][-1])
            meter.run(60, 60, active_import=watts)
        expected = [(value, START + 60 * minute if minute else 0) for value, minute in reference.maxima()]
        assert [meter.maximum(rate) for rate in range(5)] == expected, (seed, changes, cuts)
