"""The flash in RAM behaves as NOR flash and counts."""

from fourquad.records.flash import RamFlash


def _refuses(function, *arguments):
    try:
        function(*arguments)
    except ValueError:
        return True
    return False


def test_new_flash_is_erased():
    flash = RamFlash(3)
    data = bytearray(256)
    flash.read(3 * 4096 - 256, data)
    assert data == b"\xff" * 256


def test_program_clears_bits_and_refuses_to_set_them():
    flash = RamFlash(2)
    flash.program(300, b"\xf0\x55")
    data = bytearray(4)
    flash.read(299, data)
    assert data == b"\xff\xf0\x55\xff"
    flash.program(300, b"\x30")
    assert _refuses(flash.program, 300, b"\x31")
    flash.read(299, data)
    assert data == b"\xff\x30\x55\xff"


def test_a_refused_program_changes_nothing():
    flash = RamFlash(1)
    flash.program(2, b"\x00")
    assert _refuses(flash.program, 0, b"\x00\x00\x01")
    assert flash.image[0:3] == b"\xff\xff\x00"
    assert flash.programs == 1


def test_program_stays_within_a_page():
    flash = RamFlash(2)
    flash.program(256, bytes(256))
    assert _refuses(flash.program, 255, bytes(2))
    assert _refuses(flash.program, 512, bytes(257))
    assert _refuses(flash.program, 512, b"")


def test_outside_is_refused():
    flash = RamFlash(2)
    assert _refuses(flash.read, 8190, bytearray(3))
    assert _refuses(flash.read, -1, bytearray(1))
    assert _refuses(flash.program, 8192, b"\x00")
    assert _refuses(flash.erase, 2)
    assert _refuses(flash.erase, -1)
    assert _refuses(RamFlash, 1, 256, 1000)


def test_erase_sets_one_sector_and_counts_its_wear():
    flash = RamFlash(3)
    for address in (0, 4096, 8191, 8192):
        flash.program(address, b"\x00")
    flash.erase(1)
    flash.erase(1)
    assert flash.image[0] == 0 and flash.image[8192] == 0
    assert flash.image[4096:8192] == b"\xff" * 4096
    assert flash.erase_counts == [0, 2, 0]
    assert (flash.erases, flash.programs, flash.bytes_programmed) == (2, 4, 4)
