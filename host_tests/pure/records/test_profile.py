"""The ring of the load profile: what it finds, what it keeps, what a cut costs."""

from fourquad.records.flash import RamFlash
from fourquad.records.profile import TOP, ProfileRing

SECTORS = 6
FULL = 127


def _values(number):
    return [number * 7 + i & TOP for i in range(6)]


def _booted(flash, sectors=SECTORS):
    ring = ProfileRing(flash, 1, sectors)
    ring.mount()
    while ring.due:
        ring.service()
    return ring


def _fill(ring, first, count):
    for n in range(first, first + count):
        ring.append(1000 + 15 * n, n & 7, _values(n))
        if ring.due:
            ring.service()


def _holds(ring, first, last):
    assert ring.oldest == first and ring.newest == last, (ring.oldest, ring.newest)
    assert ring.count == last - first + 1
    for n in range(first, last + 1):
        assert ring.load(n)
        assert (ring.minute, ring.status, ring.values) == (1000 + 15 * n, n & 7, _values(n)), n
    assert not ring.load(first - 1) and not ring.load(last + 1)


def test_a_new_flash_holds_nothing():
    ring = ProfileRing(RamFlash(8), 1, SECTORS)
    assert ring.mount() == 0
    assert not ring.load(0)
    assert ring.find(5) == 0


def test_records_are_there_after_any_number_of_boots():
    flash = RamFlash(8)
    n = 0
    for boot in range(40):
        ring = _booted(flash)
        if n:
            _holds(ring, 0, n - 1)
        count = (0, 1, 5, 2, 0, 11)[boot % 6]
        _fill(ring, n, count)
        n += count
    # boots alone cost no history: the sector that is copied frees the one it was in
    assert n > 120


def test_the_oldest_sector_makes_room():
    flash = RamFlash(8)
    ring = _booted(flash)
    assert ring.capacity == 4 * FULL
    _fill(ring, 0, 700)
    # four full sectors and the newest one
    _holds(ring, 700 - 700 % FULL - 4 * FULL, 699)
    _holds(_booted(flash), 700 - 700 % FULL - 4 * FULL, 699)
    assert max(flash.erase_counts) - min(flash.erase_counts[1:7]) <= 2


def test_128_kilobytes_are_41_days_at_least():
    assert ProfileRing(RamFlash(34), 0, 34).capacity // 96 == 42


def test_find_by_time():
    flash = RamFlash(8)
    ring = _booted(flash)
    _fill(ring, 0, 300)
    for minute, number in ((0, 0), (1000, 0), (1001, 1), (1015, 1), (1000 + 15 * 200, 200), (99999, 300)):
        assert ring.find(minute) == number
        again = ProfileRing(flash, 1, SECTORS)
        again.mount()
        assert again.find(minute) == number
    # the clock was set back: the first record that is late enough counts
    for n in range(300, 400):
        ring.append(15 * n, 0, _values(n))
    assert ring.find(1000 + 15 * 299) == 299
    assert ring.find(1000 + 15 * 299 + 1) == 366


def test_a_place_that_takes_no_record_is_passed_over():
    flash = RamFlash(8)
    ring = _booted(flash)
    _fill(ring, 0, 3)
    program = flash.program
    broken = []

    def worn(address, data):
        program(address, data)
        if len(broken) < 2:
            broken.append(address)
            flash.image[address + 12] &= 0x10

    flash.program = worn
    _fill(ring, 3, 20)
    assert ring.bad == 2
    flash.program = program
    _holds(ring, 0, 22)
    _holds(_booted(flash), 0, 22)


def test_clear():
    flash = RamFlash(8)
    ring = _booted(flash)
    _fill(ring, 0, 300)
    ring.clear()
    assert ring.count == 0 and ring.find(0) == 300
    while ring.due:
        ring.service()
    _fill(ring, 300, 10)
    _holds(ring, 300, 309)
    _holds(_booted(flash), 300, 309)


def test_erases_for_itself_if_nobody_else_does():
    flash = RamFlash(8)
    ring = ProfileRing(flash, 1, SECTORS)
    ring.mount()
    for n in range(300):
        ring.append(1000 + 15 * n, n & 7, _values(n))
    _holds(ring, 0, 299)
    ring = ProfileRing(flash, 1, SECTORS)
    ring.mount()
    for n in range(300, 310):
        ring.append(1000 + 15 * n, n & 7, _values(n))
    _holds(ring, 0, 309)
