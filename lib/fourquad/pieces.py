"""A file that is sent while it is made: by items, a few at a time, until they are a piece."""

_FULL = 512  # octets that make a piece


class Pieces:
    """`_all()` of who inherits it gives the items, bytes shorter than the buffers of `piece`. `done` tells
    the last piece; `gone`, set by `_all`, that the file is none.
    """

    at_once = 3  # items that take 2 to 3 ms on an RP2040

    def begin(self):
        """From the start."""
        self.done = self.gone = False
        self._items = self._all()
        self._held = []
        self._size = 0

    def piece(self, buffer):
        """Make some more; the length of the piece in `buffer`, 0 while it is not full."""
        for _ in range(self.at_once):
            item = next(self._items, None)
            if item is None:
                self.done = True
                return self._put(buffer)
            if self._size + len(item) > min(_FULL, len(buffer)):
                size = self._put(buffer)
                self._keep(item)
                return size
            self._keep(item)
        return 0

    def _keep(self, item):
        self._held.append(item)
        self._size += len(item)

    def _put(self, buffer):
        size = self._size
        buffer[:size] = b"".join(self._held)
        self._held = []
        self._size = 0
        return size
