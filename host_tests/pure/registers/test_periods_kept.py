"""Sixteen billing periods of all energies and demands; self-reads, resets, power cuts between them."""

from billing_fakes import Plant, Table

from fourquad import points as p
from fourquad.calendar.clock import seconds
from fourquad.points import billing as b

DAY = 86400
START = seconds(2026, 1, 4, 0, 0, 0)
QUANTITIES = range(b.APPARENT + 1)
NAMES = (
    "active_import",
    "active_export",
    "reactive_q1",
    "reactive_q2",
    "reactive_q3",
    "reactive_q4",
    "apparent",
)
RATES = range(b.RATES)


class PeriodTable(Table):
    CHANNELS = tuple(QUANTITIES)
    PROFILE = SUPERVISION = False


class PeriodPlant(Plant):
    period_sectors = 18


def values(plant, n):
    """All energies, maxima, their times and cumulative maxima of the n-th previous period."""
    out = []
    for quantity in QUANTITIES:
        for rate in RATES:
            out.append(plant.energy_of(quantity, rate, n))
            kinds = (b.DEMAND_MAXIMUM, b.DEMAND_MAXIMUM_TIME, b.DEMAND_CUMULATIVE)
            out += [plant.read(b.demand(kind, quantity, rate) + n * p.HISTORY) for kind in kinds]
    return out


def test_sixteen_periods():
    plant = PeriodPlant(START, PeriodTable, SELF_READ_DAY=3, SELF_READ_HOUR=5)
    table = bytes((0, 0, 1, 6, 0, 2, 12, 0, 3, 18, 0, 4))
    assert plant.points.write(p.TABLE + b.PROFILE_1, table) == p.OK
    kept = []
    for n in range(20):
        watts = {NAMES[q]: 1000 * (q + 1) + 7 * n for q in QUANTITIES}
        if n % 10 != 3:
            # by hand, a day after the last one
            plant.run(DAY, 900, **watts)
            before = values(plant, 0)
            plant.commands[p.RESET_BY_BUTTON]()
        else:
            month = plant.billing.periods.month(plant.utc)
            while plant.billing.periods.month(plant.utc + 900) == month:
                plant.run(900, 900, **watts)
            # the last quarter ends with the self-read: what it makes of the registers a twin shows that
            # never reads
            plant.save()
            twin = PeriodPlant(plant.utc, PeriodTable, SELF_READ_DAY=0)
            twin.tables.load(plant.file)
            twin.billing.restore(plant.image, 0)
            twin.billing.book(plant.utc, 0, 0)
            twin.run(900, 900, **watts)
            before = values(twin, 0)
            plant.run(900, 900, **watts)
        # what a reset adds to the cumulative maximum is the maximum
        for i in range(0, len(before), 4):
            before[i + 3] += before[i + 1]
        kept.insert(0, (plant.utc, before))
        if n % 4 == 1:
            plant.cut(900)
    assert plant.billing_point(b.RESETS) == 20 and plant.billing_point(b.PERIODS_STORED) == 16
    assert plant.billing_point(b.RESETS_AUTOMATIC + b.CAUSE_BUTTON) == 18
    for n in range(1, 17):
        assert plant.billing_point(b.LAST_RESET, n) == kept[n - 1][0], n
        assert values(plant, n) == kept[n - 1][1], n
    assert len({tuple(row) for _, row in kept}) == 20
    try:
        values(plant, 17)
    except KeyError:
        return
    raise AssertionError("seventeen")
