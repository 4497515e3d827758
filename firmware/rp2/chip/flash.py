"""The raw part of the storage area as a flash device (see `fourquad.records.flash`)."""

import os

import _rp2
from micropython import const

# ioctl of MicroPython's block devices, and of tools/build/erasing.py
_COUNT = const(4)
_ERASE = const(6)
_AHEAD = const(100)
_SLICE = const(101)
_BETWEEN = const(102)

_SLICE_US = const(2000)
_PAUSE_MS = const(2)  # from one slice to the next
_LOOK_MS = const(20)  # from one look for an erase that has begun to the next

_ONES = b"\xff" * 256  # a page; a loop that fills one takes 2 ms


class RawFlash:
    """The sectors of the storage area after the file system, or `sectors` sectors from sector `first` on.

    While the chip erases or programs (45 ms and 0.7 ms as a rule, 400 ms and 3 ms at worst) neither code nor
    interrupts run; DMA does. So on an RP2040 an erase is done in slices (boards/common/erase.h): `erase` only
    begins it, `Slices` goes on with it, and it is finished before its sector is read or programmed, and
    before the next one begins. What is programmed elsewhere does not wait.
    """

    page_size = 256
    sector_size = 4096
    erasing = None  # where an erase stands still until it is finished

    def __init__(self, first=None, sectors=None):
        if first is None:
            first = os.statvfs("/")[2]
            sectors = _rp2.Flash().ioctl(_COUNT, 0) - first
            if sectors <= 0:
                raise OSError("no storage after the file system")
        self.sectors = sectors
        self._device = _rp2.Flash(start=first * self.sector_size, len=sectors * self.sector_size)
        self._page = bytearray(self.page_size)
        if self._device.ioctl(_SLICE, 0) is not None:
            self.erasing = self._erasing

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
        """Begin to set all bytes of `sector` to 0xFF."""
        if self._device.ioctl(_AHEAD, sector) is None:
            self._device.ioctl(_ERASE, sector)

    def _erasing(self):
        """Whether the next erase would have to wait for the end of one that has begun."""
        return bool(self._device.ioctl(_SLICE, 0))


class Slices:
    """A job of device/loop.py: the slices of an erase that has begun."""

    def __init__(self):
        self._operation = _rp2.Flash().ioctl

    def work(self, now):
        """A slice, if there is an erase; ms to the next one."""
        return _PAUSE_MS if self._operation(_SLICE, _SLICE_US) else _LOOK_MS

    def meanwhile(self, function):
        """`function()` is called between the slices of an erase that somebody waits for, as the file system
        does; None ends that.
        """
        self._operation(_BETWEEN, function)
