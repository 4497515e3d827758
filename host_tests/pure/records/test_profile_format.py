"""The load profile's bytes in flash, put together by hand: what boards in the field hold is found."""

from binascii import crc32
from struct import pack

from fourquad.records.flash import RamFlash
from fourquad.records.profile import ProfileRing

ERASED = b"\xff" * 12


def _sealed(data):
    return data + pack("<I", crc32(data))


def _header(generation, sequence, number, top):
    return _sealed(b"FQP" + bytes([generation]) + pack("<III", sequence, number, top) + ERASED)


def _record(number, minute, status, values):
    energies = b"".join([bytes([v & 0xFF, v >> 8 & 0xFF, v >> 16]) for v in values])
    return _sealed(pack("<IIB", number, minute, status) + energies + b"\xff")


FIRST = _record(0, 1015, 1, (0, 1, 0xFFFFFF, 70000, 255, 256)), _record(1, 1030, 0, (9, 8, 7, 6, 5, 4))
SECOND = _record(127, 3000, 4, (1, 2, 3, 4, 5, 6))


def test_what_is_written():
    flash = RamFlash(5)
    ring = ProfileRing(flash, 1, 4)
    ring.mount()
    ring.append(1015, 1, (0, 1, 0xFFFFFF, 70000, 255, 256))
    ring.append(1030, 0, (9, 8, 7, 6, 5, 4))
    written = _header(0, 0, 0, 0) + FIRST[0] + FIRST[1]
    start = bytes(flash.image).find(b"FQP")
    assert start > 0 and start % 4096 == 0
    assert bytes(flash.image[start : start + 96]) == written and flash.image[start + 96] == 0xFF


def test_what_is_found():
    flash = RamFlash(6)
    for sector, data in (
        (3, _header(0, 6, 0, 0) + FIRST[0] + FIRST[1]),
        (4, _header(254, 7, 127, 2900) + SECOND),
        (2, _header(255, 7, 127, 2900) + SECOND + _record(128, 3015, 0, (0,) * 6)),
    ):
        flash.image[4096 * sector : 4096 * sector + len(data)] = data
    ring = ProfileRing(flash, 1, 5)
    assert ring.mount() == 129 and ring.oldest == 0
    for number, wanted in (
        (0, (1015, 1, [0, 1, 0xFFFFFF, 70000, 255, 256])),
        (127, (3000, 4, [1, 2, 3, 4, 5, 6])),
        (128, (3015, 0, [0] * 6)),
    ):
        assert ring.load(number)
        assert (ring.minute, ring.status, ring.values) == wanted
    assert ring.load(50) and ring.status == 0xFF
    assert (ring.find(1016), ring.find(2901), ring.find(3016)) == (1, 127, 129)
    ring.append(3030, 0, (0,) * 6)
    # the copy is of the next generation, after 255 comes 0
    assert _header(0, 7, 127, 2900) + SECOND in bytes(flash.image)
