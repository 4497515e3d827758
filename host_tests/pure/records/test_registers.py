"""When the registers are saved."""

import sys

from fourquad import ticks
from fourquad.device.register_store import RegisterStore
from fourquad.records.flash import RamFlash
from fourquad.records.journal import Journal


class _Source:
    def __init__(self):
        self.value = 0
        self.buffer = bytearray(16)

    def __call__(self):
        self.buffer[0] = self.value & 0xFF
        self.buffer[1] = self.value >> 8
        return self.buffer


def _store(flash, source, interval_s=60):
    return RegisterStore(Journal(flash, 0, 4, 16), source, interval_s)


def _value(payload):
    return payload[0] | payload[1] << 8


def _saves(store, times):
    """Those of `times` (ms) at which a save was complete."""
    saved = []
    for now in times:
        before = store.saves
        store.tick(now)
        if store.saves > before:
            saved.append(now)
    return saved


def test_a_new_meter_has_nothing_to_restore_and_is_ready():
    flash = RamFlash(4)
    store = _store(flash, _Source())
    assert store.restore() is None
    flash.clear_counts()
    assert store.snapshot()
    assert (flash.programs, flash.erases) == (1, 0)


def test_saves_once_an_interval():
    flash = RamFlash(4)
    source = _Source()
    store = _store(flash, source)
    store.restore()
    # the image first, its one page with the next visit
    assert _saves(store, range(0, 300000, 250)) == [60250, 120250, 180250, 240250]
    assert store.saves == 4


def test_ticks_may_wrap():
    store = _store(RamFlash(4), _Source())
    store.restore()
    start = ticks.PERIOD - 30000
    times = [ticks.add(start, ms) for ms in range(0, 130000, 1000)]
    assert _saves(store, times) == [ticks.add(start, 61000), ticks.add(start, 121000)]


def test_interval_is_settable_within_limits():
    store = _store(RamFlash(4), _Source(), 10)
    store.restore()
    assert _saves(store, range(0, 32000, 1000)) == [11000, 21000, 31000]
    store.set_interval(3600)
    assert not store.tick(3000000)
    for wrong in (9, 3601):
        try:
            store.set_interval(wrong)
        except ValueError:
            continue
        raise AssertionError("interval taken")


def test_what_was_saved_comes_back():
    flash = RamFlash(4)
    source = _Source()
    store = _store(flash, source)
    assert store.restore() is None
    for minute in range(200):
        source.value = minute * 3
        while store.tick(minute * 60000):
            pass
        if store.due:
            store.service()
    store = _store(flash, source)
    assert _value(store.restore()) == 199 * 3
    source.value = 1000
    assert store.snapshot()
    assert _value(_store(flash, source).restore()) == 1000


def test_restore_makes_the_next_snapshot_one_page():
    flash = RamFlash(4)
    source = _Source()
    store = _store(flash, source)
    store.restore()
    for _ in range(40):
        store.snapshot()
        flash.clear_counts()
        store = _store(flash, source)
        store.restore()
        assert (flash.programs, flash.erases) == (1, 2)
        flash.clear_counts()
        store.snapshot()
        assert (flash.programs, flash.erases) == (1, 0)


def test_a_bouncing_warning_saves_once_a_second():
    store = _store(RamFlash(4), _Source())
    store.restore()
    assert [ms for ms in range(0, 2500, 20) if store.snapshot(ms)] == [0, 1000, 2000]


def test_the_warning_saves_also_right_after_the_minute():
    # else what was cleared in between, and acknowledged, would be back
    store = _store(RamFlash(4), _Source())
    store.restore()
    store.tick(0)
    assert _saves(store, (60000, 60100)) == [60100]
    assert store.snapshot(60500)


LONG = 600  # three pages


def _begun(flash, source, pages):
    """A store that has saved 1 and begun to save 2: the image, and `pages` of its three."""
    journal = Journal(flash, 0, 4, LONG)
    source.buffer = journal.payload
    store = RegisterStore(journal, source)
    store.restore()
    source.value = 1
    store.tick(0)
    assert store.snapshot()
    source.value = 2
    flash.clear_counts()
    for _ in range(1 + pages):
        assert store.tick(60000)
    assert (flash.programs, store.saves) == (pages, 1)
    return store


def _found(flash):
    store = RegisterStore(Journal(flash, 0, 4, LONG), None)
    return _value(store.restore())


def test_a_long_save_is_a_page_a_visit():
    flash = RamFlash(4)
    store = _begun(flash, _Source(), 2)
    assert store.tick(60200) and store.saves == 2
    assert not store.tick(60300)
    assert _found(flash) == 2


def test_what_was_begun_is_nothing_until_its_last_page():
    for pages in range(3):
        flash = RamFlash(4)
        _begun(flash, _Source(), pages)
        assert _found(flash) == 1


def test_what_is_saved_at_once_is_newer_than_what_was_begun():
    # a clear that was acknowledged after the image was made: the image must not come back over it
    for pages in range(3):
        flash = RamFlash(4)
        source = _Source()
        store = _begun(flash, source, pages)
        source.value = 7
        flash.clear_counts()
        assert store.snapshot(60200)
        assert (flash.programs, flash.erases) == (3, 0)
        assert not store.tick(60300)
        assert _found(flash) == 7


def test_what_changes_after_the_image_waits_for_the_next_save():
    flash = RamFlash(4)
    source = _Source()
    store = _begun(flash, source, 0)
    source.value = 9
    while store.tick(60100):
        pass
    assert _found(flash) == 2
    flash = RamFlash(4)
    store = _begun(flash, source, 2)
    source.value = 9
    assert _saves(store, range(60200, 120500, 100)) == [60200, 120300]
    assert _found(flash) == 9


def test_an_erase_is_overdue_after_a_second():
    store = _store(RamFlash(4), _Source(), 10)
    store.restore()
    now = 0
    while not store.due:
        now += 1000
        store.tick(now)
    store.tick(now)
    assert not store.overdue(now)
    assert not store.overdue(now + 999)
    assert store.overdue(now + 1000)
    store.service()
    assert not store.due and not store.overdue(now + 5000)
    store.tick(now + 5000)
    assert not store.overdue(now + 9000)


class _DeadFlash(RamFlash):
    dead = False

    def program(self, address, data):
        if not self.dead:
            RamFlash.program(self, address, data)


def test_a_dead_flash_is_told_and_does_not_stop_the_meter():
    flash = _DeadFlash(4)
    source = _Source()
    store = _store(flash, source)
    store.restore()
    source.value = 77
    assert store.snapshot() and not store.failed
    flash.dead = True
    # of no page that was programmed it reads back what was to be in it: the places come to an end
    store.tick(0)
    steps = 0
    while store.tick(60000):
        steps += 1
    assert store.failed and steps > 15
    assert not store.snapshot()
    store.service()
    store = _store(flash, source)
    assert _value(store.restore()) == 77
    assert store.failed


def test_tick_and_snapshot_allocate_nothing():
    if sys.implementation.name != "micropython":
        return
    import micropython

    store = _store(RamFlash(4), _Source())
    store.restore()
    store.tick(0)
    store.snapshot(500)
    micropython.heap_lock()
    try:
        for now in range(0, 600000, 20000):
            store.tick(now)
            store.overdue(now)
        store.snapshot(700000)
    finally:
        micropython.heap_unlock()
    assert store.saves == 1 + 9 + 1
