"""Billing periods in flash: a sector each, sixteen kept."""

from fourquad.records.flash import RamFlash
from fourquad.records.periods import Periods

SIZE = 700


def _payload(number):
    data = bytearray(SIZE)
    for i in range(SIZE):
        data[i] = (number * 31 + i * 7) & 0xFF
    data[0] = number
    return data


def _booted(flash, sectors=18):
    periods = Periods(flash, 2, sectors, SIZE)
    newest = periods.mount()
    periods.service()
    return periods, newest


def _read(periods, n):
    out = bytearray(SIZE)
    periods.read(n, 0, out)
    return out


def test_sixteen_are_kept_over_boots():
    flash = RamFlash(20)
    _, newest = _booted(flash)
    assert newest == -1
    for number in range(40):
        periods, newest = _booted(flash)
        assert newest == number - 1
        periods.append(number, _payload(number))
        assert periods.due
        periods.service()
        assert periods.count == min(16, number + 1)
        for n in range(1, periods.count + 1):
            assert _read(periods, n) == _payload(number + 1 - n)
    assert max(flash.erase_counts[2:]) - min(flash.erase_counts[2:]) <= 4


def test_part_of_a_record():
    flash = RamFlash(20)
    periods, _ = _booted(flash)
    periods.append(3, _payload(3))
    four = bytearray(4)
    periods.read(1, 300, four)
    assert four == _payload(3)[300:304]
    for n in (0, 2):
        try:
            periods.read(n, 0, four)
        except KeyError:
            continue
        raise AssertionError(n)


def test_torn_record_is_none():
    for pages in range(3):
        flash = RamFlash(20)
        periods, _ = _booted(flash)
        periods.append(1, _payload(1))
        periods.service()
        periods.append(2, _payload(2))
        sector = [s for s in range(2, 20) if flash.image[s * 4096 + 4] == 2][0]
        for i in range(sector * 4096 + 256 * pages, sector * 4096 + 4096):
            flash.image[i] = 0xFF
        periods, newest = _booted(flash)
        assert newest == 1
        periods.append(2, _payload(2))
        assert _read(periods, 1) == _payload(2) and _read(periods, 2) == _payload(1)


def test_confirmed_record_counts_once():
    flash = RamFlash(20)
    periods, _ = _booted(flash)
    for number in range(3):
        periods.append(number, _payload(number))
    periods.confirm()
    again, newest = _booted(flash)
    assert newest == 2 and again.count == 3
    assert _read(again, 1) == _payload(2) and _read(again, 3) == _payload(0)


def test_clear():
    flash = RamFlash(20)
    periods, _ = _booted(flash)
    for number in range(5):
        periods.append(number, _payload(number))
    periods.clear()
    assert periods.count == 0
    while periods.due:
        periods.service()
    periods, newest = _booted(flash)
    assert newest == -1
