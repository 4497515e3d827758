"""Serial NOR flash W25Q64, W25Q128 or W25Q256 (Winbond W25QxxJV) on SPI: 8, 16 or 32 MB for logs and
waveforms, as a flash device (fourquad.records.flash).

An erase takes 45 ms as a rule and 400 ms at worst, but the processor goes on meanwhile: `erase` only begins
it. A read suspends it for as long as the read takes; a program and another erase wait until it is finished,
so that everything is done in the order in which it was asked for, as a power cut must find it. The port's SPI
moves pages by DMA.

Of a chip that does not answer any more a read gives 0xFF, because a log must not stop a meter; a program and
an erase are an OSError.
"""

import time

from machine import SPI, Pin
from micropython import const

_BAUD = const(20_000_000)  # 50 MHz is what the command READ allows
_PATIENCE_MS = const(1000)  # of an erase, 400 at most
_ATTEMPTS = const(100)  # looks for a suspension, which takes 20 us at most
_WAKE_US = const(3)
_BETWEEN_US = const(20)  # from a resume to the next suspension
_SUSPENSIONS = const(16)  # of one erase, which takes longer with each; then a read waits for its end
_EIO = const(5)

_STATUS = const(0x05)
_STATUS_2 = const(0x35)
_ENABLE = const(0x06)
_SUSPEND = const(0x75)
_RESUME = const(0x7A)
_IDENTITY = const(0x9F)
_WAKE = const(0xAB)

_BUSY = const(0x01)  # of status 1
_PROTECTED = const(0x7C)  # some of it, for good
_SUSPENDED = const(0x80)  # of status 2

# Commands with an address of three bytes, and of four, which only the largest has: read, program a page,
# erase a sector.
_SHORT = (0x03, 0x02, 0x20)
_LONG = (0x13, 0x12, 0x21)

_WINBOND = const(0xEF)
_KINDS = (0x40, 0x60, 0x70)
_LEAST = const(23)  # the size is 2 to the power of this
_MOST = const(25)


class Nor:
    """The chip on `spi` (machine.SPI or alike) that `select(0)` chooses. OSError: there is none of these."""

    page_size = 256
    sector_size = 4096

    def __init__(self, spi, select):
        self._spi = spi
        self._select = select
        self._one = bytearray(1)
        self._two = bytearray(2)
        self._erasing = -1  # the sector
        self._suspensions = 0
        status = self._status(_STATUS)
        if status == 0xFF or not status & _BUSY:
            self._command(_WAKE)
            time.sleep_us(_WAKE_US)
        if self._status(_STATUS) != 0xFF:
            # of a program before this one; while it lasts the chip does not say what it is
            if self._status(_STATUS_2) & _SUSPENDED:
                self._command(_RESUME)
            self._wait()
        identity = bytearray(4)
        identity[0] = _IDENTITY
        select(0)
        spi.write_readinto(identity, identity)
        select(1)
        _, maker, kind, size = identity
        if maker != _WINBOND or kind not in _KINDS or not _LEAST <= size <= _MOST:
            raise OSError(f"serial flash: {maker:02X} {kind:02X} {size:02X} is no W25Q64 to W25Q256")
        self.sectors = 1 << size - 12
        self._codes = _LONG if size == _MOST else _SHORT
        self._head = bytearray(5 if size == _MOST else 4)
        if self._status(_STATUS) & _PROTECTED:
            raise OSError("serial flash: protected against writing")

    def read(self, address, buffer):
        """Fill `buffer` from byte `address` on."""
        resume = self._erasing >= 0 and self._suspend(address, len(buffer))
        if self._erasing >= 0 and not resume:
            for i in range(len(buffer)):
                buffer[i] = 0xFF
            return
        self._begin(self._codes[0], address)
        self._spi.readinto(buffer)
        self._select(1)
        if resume:
            self._command(_RESUME)
            time.sleep_us(_BETWEEN_US)

    def program(self, address, data):
        """Clear bits from byte `address` on, within one page: 0.7 ms as a rule, 3 ms at worst. OSError: it
        was not done.
        """
        self._wait()
        self._command(_ENABLE)
        self._begin(self._codes[1], address)
        self._spi.write(data)
        self._select(1)
        self._wait()

    def erase(self, sector):
        """Begin to set all bytes of `sector` to 0xFF. OSError: an erase before this one was not done."""
        self._wait()
        self._command(_ENABLE)
        self._begin(self._codes[2], sector * self.sector_size)
        self._select(1)
        self._erasing = sector
        self._suspensions = 0

    def erasing(self):
        """Whether the next erase would have to wait for the end of one that has begun."""
        if self._erasing >= 0 and not self._status(_STATUS) & _BUSY:
            self._erasing = -1
        return self._erasing >= 0

    def _command(self, code):
        self._one[0] = code
        self._select(0)
        self._spi.write(self._one)
        self._select(1)

    def _begin(self, code, address):
        if not 0 <= address < self.sectors * self.sector_size:
            raise ValueError("outside of the serial flash")
        head = self._head
        head[0] = code
        for i in range(len(head) - 1, 0, -1):
            head[i] = address & 0xFF
            address >>= 8
        self._select(0)
        self._spi.write(head)

    def _status(self, code):
        two = self._two
        two[0] = code
        two[1] = 0
        self._select(0)
        self._spi.write_readinto(two, two)
        self._select(1)
        return two[1]

    def _ready(self):
        """Wait until the chip has finished; False: it does not."""
        began = time.ticks_ms()
        while self._status(_STATUS) & _BUSY:
            if time.ticks_diff(time.ticks_ms(), began) > _PATIENCE_MS:
                return False
        self._erasing = -1
        return True

    def _wait(self):
        """Wait until the chip has finished. OSError: it does not."""
        if not self._ready():
            raise OSError(_EIO)

    def _suspend(self, address, count):
        """Let something be read while a sector is erased: True if the erase is suspended, False if it is
        over (`_erasing` is -1 then), or if the chip does not answer.
        """
        if not self.erasing():
            return False
        size = self.sector_size
        here = address // size <= self._erasing <= (address + count - 1) // size
        if not here and self._suspensions < _SUSPENSIONS:
            self._suspensions += 1
            self._command(_SUSPEND)
            for _ in range(_ATTEMPTS):
                if not self._status(_STATUS) & _BUSY:
                    if self._status(_STATUS_2) & _SUSPENDED:
                        return True
                    break  # it was over before
        self._ready()
        return False


def found(row):
    """The chip of a board's row: SPI, clock, data out, data in, select. None, and a line that says so, where
    none answers: the meter does without.
    """
    number, clock, out, back, select = row
    spi = SPI(number, baudrate=_BAUD, sck=Pin(clock), mosi=Pin(out), miso=Pin(back))
    try:
        return Nor(spi, Pin(select, Pin.OUT, value=1))
    except OSError as error:
        print("fourquad:", error)
        return None
