"""Two flash devices as one: the sectors of the first, then those of the second.

So a board with a serial flash next to its own keeps what is counted from the storage's end where it is, and
what fills the gaps goes to the serial flash first (device/layout.py).
"""


class Joined:
    """Flash device (flash.py) of `first` and `second`, which have pages and sectors of the same size.
    ValueError: they do not.
    """

    def __init__(self, first, second):
        if (first.page_size, first.sector_size) != (second.page_size, second.sector_size):
            raise ValueError("flashes of different geometry")
        self.page_size = first.page_size
        self.sector_size = first.sector_size
        self.sectors = first.sectors + second.sectors
        self._first = first
        self._second = second
        self._end = first.sectors * first.sector_size
        busy = [getattr(each, "erasing", None) for each in (first, second)]
        self.erasing = (lambda: busy[0]() or busy[1]()) if all(busy) else None

    def read(self, address, buffer):
        """Fill `buffer` from byte `address` on."""
        left = self._end - address
        if left <= 0:
            self._second.read(-left, buffer)
        elif left >= len(buffer):
            self._first.read(address, buffer)
        else:
            view = memoryview(buffer)
            self._first.read(address, view[:left])
            self._second.read(0, view[left:])

    def program(self, address, data):
        """Clear bits from byte `address` on, within one page."""
        if address < self._end:
            self._first.program(address, data)
        else:
            self._second.program(address - self._end, data)

    def erase(self, sector):
        """Set all bytes of `sector` to 0xFF."""
        if sector < self._first.sectors:
            self._first.erase(sector)
        else:
            self._second.erase(sector - self._first.sectors)
