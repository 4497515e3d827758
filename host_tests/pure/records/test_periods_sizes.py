"""Billing periods of every length around the ends of pages: the last octet is kept."""

from fourquad.records.flash import RamFlash
from fourquad.records.periods import Periods


def test_the_last_octet_of_any_length():
    for size in tuple(range(225, 262)) + tuple(range(481, 518)):
        flash = RamFlash(4)
        payload = bytearray([(size + 3 * i) & 0xFF for i in range(size)])
        periods = Periods(flash, 0, 4, size)
        assert periods.mount() == -1
        periods.service()
        periods.append(0, payload)
        again = Periods(flash, 0, 4, size)
        assert again.mount() == 0, size
        out = bytearray(size)
        again.read(1, 0, out)
        assert out == payload, size


def test_a_record_that_fills_its_sector():
    largest = 4096 - 16
    assert Periods(RamFlash(4), 0, 4, largest).size == largest
    for size in (largest + 1, largest + 4):
        try:
            Periods(RamFlash(4), 0, 4, size)
        except ValueError:
            continue
        raise AssertionError(size)
