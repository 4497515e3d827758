"""The journal: what it finds, what it costs, and that it lets nothing torn pass."""

import sys

from fourquad.records.flash import RamFlash
from fourquad.records.journal import Journal

SIZE = 20


def _payload(number):
    data = bytearray(SIZE)
    for i in range(SIZE):
        data[i] = (number * 31 + i * 7) & 0xFF
    data[0] = number & 0xFF
    data[1] = number >> 8
    return data


def _mounted(flash, sectors=4, first=0):
    journal = Journal(flash, first, sectors, SIZE)
    return journal, journal.mount()


def _raises(kind, function, *arguments):
    try:
        function(*arguments)
    except kind:
        return True
    return False


def test_a_new_flash_holds_nothing():
    journal, found = _mounted(RamFlash(4))
    assert found is None
    assert journal.due
    assert journal.number == 0


def test_the_last_append_is_found_wherever_the_ring_stands():
    flash = RamFlash(4)
    journal, _ = _mounted(flash)
    for number in range(150):
        journal.append(_payload(number))
        if number % 3 == 0:
            journal.service()
        _, found = _mounted(flash)
        assert found == _payload(number)


def test_the_page_is_as_documented():
    flash = RamFlash(4)
    journal, _ = _mounted(flash)
    journal.append(_payload(0))
    journal.append(_payload(1))
    page = flash.image[256:512]
    assert page[0:8] == b"FQ\x01\x14\x01\x00\x00\x00"
    assert page[8:28] == _payload(1)
    assert page[28:252] == b"\xff" * 224


def test_neighbours_are_left_alone():
    flash = RamFlash(6)
    for address in (0, 5 * 4096):
        flash.program(address, b"neighbour")
    journal, _ = _mounted(flash, 4, 1)
    for number in range(200):
        journal.append(_payload(number))
    assert flash.erase_counts[0] == 0 and flash.erase_counts[5] == 0
    assert flash.image[0:9] == b"neighbour" and flash.image[5 * 4096 : 5 * 4096 + 9] == b"neighbour"


def test_an_append_is_one_page_and_no_erase_when_served():
    flash = RamFlash(4)
    journal, _ = _mounted(flash)
    journal.service()
    for number in range(200):
        assert journal.ready > 0
        flash.clear_counts()
        journal.append(_payload(number))
        assert (flash.programs, flash.erases, flash.bytes_programmed) == (1, 0, 256)
        if journal.due:
            journal.service()
            assert flash.erases == 1 and not journal.due


def test_service_does_nothing_when_nothing_is_due():
    flash = RamFlash(4)
    journal, _ = _mounted(flash)
    journal.append(_payload(0))
    journal.service()
    flash.clear_counts()
    journal.service()
    assert flash.erases == 0


def test_a_served_journal_has_a_sector_in_hand():
    journal, _ = _mounted(RamFlash(4))
    journal.append(_payload(0))
    journal.service()
    assert journal.ready == 15 + 16


def test_an_append_without_service_erases_itself():
    flash = RamFlash(2)
    journal, _ = _mounted(flash, 2)
    for number in range(100):
        journal.append(_payload(number))
        _, found = _mounted(flash, 2)
        assert found == _payload(number)


def test_wear_is_even():
    flash = RamFlash(5)
    journal, _ = _mounted(flash, 5)
    for number in range(1000):
        journal.append(_payload(number))
        journal.service()
    assert max(flash.erase_counts) - min(flash.erase_counts) <= 1


def test_each_run_starts_in_a_sector_that_it_erased():
    flash = RamFlash(4)
    journal, _ = _mounted(flash)
    journal.append(_payload(1))
    journal.append(_payload(2))
    journal, found = _mounted(flash)
    assert found == _payload(2)
    assert journal.due and journal.ready == 0
    journal.append(_payload(3))
    assert flash.image[512:768] == b"\xff" * 256
    assert flash.image[4096:4098] == b"FQ"


def test_confirm_writes_the_found_record_again():
    flash = RamFlash(4)
    journal, _ = _mounted(flash)
    journal.append(_payload(7))
    journal, _ = _mounted(flash)
    journal.confirm()
    assert journal.number == 2
    flash.erase(0)
    journal, found = _mounted(flash)
    assert found == _payload(7)
    assert journal.number == 2


