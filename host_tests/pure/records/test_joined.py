"""Two flash devices as one: every operation goes where it belongs, and where stores go on it."""

from fourquad import models
from fourquad.device import layout
from fourquad.records.flash import RamFlash
from fourquad.records.joined import Joined

SECTOR = 4096


class _SlowFlash(RamFlash):
    """Its erases only begin."""

    busy = False

    def erasing(self):
        return self.busy


def test_an_erase_of_either_that_has_begun_is_waited_for():
    first, second = _SlowFlash(3), _SlowFlash(2)
    flash = Joined(first, second)
    assert not flash.erasing()
    for each in (first, second):
        each.busy = True
        assert flash.erasing()
        each.busy = False
    # one that stands still until its erases are finished: nothing can be begun
    assert Joined(first, RamFlash(2)).erasing is None
    assert Joined(RamFlash(2), second).erasing is None


def test_sectors_of_the_first_come_first():
    first, second = RamFlash(3), RamFlash(2)
    flash = Joined(first, second)
    assert (flash.sectors, flash.page_size, flash.sector_size) == (5, 256, 4096)
    for sector in range(5):
        flash.program(sector * SECTOR, bytes([sector]))
        flash.program(sector * SECTOR + SECTOR - 1, bytes([10 + sector]))
    assert [first.image[i * SECTOR] for i in range(3)] == [0, 1, 2]
    assert [second.image[i * SECTOR] for i in range(2)] == [3, 4]
    across = bytearray(4)
    flash.read(3 * SECTOR - 2, across)
    assert across == bytes([0xFF, 12, 3, 0xFF])
    for at, wanted in ((3 * SECTOR, 3), (3 * SECTOR - 1, 12), (5 * SECTOR - 1, 14), (0, 0)):
        one = bytearray(1)
        flash.read(at, one)
        assert one[0] == wanted
    for sector in (1, 4):
        flash.erase(sector)
    assert first.erase_counts == [0, 1, 0] and second.erase_counts == [0, 1]
    assert first.image[SECTOR] == 0xFF and second.image[SECTOR] == 0xFF


def test_other_geometry_is_refused():
    try:
        Joined(RamFlash(3), RamFlash(2, sector_size=8192))
    except ValueError:
        return
    raise AssertionError


def test_a_serial_flash_takes_what_fills_gaps_and_moves_nothing():
    more = (("waves", 400, 16), ("events", 400, 4))
    for name in models.NAMES:
        rows = models.load(name).STORAGE
        own = RamFlash(layout.STORAGE_SECTORS - layout.FILES_SECTORS)
        before = layout.lay(rows, own.sectors)
        # of 32 MB; as a number, because a PC would have to hold it
        serial = 8192
        places = layout.lay(rows + more, serial + own.sectors)
        for store in before:
            if store in layout.FROM_END:
                assert places[store] == (before[store][0] + serial, before[store][1])
        assert layout.short(rows + more, places) == []
        for store in ("waves", "events"):
            begin, count = places[store]
            assert begin + count <= serial
