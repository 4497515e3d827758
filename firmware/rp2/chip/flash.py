"""The raw part of the storage area as a flash device (see `fourquad.records.flash`)."""

import os

import _rp2

# ioctl of MicroPython's block devices
_COUNT = 4
_ERASE = 6

_ONES = b"\xff" * 256  # a page; a loop that fills one takes 2 ms


class RawFlash:
    """The sectors of the storage area after the file system, or `sectors` sectors from sector `first` on.

    While an erase or program is under way (45 ms and 0.7 ms as a rule, 400 ms and 3 ms at worst) neither
    code nor interrupts run; DMA does.
    """

    page_size = 256
    sector_size = 4096

    def __init__(self, first=None, sectors=None):
        if first is None:
            first = os.statvfs("/")[2]
            sectors = _rp2.Flash().ioctl(_COUNT, 0) - first
            if sectors <= 0:
                raise OSError("no storage after the file system")
        self.sectors = sectors
        self._device = _rp2.Flash(start=first * self.sector_size, len=sectors * self.sector_size)
        self._page = bytearray(self.page_size)

    def read(self, address, buffer):
        """Fill `buffer` from byte `address` on."""
        self._device.readblocks(address // self.sector_size, buffer, address % self.sector_size)

    def program(self, address, data):
        """Clear bits from byte `address` on, within one page."""
        within = address % self.page_size
        if within or len(data) != self.page_size:
            # The boot ROM programs whole pages: what surrounds the data is written as ones, which change
            # nothing.
            page = self._page
            page[:] = _ONES
            page[within : within + len(data)] = data
            data = page
            address -= within
        self._device.writeblocks(address // self.sector_size, data, address % self.sector_size)

    def erase(self, sector):
        """Set all bytes of `sector` to 0xFF."""
        self._device.ioctl(_ERASE, sector)