def test_confirm_keeps_a_record_of_another_length():
    flash = RamFlash(4)
    other = Journal(flash, 0, 4, 31)
    other.mount()
    other.append(bytes(range(31)))
    journal, found = _mounted(flash)
    assert found == bytes(range(31))
    journal.confirm()
    journal, found = _mounted(flash)
    assert found == bytes(range(31))
    journal.append(_payload(1))
    assert flash.image[4096 * 2 + 28 : 4096 * 2 + 252] == b"\xff" * 224


def test_confirm_needs_a_record():
    journal, _ = _mounted(RamFlash(4))
    assert _raises(ValueError, journal.confirm)


def test_any_single_wrong_bit_is_seen():
    flash = RamFlash(2)
    journal, _ = _mounted(flash, 2)
    journal.append(_payload(1))
    journal.append(_payload(2))
    for bit in range(0, 2048, 5):
        flash.image[256 + bit // 8] ^= 1 << bit % 8
        _, found = _mounted(flash, 2)
        assert found == _payload(1)
        flash.image[256 + bit // 8] ^= 1 << bit % 8


def test_a_torn_first_page_does_not_hide_the_sector_before():
    flash = RamFlash(4)
    journal, _ = _mounted(flash)
    for number in range(16):
        journal.append(_payload(number))
    journal.service()
    flash.program(4096, b"FQ\x01\x14\x10")
    journal, found = _mounted(flash)
    assert found == _payload(15)
    journal.append(_payload(16))
    assert _mounted(flash)[1] == _payload(16)


def test_a_half_erased_sector_gives_no_number_of_its_own():
    # the number in the first page rises as bits are set; its later pages still hold valid old records
    flash = RamFlash(4)
    journal, _ = _mounted(flash)
    for number in range(60):
        journal.append(_payload(number))
    for address in range(4, 8):
        flash.image[address] = 0x3F
    assert _mounted(flash)[1] == _payload(59)


class _BadFlash(RamFlash):
    """Pages in `bad` keep one bit from being cleared."""

    def __init__(self, sectors, bad):
        RamFlash.__init__(self, sectors)
        self._bad = bad

    def program(self, address, data):
        RamFlash.program(self, address, data)
        if address // 256 in self._bad:
            self.image[address + 9] |= 0xFF


def test_a_page_that_does_not_take_is_passed_over():
    flash = _BadFlash(3, (0, 5, 16, 17))
    journal, _ = _mounted(flash, 3)
    for number in range(40):
        journal.append(_payload(number))
        assert _mounted(flash, 3)[1] == _payload(number)
    assert journal.bad_pages == 4


def test_a_worn_out_flash_keeps_the_last_record_and_says_so():
    flash = _BadFlash(3, range(1, 48))
    journal, _ = _mounted(flash, 3)
    journal.append(_payload(1))
    assert _raises(OSError, journal.append, _payload(2))
    assert _raises(OSError, journal.append, _payload(3))
    assert _mounted(flash, 3)[1] == _payload(1)


def test_impossible_geometry_is_refused():
    flash = RamFlash(4)
    for arguments in ((0, 1, 20), (3, 2, 20), (-1, 2, 20), (0, 4, 0), (0, 4, 245)):
        assert _raises(ValueError, Journal, flash, *arguments)
    journal = Journal(flash, 0, 4, 244)
    journal.mount()
    assert _raises(ValueError, journal.append, bytes(243))
    journal.append(bytes(244))
    assert journal.mount() == bytes(244)


def test_mount_reads_few_pages():
    flash = RamFlash(16)
    journal, _ = _mounted(flash, 16)
    for number in range(300):
        journal.append(_payload(number))
        journal.service()
    flash.clear_counts()
    assert _mounted(flash, 16)[1] == _payload(299)
    # one a sector, 16 in the erased one, at most 15 in the newest
    assert flash.reads <= 16 + 15 + 15


def test_append_allocates_nothing():
    if sys.implementation.name != "micropython":
        return
    import micropython

    flash = RamFlash(3)
    journal, _ = _mounted(flash, 3)
    payload = _payload(3)
    for _ in range(3):
        journal.append(payload)
        journal.service()
        while journal.ready:
            micropython.heap_lock()
            try:
                journal.append(payload)
            finally:
                micropython.heap_unlock()
    assert journal.mount() == payload
