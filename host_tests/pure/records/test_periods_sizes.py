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


class Worn(RamFlash):
    """One sector takes nothing right any more."""

    def program(self, address, data):
        RamFlash.program(self, address, data)
        if address // self.sector_size == 2:
            self.image[address + 20] = 0


def test_a_worn_sector_costs_its_room_and_no_record():
    flash = Worn(6)
    for number in range(30):
        periods = Periods(flash, 0, 6, 60)
        assert periods.mount() == number - 1
        periods.append(number, bytearray([number + 1] * 60))
        out = bytearray(60)
        for n in range(1, min(4, number + 1) + 1):
            periods.read(n, 0, out)
            assert out == bytes([number + 2 - n] * 60), (number, n)
