"""The ring of a load profile after a restart, beside an unreadable record, and on a worn-out flash."""

from fourquad.records.flash import RamFlash
from fourquad.records.profile import SIZE, ProfileRing

SECTORS = 5


class Worn(RamFlash):
    """Takes no program any more, and says nothing."""

    worn = False

    def program(self, address, data):
        if not self.worn:
            RamFlash.program(self, address, data)


def ring_on(flash, records=0):
    ring = ProfileRing(flash, 0, SECTORS)
    ring.mount()
    for n in range(records):
        ring.append(15 * n, 0, [n] * 6)
        while ring.due:
            ring.service()
    return ring


def test_service_is_due_until_the_old_sector_is_copied():
    flash = RamFlash(SECTORS)
    ring_on(flash, 10)
    ring = ProfileRing(flash, 0, SECTORS)
    assert ring.mount() == 10
    steps = []
    while ring.due:
        erases, programs = flash.erases, flash.programs
        ring.service()
        steps.append((flash.erases - erases, flash.programs - programs > 10))
        assert len(steps) < 10
    # a sector is erased, the ten records and their header are copied, and the next one is erased ahead
    assert steps == [(1, False), (0, True), (1, False)]


def test_a_full_sector_is_copied_in_steps():
    flash = RamFlash(SECTORS)
    last = (flash.sector_size - SIZE) // SIZE
    ring_on(flash, last)
    ring = ProfileRing(flash, 0, SECTORS)
    assert ring.mount() == last
    most = 0
    while ring.due:
        programs = flash.programs
        ring.service()
        most = max(most, flash.programs - programs)
    # 16 records of 32 bytes, which lie in one page or in two, and a header
    assert 16 <= most <= 33
    assert ring.count == last
    for n in range(last):
        assert ring.load(n) and (ring.status, ring.minute, ring.values) == (0, 15 * n, [n] * 6)


def test_a_copy_that_a_cut_ends_is_begun_anew():
    for steps in range(10):
        flash = RamFlash(SECTORS)
        ring_on(flash, 100)
        ring = ProfileRing(flash, 0, SECTORS)
        ring.mount()
        for _ in range(steps):
            ring.service()
        ring = ProfileRing(flash, 0, SECTORS)
        assert ring.mount() == 100
        # a record that comes in the midst of the copy has it finished first
        for _ in range(steps % 4):
            ring.service()
        ring.append(1500, 0, [100] * 6)
        assert ring.count == 101
        ring = ProfileRing(flash, 0, SECTORS)
        assert ring.mount() == 101
        for n in range(101):
            assert ring.load(n) and (ring.status, ring.minute, ring.values) == (0, 15 * n, [n] * 6)


def test_records_behind_an_unreadable_one_are_found_after_a_restart():
    for lost in (0, 3, 8):
        flash = RamFlash(SECTORS)
        ring_on(flash, 9)
        flash.image[_place(flash, lost)] ^= 1
        ring = ring_on(flash)
        while ring.due:
            ring.service()
        first = 9 if lost != 8 else 8
        for n in range(first, first + 6):
            ring.append(15 * n, 0, [n] * 6)
        for n in range(ring.oldest, ring.newest + 1):
            assert ring.load(n)
            if n == lost and lost != 8:
                assert ring.status == 0xFF
            else:
                assert (ring.status, ring.minute, ring.values) == (0, 15 * n, [n] * 6), (lost, n)


def _place(flash, number):
    """Where the record stands: the header of its sector is known by its letters."""
    for sector in range(SECTORS):
        at = sector * flash.sector_size
        if flash.image[at : at + 3] == b"FQP":
            return at + SIZE * (1 + number) + 12
    raise AssertionError


def test_a_flash_that_takes_nothing_is_an_error():
    flash = Worn(SECTORS)
    ring = ring_on(flash, 3)
    flash.worn = True
    try:
        ring.append(45, 0, [3] * 6)
    except OSError as error:
        assert error.args[0] == 5
        assert ring.newest == 2
        return
    raise AssertionError
