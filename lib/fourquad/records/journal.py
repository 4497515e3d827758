"""An append-only journal of fixed-size records over raw flash sectors: what must survive a power cut at any
instant.

One record fills one page: magic "FQ", version, length (1 byte each), number (32 bits, little-endian, below
2**30), payload, 0xFF up to the last four bytes, which hold the CRC-32 of all before them. A payload that is
too long for that fills several pages, with one CRC-32 at the end of the last: all of it is there or nothing.
Pages are filled in order, sectors in a ring, so every sector is erased equally often.

Whatever was not erased by this very run of the program is never programmed: a page or sector that power cut
short may read as erased and yet hold half-moved charges. So each run starts in a freshly erased sector.
From then on the next sector is erased ahead (`due`, `service`), so that an append is one page program and
no more.

Recovery: in each sector the first valid record; the sector where its number is the highest is the newest,
and the newest record is the last valid one in it. The sector that holds the newest record is never the one
to be erased. Sectors with nothing but torn pages are erased before the first new record (`clean`), or a
page that reads as valid only now and then could speak up later, under a number that is by then too high.
"""

from fourquad.records.crc32 import put_crc32

_VERSION = 1
_LONG_VERSION = 2  # several pages, length in units of 8 bytes
_LONG_UNIT = 8
_HEADER = 8
_OVERHEAD = 12
_NUMBER_END = 1 << 30
_EIO = 5


def scratch(flash, size):
    """A buffer of `size` bytes that all journals on `flash` may share, because none needs it from one call to
    the next.
    """
    buffer = getattr(flash, "scratch", None)
    if buffer is None or len(buffer) < size:
        flash.scratch = buffer = bytearray(size)
    return buffer if len(buffer) == size else memoryview(buffer)[:size]


class _Capture:
    """Gives the slice it is indexed with: one made once copies bytes without an allocation."""

    def __getitem__(self, key):
        return key


