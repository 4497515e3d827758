"""ERR 2: every bit that a board can know; resets by cause; the input that ends a demand window."""

from struct import pack_into

from billing_fakes import Plant

from fourquad import models
from fourquad import points as p
from fourquad.billing.demand import EXTERNAL
from fourquad.calendar.clock import seconds
from fourquad.meter.meter import Meter
from fourquad.metering.channels import Channel
from fourquad.models.kw320 import MODULES
from fourquad.modules.io import IO
from fourquad.points import billing as b

NEW_YEAR = seconds(2026, 1, 1, 0, 0, 0)
CLOCK = 2


def word(plant):
    return plant.billing_point(b.ERROR_2)


def test_a_loss_of_samples_is_shown_for_a_minute_at_least():
    plant = Plant(NEW_YEAR)
    plant.billing.lossy = 2
    assert word(plant) == b.FRONT_END_FAULT
    plant.run(60, 1)
    assert word(plant) == b.FRONT_END_FAULT
    plant.run(60, 1)
    assert word(plant) == 0


def test_flash_that_takes_no_record():
    def broken(*_):
        raise OSError(5)

    plant = Plant(NEW_YEAR)
    plant.periods.append = broken
    plant.commands[p.RESET_BY_BUTTON]()
    assert word(plant) == b.MEMORY_FAULT and plant.billing_point(b.RESETS) == 0
    plant = Plant(NEW_YEAR)
    plant.ring.append = broken
    plant.run(1800, 60)
    assert word(plant) == b.MEMORY_FAULT


def test_faults_that_others_find():
    meter = Meter(models.load("a1000"), [Channel("V", 1, 0.1), Channel("I", 1, 0.01)], 10**6, 12)
    read = meter.points.read
    assert read(p.BILLING + b.ERROR_2) == CLOCK, "nobody knows the time yet"
    meter.clock.set(NEW_YEAR)
    assert read(p.BILLING + b.ERROR_2) == 0
    meter.gap(40)
    assert read(p.BILLING + b.ERROR_2) == b.FRONT_END_FAULT
    meter.fault(b.PROGRAM_FAULT)
    meter.fault(b.MEMORY_FAULT)
    assert read(p.BILLING + b.ERROR_2) == 0x1C


def test_resets_are_stamped_by_cause():
    plant = Plant(NEW_YEAR, SELF_READ_DAY=5, SELF_READ_HOUR=12)
    plant.run(86400, 900)
    plant.commands[p.RESET_BY_BUTTON]()
    plant.run(3600, 900)
    plant.commands[p.RESET_BY_SERIAL]()
    plant.run(5 * 86400, 900)
    plant.cut(60)
    stamps = [plant.billing_point(b.RESET_STAMPS + cause) for cause in range(b.RESET_CAUSES)]
    day = 86400
    assert stamps == [NEW_YEAR + 4 * day + day // 2, NEW_YEAR + day, 0, NEW_YEAR + day + 3600]
    assert plant.billing_point(b.LAST_RESET) == stamps[b.CAUSE_AUTOMATIC]


def test_first_input_ends_an_external_window():
    plant = Plant(NEW_YEAR, DEMAND_MODE=EXTERNAL, DEMAND_WINDOW=15)
    io = IO(MODULES, plant.settings)
    io.synchronise = plant.commands[p.SYNCHRONISE_DEMAND]
    plant.run(14 * 60 + 20, 1, active_import=3000)
    io.set_input(1, 1)
    assert plant.maximum() == (0, 0)
    io.set_input(0, 1)
    assert plant.maximum() == (30000, plant.utc)
    # it bounces, and stays closed
    io.set_input(0, 0)
    io.set_input(0, 1)
    plant.run(600, 1, active_import=6000)
    assert plant.maximum() == (30000, plant.utc - 600)
    io.set_input(0, 0)
    io.set_input(0, 1)
    assert plant.maximum() == (60000, plant.utc)
    # with another method it is an input like any other
    other = Plant(NEW_YEAR)
    other.run(300, 1, active_import=3000)
    other.commands[p.SYNCHRONISE_DEMAND]()
    assert other.maximum() == (0, 0)


def test_pulse_counters_use_all_32_bits():
    class Counting:
        def get(self, offset):
            return 1

    io = IO(MODULES, Counting())
    image = bytearray(io.size)
    pack_into("<I", image, 0, 0x7FFFFFFF)
    io.restore(image, 0)
    io.set_input(0, 1)
    assert io.counts[0] == 0x80000000
    pack_into("<I", image, 0, 0xFFFFFFFF)
    io.restore(image, 0)
    io.dump(image, 0)
    other = IO(MODULES, Counting())
    other.restore(image, 0)
    assert list(other.counts) == [0xFFFFFFFF] + [0] * 27
    other.set_input(0, 0)
    other.set_input(0, 1)
    assert other.counts[0] == 0
