"""Load profile: a ring of records of 32 bytes over raw flash sectors, safe against power cuts.

A record: number (32 bits), minute of UTC since 2000 at which its interval ended (32), status (8), six
energies (24 each), 0xFF, CRC-32. The first place of a sector holds its header: "FQP", generation, sequence
(32), number of its first record (32), highest minute of all records before it (32), 0xFF, CRC-32.
Little-endian.

Nothing is programmed that this run of the program has not erased. So the sector that an earlier run was
filling is copied into a fresh one before it is filled on (`due`, `service`); the copy has the same sequence
and the next generation, and its header is written last: until then the old one counts. A cut at any instant
costs at most the record that was being written.
"""

from array import array
from struct import pack_into, unpack_from

from fourquad.records.crc32 import put_crc32

SIZE = 32
ENERGIES = 6
TOP = (1 << 24) - 1  # highest energy of a record
_BODY = SIZE - 4
_FREE = 0xFFFFFFFF
_EIO = 5


class ProfileRing:
    """Ring in `sectors` sectors of `flash` from `first_sector` on; two less are always full of records.

    `mount()` comes first. After `load`: `minute`, `status`, `values`.
    """

    def __init__(self, flash, first_sector, sectors):
        if sectors < 4 or first_sector + sectors > flash.sectors:
            raise ValueError("no room for a load profile")
        self._flash = flash
        self._first = first_sector
        self._sectors = sectors
        self._places = flash.sector_size // SIZE
        self._buffer = bytearray(SIZE)
        self._crc = bytearray(4)
        self._sequences = array("I", [_FREE] * sectors)
        self._numbers = array("I", [0] * sectors)
        self._tops = array("I", [0] * sectors)
        self._generations = bytearray(sectors)
        self.minute = self.status = 0
        self.values = [0] * ENERGIES
        self.bad = 0
        self._forget()

    def _forget(self):
        for s in range(self._sectors):
            self._sequences[s] = _FREE
        self._order = []  # sectors, the oldest first
        self._place = self._places  # next in the newest one
        self._spare = -1
        self._mine = False  # whether this run may fill the newest sector
        self._avoid = -1  # holds what the newest one does, if that was copied by an earlier run
        self._doomed = []
        self._next = 0  # number of the next record
        self._top = 0

    @property
    def capacity(self):
        """Records that are kept at least."""
        return (self._sectors - 2) * (self._places - 1)

    def _read(self, sector, place):
        """Whether a place holds 28 bytes and their CRC, now in `_buffer`."""
        data = self._buffer
        self._flash.read((self._first + sector) * self._flash.sector_size + place * SIZE, data)
        if data[4] == 0xFF and data[_BODY] == 0xFF and data[0] == 0xFF and data[8] == 0xFF:
            return False
        put_crc32(data, _BODY, self._crc, 0)
        return data[_BODY:] == self._crc

    def _write(self, sector, place):
        """Program `_buffer`, with its CRC; whether it reads back."""
        data = self._buffer
        put_crc32(data, _BODY, data, _BODY)
        wanted = bytes(data)
        address = (self._first + sector) * self._flash.sector_size + place * SIZE
        self._flash.program(address, data)
        self._flash.read(address, data)
        if data == wanted:
            return True
        self.bad += 1
        return False

    def mount(self):
        """Find the records; how many there are."""
        self._forget()
        for s in range(self._sectors):
            if self._read(s, 0) and self._buffer[0:3] == b"FQP":
                generation = self._buffer[3]
                sequence, number, top = unpack_from("<III", self._buffer, 4)
                for other in self._order:
                    if self._sequences[other] == sequence:
                        # a copy that was finished counts, wherever it is
                        newer = (generation - self._generations[other]) & 0xFF < 128
                        loser = other if newer else s
                        self._order.remove(other)
                        self._order.append(s if newer else other)
                        self._sequences[loser] = _FREE
                        self._avoid = loser
                        if not newer:
                            sequence = _FREE
                        break
                else:
                    self._order.append(s)
                self._sequences[s] = sequence
                self._numbers[s] = number
                self._tops[s] = top
                self._generations[s] = generation
        self._order.sort(key=lambda s: self._sequences[s])
        if self._order:
            head = self._order[-1]
            self._next = self._numbers[head]
            self._top = self._tops[head]
            for place in range(1, self._places):
                if self._read(head, place):
                    number, minute = unpack_from("<II", self._buffer, 0)
                    if number >= self._next:
                        self._next = number + 1
                        self._top = max(self._top, minute)
        return self.count

    @property
    def count(self):
        """How many records there are."""
        return self._next - self._numbers[self._order[0]] if self._order else 0

    @property
    def oldest(self):
        """Number of the oldest record; that of the next one if there is none."""
        return self._numbers[self._order[0]] if self._order else self._next

    @property
    def newest(self):
        """Number of the newest record; one less than `oldest` if there is none."""
        return self._next - 1

    @property
    def due(self):
        """Whether `service` has something to do."""
        return self._spare < 0 or (len(self._order) > 0 and not self._mine) or len(self._doomed) > 0

    def service(self):
        """One step: erase a sector ahead, or copy the one that an earlier run was filling (16 pages)."""
        if self._doomed:
            self._flash.erase(self._first + self._doomed.pop())
        elif self._spare < 0:
            self._erase()
        elif self._order and not self._mine:
            self._copy()

    def _erase(self):
        # a header that was cut short may be gone the next time: the old sector stays until there is a third
        avoid = -1 if self._mine else self._avoid
        free = [s for s in range(self._sectors) if self._sequences[s] == _FREE and s != avoid]
        if not free:
            free = [self._order.pop(0)]
        after = self._order[-1] if self._order else -1
        spare = min(free, key=lambda s: (s - after - 1) % self._sectors)
        self._sequences[spare] = _FREE
        self._flash.erase(self._first + spare)
        self._spare = spare

    def _copy(self):
        old, new = self._order[-1], self._spare
        self._spare = -1
        place = 1
        for i in range(1, self._places):
            if self._read(old, i):
                record = bytes(self._buffer)
                # one that has become unreadable leaves its place free: `load` looks from there on
                place = max(place, unpack_from("<I", record, 0)[0] - self._numbers[old] + 1)
                while place < self._places and not self._write(new, place):
                    place += 1
                    self._buffer[:] = record
                place += 1
        self._mine = self._head(new, self._sequences[old], self._generations[old] + 1 & 0xFF, old)
        if self._mine:
            self._sequences[old] = _FREE
            self._order[-1] = new
            self._place = place

    def _head(self, sector, sequence, generation, like=None):
        data = self._buffer
        for i in range(SIZE):
            data[i] = 0xFF
        data[0:3] = b"FQP"
        data[3] = generation
        number = self._next if like is None else self._numbers[like]
        top = self._top if like is None else self._tops[like]
        pack_into("<III", data, 4, sequence, number, top)
        if not self._write(sector, 0):
            return False
        self._sequences[sector] = sequence
        self._generations[sector] = generation
        self._numbers[sector] = number
        self._tops[sector] = top
        return True

    def append(self, minute, status, values):
        """Commit a record: when this returns, it survives a power cut. `values` are 0..TOP. OSError: broken.

        One program of 32 bytes, if `service` was called when it was due.
        """
        for _ in range(self._places):
            self._room()
            data = self._buffer
            pack_into("<IIB", data, 0, self._next, minute, status)
            at = 9
            for v in values:
                data[at] = v & 0xFF
                data[at + 1] = v >> 8 & 0xFF
                data[at + 2] = v >> 16
                at += 3
            data[at] = 0xFF
            place = self._place
            self._place += 1
            if self._write(self._order[-1], place):
                self._next += 1
                self._top = max(self._top, minute)
                return
        raise OSError(_EIO)

    def _room(self):
        """A place in the newest sector that this run has erased."""
        for _ in range(2 * self._sectors):
            if self._order and self._mine and self._place < self._places:
                return
            if self._order and not self._mine:
                self.service()
                continue
            if self._spare < 0:
                self._erase()
            sector, self._spare = self._spare, -1
            sequence = self._sequences[self._order[-1]] + 1 if self._order else 0
            if self._head(sector, sequence, 0):
                self._order.append(sector)
                self._mine = True
                self._place = 1
        if not (self._order and self._mine and self._place < self._places):
            raise OSError(_EIO)

    def load(self, number):
        """Read a record; whether there is one of that number. One that cannot be read has status 0xFF."""
        if not self.oldest <= number < self._next:
            return False
        order = self._order
        i = len(order) - 1
        while self._numbers[order[i]] > number:
            i -= 1
        first = self._numbers[order[i]]
        for place in range(number - first + 1, self._places):
            if self._read(order[i], place) and unpack_from("<I", self._buffer, 0)[0] == number:
                self._unpack()
                return True
        self.status = 0xFF
        self.values = [0] * ENERGIES
        return True

    def _unpack(self):
        data = self._buffer
        self.minute, self.status = unpack_from("<IB", data, 4)
        for i in range(ENERGIES):
            at = 9 + 3 * i
            self.values[i] = data[at] | data[at + 1] << 8 | data[at + 2] << 16

    def find(self, minute):
        """Number of the first record whose minute is `minute` or later; `newest` + 1 if there is none."""
        order = self._order
        i = 0
        # what is behind the next header's highest minute cannot be before it
        while i + 1 < len(order) and self._tops[order[i + 1]] < minute:
            i += 1
        while i < len(order):
            for place in range(1, self._places):
                if self._read(order[i], place):
                    number, at = unpack_from("<II", self._buffer, 0)
                    if at >= minute:
                        return number
            i += 1
        return self._next

    def clear(self):
        """Forget all records; `service` erases their sectors, one at a time."""
        number, order = self._next, self._order
        spare = self._spare
        self._forget()
        self._next = number
        self._spare = spare
        self._doomed = order
