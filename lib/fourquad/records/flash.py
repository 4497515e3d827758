"""Flash devices: the interface that the records stand on, and one in RAM for tests and the simulator.

A flash device is any object with

- `page_size` (bytes, 256) and `sector_size` (bytes, 4096); `sectors`, their number. Addresses are bytes,
  from 0.
- `read(address, buffer)`: fills `buffer` (any length) from `address` on.
- `program(address, data)`: at most one page, and within one. Bits can only be cleared, as in any NOR flash;
  what is to become 1 again needs an erase.
- `erase(sector)`: all bytes of the sector become 0xFF.

`program` returns when the operation is finished. `erase` may only begin it: it is finished before anything in
its sector is read or programmed, and before the next erase begins, but not before a program elsewhere. Such a
flash has `erasing()`, True while the next erase would have to wait. An operation that power cut short leaves
its page or sector in any state, even one that reads differently each time; all others are untouched.
"""


class RamFlash:
    """NOR flash in RAM that is strict where a chip would corrupt data in silence, and counts what it does.

    `image` (bytearray) is the content; `reads`, `programs`, `erases` count operations, `bytes_read` and
    `bytes_programmed` bytes; `erase_counts[sector]` is the wear. Nothing but `erase` allocates.
    """

    def __init__(self, sectors, page_size=256, sector_size=4096):
        if sectors < 1 or page_size < 1 or sector_size < page_size or sector_size % page_size:
            raise ValueError("impossible flash geometry")
        self.sectors = sectors
        self.page_size = page_size
        self.sector_size = sector_size
        self.image = bytearray(b"\xff" * (sector_size * sectors))
        self.erase_counts = [0] * sectors
        self.clear_counts()

    def clear_counts(self):
        """Start counting operations anew; the wear stays."""
        self.reads = 0
        self.bytes_read = 0
        self.programs = 0
        self.bytes_programmed = 0
        self.erases = 0

    def read(self, address, buffer):
        """Fill `buffer` from byte `address` on. ValueError outside of the flash."""
        count = len(buffer)
        if address < 0 or address + count > len(self.image):
            raise ValueError("read outside of the flash")
        self.reads += 1
        self.bytes_read += count
        image = self.image
        for i in range(count):
            buffer[i] = image[address + i]

    def program(self, address, data):
        """Clear bits from byte `address` on. ValueError across a page's end, or if a bit would have to
        rise.
        """
        count = len(data)
        if address < 0 or address + count > len(self.image):
            raise ValueError("program outside of the flash")
        if not count or address % self.page_size + count > self.page_size:
            raise ValueError("program across the end of a page")
        image = self.image
        for i in range(count):
            if data[i] & ~image[address + i]:
                raise ValueError("program without an erase")
        self.programs += 1
        self.bytes_programmed += count
        for i in range(count):
            image[address + i] = data[i]

    def erase(self, sector):
        """Set all bytes of `sector` to 0xFF. ValueError outside of the flash."""
        if not 0 <= sector < self.sectors:
            raise ValueError("erase outside of the flash")
        self.erases += 1
        self.erase_counts[sector] += 1
        start = sector * self.sector_size
        self.image[start : start + self.sector_size] = b"\xff" * self.sector_size
