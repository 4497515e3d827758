"""Flash images: journal, load profile and settings are mounted from images that were damaged anywhere."""

from __future__ import annotations

from fourquad.records import settings
from fourquad.records.flash import RamFlash
from fourquad.records.journal import Journal
from fourquad.records.profile import ProfileRing

from .frames import need

LONGEST = 512
SECTOR = 4096
JOURNAL_SECTORS = 3
RING_SECTORS = 5
PAYLOADS = {"journal": 40, "long": 640}
UNREADABLE = 0xFF  # status of a record that cannot be read
NAME = "kw320"
SAVED = bytes(range(160))
VERSION = 2  # of files of bytes


class QuickFlash(RamFlash):
    """As strict as RamFlash, and quick on a PC."""

    def __init__(self, image: bytes) -> None:
        super().__init__(len(image) // SECTOR)
        self.image[:] = image

    def read(self, address: int, buffer: bytearray) -> None:
        if address < 0 or address + len(buffer) > len(self.image):
            raise ValueError("read outside of the flash")
        buffer[:] = self.image[address : address + len(buffer)]


def payload(size: int, number: int) -> bytes:
    """What record `number` of a journal holds."""
    return bytes((number * 7 + i) & 0xFF for i in range(size))


class Target:
    """An input: an octet that chooses what is damaged, then damages of six octets and more: where (3 octets),
    how (1), how far (1), the number of octets (1) and these. What comes back is whole, or nothing.
    """

    longest = LONGEST

    def __init__(self) -> None:
        self._images = {size: self._journals(size) for size in PAYLOADS.values()}
        self._written = {size: {payload(size, n) for n in range(64)} for size in PAYLOADS.values()}
        self._rings = [self._ring(count) for count in (0, 1, 200, 700)]
        self._file = settings.encode(SAVED, NAME, VERSION)

    def _journals(self, size: int) -> list[bytes]:
        images = []
        for count in (0, 1, 5, 40):
            flash = QuickFlash(b"\xff" * (JOURNAL_SECTORS * SECTOR))
            journal = Journal(flash, 0, JOURNAL_SECTORS, size)
            journal.mount()
            for n in range(count):
                journal.append(payload(size, n))
                journal.service()
            images.append(bytes(flash.image))
        return images

    def _ring(self, count: int) -> bytes:
        flash = QuickFlash(b"\xff" * (RING_SECTORS * SECTOR))
        ring = ProfileRing(flash, 0, RING_SECTORS)
        ring.mount()
        for n in range(count):
            ring.append(15 * n, 0, [n] * 6)
            while ring.due:
                ring.service()
        return bytes(flash.image)

    def run(self, data: bytes) -> None:
        what = data[0] if data else 0
        kind, which = what & 3, what >> 2 & 3
        if kind == 3:
            self._settings(data[1:])
        elif kind == 2:
            self._profile(damaged(self._rings[which], data[1:]))
        else:
            size = PAYLOADS["long" if kind else "journal"]
            self._journal(size, damaged(self._images[size][which], data[1:]))

    def _journal(self, size: int, image: bytes) -> None:
        journal = Journal(QuickFlash(image), 0, JOURNAL_SECTORS, size)
        found = journal.mount()
        need(
            found is None or len(found) != size or bytes(found) in self._written[size],
            "never written",
            image[:64],
        )
        if found is not None:
            journal.confirm()
        journal.clean()
        new = payload(size, 63)
        journal.append(new)
        while journal.due:
            journal.service()
        again = journal.mount()
        need(again is not None and bytes(again) == new, "the last record is lost", image[:64])

    def _profile(self, image: bytes) -> None:
        ring = ProfileRing(QuickFlash(image), 0, RING_SECTORS)
        ring.mount()
        need(0 <= ring.count <= RING_SECTORS * SECTOR // 32, "number of records")
        for number in range(ring.oldest, ring.newest + 1, 7):
            if ring.load(number) and ring.status != UNREADABLE:
                need(ring.minute % 15 == 0 and len(set(ring.values)) == 1, "a record that nobody wrote")
        ring.append(15 * 1000, 1, [5] * 6)
        while ring.due:
            ring.service()
        need(ring.load(ring.newest) and ring.minute == 15000, "the last record is lost")

    def _settings(self, data: bytes) -> None:
        file = damaged(self._file, data)
        found = settings.decode(file, NAME, VERSION)
        need(found is None or found == SAVED, "settings that nobody saved", file)


def damaged(image: bytes, data: bytes) -> bytes:
    """The image after the damages that an input lists."""
    out = bytearray(image)
    while len(data) >= 6:
        at = int.from_bytes(data[:3], "little") % len(out)
        how, far, count = data[3] % 5, data[4], data[5] % 64
        octets, data = data[6 : 6 + count], data[6 + count :]
        sector = at // SECTOR * SECTOR
        if how == 0:
            out[at : at + len(octets)] = octets[: len(out) - at]
        elif how == 1:
            for i, octet in enumerate(octets[: len(out) - at]):
                out[at + i] &= octet
        elif how == 2:
            end = min(at + 16 * far, sector + SECTOR, len(out))
            out[at:end] = b"\xff" * (end - at)
        elif how == 3:
            other = far * SECTOR % len(out) // SECTOR * SECTOR
            part = bytes(out[other : other + SECTOR])
            out[sector : sector + len(part)] = part[: len(out) - sector]
        else:
            out[at] ^= 1 << far % 8
    return bytes(out)


def seeds() -> list[bytes]:
    """One damage of each kind to each image."""
    damages = (
        b"\x10\0\0\0\0\4abcd",
        b"\x08\x10\0\1\0\2\0\0",
        b"\0\x10\0\2\x20\0",
        b"\0\0\0\3\1\0",
        b"\x20\0\0\4\3\0",
    )
    return [bytes((kind | which << 2,)) + one for kind in range(4) for which in (1, 3) for one in damages]
