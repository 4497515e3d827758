"""A ring on a flash that wears out: places and units that take nothing cost their room, not the records."""

from ring_records import fill, holds, record, refuses, serve

from fourquad.records.flash import RamFlash
from fourquad.records.ring import Ring

UNITS = 10
SIZE = 100
PLACES = 37


class Worn(RamFlash):
    """What is programmed in the places `worn` (addresses of bytes) comes out with bits missing."""

    worn = ()
    dead = False

    def program(self, address, data):
        if self.dead:
            return
        RamFlash.program(self, address, data)
        for at in self.worn:
            if address <= at < address + len(data):
                self.image[at] = 0


def ring_on(flash, size=SIZE):
    ring = Ring(flash, 0, UNITS, size)
    ring.mount()
    return ring


def test_a_worn_place_is_passed_over():
    flash = Worn(UNITS)
    # in each sector one record, another one each
    flash.worn = [4096 * s + 32 + 108 * (3 + s) + 50 for s in range(UNITS)]
    ring = ring_on(flash)
    fill(ring, 0, 20 * PLACES)
    assert ring.bad >= 20
    holds(ring, ring.oldest, 20 * PLACES - 1)
    assert ring.count >= 8 * (PLACES - 1)
    holds(ring_on(flash), ring.oldest, 20 * PLACES - 1)


def test_a_unit_without_a_header_is_passed_over():
    for sector in (0, 3, 9):
        flash = Worn(UNITS)
        flash.worn = [4096 * sector + 5]
        n = 0
        for count in (1, 5 * PLACES, 3, 20 * PLACES, 2):
            ring = ring_on(flash)
            serve(ring)
            fill(ring, n, count)
            n += count
            holds(ring, ring.oldest, n - 1)
            assert ring.count >= min(n, 7 * PLACES)
        holds(ring_on(flash), ring.oldest, n - 1)


def test_a_copy_that_does_not_fit_is_made_elsewhere():
    flash = Worn(UNITS)
    ring = ring_on(flash)
    fill(ring, 0, 2 * PLACES)
    # the next sector has a bad place: not all records of a full one fit into it
    flash.worn = [4096 * 2 + 32 + 50]
    ring = ring_on(flash)
    serve(ring)
    holds(ring, 0, 2 * PLACES - 1)
    holds(ring_on(flash), 0, 2 * PLACES - 1)


def test_a_long_record_with_a_worn_page_lies_elsewhere():
    flash = Worn(UNITS)
    flash.worn = [4096 * s + 256 * (4 + s) + 9 for s in range(UNITS)]
    ring = ring_on(flash, 600)
    fill(ring, 0, 40)
    holds(ring, ring.oldest, 39)
    again = ring_on(flash, 600)
    serve(again)
    holds(again, again.oldest, 39)


def test_a_flash_that_takes_nothing_loses_little():
    flash = Worn(UNITS)
    ring = ring_on(flash)
    fill(ring, 0, 12 * PLACES)
    oldest = ring.oldest
    flash.dead = True
    for _ in range(3 * PLACES):
        assert refuses(OSError, ring.append, record(0, SIZE))
        assert ring.newest == 12 * PLACES - 1
    flash.dead = False
    holds(ring_on(flash), ring_on(flash).oldest, 12 * PLACES - 1)
    assert ring_on(flash).oldest <= oldest + 3 * PLACES


def test_a_flash_that_takes_nothing_is_told_once_by_service():
    flash = Worn(UNITS)
    fill(ring_on(flash), 0, 10)
    flash.dead = True
    ring = ring_on(flash)
    assert refuses(OSError, serve, ring)
    erases = flash.erases
    for _ in range(10):
        assert refuses(OSError, ring.service)
    assert flash.erases == erases
    assert refuses(OSError, ring.clear)
