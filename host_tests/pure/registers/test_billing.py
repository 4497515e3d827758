"""Billing on its time line: tariffs, self-reads, clocks that are set, power that goes."""

from billing_fakes import Plant, Table

from fourquad import points as p
from fourquad.calendar.clock import seconds
from fourquad.calendar.zone import pack_zone
from fourquad.points import billing as b

NEW_YEAR = seconds(2026, 1, 1, 0, 0, 0)
TWO_TARIFFS = bytes((6, 0, 1, 22, 0, 2))


def table(plant, index, data):
    assert plant.points.write(p.TABLE + index, data) == p.OK, plant.tables.reason


def test_tariffs_add_up_to_the_total():
    plant = Plant(NEW_YEAR)
    table(plant, b.PROFILE_1, TWO_TARIFFS)
    for hour in range(48):
        plant.run(3600, 60, active_import=1234 + hour, reactive_q4=77)
    for quantity in (b.ACTIVE_IMPORT, b.REACTIVE_Q4):
        parts = [plant.energy_of(quantity, rate) for rate in range(1, 5)]
        assert sum(parts) == plant.energy_of(quantity)
    total = sum([3600 * (1234 + hour) for hour in range(48)])
    assert plant.joules() == total
    assert plant.energy_of() == total // 36000
    night = sum([3600 * (1234 + h) for h in range(48) if h % 24 < 6 or h % 24 >= 22])
    assert abs(plant.energy_of(rate=2) - night / 36000) <= 3
    assert plant.energy_of(b.REACTIVE_EXPORT) == plant.energy_of(b.REACTIVE_Q4)
    assert plant.energy_of(b.ACTIVE_NET) == plant.energy_of()


def test_second_that_contains_the_change_is_split():
    plant = Plant(NEW_YEAR)
    table(plant, b.PROFILE_1, TWO_TARIFFS)
    plant.run(6 * 3600 - 1)
    # a second of samples ends 0.3 s after six o'clock
    plant.billing.quadrants.joules[0] = 36000 * 1300
    plant.utc += 1
    plant.clock.now = plant.utc
    plant.billing.book(plant.utc, 300, 0)
    assert plant.energy_of(rate=2) == 1000
    assert plant.energy_of(rate=1) == 300
    assert plant.billing_point(b.TARIFF) == 1


def test_self_read_keeps_the_period():
    plant = Plant(NEW_YEAR, SELF_READ_DAY=1)
    plant.run(10 * 86400, 900, active_import=1000)
    plant.run(900, 900, active_import=5000)
    peak = NEW_YEAR + 10 * 86400 + 900
    assert plant.maximum() == (50000, peak)
    plant.run(seconds(2026, 2, 1, 0, 0, 0) - plant.utc, 900, active_import=1000)
    at_end = plant.energy_of()
    assert plant.billing_point(b.RESETS) == 1 and plant.billing_point(b.PERIODS_STORED) == 1
    assert plant.billing_point(b.LAST_RESET_CAUSE) == b.CAUSE_AUTOMATIC
    plant.run(3600, 900, active_import=2000)
    assert plant.energy_of(n=1) == at_end < plant.energy_of()
    assert plant.maximum(n=1) == (50000, peak)
    assert plant.maximum()[0] == 20000
    assert plant.billing_point(b.LAST_RESET, 1) == seconds(2026, 2, 1, 0, 0, 0)
    assert plant.read(b.demand(b.DEMAND_CUMULATIVE, b.ACTIVE_IMPORT)) == 50000
    assert plant.read(b.demand(b.DEMAND_CUMULATIVE, b.ACTIVE_IMPORT) + p.HISTORY) == 50000
    for pid in (b.tariff_energy(0) + 2 * p.HISTORY, p.SECONDARY + p.HISTORY):
        try:
            plant.read(pid)
        except KeyError:
            continue
        raise AssertionError(pid)


def test_manual_resets_are_counted_by_cause():
    plant = Plant(NEW_YEAR, SELF_READ_DAY=5, SELF_READ_HOUR=12)
    plant.run(86400, 900, active_import=1000)
    for command in (p.RESET_BY_BUTTON, p.RESET_BY_SERIAL, p.RESET_BY_SERIAL):
        plant.commands[command]()
    plant.run(5 * 86400, 900, active_import=1000)
    assert [plant.billing_point(b.RESETS_AUTOMATIC + i) for i in range(4)] == [1, 1, 0, 2]
    assert plant.billing_point(b.LAST_RESET) == seconds(2026, 1, 5, 12, 0, 0)
    assert plant.billing_point(b.LAST_RESET_CAUSE, 2) == b.CAUSE_SERIAL


