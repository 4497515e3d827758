"""A flash in RAM whose power goes inside of an operation, and one that keeps what was done."""

from fourquad.records.flash import RamFlash

SHAPES = 6


class Cut(Exception):
    """Power is gone."""


class CutFlash(RamFlash):
    """Power goes inside of operation number `fuse` (from 0), in the way `shape` (below SHAPES) says.

    `done` is what was done since: (address, data) of a program, (sector, None) of an erase.
    """

    fuse = -1
    shape = 0

    def rearm(self, fuse, shape):
        """Power goes in operation `fuse` from now on."""
        self.done = []
        self.fuse = fuse
        self.shape = shape

    def _goes(self, place, data):
        now = len(self.done) == self.fuse
        self.done.append((place, data))
        return now

    def do(self, operation):
        """An operation of another flash."""
        place, data = operation
        if data is None:
            self.erase(place)
        else:
            self.program(place, data)

    def read(self, address, buffer):
        # at once: there are many
        buffer[:] = self.image[address : address + len(buffer)]

    def program(self, address, data):
        if not self._goes(address, bytes(data)):
            return RamFlash.program(self, address, data)
        size = len(data)
        for i in range((0, 1, size * 2 // 5, size - 2, size, size)[self.shape]):
            # the last shape leaves every third bit of every byte as it was
            self.image[address + i] &= data[i] | (0x49 if self.shape == 5 else 0)
        raise Cut()

    def erase(self, sector):
        if not self._goes(sector, None):
            return RamFlash.erase(self, sector)
        size = self.sector_size
        start = sector * size
        for i in range((0, 1, size // 4, size, size, size)[self.shape]):
            if self.shape == 3:
                self.image[start + i] = 0
            elif self.shape == 5:
                self.image[start + i] |= 0xA5
            else:
                self.image[start + i] = 0xFF
        raise Cut()
