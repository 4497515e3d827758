"""When a sector is erased ahead: where that stands still until it is finished, and where it only begins."""

from fourquad.device.keeper import Erase, SaveSettings


class _Store:
    def __init__(self):
        self.due = False
        self.late = False
        self.served = 0

    def overdue(self, now):
        return self.late

    def service(self):
        self.served += 1


def test_an_erase_that_stands_still_hides_in_a_long_answer():
    store = _Store()
    erase = Erase(store)
    assert erase.hides_in_ms >= 45
    assert not erase.due(0)
    store.due = True
    assert erase.due(0) and not erase.overdue(0)
    store.late = True
    assert erase.overdue(0)
    erase.do(0)
    assert store.served == 1


def test_an_erase_that_only_begins_waits_for_the_one_before_and_for_nothing_else():
    store = _Store()
    busy = [True]
    erase = Erase(store, lambda: busy[0])
    assert erase.hides_in_ms == 0
    store.due = True
    assert not erase.due(0)
    busy[0] = False
    assert erase.due(0)


class _Meter:
    tables = None

    def __init__(self):
        self.settings = self
        self.changed = self.batch = False


def test_a_settings_file_waits_for_the_end_of_an_erase_but_not_when_power_fails():
    busy = [True]
    meter = _Meter()
    saving = SaveSettings(meter, None, lambda: busy[0])
    assert not saving.due(0) and not saving.changed(0)
    meter.changed = True
    assert not saving.due(0) and saving.changed(0)
    busy[0] = False
    # it has waited since then
    assert saving.due(1000) and saving.overdue(1000)


def test_after_a_long_erase_there_is_a_moment_for_an_answer_that_hides_the_file():
    busy = [True]
    meter = _Meter()
    saving = SaveSettings(meter, None, lambda: busy[0])
    meter.changed = True
    for now in range(0, 1501, 50):
        assert not saving.due(now)
    busy[0] = False
    assert saving.due(1550) and not saving.overdue(1649) and saving.overdue(1650)
