"""Billing periods: records that are written a few times a year and kept for years, a flash sector for each.

A record is "FQ", version 3, 0xFF, number (32 bits), length (16 bits), mark (16 bits), payload, 0xFF up to the
last four bytes of its last page, which hold the CRC-32 of all before them; little-endian. It is written into
a sector that this run of the program has erased, and in one go: it is there as a whole or not at all. The
next sector is erased ahead (`due`, `service`).
"""

from array import array
from struct import pack_into, unpack_from

from fourquad.records.crc32 import put_crc32

_VERSION = 3
_HEADER = 12
_NONE = -1
_EIO = 5


class Periods:
    """Records of `size` bytes in `sectors` sectors of `flash` from `first_sector` on; `sectors` - 2 are kept.

    `mark` (16 bits) says what the records are of: one with another mark is none of ours. `mount()` comes
    first. ValueError: impossible geometry.
    """

    def __init__(self, flash, first_sector, sectors, size, mark=0xFFFF):
        pages = -(-(size + _HEADER + 4) // flash.page_size)
        length = pages * flash.page_size
        if sectors < 3 or first_sector + sectors > flash.sectors or length > flash.sector_size:
            raise ValueError("no room for billing periods")
        self._flash = flash
        self._first = first_sector
        self._sectors = sectors
        self.size = size
        self._mark = mark
        self._record = bytearray(b"\xff" * length)
        self._check = bytearray(len(self._record))
        self._numbers = array("i", [_NONE] * sectors)
        self._order = []
        self._spare = _NONE
        self._last = _NONE  # the sector that was written last, or should have been
        self._doomed = []
        self.bad = 0

    def mount(self):
        """Find the records: the number of the newest, or -1."""
        for sector in range(self._sectors):
            self._numbers[sector] = self._load(sector)
        self._spare = _NONE
        self._sort()
        self._last = self._order[0] if self._order else _NONE
        return self.newest

    def _sort(self):
        numbers = self._numbers
        order = sorted([s for s in range(self._sectors) if numbers[s] >= 0], key=lambda s: -numbers[s])
        # of a record that is there twice, as `confirm` leaves it, one copy
        self._order = [
            order[i] for i in range(len(order)) if not i or numbers[order[i]] != numbers[order[i - 1]]
        ]

    def _load(self, sector):
        data = self._check
        self._flash.read((self._first + sector) * self._flash.sector_size, data)
        if data[0] != 0x46 or data[1] != 0x51 or data[2] != _VERSION or data[7] >= 0x40:
            return _NONE
        at = len(data) - 4
        crc = bytes(data[at:])
        put_crc32(data, at, data, at)
        if data[at:] != crc or unpack_from("<HH", data, 8) != (self.size, self._mark):
            return _NONE
        return unpack_from("<I", data, 4)[0]

    @property
    def count(self):
        """How many records there are, `sectors` - 2 at most."""
        return min(len(self._order), self._sectors - 2)

    @property
    def newest(self):
        """Number of the newest record, or -1."""
        return self._numbers[self._order[0]] if self._order else _NONE

    @property
    def due(self):
        """Whether a sector wants to be erased ahead."""
        return self._spare < 0 or len(self._doomed) > 0

    def service(self):
        """Erase a sector, if one is due: 45 ms on an RP2040, 400 ms at worst."""
        if self._doomed:
            self._flash.erase(self._first + self._doomed.pop())
        elif self._spare < 0:
            kept = self._order[: self._sectors - 2]
            free = [s for s in range(self._sectors) if s not in kept]
            # round and round, for even wear
            spare = min(free, key=lambda s: (s - self._last - 1) % self._sectors)
            self._numbers[spare] = _NONE
            if spare in self._order:
                self._order.remove(spare)
            self._flash.erase(self._first + spare)
            self._spare = spare

    def append(self, number, payload):
        """Commit a record: when this returns, it survives a power cut. OSError (EIO): no sector takes it."""
        record = self._record
        record[0] = 0x46
        record[1] = 0x51
        record[2] = _VERSION
        pack_into("<IHH", record, 4, number, self.size, self._mark)
        record[_HEADER : _HEADER + self.size] = payload
        put_crc32(record, len(record) - 4, record, len(record) - 4)
        self._commit(number)

    def confirm(self):
        """Write the newest record once more: it may have been cut short just before its end."""
        if self._order:
            sector = self._order[0]
            number = self._load(sector)
            if number >= 0:
                self._record[:] = self._check
                self._commit(number)

    def _commit(self, number):
        record, page = self._record, self._flash.page_size
        for _ in range(self._sectors - 1):
            while self._spare < 0:
                self.service()
            self._last = sector = self._spare
            self._spare = _NONE
            address = (self._first + sector) * self._flash.sector_size
            for at in range(0, len(record), page):
                self._flash.program(address + at, record[at : at + page])
            self._flash.read(address, self._check)
            if self._check == record:
                self._numbers[sector] = number
                self._sort()
                return
            self.bad += 1
        raise OSError(_EIO)

    def read(self, n, at, buffer):
        """Fill `buffer` from byte `at` of the n-th newest record on (1 is the newest). KeyError: none."""
        if not 1 <= n <= self.count:
            raise KeyError(n)
        self._flash.read((self._first + self._order[n - 1]) * self._flash.sector_size + _HEADER + at, buffer)

    def clear(self):
        """Forget all records; `service` erases them, one at a time."""
        numbers = self._numbers
        self._doomed = [s for s in range(self._sectors) if numbers[s] >= 0]
        for sector in self._doomed:
            numbers[sector] = _NONE
        self._order = []
