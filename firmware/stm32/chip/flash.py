"""Serial flash (W25Q16 or alike: sectors of 4 KB, pages of 256 bytes) on SPI, in the place of the chip's own.

The STM32H743's own flash has sectors of 128 KB that bear 10,000 erases and take a second or two for each
(datasheet DS12110, 6.3.10). The logs want dozens of sectors, and it has sixteen; a journal of 240 bytes a
minute in two of them lasts 19 years, one of three pages 6. MicroPython's own file system there keeps a whole
sector in RAM while it erases it: a power cut then loses it. A serial flash has the geometry, and so the
guarantees, of the RP2040 boards (docs/storage.md).
"""

import os
import time

import vfs
from machine import SPI, Pin
from micropython import const

from fourquad.device import layout

_BAUD = const(4_000_000)  # the display's, on the same lines
_PAGE = const(256)
_SECTOR = const(4096)
_PATIENCE_MS = const(1000)  # of an erase, 400 at most

_WRITE = const(0x02)
_READ = const(0x03)
_STATUS = const(0x05)
_ENABLE = const(0x06)
_ERASE = const(0x20)
_IDENTITY = const(0x9F)
_WAKE = const(0xAB)

# ioctl of MicroPython's block devices
_COUNT = const(4)
_SIZE = const(5)
_ERASE_BLOCK = const(6)

PLACE = "/store"
_chip = None  # type: Chip | None


class Chip:
    """Flash on SPI `number`, chosen by the pin `select`. OSError: there is none of 2 to 16 MB."""

    def __init__(self, number, select):
        self._select = Pin(select, Pin.OUT, value=1)
        self._spi = SPI(number, baudrate=_BAUD)
        self._head = bytearray(4)
        self._two = bytearray(2)
        self._one = bytearray(1)
        self._command(_WAKE)
        identity = bytearray(4)
        identity[0] = _IDENTITY
        self._select(0)
        self._spi.write_readinto(identity, identity)
        self._select(1)
        # maker, kind, and the size as a power of 2
        if identity[1] in (0x00, 0xFF) or not 21 <= identity[3] <= 24:
            raise OSError("no serial flash of 2 to 16 MB")
        self._wait()

    def _command(self, code):
        self._one[0] = code
        self._select(0)
        self._spi.write(self._one)
        self._select(1)

    def _begin(self, code, address):
        head = self._head
        head[0] = code
        head[1] = address >> 16
        head[2] = address >> 8 & 0xFF
        head[3] = address & 0xFF
        self._select(0)
        self._spi.write(head)

    def _wait(self):
        began = time.ticks_ms()
        two = self._two
        while True:
            two[0] = _STATUS
            two[1] = 0
            self._select(0)
            self._spi.write_readinto(two, two)
            self._select(1)
            if not two[1] & 1:
                return
            if time.ticks_diff(time.ticks_ms(), began) > _PATIENCE_MS:
                raise OSError("serial flash does not get ready")

    def read(self, address, buffer):
        """Fill `buffer` from byte `address` on."""
        self._begin(_READ, address)
        self._spi.readinto(buffer)
        self._select(1)

    def program(self, address, data):
        """Clear bits from byte `address` on, within one page."""
        self._command(_ENABLE)
        self._begin(_WRITE, address)
        self._spi.write(data)
        self._select(1)
        self._wait()

    def erase(self, sector):
        """Set all bytes of `sector` to 0xFF: 45 ms as a rule."""
        self._command(_ENABLE)
        self._begin(_ERASE, sector * _SECTOR)
        self._select(1)
        self._wait()


class Blocks:
    """The first `sectors` sectors as a block device for littlefs."""

    def __init__(self, chip, sectors):
        self._chip = chip
        self._sectors = sectors

    def readblocks(self, block, buffer, offset=0):
        """Fill `buffer` from `offset` in `block` on."""
        self._chip.read(block * _SECTOR + offset, buffer)

    def writeblocks(self, block, buffer, offset=0):
        """Program `buffer`, whole pages of an erased block."""
        view = memoryview(buffer)
        for at in range(0, len(view), _PAGE):
            self._chip.program(block * _SECTOR + offset + at, view[at : at + _PAGE])

    def ioctl(self, what, block):
        """Number and size of blocks, and their erase."""
        if what == _COUNT:
            return self._sectors
        if what == _SIZE:
            return _SECTOR
        if what == _ERASE_BLOCK:
            self._chip.erase(block)
        return 0


class RawFlash:
    """The sectors of the storage after the file system, or `sectors` sectors from `first` on, as a flash
    device (`fourquad.records.flash`); `mount` comes first.
    """

    page_size = _PAGE
    sector_size = _SECTOR

    def __init__(self, first=None, sectors=None):
        if _chip is None:
            raise OSError("no serial flash was mounted")
        if first is None:
            first = os.statvfs(PLACE)[2]
            sectors = layout.LARGE_SECTORS - first
        self.sectors = sectors
        self._chip = _chip
        self._first = first

    def read(self, address, buffer):
        """Fill `buffer` from byte `address` on."""
        self._chip.read(self._first * _SECTOR + address, buffer)

    def program(self, address, data):
        """Clear bits from byte `address` on, within one page."""
        self._chip.program(self._first * _SECTOR + address, data)

    def erase(self, sector):
        """Set all bytes of `sector` to 0xFF."""
        self._chip.erase(self._first + sector)


def mount(number, select):
    """Mount the file system on the flash of SPI `number`, making it if there is none; its path."""
    global _chip
    if _chip is not None:
        return PLACE
    _chip = Chip(number, select)
    if PLACE[1:] in os.listdir("/"):
        vfs.umount(PLACE)  # of a program before this one
    # one that an earlier version made stays as it is
    if not (_there(layout.FILES_SECTORS) or _there(layout.OLD_FILES_SECTORS)):
        blocks = _device(layout.FILES_SECTORS)
        vfs.VfsLfs2.mkfs(blocks, progsize=_PAGE)
        vfs.mount(vfs.VfsLfs2(blocks, progsize=_PAGE), PLACE)
    return PLACE


def _device(sectors):
    return Blocks(_chip, sectors)


def _there(sectors):
    """Mount a file system of that size, if there is one."""
    try:
        vfs.mount(vfs.VfsLfs2(_device(sectors), progsize=_PAGE), PLACE)
    except OSError:
        return False
    return True