def test_self_read_that_fell_into_a_power_cut_is_made_up_for_once():
    plant = Plant(NEW_YEAR, SELF_READ_DAY=1)
    plant.run(40 * 86400, 3600, active_import=1000)
    plant.cut(60 * 86400)
    assert plant.billing_point(b.RESETS) == 2
    assert plant.billing_point(b.LAST_RESET) == seconds(2026, 4, 1, 0, 0, 0)
    plant.run(86400, 3600)
    assert plant.billing_point(b.RESETS) == 2


def test_self_read_and_a_clock_that_is_set():
    plant = Plant(NEW_YEAR, SELF_READ_DAY=1)
    plant.run(31 * 86400 + 30, 60, active_import=1000)
    assert plant.billing_point(b.RESETS) == 1
    # back over the moment and past it once more: not read twice
    plant.set_clock(plant.utc - 90)
    plant.run(3600)
    assert plant.billing_point(b.RESETS) == 1
    # forward over the next one: read at once
    plant.set_clock(seconds(2026, 3, 2, 0, 0, 0))
    assert plant.billing_point(b.RESETS) == 2
    assert plant.billing_point(b.LAST_RESET) == seconds(2026, 3, 1, 0, 0, 0)


def test_clock_set_loses_and_doubles_nothing():
    moves = (7, -7, 3600, -3600, 40, -40, 86400 * 40, -86400 * 40, 10, -10, -3, 899, -901)
    plant = Plant(NEW_YEAR + 7 * 60)
    given = 0
    for move in moves:
        for _ in range(20):
            plant.run(61, 1, active_import=5000)
            given += 61 * 5000
        # in the middle of what was gathered and not yet booked
        plant.billing.quadrants.joules[0] += 1234
        given += 1234
        plant.set_clock(plant.utc + move)
    plant.run(1800, 60, active_import=5000)
    given += 1800 * 5000
    assert plant.joules() == given
    recorded = sum([row[2] for row in plant.profile()])
    assert recorded + plant.billing.profile._joules[0] == given
    assert plant.billing_point(b.CLOCK_SETS) == len(moves)
    # no demand above the constant load, but for the 1234 J
    assert plant.maximum()[0] <= 50060
    assert any(row[1] & b.PROFILE_CLOCK_SET for row in plant.profile())


def test_power_cut_goes_on_within_the_interval():
    plant = Plant(NEW_YEAR)
    plant.run(5 * 60, 60, active_import=6000)
    plant.cut(120)
    plant.run(8 * 60, 60, active_import=6000)
    # 13 of 15 minutes
    assert plant.maximum() == (52000, NEW_YEAR + 900)
    record = plant.profile()[0]
    assert record[0] == (NEW_YEAR + 900) // 60 and record[1] & b.PROFILE_POWER_CUT
    assert record[2] == 13 * 60 * 6000
    assert plant.read(b.supervised(b.POWER_DOWN, b.EVENT_COUNT)) == 1
    assert plant.read(b.supervised(b.POWER_DOWN, b.EVENT_SECONDS)) == 120


