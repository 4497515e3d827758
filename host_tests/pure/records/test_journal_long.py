"""Records of several pages: all of one is there, or nothing."""

from fourquad.records.flash import RamFlash
from fourquad.records.journal import Journal

SIZE = 1696  # seven pages


def _payload(number):
    data = bytearray(SIZE)
    for i in range(SIZE):
        data[i] = (number * 31 + i * 7) & 0xFF
    data[0] = number & 0xFF
    return data


def _mounted(flash, size=SIZE):
    journal = Journal(flash, 0, 4, size)
    return journal, journal.mount()


def test_the_last_append_is_found_wherever_the_ring_stands():
    flash = RamFlash(4)
    journal, found = _mounted(flash)
    assert found is None
    for number in range(30):
        journal.append(_payload(number))
        if number % 3 == 0:
            journal.service()
        _, found = _mounted(flash)
        assert found == _payload(number)


def test_cut_after_any_page_the_one_before_is_found():
    for pages in range(7):
        flash = RamFlash(4)
        journal, _ = _mounted(flash)
        journal.append(_payload(1))
        journal.append(_payload(2))
        # the second record of its sector: what was not programmed of it is blank
        start = (1 + 6) * 256 + 256 * pages
        for i in range(start, 4096):
            flash.image[i] = 0xFF
        again, found = _mounted(flash)
        assert found == _payload(1)
        again.confirm()
        again.service()
        again.clean()
        again.append(_payload(3))
        assert _mounted(flash)[1] == _payload(3)


def test_a_record_across_a_sector_is_not_made():
    flash = RamFlash(4)
    journal, _ = _mounted(flash)
    for number in range(3):
        journal.append(_payload(number))
    assert flash.programs == 3 * 7
    assert flash.erases == 2


def test_records_of_another_length_are_nothing():
    flash = RamFlash(4)
    journal, _ = _mounted(flash)
    journal.append(_payload(1))
    short, found = _mounted(flash, 200)
    assert found is None
    short.clean()
    short.append(bytes(200))
    assert _mounted(flash)[1] is None


def test_impossible_lengths():
    for size in (2044, 1001, 0):
        try:
            Journal(RamFlash(4), 0, 4, size)
        except ValueError:
            continue
        raise AssertionError(size)
