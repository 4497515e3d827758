"""128 x 64 display with an SSD1306 or SH1106 on four-wire SPI.

Nothing is read from it, so a meter without one runs the same. A page of eight lines goes out at a time, and
only where it changed, which a checksum tells: no call takes longer than half a millisecond. Each time that
something was drawn, one page in turn goes out whether it changed or not: a display that was plugged in or
disturbed recovers.
"""

import framebuf
from machine import SPI, Pin

from fourquad.records.crc32 import put_crc32

WIDTH = 128
HEIGHT = 64
_PAGES = 8
_BAUD = 4_000_000

_SET_UP = (
    0xAE,  # off
    0xD5, 0x80,  # clock
    0xA8, 0x3F,  # 64 lines
    0xD3, 0x00,  # no offset
    0x40,  # first line
    0x8D, 0x14,  # charge pump on
    0x20, 0x02,  # page addressing
    0xA1, 0xC8,  # the cable at the bottom
    0xDA, 0x12,  # common pins
    0x81, 0x7F,  # contrast
    0xD9, 0xF1,  # precharge
    0xDB, 0x40,  # deselect level
    0xA4, 0xA6,  # from memory, not inverted
)  # fmt: skip
_ON = 0xAF
_OFF = 0xAE


class Lcd:
    """SPI `number` and pins (`clock` None: those that the port gives it); `first_column` is 2 on most SH1106
    modules. Draw into `frame`, then call `changed()`.
    """

    def __init__(self, number, clock, data, select, command, first_column=0):
        if clock is None:
            self._spi = SPI(number, baudrate=_BAUD)
        else:
            self._spi = SPI(number, baudrate=_BAUD, sck=Pin(clock), mosi=Pin(data), miso=None)
        self._select = Pin(select, Pin.OUT, value=1)
        self._data = Pin(command, Pin.OUT, value=0)
        self._column = first_column
        self._buffer = bytearray(WIDTH * _PAGES)
        self.frame = framebuf.FrameBuffer(self._buffer, WIDTH, HEIGHT, framebuf.MONO_VLSB)
        view = memoryview(self._buffer)
        self._rows = [view[i * WIDTH : (i + 1) * WIDTH] for i in range(_PAGES)]
        self._sent = [-1] * _PAGES  # what each page was when it was sent
        self._sum = bytearray(4)
        self._address = bytearray(3)
        self._one = bytearray(1)
        self._next = 0
        self._left = 0
        self._lit = False
        self._command(bytes(_SET_UP))
        self._regardless = 0
        self.changed()

    def _command(self, data):
        self._data(0)
        self._select(0)
        self._spi.write(data)
        self._select(1)

    def light(self, on):
        """Switch the display on or off."""
        if on != self._lit:
            self._lit = on
            self._one[0] = _ON if on else _OFF
            self._command(self._one)

    def changed(self):
        """Something was drawn."""
        self._left = _PAGES
        self._regardless = (self._regardless + 1) % _PAGES
        self._sent[self._regardless] = -1

    def work(self):
        """Send the next page that differs; True if one was sent."""
        while self._left:
            page = self._next
            self._next = (page + 1) % _PAGES
            self._left -= 1
            row = self._rows[page]
            crc = self._sum
            put_crc32(row, WIDTH, crc, 0)
            # of 30 bits: a small integer takes no heap
            now = crc[0] | crc[1] << 8 | crc[2] << 16 | (crc[3] & 0x3F) << 24
            if now != self._sent[page]:
                self._show(page, row)
                self._sent[page] = now
                return True
        return False

    def _show(self, page, row):
        address = self._address
        address[0] = 0xB0 | page
        address[1] = self._column & 15
        address[2] = 0x10 | self._column >> 4
        self._command(address)
        self._data(1)
        self._select(0)
        self._spi.write(row)
        self._select(1)
