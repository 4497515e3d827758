"""What is saved when, in which order, and what is told when the flash takes nothing."""

from device_fakes import CYCLE_MS, Files, Plant, RamFlash

from fourquad import points as p
from fourquad import ticks
from fourquad.points import billing as b


class Noted:
    """Flash and files of a plant, which note what is written to them in one list."""

    def __init__(self, plant):
        self.log = []
        program, write = plant.flash.program, plant.files.write

        def programmed(address, data):
            self.log.append("registers")
            program(address, data)

        def written(name, data):
            self.log.append(name)
            write(name, data)

        plant.flash.program, plant.files.write = programmed, written


def keep(plant, seconds):
    """Work of the keeper alone, without samples; how many records of registers there were."""
    keeper, store = plant.device.keeper, plant.device.store
    before = store.saves
    for _ in range(10 * seconds):
        plant.ms += 100
        keeper.work(plant.now)
        if store.due:
            store.service()
    return store.saves - before


def test_registers_are_saved_once_a_minute_over_the_wrap_of_the_ticks():
    assert keep(Plant(start=ticks.PERIOD - 100000), 601) == 10


def test_what_is_urgent_is_saved_within_20_ms():
    plant = Plant("a1000")
    plant.run(1500)
    saves = plant.device.store.saves
    plant.device.meter.billing.save_soon = True
    plant.run(20 + CYCLE_MS)
    assert plant.device.store.saves == saves + 1
    plant.run(200)
    assert plant.device.store.saves == saves + 1


def begin(plant):
    """Go on until a save of the registers has its first page in flash."""
    keeper, flash = plant.device.keeper, plant.flash
    programs = flash.programs
    while flash.programs == programs:
        plant.ms += 100
        keeper.work(plant.now)


def test_a_save_of_the_minute_is_a_page_a_visit():
    plant = Plant("a1000")
    begin(plant)
    store, flash = plant.device.store, plant.flash
    saves, pages = store.saves, 1
    while store.saves == saves:
        before = flash.programs
        plant.ms += 100
        plant.device.keeper.work(plant.now)
        assert flash.programs == before + 1
        pages += 1
    assert pages == 8


def test_what_is_urgent_or_a_warning_overtakes_the_save_of_the_minute():
    for warns in (False, True):
        plant = Plant("a1000")
        begin(plant)
        store, flash = plant.device.store, plant.flash
        saves, programs = store.saves, flash.programs
        billing = plant.device.meter.billing
        billing.save_soon = True
        if warns:
            plant.device.keeper.power_fails(plant.now)
        else:
            plant.device.keeper.work(plant.now)
        assert store.saves == saves + 1 and flash.programs == programs + 8
        assert not billing.save_soon
        # and nothing older is written after it
        keep(plant, 30)
        assert store.saves == saves + 1 and flash.programs == programs + 8


def test_when_the_supply_warns_registers_come_first_and_then_every_file():
    plant = Plant()
    plant.run(1500)
    noted = Noted(plant)
    # settings of two groups, so two files
    plant.write(p.SETTING + p.PT1, 700)
    plant.write(p.SETTING + p.ADDRESS_1, 5)
    plant.warn()
    assert not plant.warning.failing
    files = [name for name in noted.log if name != "registers"]
    assert len(files) == len(set(files)) == 2
    assert noted.log[0] == "registers" and noted.log[-2:] == files
    # a line that bounces finds nothing more to save
    noted.log.clear()
    plant.warn()
    assert noted.log == []


def test_files_are_written_one_at_a_time():
    plant = Plant()
    plant.run(1500)
    noted = Noted(plant)
    plant.write(p.SETTING + p.PT1, 700)
    plant.write(p.SETTING + p.ADDRESS_1, 5)
    saving = plant.device.pauses[-1]
    assert saving.due(plant.now) and not saving.overdue(plant.now)
    later = ticks.add(plant.now, 1000)
    assert saving.due(later) and saving.overdue(later)
    saving.do(later)
    assert len(noted.log) == 1
    # the other one has waited as long
    assert saving.due(later) and saving.overdue(later)
    saving.do(later)
    assert len(noted.log) == 2 and not saving.due(later)


def test_a_flash_that_takes_nothing_is_told_and_measuring_goes_on():
    plant = Plant("a1000")
    plant.run(1500)

    def broken(address, data):
        raise OSError(5)

    plant.flash.program = broken
    billing = plant.device.meter.billing
    assert not billing.errors & b.MEMORY_FAULT
    billing.save_soon = True
    plant.run(500)
    assert billing.errors & b.MEMORY_FAULT
    before = plant.device.meter.clock.now
    plant.run(3000)
    assert plant.device.meter.clock.now == before + 3
    assert plant.points.read(p.SECONDARY + p.V1) > 229


class Full:
    """Files for which the heap has no room, as long as it is `full`."""

    def __init__(self, plant):
        self.full = True
        self._write = plant.files.write
        plant.files.write = self.write

    def write(self, name, data):
        if self.full:
            raise MemoryError("2560 bytes")
        self._write(name, data)


def test_what_a_full_heap_could_not_save_is_saved_later():
    for model, write in (
        ("kw320", lambda plant: plant.write(p.SETTING + p.PT1, 700)),
        ("a1000", lambda plant: setattr(plant.device.meter.tables, "changed", True)),
    ):
        plant = Plant(model)
        plant.run(1500)
        files = Full(plant)
        saved = len(plant.files.data)
        write(plant)
        plant.run(3000)
        assert len(plant.files.data) == saved
        # the supply warns: registers are saved, and the keeper does not try for ever
        plant.warn()
        saving = plant.device.pauses[-1]
        assert len(plant.files.data) == saved and saving.due(plant.now)
        files.full = False
        plant.warn()
        assert len(plant.files.data) == saved + 1 and not saving.due(plant.now)


def test_the_files_of_one_meter_are_no_others():
    plant, other = Plant(), Plant()
    plant.write(p.SETTING + p.PT1, 700)
    plant.warn()
    assert isinstance(plant.files, Files) and isinstance(plant.flash, RamFlash)
    assert plant.files.data and not other.files.data
    assert not other.device.meter.settings.changed


class Always:
    """A store that has something to save at each visit."""

    failed = False

    def __init__(self):
        self.saves = 0

    def tick(self, now):
        self.saves += 1
        return True


def test_a_store_that_always_saves_keeps_none_from_its_turn():
    plant = Plant()
    keeper = plant.device.keeper
    busy = [Always(), Always()]
    keeper._stores = busy[:1] + keeper._stores + busy[1:]
    saves = plant.device.store.saves
    now = plant.now
    for _ in range(700):
        keeper.work(now)
        now = ticks.add(now, 100)
    assert plant.device.store.saves == saves + 1
    assert busy[0].saves > 300 and busy[1].saves > 300
