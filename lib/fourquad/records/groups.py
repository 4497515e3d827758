"""Groups of bytes of one size, numbered from 1, until there is room for no more; all are cleared at once.

A group has a slot of whole sectors: a page with its head, then its data in pages, each with the CRC-32 of
what is before it in its last four bytes. A small journal, in the first two sectors, says how many groups
there are: a group is one as soon as that is written, after all its pages; a clear is that there are none. So
a cut costs the group that was being written at most, and what it left torn is never looked at: nothing is
programmed that this run of the program has not erased (`due`, `service`).
"""

from struct import pack_into, unpack_from

from fourquad.records.crc32 import put_crc32
from fourquad.records.journal import Journal

JOURNAL = 2  # sectors
_CRC = 4
_RECORD = 8  # bytes: mark, number of groups
_AHEAD = 2  # slots that are erased ahead
_TRIES = 3  # slots in a row that do not take what is written
_EIO = 5


class Groups:
    """Groups of `size` bytes with a head of `head` bytes, a page's at most, in `sectors` sectors of `flash`
    from `first` on; `most` of them at most. `mark`: of what they are; those with another one are none.

    `mount()` comes first. ValueError: there is no room for one.
    """

    def __init__(self, flash, first, sectors, size, head, most, mark=0):
        self._body = flash.page_size - _CRC
        pages = 1 + -(-size // self._body)
        self.span = -(-pages * flash.page_size // flash.sector_size)  # sectors of a slot
        self.room = min(most, (sectors - JOURNAL) // self.span)
        if self.room < 1 or head > self._body or first + sectors > flash.sectors:
            raise ValueError("no room for a group")
        self.size = size
        self.head_size = head
        self._flash = flash
        self._first = first + JOURNAL
        self._journal = Journal(flash, first, JOURNAL, _RECORD)
        self._record = bytearray(_RECORD)
        self._mark = mark
        self._page = bytearray(flash.page_size)  # that is being filled
        self._read = bytearray(flash.page_size)
        self._crc = bytearray(_CRC)
        self.count = 0
        self.clearing = False  # whether what was cleared is still being erased
        self._erased = 0  # sectors of the next slots
        self._writing = False
        self._done = 0  # bytes of the group that is being written
        self._bad = 0

    def mount(self):
        """Find the groups: how many there are. OSError: the flash takes nothing."""
        found = self._journal.mount()
        self.count = self._erased = 0
        self._writing = self.clearing = False
        if found is not None:
            if len(found) == _RECORD:
                mark, count = unpack_from("<II", found)
                if mark == self._mark:
                    self.count = min(count, self.room)
            # it may have been read for the last time
            self._journal.confirm()
        self._journal.service()
        self._journal.clean()
        return self.count

    @property
    def ready(self):
        """Whether a group can be begun: there is room, and it is erased."""
        return self.count < self.room and self._erased >= self.span and not self._writing

    @property
    def due(self):
        """Whether a sector wants to be erased ahead."""
        wanted = min(_AHEAD, self.room - self.count) * self.span
        return self._journal.due or (self._erased < wanted and not self._writing)

    def service(self):
        """Erase it. OSError: the flash takes nothing any more."""
        if self._journal.due:
            self._journal.service()
        elif self.due:
            # the places are one after the other
            self._flash.erase(self._slot(self.count) + self._erased)
            self._erased += 1
            if self._erased == self.span:
                self.clearing = False

    def _slot(self, n):
        """First sector of group n, from 0 on."""
        return self._first + n * self.span

    def _address(self, n, page):
        return self._slot(n) * self._flash.sector_size + page * self._flash.page_size

    # Writing.

    def begin(self):
        """Begin a group, where `ready`."""
        self._writing = True
        self._done = 0

    def write(self, data, at, count):
        """Its next bytes, data[at : at + count] (a memoryview): a page is programmed whenever
        one is full. False: the flash has not taken it, and the group is given up.
        """
        page, body = self._page, self._body
        while count and self._writing:
            place = self._done % body
            n = min(count, body - place)
            page[place : place + n] = data[at : at + n]
            at += n
            count -= n
            self._done += n
            if place + n == body or self._done == self.size:
                self._program(1 + (self._done - 1) // body, place + n)
        return self._writing

    def finish(self, head):
        """Its head, which makes it a group: its number, or 0 if the flash has not taken it. OSError: it takes
        nothing any more.
        """
        if not self._writing or self._done != self.size:
            self.abandon()
            return 0
        n = self.head_size
        self._page[:n] = head
        if not self._program(0, n):
            return 0
        self._writing = False
        left = self._erased - self.span
        self._erased = self._bad = 0
        self._set(self.count + 1)
        self._erased = left
        return self.count

    def abandon(self):
        """Give up the group that is being written."""
        if self._writing:
            self._writing = False
            self._erased = 0

    def _program(self, number, used):
        """Program a page of which `used` bytes are filled; whether it reads back."""
        page, body = self._page, self._body
        if used < body:
            # at once: a loop over a page takes 3 ms
            page[used:body] = b"\xff" * (body - used)
        put_crc32(page, body, page, body)
        address = self._address(self.count, number)
        self._flash.program(address, page)
        self._flash.read(address, self._read)
        if self._read == page:
            return True
        self._bad += 1
        self.abandon()
        if self._bad == _TRIES:
            raise OSError(_EIO)
        return False

    def clear(self):
        """There are no groups any more, which survives a power cut. OSError: the flash takes nothing."""
        self.abandon()
        if self.count:
            self._set(0)
            self.clearing = True
        self._erased = 0

    def _set(self, count):
        pack_into("<II", self._record, 0, self._mark, count)
        self._journal.append(self._record)
        self.count = count

    # Reading.

    def head(self, number, buffer):
        """Fill `buffer` with the head of a group; whether it is whole. KeyError: there is no such group."""
        return self._fetch(number, 0, 0, buffer, 0, len(buffer))

    def read(self, number, start, buffer):
        """Fill `buffer` from byte `start` of a group's data on; whether that is whole. KeyError: there is no
        such group.
        """
        done, body = 0, self._body
        while done < len(buffer):
            page, at = divmod(start + done, body)
            n = min(len(buffer) - done, body - at)
            if not self._fetch(number, 1 + page, at, buffer, done, n):
                return False
            done += n
        return True

    def _fetch(self, number, page, at, buffer, to, count):
        if not 1 <= number <= self.count:
            raise KeyError(number)
        if not self._load(self._address(number - 1, page)):
            return False
        buffer[to : to + count] = self._read[at : at + count]
        return True

    def _load(self, address):
        """Read a page; whether it is whole."""
        page, body, crc = self._read, self._body, self._crc
        self._flash.read(address, page)
        put_crc32(page, body, crc, 0)
        return page[body:] == crc
