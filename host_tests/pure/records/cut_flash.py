"""A flash in RAM whose power goes inside of an operation, and one that keeps what was done."""

from fourquad.records.flash import RamFlash

SHAPES = 6


class Cut(Exception):
    """Power is gone."""


class CutFlash(RamFlash):
    """Power goes inside of operation number `fuse` (from 0), in the way `shape` (below SHAPES) says.

    An erase is only begun, and what is programmed elsewhere does not wait for its end (records/flash.py):
    with that it is cut short, too. `done` is what was done since: (address, data, sector of which an erase
    was under way, or -1) of a program, (sector, None, the same) of an erase.
    """

    fuse = -1
    shape = 0
    _begun = -1  # the sector

    def rearm(self, fuse, shape):
        """Power goes in operation `fuse` from now on."""
        self.done = []
        self.fuse = fuse
        self.shape = shape

    def _goes(self, place, data):
        now = len(self.done) == self.fuse
        self.done.append((place, data, self._begun))
        return now

    def do(self, operation):
        """An operation of another flash."""
        place, data, self._begun = operation
        if data is None:
            self._erase(place)
        else:
            self.program(place, data)
            self._begun = -1

    def read(self, address, buffer):
        self._finish_of(address)
        # at once: there are many
        buffer[:] = self.image[address : address + len(buffer)]

    def program(self, address, data):
        self._finish_of(address)
        if not self._goes(address, bytes(data)):
            return RamFlash.program(self, address, data)
        size = len(data)
        for i in range((0, 1, size * 2 // 5, size - 2, size, size)[self.shape]):
            # the last shape leaves every third bit of every byte as it was
            self.image[address + i] &= data[i] | (0x49 if self.shape == 5 else 0)
        if self._begun >= 0:
            self._tear(self._begun)
        raise Cut()

    def erase(self, sector):
        self._finish()
        self._begun = sector

    def _finish_of(self, address):
        if address // self.sector_size == self._begun:
            self._finish()

    def _finish(self):
        if self._begun >= 0:
            self._erase(self._begun)

    def _erase(self, sector):
        if self._goes(sector, None):
            self._tear(sector)
            raise Cut()
        self._begun = -1
        RamFlash.erase(self, sector)

    def _tear(self, sector):
        self._begun = -1
        size = self.sector_size
        start = sector * size
        for i in range((0, 1, size // 4, size, size, size)[self.shape]):
            if self.shape == 3:
                self.image[start + i] = 0
            elif self.shape == 5:
                self.image[start + i] |= 0xA5
            else:
                self.image[start + i] = 0xFF