class Journal:
    """Journal in `sectors` (2 or more) sectors of `flash` from `first_sector` on, for payloads of
    `payload_size` bytes.

    `payload_size` is 1 to page size less 12 (244 bytes on a page of 256), or, over several pages, a multiple
    of 8 up to 2036. `mount()` comes first. `due` is True when an erase is wanted; `bad_pages` counts the
    places that did not take their record; `begun` is True from `begin` to the commit. ValueError: impossible
    geometry.
    """

    def __init__(self, flash, first_sector, sectors, payload_size):
        page = flash.page_size
        if sectors < 2 or first_sector < 0 or first_sector + sectors > flash.sectors:
            raise ValueError("a journal needs two sectors or more within the flash")
        size = page
        self._version = _VERSION
        self._length = payload_size
        if payload_size > min(page - _OVERHEAD, 255):
            size = -(-(payload_size + _OVERHEAD) // page) * page
            self._version = _LONG_VERSION
            self._length = payload_size // _LONG_UNIT
        if payload_size < 1 or self._length > 255 or 2 * size > flash.sector_size:
            raise ValueError("payload does not fit")
        if size > page and payload_size % _LONG_UNIT:
            raise ValueError("long payload is no multiple of 8")
        self._flash = flash
        self._first = first_sector
        self._sectors = sectors
        self._pages = flash.sector_size // size
        self._page_size = size
        self._crc_at = size - 4
        self.payload_size = payload_size
        self._span = _Capture()[_HEADER : _HEADER + payload_size]
        self._record = bytearray(size)
        whole = memoryview(self._record)
        self._parts = [whole[i : i + page] for i in range(0, size, page)]
        self._check = scratch(flash, size)
        self._crc = bytearray(4)
        # where the payload of the next record may be made, which saves a copy and a buffer
        self.payload = whole[_HEADER : _HEADER + payload_size]
        self.bad_pages = 0
        self._forget()

    def _forget(self):
        self._blank()
        self._sector = self._sectors - 1
        self._page = self._pages
        self._home = -1
        self._spare = False
        self._number = 0
        self._torn = []
        self._part = 0
        self.begun = False
        self.due = True

    def mount(self):
        """Find the newest record: its payload (memoryview, valid until the next call here), or None if
        there is none.

        The payload has the length it was written with, which an older firmware may have chosen differently.
        """
        self._forget()
        newest = -1
        for sector in range(self._sectors):
            number = -1
            page = 0
            torn = False
            while number < 0 and page < self._pages:
                number = self._load(sector, page)
                torn = torn or self._check[0] != 0xFF or self._check[1] != 0xFF
                page += 1
            if number < 0 and torn:
                self._torn.append(sector)
            if number > newest:
                newest = number
                self._home = sector
                self._keep()
        if newest < 0:
            return None
        self._sector = self._home
        for page in range(self._pages - 1, 0, -1):
            number = self._load(self._home, page)
            if number >= 0:
                # a torn page may read as valid only now and then: the copy in hand counts
                if number > newest:
                    newest = number
                    self._keep()
                break
        self._number = newest + 1
        length = self._record[3] * (1 if self._version == _VERSION else _LONG_UNIT)
        return memoryview(self._record)[_HEADER : _HEADER + length]

    def _keep(self):
        self._record[:] = self._check
        self._found = True  # `_record` holds what mount() found

    def _blank(self, first=0):
        """Leave nothing of a record that was found in the one that is written next, from byte `first` of its
        payload on.
        """
        record = self._record
        for i in range(_HEADER + first, self._page_size):
            record[i] = 0xFF
        self._found = False

    def _address(self, sector, page):
        return (self._first + sector) * self._flash.sector_size + page * self._page_size

    def _load(self, sector, page):
        """Read a page into `_check`; the number of its record, or -1 if it holds none."""
        data = self._check
        self._flash.read(self._address(sector, page), data)
        if data[0] != 0x46 or data[1] != 0x51 or data[2] != self._version or data[7] >= 0x40:
            return -1
        unit = 1 if self._version == _VERSION else _LONG_UNIT
        if not 1 <= data[3] <= (self._page_size - _OVERHEAD) // unit:
            return -1
        crc = self._crc
        at = self._crc_at
        put_crc32(data, at, crc, 0)
        for i in range(4):
            if data[at + i] != crc[i]:
                return -1
        return data[4] | data[5] << 8 | data[6] << 16 | data[7] << 24

    @property
    def ready(self):
        """How many records can be appended before one needs an erase."""
        return self._pages - self._page + (self._pages if self._spare else 0)

    @property
    def number(self):
        """The number that the next record gets."""
        return self._number

    def service(self):
        """Do the erase that is due (45 ms on an RP2040, 400 ms at worst); nothing when none is due."""
        if self.due:
            self._erase_next()

    def clean(self):
        """Erase the sectors in which `mount()` saw torn pages and no record: rarely more than one."""
        torn = self._torn
        while torn:
            sector = torn.pop()
            # the ring has erased these two by itself
            if sector != self._home and not (self._spare and sector == (self._sector + 1) % self._sectors):
                self._flash.erase(self._first + sector)
                # it is gone before a record is written
                self._load(sector, 0)

    def append(self, payload):
        """Commit `payload` (`payload_size` bytes): when this returns, it survives a power cut.

        Programs a page, or those of a long payload; one that does not read back is left behind. A record that
        was begun is given up. Erases first, if no erased page is left. Allocates nothing without an erase.
        ValueError: wrong length. OSError (EIO): no sector takes a record any more.
        """
        self._take(payload)
        self._commit()

    def begin(self, payload):
        """As `append`, but `go_on` programs it, page by page. Until then `payload` is to stay as it is if it
        is that of this journal. ValueError: wrong length.
        """
        self._take(payload)
        self._part = 0
        self.begun = True

    def go_on(self):
        """Program a page of the record that was begun; whether it is committed now: until then the one before
        it is the last. OSError as in `append`; the record is given up.
        """
        self.begun = False  # if it raises
        self.begun = not self._step()
        return not self.begun

    def _take(self, payload):
        if len(payload) != self.payload_size:
            raise ValueError("payload of a wrong length")
        if self._found:
            self._blank(self.payload_size)
        if payload is not self.payload:
            self._record[self._span] = payload
        self._record[3] = self._length

    def confirm(self):
        """Write the record that `mount()` found once more, whatever its length. OSError as in `append`.

        The page it was found in may have been cut short just before its end, and read as valid for the last
        time.
        """
        if not self._found:
            raise ValueError("no record was found")
        self._commit()
        self._blank()

    def _commit(self):
        self.begun = False
        self._part = 0
        while not self._step():
            pass

    def _step(self):
        """Program the next page of `_record`; True if it was the last one, and all of them read back."""
        record = self._record
        i = self._part
        if not i:
            self._head()
            self._next_place()
        part = self._parts[i]
        address = self._address(self._sector, self._page - 1)
        self._flash.program(address + i * len(part), part)
        i += 1
        if i < len(self._parts):
            self._part = i
            return False
        # should it not read back, the next place gets it
        self._part = 0
        self._flash.read(address, self._check)
        if self._check != record:
            self.bad_pages += 1
            return False
        self._number += 1
        self._home = self._sector
        self.due = not self._spare
        return True

    def _head(self):
        """Make what stands around the payload."""
        number = self._number
        if number >= _NUMBER_END:
            raise OSError(_EIO)
        record = self._record
        record[0] = 0x46
        record[1] = 0x51
        record[2] = self._version
        record[4] = number & 0xFF
        record[5] = (number >> 8) & 0xFF
        record[6] = (number >> 16) & 0xFF
        record[7] = number >> 24
        put_crc32(record, self._crc_at, record, self._crc_at)

    def _next_place(self):
        """Go to the next erased page or pages."""
        if self._page == self._pages:
            if not self._spare:
                self._erase_next()
            self._sector = (self._sector + 1) % self._sectors
            self._page = 0
            self._spare = False
        # counted before it is programmed, so that a page is never used twice
        self._page += 1

    def _erase_next(self):
        following = (self._sector + 1) % self._sectors
        if following == self._home:
            raise OSError(_EIO)
        self._flash.erase(self._first + following)
        self._spare = True
        self.due = False