def test_power_cut_over_the_end_of_intervals():
    plant = Plant(NEW_YEAR)
    plant.run(10 * 60, 60, active_import=6000)
    plant.cut(3600)
    assert plant.maximum() == (40000, NEW_YEAR + 900)
    plant.run(20 * 60, 60, active_import=3000)
    rows = plant.profile()
    assert [row[0] - NEW_YEAR // 60 for row in rows] == [15, 75, 90]
    assert [row[2] for row in rows] == [10 * 60 * 6000, 5 * 60 * 3000, 15 * 60 * 3000]
    assert rows[1][1] == b.PROFILE_POWER_CUT | b.PROFILE_PARTIAL and rows[2][1] == 0


def test_cut_without_a_warning_costs_what_was_not_saved_and_no_more():
    plant = Plant(NEW_YEAR)
    plant.run(14 * 60, 60, active_import=6000)
    plant.save()
    # the load profile's record is made, then the power goes: the image is older than the record
    plant.run(3 * 60, 60, active_import=6000)
    plant.cut(30, saved=False)
    assert plant.joules() == 14 * 60 * 6000
    plant.run(3600, 60, active_import=6000)
    given = 14 * 60 * 6000 + 3600 * 6000
    assert plant.joules() == given
    assert sum([row[2] for row in plant.profile()]) + plant.billing.profile._joules[0] == given


def test_reset_whose_save_was_cut_is_finished():
    plant = Plant(NEW_YEAR)
    plant.run(14 * 60, 60, active_import=6000)
    plant.save()
    plant.run(120, 60, active_import=6000)
    before = plant.joules()
    plant.commands[p.RESET_BY_BUTTON]()
    assert plant.billing.save_soon
    plant.cut(30, saved=False)
    assert (
        plant.billing_point(b.RESETS) == 1 and plant.billing_point(b.RESETS_AUTOMATIC + b.CAUSE_BUTTON) == 1
    )
    assert plant.joules() == before
    assert plant.maximum(n=1) == (60000, NEW_YEAR + 900)
    assert plant.maximum() == (0, 0)
    plant.save()
    plant.cut(5)
    assert plant.billing_point(b.RESETS) == 1


def test_local_time_of_stamps_and_self_reads():
    plant = Plant(seconds(2026, 3, 28, 0, 0, 0), SELF_READ_DAY=28, SELF_READ_HOUR=12)
    table(plant, b.ZONE, pack_zone(60, 60, (3, 5, 0, 120), (10, 5, 0, 120)))
    plant.run(3 * 86400, 900, active_import=1000)
    assert plant.billing_point(b.LAST_RESET) == seconds(2026, 3, 28, 12, 0, 0)
    assert plant.billing_point(b.DST_ACTIVE) == 1
    assert plant.billing_point(b.LOCAL_TIME) == plant.utc + 7200
    plant.commands[p.CLEAR_DEMAND]()
    plant.run(900, 900, active_import=3000)
    assert plant.maximum() == (30000, plant.utc + 7200)
    assert plant.clock.read(p.HOUR) == 2


def test_presets_need_programming_mode_and_are_logged():
    class Protected(Table):
        PROTECTED = True

    plant = Plant(NEW_YEAR, Protected)
    pid = b.tariff_energy(b.ACTIVE_IMPORT, 3)
    assert plant.points.write(pid, 5000) == p.FORBIDDEN
    assert plant.points.write(p.TABLE, TWO_TARIFFS) == p.FORBIDDEN
    assert plant.points.write(p.BILLING + b.PROGRAM_MODE, 1) == p.OK
    assert plant.points.write(pid, 5000) == p.OK
    assert plant.points.write(pid, 10000000) == p.RANGE
    assert plant.points.write(b.tariff_energy(b.ACTIVE_NET), 1) == p.READ_ONLY
    assert plant.points.write(b.tariff_energy(b.ACTIVE_IMPORT), 7000) == p.OK
    assert plant.energy_of(rate=1) == 2000 and plant.energy_of() == 7000
    assert plant.billing_point(b.PRESETS) == 2 and plant.billing_point(b.LAST_PRESET_VALUE) == 5000
    assert plant.billing_point(b.PROGRAMMINGS) == 1
    plant.run(241, 1)
    assert plant.billing_point(b.PROGRAM_MODE) == 0
    assert plant.points.write(pid, 1) == p.FORBIDDEN


def test_roll_over():
    plant = Plant(NEW_YEAR)
    plant.points.write(b.tariff_energy(b.ACTIVE_IMPORT, 1), 9999999)
    plant.run(36, 1, active_import=2000)
    assert plant.energy_of() == 1 and plant.energy_of(rate=1) == 1


def test_unknown_time_is_tariff_one_and_no_self_read():
    plant = Plant(NEW_YEAR, SELF_READ_DAY=1)
    table(plant, b.PROFILE_1, bytes((0, 0, 3)))
    assert plant.billing_point(b.TARIFF) == 3
    plant.run(600, 60, active_import=6000)
    plant.clock.valid = False
    plant.billing.follow(plant.utc // 60)
    plant.run(86400 * 40, 3600, active_import=1000)
    assert plant.billing_point(b.TARIFF) == 1 and plant.billing_point(b.ERROR_2) == 2
    assert plant.billing_point(b.RESETS) == 0
    assert plant.energy_of(rate=3) == 6000 * 600 // 36000
    plant.set_clock(plant.utc + 60)
    assert plant.billing_point(b.RESETS) == 1


def test_bad_tables_are_refused_whole_with_the_reason():
    plant = Plant(NEW_YEAR)
    good = plant.read(p.TABLE + b.PROFILE_1)
    holidays = bytes((26, 1, 1, 0))
    table(plant, b.HOLIDAYS + 3, holidays)
    for index, data, words in (
        (b.PROFILE_1, b"", "1 to 10"),
        (b.PROFILE_1, bytes((0, 0, 1)) * 11, "1 to 10"),
        (b.PROFILE_1, bytes((24, 0, 1)), "time"),
        (b.PROFILE_1, bytes((6, 0, 5)), "tariff"),
        (b.PROFILE_1, bytes((6, 0, 1, 6, 0, 2)), "ascend"),
        (b.SEASONS, bytes((2, 30, 0)), "date"),
        (b.SEASONS, bytes((1, 1, 8)), "plan"),
        (b.SEASONS, bytes((3, 1, 0, 2, 1, 0)), "ascend"),
        (b.WEEKEND, bytes((6, 0, 6, 1)), "twice"),
        (b.WEEKEND, bytes((7, 0)), "weekday"),
        (b.HOLIDAYS, bytes((26, 2, 29, 0)), "date"),
        (b.HOLIDAYS, bytes((26, 2, 1, 0, 2, 1, 1)), "twice"),
        (b.HOLIDAYS, bytes((26, 5, 1, 0)), "another"),
        (b.HOLIDAYS, bytes((27,)) + bytes((1, 1, 0)) * 25, "24"),
        (b.ZONE, b"123", "length"),
    ):
        assert plant.points.write(p.TABLE + index, data) == p.RANGE, words
        assert words in plant.tables.reason, (words, plant.tables.reason)
    assert plant.read(p.TABLE + b.PROFILE_1) == good
    assert plant.billing_point(b.TABLE_CHANGES) == 1
    # through a file and back
    words = plant.tables.dump()
    other = Plant(NEW_YEAR)
    other.tables.load(words)
    assert [other.read(p.TABLE + i) for i in range(b.TABLES)] == [
        plant.read(p.TABLE + i) for i in range(b.TABLES)
    ]


def test_settings_that_cannot_be_had_together():
    from fourquad import models
    from fourquad.meter.settings import Settings

    model = models.load("a1000")
    plant = Plant(NEW_YEAR, model.BILLING)
    settings = plant.billing.settings = Settings(model.SETTINGS)
    settings.veto = plant.settings.veto
    assert settings.check(p.DEMAND_WINDOW, 60) == p.OK
    assert settings.check(p.POWER_INTERVAL, 2) == p.RANGE
    settings.write(p.DEMAND_WINDOW, 10)
    assert settings.check(p.POWER_INTERVAL, 2) == p.OK
    assert settings.check(p.POWER_INTERVAL, 3) == p.RANGE
    # 220 V, 10 A: 6.6 kW; 22,500 impulses an hour at most
    assert settings.check(p.PULSE_P, 3409) == p.OK
    assert settings.check(p.PULSE_P, 3410) == p.RANGE
    settings.write(p.PULSE_P, 3400)
    assert settings.check(p.MAXIMUM_CURRENT, 20000) == p.RANGE
    assert settings.check(p.LED_P, 10000) == p.OK


def test_self_read_is_a_slice_of_its_own_and_exact():
    plant = Plant(NEW_YEAR + 31 * 86400 - 3600, SELF_READ_DAY=1)
    plant.run(3600 - 1, 1, active_import=1000)
    before = plant.joules()
    # a second of samples that ends 0.4 s after midnight
    plant.billing.quadrants.joules[0] += 100000
    plant.utc += 1
    plant.clock.set(plant.utc, 400)
    plant.billing.mark(0, 0)
    plant.billing.second()
    assert plant.billing_point(b.RESETS) == 0
    plant.billing.rest()
    assert plant.billing_point(b.RESETS) == 1
    assert plant.joules() == before + 100000
    assert plant.energy_of(n=1) == (before + 100000 * 1000 // 1400) // 36000
    plant.billing.rest()
    assert plant.billing_point(b.RESETS) == 1
