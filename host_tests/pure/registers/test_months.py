"""Energies at the ends of the last months (KW320 463EH-478DH), in a whole meter over power cuts."""

from device.device_fakes import Plant

from fourquad import points as p
from fourquad.calendar.clock import seconds

DAY = 86400
ENERGY = 192
MONTH = 6976
CLEAR_ENERGY = 384 + 3
NET = 5  # of the nine of the system, in their order


def month(plant, n, energy=0):
    """An energy at the end of the n-th previous month."""
    return plant.points.read(MONTH + 24 * (n - 1) + energy)


def months(plant):
    return [month(plant, n) for n in range(1, 8)]


def pass_to(plant, year, month, day, hour=0):
    """The clock goes on to a time without anybody setting it."""
    clock = plant.device.meter.clock
    clock.now = seconds(year, month, day, hour, 0, 0)
    clock.valid = True
    plant.device.meter.months.look()


def test_at_midnight_of_the_first_every_register_moves_one_month_back():
    plant = Plant()
    pass_to(plant, 2026, 1, 31, 23)
    for i in range(24):
        plant.write(ENERGY + i, 1000 + i)
    assert months(plant) == [0] * 7
    pass_to(plant, 2026, 2, 1)
    assert [month(plant, 1, i) for i in range(24)] == list(range(1000, 1024))
    assert months(plant)[1:] == [0] * 6
    plant.write(ENERGY, 2000)
    pass_to(plant, 2026, 2, 28, 23)
    assert months(plant)[:2] == [1000, 0]
    pass_to(plant, 2026, 3, 1)
    assert months(plant)[:3] == [2000, 1000, 0]


def test_a_shift_takes_every_register_with_it_and_nothing_else():
    plant = Plant()
    pass_to(plant, 2026, 1, 31, 23)
    for i in range(24):
        plant.write(ENERGY + i, 500 + i)
    for i in range(168):
        plant.write(MONTH + i, 10000 + i)
    pass_to(plant, 2026, 2, 1)
    expected = [500 + i for i in range(24)] + [10000 + i for i in range(144)]
    for _ in range(2):
        assert [plant.points.read(MONTH + i) for i in range(168)] == expected
        # as they come back they are of the same side and month
        plant.warn()
        plant.cut()
        pass_to(plant, 2026, 2, 1)


def test_it_is_looked_at_by_itself():
    plant = Plant()
    clock = plant.device.meter.clock
    plant.run(1500)
    clock.set(seconds(2026, 1, 31, 23, 59, 57))
    plant.run(1500)
    plant.write(ENERGY + 3, 77)
    assert month(plant, 1, 3) == 0
    plant.run(4000)
    assert clock.read(2) == 2 and month(plant, 1, 3) == 77


def test_a_meter_that_nobody_has_told_the_time_has_no_months():
    plant = Plant()
    meter = plant.device.meter
    meter.clock.now = seconds(2026, 1, 31, 0, 0, 0)
    meter.clock.valid = False
    meter.months.look()
    meter.clock.now += 40 * DAY
    plant.write(ENERGY, 7)
    meter.months.look()
    assert months(plant) == [0] * 7
    # nor has one that is told it for the first time
    meter.clock.valid = True
    meter.months.look()
    assert months(plant) == [0] * 7


def test_months_that_went_by_have_the_registers_as_they_are_seven_at_most():
    plant = Plant()
    pass_to(plant, 2026, 1, 10)
    plant.write(ENERGY, 5)
    pass_to(plant, 2026, 2, 1)
    plant.write(ENERGY, 6)
    pass_to(plant, 2026, 5, 20)
    assert months(plant) == [6, 6, 6, 5, 0, 0, 0]
    plant.write(ENERGY, 8)
    pass_to(plant, 2099, 12, 31)
    assert months(plant) == [8] * 7


def test_a_clock_that_is_set_back_does_not_repeat_a_midnight_but_lives_through_the_next():
    plant = Plant()
    pass_to(plant, 2026, 1, 10)
    plant.write(ENERGY, 1)
    pass_to(plant, 2026, 2, 1)
    # by minutes over the midnight that was
    plant.write(ENERGY, 2)
    pass_to(plant, 2026, 1, 31, 23)
    pass_to(plant, 2026, 2, 1, 1)
    assert months(plant)[:2] == [1, 0]
    # by two months: what is there stays, and the end of that month is the next
    pass_to(plant, 2025, 12, 15)
    assert months(plant)[:2] == [1, 0]
    pass_to(plant, 2026, 1, 1)
    assert months(plant)[:3] == [2, 1, 0]


def test_they_are_there_after_a_cut_with_the_warning_and_a_second_later_without():
    plant = Plant()
    pass_to(plant, 2026, 1, 31, 23)
    plant.write(ENERGY, 44)
    pass_to(plant, 2026, 2, 1)
    plant.write(MONTH + 24 * 6 + 23, 999999999)
    plant.warn()
    plant.cut()
    assert months(plant) == [44, 0, 0, 0, 0, 0, 0] and month(plant, 7, 23) == 999999999
    plant.write(MONTH, 45)
    plant.run(1500)
    plant.cut()
    assert months(plant)[0] == 45


def test_without_power_over_the_end_of_a_month_it_ends_at_power_up():
    plant = Plant()
    pass_to(plant, 2026, 1, 31, 23)
    plant.write(ENERGY, 44)
    plant.run(1500)
    plant.warn()
    plant.cut()
    pass_to(plant, 2026, 4, 2)
    assert months(plant) == [44, 44, 44, 0, 0, 0, 0]
    # cut before that was saved: it is done again, once
    plant.cut()
    pass_to(plant, 2026, 4, 2)
    assert months(plant) == [44, 44, 44, 0, 0, 0, 0]


def test_presets_have_the_range_of_the_registers_and_the_seal():
    plant = Plant()
    check = plant.points.check
    for n in (1, 7):
        at = MONTH + 24 * (n - 1)
        assert check(at, 999999999) == p.OK and check(at, 1000000000) == p.RANGE
        assert check(at, -1) == p.RANGE and check(at, 0) == p.OK
        assert check(at + NET, -999999999) == p.OK
        assert check(at + NET, -1000000000) == p.RANGE
    assert check(MONTH + 7 * 24, 0) == p.UNKNOWN
    try:
        plant.points.read(MONTH + 7 * 24)
        raise AssertionError
    except KeyError:
        pass
    plant.device.meter.settings.sealed = True
    assert check(MONTH, 1) == check(MONTH + 167, 1) == p.FORBIDDEN


def test_another_side_of_the_energies_clears_them_and_a_clear_of_the_energies_does_not():
    plant = Plant()
    plant.write(MONTH, 5)
    plant.write(CLEAR_ENERGY, 1)
    assert months(plant)[0] == 5
    plant.write(p.SETTING + p.ENERGY_SIDE, 1)
    assert months(plant) == [0] * 7
    plant.write(MONTH, 6)
    plant.run(3000)
    plant.cut()
    # it is of this side now
    assert months(plant)[0] == 6


def test_a_file_that_cannot_be_is_not_believed():
    plant = Plant()
    group = [g for g in plant.device.meter.settings.groups if g.first == MONTH - p.SETTING][0]
    for index, value in ((0, -1), (23, 1 << 30), (5, -1000000000), (-1, 5), (170, 5), (999, 5)):
        group.restore(index, value)
    assert [group.values[i] for i in range(168)] == [0] * 168
    group.restore(NET, -999999999)
    assert month(plant, 1, NET) == -999999999
