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


def test_a_record_that_was_begun_is_there_with_its_last_page():
    flash = RamFlash(4)
    journal, _ = _mounted(flash)
    journal.append(_payload(0))
    journal.service()
    for number in range(1, 9):
        flash.clear_counts()
        journal.begin(_payload(number))
        assert journal.begun and flash.programs == 0
        for pages in range(1, 8):
            assert _mounted(flash)[1] == _payload(number - 1)
            assert journal.go_on() == (pages == 7)
            assert flash.programs == pages
            if pages == 3 and journal.due:
                journal.service()
        assert not journal.begun
        assert _mounted(flash)[1] == _payload(number)


def test_what_is_appended_meanwhile_takes_the_place_of_what_was_begun():
    for pages in range(7):
        flash = RamFlash(4)
        journal, _ = _mounted(flash)
        journal.append(_payload(1))
        journal.service()
        journal.begin(_payload(2))
        for _ in range(pages):
            assert not journal.go_on()
        journal.append(_payload(3))
        assert not journal.begun and journal.number == 2 and journal.bad_pages == 0
        assert _mounted(flash)[1] == _payload(3)
        journal.begin(_payload(4))
        while not journal.go_on():
            pass
        assert _mounted(flash)[1] == _payload(4)


def test_what_is_begun_meanwhile_is_begun_from_its_first_page():
    for pages in range(7):
        flash = RamFlash(4)
        journal, _ = _mounted(flash)
        journal.begin(_payload(2))
        for _ in range(pages):
            journal.go_on()
        journal.begin(_payload(3))
        while not journal.go_on():
            pass
        assert journal.bad_pages == 0
        assert _mounted(flash)[1] == _payload(3)


class _BadFlash(RamFlash):
    """Pages in `bad` keep one bit from being cleared; one number `broken` raises an error."""

    bad = ()
    broken = -1

    def program(self, address, data):
        if address // 256 == self.broken:
            raise OSError(5)
        RamFlash.program(self, address, data)
        if address // 256 in self.bad:
            self.image[address + 9] |= 0xFF


def test_a_place_that_does_not_take_what_was_begun_is_passed_over():
    flash = _BadFlash(4)
    flash.bad = (3, 12)
    journal, _ = _mounted(flash)
    journal.begin(_payload(1))
    pages = 1
    while not journal.go_on():
        pages += 1
    assert pages == 3 * 7 and journal.bad_pages == 2
    assert _mounted(flash)[1] == _payload(1)


def test_an_error_gives_up_what_was_begun():
    flash = _BadFlash(4)
    flash.broken = 7 + 4
    journal, _ = _mounted(flash)
    journal.append(_payload(1))
    journal.begin(_payload(2))
    for _ in range(4):
        assert not journal.go_on()
    try:
        journal.go_on()
        raise AssertionError("taken")
    except OSError:
        assert not journal.begun
    assert _mounted(flash)[1] == _payload(1)
    journal.append(_payload(3))
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
