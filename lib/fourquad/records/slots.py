"""Slots of records in flash: where they are, and whether what is there is whole.

A slot is a number (32 bits), a payload, and the CRC-32 of both. A record is a slot, or as many pages as it
needs, each a slot with the record's number; they are programmed in order, so the last one commits the record.
"""

from struct import pack_into, unpack_from

from fourquad.records.crc32 import put_crc32

HEADER = 32  # bytes at the beginning of a unit
FRAME = 8  # bytes of a slot besides its payload: number and CRC
_FREE = 0xFFFFFFFF
_NONE = -1


class Slots:
    """Units of `span` sectors in `sectors` sectors of `flash` from `first_sector` on: `units` of them, with
    a header of HEADER bytes and `places` records of `size` bytes.

    `bad` counts what did not read back as it was programmed. ValueError: impossible geometry.
    """

    def __init__(self, flash, first_sector, sectors, size, span):
        page = flash.page_size
        self._parts = 1
        self._slot = size + FRAME
        start = HEADER
        if self._slot >= page:
            # pages of their own, the header's among them
            self._parts = -(-size // (page - FRAME))
            self._slot = start = page
        self.size = size
        self.span = span
        self._body = self._slot - FRAME
        self._unit = span * flash.sector_size
        self._start = start
        self.places = (self._unit - start) // (self._parts * self._slot)
        self.units = sectors // span
        if self.places < 1 or first_sector + sectors > flash.sectors:
            raise ValueError("no room for a ring of records")
        self._flash = flash
        self._first = first_sector
        self._buffer = bytearray(self._slot)
        self._two = bytearray(8)
        self._crc = bytearray(4)
        self.bad = 0

    def head(self, unit):
        """Where a unit and its header begin."""
        return self._first * self._flash.sector_size + unit * self._unit

    def at(self, unit, place):
        """Where a record is."""
        return self.head(unit) + self._start + place * self._parts * self._slot

    def erase(self, unit, sector):
        """Erase one of a unit's sectors; the first holds the header."""
        self._flash.erase(self._first + unit * self.span + sector)

    def finish(self, unit, sector):
        """Wait until that is erased, though nothing is programmed there: it is read."""
        self._flash.read((self._first + unit * self.span + sector) * self._flash.sector_size, self._two)

    def whole(self, address, data):
        """Read `data`; whether its last four bytes are the CRC of those before."""
        self._flash.read(address, data)
        # erased, as most of what is asked for at power-up
        if data[0] == 0xFF and data[1] == 0xFF and data[2] == 0xFF and data[3] == 0xFF:
            return False
        end = len(data) - 4
        put_crc32(data, end, self._crc, 0)
        return data[end:] == self._crc

    def program(self, address, data):
        """Program `data`, a page at most, with its CRC; whether it reads back."""
        end = len(data) - 4
        put_crc32(data, end, data, end)
        page = self._flash.page_size
        room = page - address % page
        if room < len(data):
            self._flash.program(address, data[:room])
            self._flash.program(address + room, data[room:])
        else:
            self._flash.program(address, data)
        if self.whole(address, data):
            return True
        self.bad += 1
        return False

    def number(self, unit, place):
        """Number of the record in a place, or -1; its last slot is in `_buffer`."""
        if not self.whole(self.at(unit, place) + (self._parts - 1) * self._slot, self._buffer):
            return _NONE
        return unpack_from("<I", self._buffer, 0)[0]

    def key(self, unit, place):
        """Key of what is in a place, or -1 if that is erased."""
        self._flash.read(self.at(unit, place), self._two)
        number, key = unpack_from("<II", self._two, 0)
        return _NONE if number == _FREE else key

    def carry(self, source, target):
        """Copy a record: False if it can no longer be read, None if the new place does not take it."""
        for at in range(0, self._parts * self._slot, self._slot):
            if not self.whole(source + at, self._buffer):
                return False
            if not self.program(target + at, self._buffer):
                return None
        return True

    def put(self, address, number, payload):
        """Program a record; whether it is there."""
        data, body = self._buffer, self._body
        for at in range(0, self.size, body):
            pack_into("<I", data, 0, number)
            if self._parts == 1:
                data[4 : 4 + body] = payload
            else:
                part = memoryview(payload)[at : at + body]
                data[4 : 4 + len(part)] = part
                for i in range(4 + len(part), 4 + body):
                    data[i] = 0xFF
            if not self.program(address, data):
                return False
            address += self._slot
        return True

    def fetch(self, address, buffer, at):
        """Fill `buffer` from byte `at` of a record on, after `number` found it; whether it can be read."""
        data, body = self._buffer, self._body
        end, done = at + len(buffer), 0
        if end > self.size:
            raise ValueError("beyond the end of a record")
        for part in range(at // body, (end - 1) // body + 1):
            if self._parts > 1 and not self.whole(address + part * self._slot, data):
                return False
            begin = max(at - part * body, 0)
            count = min(end - part * body, body) - begin
            buffer[done : done + count] = data[4 + begin : 4 + begin + count]
            done += count
        return True
