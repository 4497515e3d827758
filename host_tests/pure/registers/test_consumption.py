"""Consumption by months, against an independent sum of the same energies."""

from meter.tables import meter

from fourquad import models
from fourquad import points as p
from fourquad.billing.consumption import MODULUS
from fourquad.calendar.clock import seconds
from fourquad.points import billing as b

DAY = 86400


class Plant:
    """A meter whose energies are given: `run(seconds, watts)` books them in steps of a minute."""

    def __init__(self, start, image=None, utc=None):
        self.meter = meter(models.load("acurev1312"))
        self.billing = self.meter.billing
        if image:
            assert self.meter.restore(image)
        self.meter.clock.set(start if utc is None else utc)
        self.now = 0
        self.known = True  # whether anybody has told the time

    def run(self, duration, watts, step=60):
        clock, billing = self.meter.clock, self.billing
        for _ in range(duration // step):
            self.now += 1000 * step
            # what flowed since the last booking
            billing.quadrants.joules[0] += watts * step
            billing.quadrants.span += 1000 * step
            clock.set(clock.now + step, clock.ms)
            clock.valid = self.known
            billing.mark(self.now % (1 << 29), self.now % (1 << 29))
            billing.second()
            billing.rest()

    def months(self):
        return [[self.meter.points.read(p.CONSUMPTION + 5 * m + i) for i in range(5)] for m in range(3)]


def test_three_months_to_the_last_count():
    plant = Plant(seconds(2026, 1, 1, 0, 0, 0))
    # 1 kW through January, 2 kW through February, 3 kW for ten days: one count is 10 Wh on the primary side
    plant.run(60, 0)
    plant.run(3600 - 60, 1000)
    plant.run(31 * DAY - 3600, 1000, 3600)
    plant.run(28 * DAY, 2000, 3600)
    plant.run(10 * DAY, 3000, 3600)
    january = (31 * 24 * 60 - 1) * 1000 // 60
    march, february, first = plant.months()
    assert [first[0], february[0]] == [january // 10, 28 * 24 * 2000 // 10]
    # the residue of a month is carried to the next
    total = plant.meter.points.read(b.tariff_energy(b.ACTIVE_IMPORT))
    assert first[0] + february[0] + march[0] == total
    assert march[0] in (10 * 24 * 3000 // 10, 10 * 24 * 3000 // 10 + 1)
    # without a schedule all of it is of tariff 1
    for month in plant.months():
        assert month[1] == month[0] and month[2:] == [0, 0, 0]


def test_presets_change_nothing_else():
    plant = Plant(seconds(2026, 5, 31, 23, 0, 0))
    plant.run(600, 3600)
    points = plant.meter.points
    counted = points.read(b.tariff_energy(b.ACTIVE_IMPORT))
    assert counted == 60
    points.provider(p.CONSUMPTION)._settings.permitted = True
    assert points.write(p.CONSUMPTION, 100) == p.OK
    assert plant.months()[0] == [100, 100, 0, 0, 0]
    assert points.write(p.CONSUMPTION + 2, 7) == p.OK
    assert points.write(p.CONSUMPTION + 5, 55) == p.OK
    assert plant.months() == [[100, 100, 7, 0, 0], [55, 55, 0, 0, 0], [0] * 5]
    assert points.read(b.tariff_energy(b.ACTIVE_IMPORT)) == counted
    assert points.write(p.CONSUMPTION, -1) == points.write(p.CONSUMPTION, MODULUS) == p.RANGE
    # and a preset of the lifelong register is no consumption, nor is a clear
    assert points.write(b.tariff_energy(b.ACTIVE_IMPORT), 5000) == p.OK
    assert plant.months()[0][0] == 100
    plant.run(600, 3600)
    assert plant.months()[0][0] == 160 and points.read(b.tariff_energy(b.ACTIVE_IMPORT)) == 5060
    assert points.write(p.COMMAND + p.CLEAR_TARIFF_ENERGY, 1) == p.OK
    plant.run(600, 3600)
    assert plant.months()[0][0] == 220 and points.read(b.tariff_energy(b.ACTIVE_IMPORT)) == 60


def test_a_register_that_rolls_over_is_no_loss():
    plant = Plant(seconds(2026, 5, 1, 0, 0, 0))
    plant.run(60, 0)
    points = plant.meter.points
    points.provider(p.CONSUMPTION)._settings.permitted = True
    assert points.write(b.tariff_energy(b.ACTIVE_IMPORT), MODULUS - 10) == p.OK
    plant.run(600, 3600)
    assert points.read(b.tariff_energy(b.ACTIVE_IMPORT)) == 50
    assert plant.months()[0][0] == 60


def test_power_off_over_a_month_end_and_over_several():
    plant = Plant(seconds(2026, 5, 31, 23, 0, 0))
    plant.run(600, 3600)
    image = bytes(plant.meter.dump())
    for month, expected in ((6, [0, 60, 0]), (7, [0, 0, 60]), (9, [0, 0, 0])):
        again = Plant(0, image, seconds(2026, month, 1, 12, 0, 0))
        again.run(60, 0)
        assert [m[0] for m in again.months()] == expected, month
        again.run(600, 3600)
        assert [m[0] for m in again.months()] == [60] + expected[1:], month


def test_the_clock_moved_either_way():
    plant = Plant(seconds(2026, 5, 31, 23, 30, 0))
    plant.run(600, 3600)
    # an hour forward, into June; then back, which does not bring May again
    clock = plant.meter.clock

    def to(moment):
        assert clock.write_set((p.EPOCH,), (moment,), 0, 1) == 0

    to(seconds(2026, 6, 1, 0, 30, 0))
    plant.run(600, 3600)
    assert [m[0] for m in plant.months()] == [60, 60, 0]
    to(seconds(2026, 5, 31, 23, 50, 0))
    plant.run(1200, 3600)
    assert [m[0] for m in plant.months()] == [180, 60, 0]
    # a month back: June will end again
    to(seconds(2026, 4, 15, 0, 0, 0))
    plant.run(600, 3600)
    to(seconds(2026, 5, 1, 0, 0, 0))
    plant.run(600, 3600)
    assert [m[0] for m in plant.months()] == [60, 240, 60]


def test_nothing_ends_while_nobody_knows_the_time():
    plant = Plant(seconds(2026, 5, 31, 23, 50, 0))
    plant.run(300, 3600)
    image = bytes(plant.meter.dump())
    again = Plant(0, image, seconds(2026, 5, 31, 23, 55, 0))
    again.known = again.meter.clock.valid = False
    again.run(1200, 3600)
    assert [m[0] for m in again.months()] == [30 + 120, 0, 0]
    again.known = True
    again.run(120, 0)
    assert [m[0] for m in again.months()] == [0, 150, 0]
