"""Maxima and minima over power cuts."""

from array import array

import fourquad.models.kw320 as kw320
from fourquad import points as p
from fourquad.calendar.clock import Clock
from fourquad.device import extremes_store as store
from fourquad.records.flash import RamFlash
from fourquad.registers import image
from fourquad.registers.extremes import Extremes

SECTORS = {name: wanted for name, wanted, _ in kw320.STORAGE}["extremes"]
PLACES = {"extremes": (1, SECTORS)}


class Harmonics:
    windows = 0
    values = array("i", [0] * p.HARMONICS)


class Meter:
    """A meter, and its readings."""

    model = kw320

    def __init__(self):
        self.clock = Clock()
        self.clock.set(800107200)
        self.readings = array("f", [0.0] * p.READINGS)
        self.secondary = self.readings
        self.extremes = Extremes(self.clock, self, Harmonics(), None)
        self.second(0.0)
        self.second(0.0)

    def mark(self, *layout):
        return image.mark(self.model.NAME, layout)

    def second(self, volts):
        self.readings[p.V1] = volts
        for part in self.extremes.after_reading:
            part()


def boot(flash):
    meter = Meter()
    return meter, store.connect(meter, meter.extremes, flash, PLACES)[0]


def flash():
    return RamFlash(10)


def run(keeper, first, last):
    """Seconds in which it began to save."""
    begun = []
    for s in range(first, last):
        if keeper.tick(s * 1000):
            begun.append(s)
            while keeper.tick(s * 1000):
                pass
    return begun


def begun(pages):
    """A meter that has begun to save 230 V, its keeper, and the flash."""
    part = flash()
    meter, keeper = boot(part)
    keeper.tick(0)
    meter.second(230.0)
    for _ in range(1 + pages):
        assert keeper.tick(900000)
    assert keeper.saves == 0 and not meter.extremes.changed
    return meter, keeper, part


def test_saved_only_when_changed_and_rarely():
    part = flash()
    meter, keeper = boot(part)
    assert run(keeper, 0, 2000) == []
    meter.second(230.0)
    assert run(keeper, 2000, 5000) == [2700]
    meter.second(231.0)
    assert run(keeper, 5000, 7000) == [5400]
    assert run(keeper, 7000, 10000) == []
    assert keeper.saves == 2


def test_when_the_supply_warns_what_was_begun_is_saved():
    for pages in range(2):
        meter, keeper, part = begun(pages)
        assert keeper.snapshot()
        assert not keeper.snapshot()
        assert boot(part)[0].extremes.values == meter.extremes.values
        assert run(keeper, 901, 2000) == []


def test_what_changes_after_a_save_has_begun_is_saved_next():
    for pages in range(2):
        meter, keeper, part = begun(pages)
        meter.second(240.0)
        assert run(keeper, 901, 1900) == [901, 1800]
        again, _ = boot(part)
        assert again.extremes.values == meter.extremes.values


def test_a_clear_after_a_save_has_begun_is_not_undone():
    for pages in range(2):
        meter, keeper, part = begun(pages)
        meter.extremes.clear()
        assert keeper.snapshot()
        assert not any(boot(part)[0].extremes.values)


def test_the_next_boot_finds_them():
    part = flash()
    meter, keeper = boot(part)
    meter.second(230.0)
    meter.second(235.0)
    assert keeper.snapshot()
    assert not keeper.snapshot()  # nothing has changed since
    again, _ = boot(part)
    assert again.extremes.values == meter.extremes.values
    assert again.extremes.values[0] == 2350 and again.extremes.values[175] == 2300


def test_a_clear_is_saved_soon():
    part = flash()
    meter, keeper = boot(part)
    meter.second(230.0)
    run(keeper, 0, 901)
    meter.extremes.clear()
    assert run(keeper, 901, 2000) == [1020]
    again, _ = boot(part)
    assert not any(again.extremes.values)


def test_a_master_that_clears_all_the_time_does_not_wear_the_flash_out():
    meter, keeper = boot(flash())
    for s in range(3600):
        meter.extremes.clear()
        keeper.tick(s * 1000)
    assert keeper.saves <= 30
    # 20 years of it: records of two pages, eight to a sector
    records = keeper.saves * 24 * 365.25 * 20
    assert records / 8 / SECTORS < 100000


def test_a_failing_flash_is_told_and_tried_again():
    meter, keeper = boot(flash())

    class Broken:
        due = begun = False
        fails = True

        def append(self, payload):
            if self.fails:
                raise OSError(5)

        def begin(self, payload):
            self.begun = True

        def go_on(self):
            self.begun = False
            self.append(None)
            return True

    keeper._journal = broken = Broken()
    meter.second(230.0)
    assert not keeper.snapshot() and keeper.failed and meter.extremes.changed
    assert run(keeper, 0, 901) == [900] and meter.extremes.changed
    broken.fails = False
    assert keeper.snapshot() and not meter.extremes.changed
