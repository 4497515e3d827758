"""128 x 64 display with an SSD1306 or SH1106 on four-wire SPI.

Nothing is read from it, so a meter without one runs the same. A page of eight lines goes out at a time, and
only where it changed: no call takes longer than half a millisecond.
"""

import framebuf
from machine import SPI, Pin

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
        self._sent = bytearray(WIDTH * _PAGES)
        self.frame = framebuf.FrameBuffer(self._buffer, WIDTH, HEIGHT, framebuf.MONO_VLSB)
        view = memoryview(self._buffer)
        sent = memoryview(self._sent)
        self._rows = [
            (view[i * WIDTH : (i + 1) * WIDTH], sent[i * WIDTH : (i + 1) * WIDTH]) for i in range(_PAGES)
        ]
        self._address = bytearray(3)
        self._one = bytearray(1)
        self._next = 0
        self._left = 0
        self._lit = False
        self._command(bytes(_SET_UP))
        self._everything = True
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

    def refresh(self):
        """Send all pages, changed or not: a display that was plugged in or disturbed recovers."""
        self._everything = True
        self._left = _PAGES

    def changed(self):
        """Something was drawn."""
        self._left = _PAGES

    def work(self):
        """Send the next page that differs; True if one was sent."""
        while self._left:
            page = self._next
            self._next = (page + 1) % _PAGES
            self._left -= 1
            new, old = self._rows[page]
            if self._everything or new != old:
                self._show(page, new)
                old[:] = new
                if not self._left:
                    self._everything = False
                return True
        self._everything = False
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
