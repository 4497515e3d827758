"""A demand engine before its settings came, and roots whatever is known beforehand."""

from fourquad.billing.demand import Demand
from fourquad.points import billing as b
from fourquad.registers.isqrt import isqrt

MIDNIGHT = 10000 * 1440  # in minutes


def test_an_engine_nobody_has_configured_has_blocks_of_15_minutes():
    demand = Demand((b.ACTIVE_IMPORT,), 5)
    demand.start(MIDNIGHT)
    demand.tariff(1)
    seen = []
    second = [0] * 7
    second[b.ACTIVE_IMPORT] = 1200
    for minute in range(1, 46):
        for _ in range(60):
            demand.add(second, (0, 0, 0), 1000)
        if demand.minute(MIDNIGHT + minute, 60 * (MIDNIGHT + minute)):
            seen.append((minute, demand.read(b.DEMAND_LAST, b.ACTIVE_IMPORT, 0)))
    assert seen == [(15, 12000), (30, 12000), (45, 12000)]


def test_roots_from_any_seed():
    for n in (0, 1, 2, 3, 4, 15, 16, 17, 10**6, 10**12 - 1, 10**12, 3 * 10**20):
        for seed in (0, 1, 2, 7, 10**6, 10**11):
            root = isqrt(n, seed)
            assert root * root <= n < (root + 1) * (root + 1), (n, seed)
    assert isqrt(-5) == isqrt(-5, 3) == 0
