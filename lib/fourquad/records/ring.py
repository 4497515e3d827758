"""A ring of records of one size over raw flash sectors, safe against power cuts.

The ring's sectors make units of `span` sectors each. A unit begins with a header of 32 bytes: mark (3 bytes),
generation (8 bits), sequence, number of its first record, highest key of all records before it, number of
the oldest record that was not cleared (32 bits each; the last all ones: nothing was cleared), tag (4 bytes),
0xFF, CRC-32. Records follow (records/slots.py); the first four bytes of a payload are its key, a time as a
rule. Little-endian.

Nothing is programmed that this run of the program has not erased. So the unit that an earlier run was filling
is copied into a fresh one before it is filled on (`due`, `service`); the copy has the same sequence and the
next generation, and its header is written last: until then the old one counts. A cut at any instant costs at
most the record that was being written. What a cut left torn is erased before the next record: a header that
reads as valid only now and then could speak up later.
"""

from array import array
from struct import pack_into, unpack_from

from fourquad.records.slots import HEADER, Slots

NO_TAG = b"\xff\xff\xff\xff"
_BLANK = b"\xff" * HEADER
_KEY = 4
_FREE = 0xFFFFFFFF
_SPOILED = 0xFFFFFFFE  # the sequence of a unit that did not take its header, for the rest of this run
_NONE = -1
_EIO = 5
_SLICE = 16  # records that are copied at once at least
_SLICES = 32  # that a copy takes at most


