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
    saved = [now for now in range(0, 300000, 250) if store.tick(now)]
    assert saved == [60000, 120000, 180000, 240000]
    assert store.saves == 4


def test_ticks_may_wrap():
    store = _store(RamFlash(4), _Source())
    store.restore()
    start = ticks.PERIOD - 30000
    saved = [ms for ms in range(0, 130000, 1000) if store.tick(ticks.add(start, ms))]
    assert saved == [60000, 120000]


def test_interval_is_settable_within_limits():
    store = _store(RamFlash(4), _Source(), 10)
    store.restore()
    assert [s for s in range(31) if store.tick(s * 1000)] == [10, 20, 30]
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
        store.tick(minute * 60000)
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
    assert store.tick(60000)
    assert store.snapshot(60500)


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
    assert not store.snapshot()
    assert store.failed
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
    saved = 0
    micropython.heap_lock()
    try:
        for now in range(0, 600000, 20000):
            if store.tick(now):
                saved += 1
            store.overdue(now)
        store.snapshot(700000)
    finally:
        micropython.heap_unlock()
    assert saved == 9
