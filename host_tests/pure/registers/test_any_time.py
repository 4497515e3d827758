"""Any two times of the calendar, in any order, in every engine; averages at any moment of an interval."""

from billing_fakes import Plant, Table

from fourquad import points as p
from fourquad.billing.demand import BLOCK, EXTERNAL, ROLLING, SLIDING, THERMAL
from fourquad.billing.pulses import ACTIVE_IMPORT, Pulses
from fourquad.calendar.clock import END, seconds
from fourquad.points import billing as b
from fourquad.registers.runtime import DUMP_SIZE, RunTime

TIMES = (
    0,
    1,
    59,
    60,
    899,
    900,
    86399,
    86400,
    seconds(2026, 2, 28, 23, 59, 59),
    seconds(2028, 2, 29, 12, 0, 0),
)
TIMES += (END // 2, END - 86400, END - 3600, END - 61, END - 1)
FEW = (0, 60, 86400, END // 2, END - 3600, END - 1)
NOON = seconds(2026, 5, 4, 12, 0, 0)
WATTS = 3300


def check(plant, given):
    """Energies are there to the joule, and no demand is above the load."""
    assert plant.joules() == given
    recorded = sum([row[2] for row in plant.profile()])
    assert recorded + plant.billing.profile._joules[0] == given
    assert plant.maximum()[0] <= 10 * WATTS
    assert plant.read(b.demand(b.DEMAND_RUNNING, b.ACTIVE_IMPORT)) <= 10 * WATTS + 1
    plant.billing_point(b.LOCAL_TIME)
    plant.billing_point(b.TARIFF)
    for event in range(b.EVENTS):
        for field in (b.EVENT_SECONDS, b.EVENT_START, b.EVENT_STOP):
            plant.read(b.supervised(event, field))


def test_the_clock_is_set_from_any_time_to_any_other():
    for mode in (BLOCK, SLIDING, THERMAL, ROLLING, EXTERNAL):
        times = TIMES if mode == BLOCK else FEW
        plant = Plant(NOON, SELF_READ_DAY=1, DEMAND_MODE=mode, DEMAND_SUB_INTERVAL=5)
        given = 0
        for old in times:
            for new in times:
                plant.set_clock(old)
                plant.run(10, 10, active_import=WATTS)
                plant.set_clock(new)
                plant.run(70, 35, active_import=WATTS)
                plant.billing.supervise()
                given += 80 * WATTS
            plant.save()
            assert plant.joules() == given
            assert plant.maximum()[0] <= 10 * WATTS
        if mode != BLOCK:
            check(plant, given)


def test_power_goes_at_any_time_and_comes_back_at_any_other():
    for old in FEW:
        plant = Plant(old, SELF_READ_DAY=1)
        given = 0
        for new in FEW:
            plant.run(70, 35, active_import=WATTS)
            given += 70 * WATTS
            plant.save()
            plant.utc = new
            plant.boot()
            plant.billing.supervise()
        check(plant, given)


def test_a_condition_that_began_before_the_calendar():
    plant = Plant(0, SV_OVER_VOLTAGE=115, SV_DELAY=100)
    plant.readings[p.V1] = 400.0
    supervision = plant.billing.supervision
    supervision.follow(
        lambda offset: {p.NOMINAL_VOLTAGE: 2300, p.SV_OVER_VOLTAGE: 115, p.SV_DELAY: 100}.get(offset, 0)
    )
    for _ in range(150):
        supervision.look(plant.readings, 5)
    assert plant.read(b.supervised(b.OVER_VOLTAGE, b.EVENT_START)) == 1
    # a time that is longer than a register holds
    for _ in range(3):
        supervision.power_was_down(0, END - 1)
    assert plant.read(b.supervised(b.POWER_DOWN, b.EVENT_SECONDS)) == (1 << 32) - 1


def test_a_clock_jump_is_noted_as_what_it_is():
    plant = Plant(seconds(2026, 1, 20, 0, 0, 0), SELF_READ_DAY=1)
    plant.run(3600, 60, active_import=WATTS)
    plant.set_clock(seconds(2026, 2, 10, 0, 0, 0))
    assert plant.billing_point(b.RESETS) == 1
    assert (
        plant.billing_point(b.LAST_RESET_CAUSE)
        == plant.billing_point(b.LAST_RESET_CAUSE, 1)
        == b.CAUSE_CLOCK_SET
    )
    assert [plant.billing_point(b.RESETS_AUTOMATIC + i) for i in range(4)] == [0] * 4
    plant.run(25 * 86400, 3600, active_import=WATTS)
    assert plant.billing_point(b.RESETS) == 2 and plant.billing_point(b.LAST_RESET_CAUSE) == b.CAUSE_AUTOMATIC


class Protected(Table):
    PROTECTED = True


def test_far_forward_needs_programming_mode():
    plant = Plant(NOON, Protected)
    fields = p.BILLING + b.LOCAL_TIME
    day = 86400
    for step, why in (
        (31 * day, p.OK),
        (31 * day + 1, p.FORBIDDEN),
        (END - 1 - NOON, p.FORBIDDEN),
        (-400 * day, p.OK),
    ):
        assert plant.points.check(fields, NOON + step) == why, step
    assert plant.points.write(p.BILLING + b.PROGRAM_MODE, 1) == p.OK
    assert plant.points.check(fields, END - 1) == p.OK
    assert plant.points.write(p.BILLING + b.PROGRAM_MODE, 0) == p.OK
    # nobody has told the time: then the first who does needs no key
    plant.clock.valid = False
    assert plant.points.check(fields, END - 1) == p.OK


def test_first_seconds_of_a_new_meter():
    for before in (0, 1, 30, 59):
        plant = Plant(seconds(2026, 2, 1, 0, 0, 0) - before, SELF_READ_DAY=1)
        plant.run(120, 1, active_import=WATTS)
        assert plant.billing_point(b.RESETS) == 0
        # that of the next month is a period's end
        plant.run(28 * 86400, 3600, active_import=WATTS)
        assert plant.billing_point(b.RESETS) == 1


def moments(plant, count, x=1):
    """Book seconds of `WATTS` that end at any ms, and yield after each."""
    ms = 1000 * plant.utc
    for _ in range(count):
        x = x * 1103515245 + 12345 & 0x7FFFFFFF
        step = 950 + (x >> 8) % 101
        ms += step
        plant.clock.now = plant.utc = ms // 1000
        plant.clock.ms = ms % 1000
        # whole joules: what is left over is carried
        plant.billing.quadrants.joules[0] += WATTS * ms // 1000 - WATTS * (ms - step) // 1000
        plant.billing.book(plant.utc, plant.clock.ms, 0)
        yield ms


def test_running_and_predicted_at_any_moment_within_an_interval():
    running = b.demand(b.DEMAND_RUNNING, b.ACTIVE_IMPORT)
    predicted = b.demand(b.DEMAND_PREDICTED, b.ACTIVE_IMPORT)
    for mode in (BLOCK, SLIDING, THERMAL, ROLLING, EXTERNAL):
        plant = Plant(NOON, DEMAND_MODE=mode, DEMAND_WINDOW=5, DEMAND_SUB_INTERVAL=1, POWER_INTERVAL=1)
        for n, _ in enumerate(moments(plant, 700)):
            # a joule of at least half a second's
            assert abs(plant.read(running) - 10 * WATTS) <= 40, (mode, n)
            if n > 70:
                assert abs(plant.read(predicted) - 10 * WATTS) <= 40, (mode, n)
            assert plant.read(b.demand(b.DEMAND_RUNNING, b.ACTIVE_IMPORT, 1)) <= 10 * WATTS + 40
        assert plant.joules() == WATTS * (1000 * plant.utc + plant.clock.ms) // 1000 - WATTS * NOON


def test_the_clock_is_set_in_the_middle_of_a_second():
    for step_ms in (17, -17, 3000, -3000, 9999, 300000, -300000, 3600000, -86400000 * 40):
        plant = Plant(NOON, DEMAND_MODE=BLOCK, DEMAND_WINDOW=5, POWER_INTERVAL=5)
        ms = list(moments(plant, 400))[-1]
        given = WATTS * ms // 1000 - WATTS * NOON
        # 600 ms are gathered on the old time, 400 on the new
        plant.billing.quadrants.joules[0] += WATTS
        old, new = ms + 600, ms + 600 + step_ms
        plant.billing.clock_set(old // 1000, old % 1000, new // 1000, new % 1000)
        end = new + 400
        plant.clock.set(end // 1000, end % 1000)
        plant.billing.book(end // 1000, end % 1000, 0)
        plant.utc = end // 1000
        for _ in range(700):
            end += 1000
            plant.clock.now, plant.clock.ms = end // 1000, end % 1000
            plant.billing.quadrants.joules[0] += WATTS
            plant.billing.book(end // 1000, end % 1000, 0)
        assert plant.joules() == given + 701 * WATTS
        # the average of a window that ended is the load, whatever was done to the clock
        assert abs(plant.maximum()[0] - 10 * WATTS) <= 1, step_ms


def test_a_cumulative_maximum_rolls_over():
    plant = Plant(NOON)
    demand = plant.billing.demand
    for _ in range(40):
        demand.maxima[0] = 99999999
        demand.reset()
    assert demand.cumulative[0] == 40 * 99999999 % 10**9


def test_run_time_of_any_length():
    run = RunTime()
    for _ in range(50):
        run.add((1 << 31) - 1, True)
    assert run.value == run.loaded == 50 * ((1 << 31) - 1) // 36000
    run.dump(bytearray(DUMP_SIZE), 0)


def test_the_width_of_a_pulse_is_the_setting_s():
    for width in (20, 80, 150):
        pulses = Pulses(((ACTIVE_IMPORT, False),))
        pulses.configure(0, 1000, width)
        pulses.feed([3600] + [0] * 6, 0)
        edges = [now for now in range(0, 1000, 5) if pulses.tick(now)]
        assert len(edges) == 2 and edges[1] - edges[0] == width


def test_the_width_setting_reaches_the_outputs():
    class Contacts(Table):
        PULSES = ((ACTIVE_IMPORT, False, p.PULSE_P),)

    for width in (20, 150):
        plant = Plant(NOON, Contacts, PULSE_P=1000, PULSE_WIDTH=width)
        assert plant.billing.pulses.widths == [width]
