"""An import that flash or heap does not take."""

from device.device_fakes import Networked
from net.backup_bench import CHANGES, PHRASE, apply, changed, file_of, get, logged_in, send

from fourquad import points as p


def test_a_flash_that_does_not_take_it_changes_nothing():
    plant = Networked()
    _, data = changed(Networked())
    web = logged_in(plant)
    plant.run(1500)
    before = file_of(web)
    for failure, word in ((OSError(5), "flash"), (MemoryError(), "memory")):

        def write(name, data, failure=failure):
            raise failure

        assert send(web, data, PHRASE).status == 200
        good, plant.files.write = plant.files.write, write
        assert apply(web, plant)["error"] == word
        plant.files.write = good
        assert file_of(web) == before and plant.device.meter.settings.batch is None


def test_a_heap_without_room_for_a_moment():
    plant = Networked()
    _, data = changed(Networked())
    web = logged_in(plant)
    plant.run(1500)
    assert send(web, data, PHRASE).status == 200
    good, tries = plant.files.write, []

    def write(name, data):
        tries.append(name)
        if len(tries) < 4:
            raise MemoryError
        good(name, data)

    plant.files.write = write
    assert apply(web, plant)["changes"] == len(CHANGES) + 1
    assert get(web, p.CT1) == 400 and tries[0] == tries[3] == "kw320.batch.set"