class Ring:
    """Records of `size` bytes (4 or more) in `sectors` sectors of `flash` from `first_sector` on, in units of
    `span` sectors; two units less are always full of records.

    `mark` and `tag` (four bytes) say what the records are: a ring with others is not found. `mount()` comes
    first. ValueError: impossible geometry.
    """

    def __init__(self, flash, first_sector, sectors, size, span=1, mark=b"FQR", tag=NO_TAG):
        self._slots = slots = Slots(flash, first_sector, sectors, size, span)
        self._places = slots.places
        self._units = units = slots.units
        if size < _KEY or units < 4:
            raise ValueError("no room for a ring of records")
        self.size = size
        self._mark = mark
        self._tag = tag
        self._header = bytearray(HEADER)
        self._sequences = array("I", [_FREE] * units)
        self._numbers = array("I", [0] * units)
        self._tops = array("I", [0] * units)
        self._generations = bytearray(units)
        self._forget()

    def _forget(self):
        for u in range(self._units):
            self._sequences[u] = _FREE
        self._order = []  # units, the oldest first
        self._place = self._places  # next in the newest one
        self._spare = _NONE
        self._wiping = _NONE  # unit of which `_wiped` sectors are erased
        self._wiped = 0
        self._mine = False  # whether this run may fill the newest unit
        self._source = _NONE  # holds what the newest one does, which was copied from it
        self._target = _NONE  # what the newest one is being copied to
        self._copied = 0  # places of the newest one that have been, of `_end` that have records
        self._end = 0
        self._number = 0  # of the last record that was
        self._torn = []  # units with a header that was cut short
        self._last = _NONE  # the newest unit, or where it was
        self._sequence = 0  # of the next unit
        self._floor = _FREE
        self._spoiled = 0  # units
        self._next = 0  # number of the next record
        self._top = 0

    @property
    def bad(self):
        """How many places did not take what was written."""
        return self._slots.bad

    @property
    def capacity(self):
        """Records that are kept at least."""
        return (self._units - 2) * self._places

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

    # Power-up.

    def mount(self):
        """Find the records; how many there are."""
        self._forget()
        found = [u for u in range(self._units) if self._look(u)]
        sequences, order = self._sequences, self._order
        found.sort(key=lambda u: sequences[u])
        copied = []
        for u in found:
            if order and sequences[order[-1]] == sequences[u]:
                # a copy that was finished counts, wherever it is
                if (self._generations[u] - self._generations[order[-1]]) & 0xFF < 128:
                    order[-1], u = u, order[-1]
                if sequences[u] == self._sequence:
                    copied.append(u)
                sequences[u] = _FREE
            else:
                order.append(u)
        if order:
            self._find_end(order[-1])
            if copied:
                self._source = self._best(copied)
        while order and self._floor != _FREE and self._numbers[order[0]] < self._floor:
            sequences[order.pop(0)] = _FREE
        return self.count

    def _look(self, unit):
        """Whether a unit has a header of this ring."""
        data = self._header
        if not self._slots.whole(self._slots.head(unit), data):
            if data != _BLANK:
                self._torn.append(unit)
            return False
        if data[0:3] != self._mark or data[20:24] != self._tag:
            return False
        self._generations[unit] = data[3]
        sequence, number, top, floor = unpack_from("<IIII", data, 4)
        self._sequences[unit] = sequence
        self._numbers[unit] = number
        self._tops[unit] = top
        if sequence >= self._sequence:
            self._sequence = sequence
            self._floor = floor
        return True

    def _find_end(self, head):
        """Where the newest unit ends."""
        self._last = head
        self._sequence += 1
        self._next = self._numbers[head]
        self._top = self._tops[head]
        for place in range(self._places):
            number = self._slots.number(head, place)
            if number >= self._next:
                self._end = place + 1
                self._next = number + 1
                self._top = max(self._top, self._slots.key(head, place))

    def _best(self, units):
        """The unit with the most records; of equals the oldest, whose header was not cut short."""
        best, most = _NONE, -1
        units.sort(key=lambda u: (self._generations[u] - self._generations[self._last]) & 0xFF)
        for u in units:
            place = self._places - 1
            while place > most and self._slots.number(u, place) < 0:
                place -= 1
            if place > most or best < 0:
                best, most = u, place
        return best

    # What is done ahead.

    @property
    def due(self):
        """Whether `service` has something to do."""
        return self._spare < 0 or (len(self._order) > 0 and not self._mine) or len(self._torn) > 0

    def service(self):
        """One step: erase a sector ahead (45 ms on an RP2040), or copy some records of the unit that an
        earlier run was filling (1.5 ms each).
        """
        if self._target >= 0:
            self._copy()
        elif self._spare < 0:
            self._wipe()
        elif self._order and not self._mine:
            self._copy()
        elif self._torn:
            # it could be read the next time, and be taken for the newest
            unit = self._torn.pop()
            self._slots.erase(unit, 0)
            self._slots.finish(unit, 0)

    def _wipe(self):
        """Erase a sector of the unit that is to be the spare; the first one holds its header."""
        if self._wiping < 0:
            # a header that was cut short may be gone the next time: its source stays until there is a third
            avoid = _NONE if self._mine else self._source
            free = [u for u in range(self._units) if self._sequences[u] == _FREE and u != avoid]
            if not free:
                # a flash that takes nothing any more shall not lose what it has
                if self._spoiled > max(1, self._units // 8) or len(self._order) < 2:
                    raise OSError(_EIO)
                free = [self._order.pop(0)]
            self._wiping = min(free, key=lambda u: (u - self._last - 1) % self._units)
            self._sequences[self._wiping] = _FREE
            if self._wiping in self._torn:
                self._torn.remove(self._wiping)
            self._wiped = 0
        self._slots.erase(self._wiping, self._wiped)
        self._wiped += 1
        if self._wiped == self._slots.span:
            self._spare, self._wiping = self._wiping, _NONE

    def _copy(self):
        """Copy some of the newest unit; with the last of it the copy is the newest one."""
        old = self._order[-1]
        if self._target < 0:
            self._last = self._target = self._spare
            self._spare = _NONE
            self._copied = self._place = 0
            self._number = self._numbers[old] - 1
        new, place = self._target, self._place
        end = min(self._end, self._copied + max(_SLICE, self._places // _SLICES))
        for i in range(self._copied, end):
            number = self._slots.number(old, i)
            if number >= 0:
                # one that has become unreadable leaves its place free: `read` looks from there on
                place = max(place, number - self._numbers[old])
                carried = None
                while place < self._places and carried is None:
                    carried = self._slots.carry(self._slots.at(old, i), self._slots.at(new, place))
                    place += 1
                if carried is None:
                    place = self._places + 1
                elif carried:
                    self._number = number
        self._copied, self._place = end, place
        if end < self._end and place <= self._places:
            return
        self._target = _NONE
        generation = self._generations[old] + 1 + self._spoiled & 0xFF
        # with places that took nothing there may be too few for all
        if place <= self._places and self._open(new, self._sequences[old], generation, old):
            self._mine = True
            self._sequences[old] = _FREE
            self._order[-1] = new
            # one that was cut short may have been there for the last time
            self._next = self._number + 1
        else:
            self._spoil(new)

    def _spoil(self, unit):
        self._sequences[unit] = _SPOILED
        self._spoiled += 1

    def _open(self, unit, sequence, generation, like=None):
        """Write a unit's header; whether it is there. A copy's is that of the unit `like`."""
        data = self._header
        data[:] = _BLANK
        data[0:3] = self._mark
        data[3] = generation
        number = self._next if like is None else self._numbers[like]
        top = self._top if like is None else self._tops[like]
        pack_into("<IIII", data, 4, sequence, number, top, self._floor)
        data[20:24] = self._tag
        self._slots.finish(unit, self._slots.span - 1)
        if not self._slots.program(self._slots.head(unit), data):
            return False
        self._sequences[unit] = sequence
        self._generations[unit] = generation
        self._numbers[unit] = number
        self._tops[unit] = top
        return True

    # Writing.

    def append(self, payload):
        """Commit a record: when this returns, it survives a power cut. OSError (EIO): no place takes it.

        One program for each page that it touches, if `service` was called when it was due; else it erases
        first. ValueError: wrong length.
        """
        if len(payload) != self.size:
            raise ValueError("payload of a wrong length")
        for _ in range(self._places + self._units):
            self._room()
            place = self._place
            self._place += 1
            if self._slots.put(self._slots.at(self._order[-1], place), self._next, payload):
                self._next += 1
                self._top = max(self._top, unpack_from("<I", payload, 0)[0])
                return
        raise OSError(_EIO)

    def _room(self):
        """A place in the newest unit that this run has erased."""
        if self._torn or (self._order and not self._mine):
            for _ in range(2 * self._units * self._slots.span):
                if self.due:
                    self.service()
        if not (self._order and self._mine and self._place < self._places):
            self._begin()

    def _begin(self):
        """A new unit. OSError: no unit takes its header."""
        self._target = _NONE
        for _ in range(self._units):
            while self._spare < 0:
                self._wipe()
            self._last = unit = self._spare
            self._spare = _NONE
            # each try has its own: a header that was not there may be the next time
            self._sequence += 1
            if self._open(unit, self._sequence - 1, 0):
                self._order.append(unit)
                self._mine = True
                self._place = 0
                return
            self._spoil(unit)
        raise OSError(_EIO)

    def clear(self):
        """Forget all records, which survives a power cut; their numbers are not given again. OSError as in
        `append`.
        """
        if not self.count:
            return
        while self._order:
            self._sequences[self._order.pop()] = _FREE
        # the new unit's header hides the old ones, which are erased when their turn comes
        self._floor = self._next
        self._begin()

    # Reading.

    def read(self, number, buffer, at=0):
        """Fill `buffer` from byte `at` of a record on; False if it cannot be read. KeyError: there is none of
        that number.
        """
        address = self._seek(number)
        return address >= 0 and self._slots.fetch(address, buffer, at)

    def _seek(self, number):
        """Where a record is, or -1 if it cannot be read; `fetch` can follow."""
        if not self.oldest <= number < self._next:
            raise KeyError(number)
        unit = self._order[self._before(self._numbers, number + 1)]
        for place in range(number - self._numbers[unit], self._places):
            if self._slots.number(unit, place) == number:
                return self._slots.at(unit, place)
        return _NONE

    def _before(self, values, limit):
        """The last place in `_order` whose unit has a value below `limit`, or the first."""
        low, high = 0, len(self._order) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if values[self._order[middle]] < limit:
                low = middle
            else:
                high = middle - 1
        return low

    def find(self, key):
        """Number of the first record whose key is `key` or more; `newest` + 1 if there is none.

        Keys need not rise: headers have the highest of all before, which does, and one unit is searched.
        """
        order = self._order
        for i in range(self._before(self._tops, key), len(order)):
            for place in range(self._places):
                if self._slots.key(order[i], place) >= key:
                    number = self._slots.number(order[i], place)
                    if number >= 0:
                        return number
        return self._next
