"""A response as it is put together: object headers with their objects into a buffer of fixed size."""

from fourquad.protocols.dnp3.application import PREFIX_8, PREFIX_16, RANGE_8, RANGE_16

RANGED = 0
PREFIXED_8 = 1
PREFIXED_16 = 2
_QUALIFIERS = (RANGE_8, PREFIX_8, PREFIX_16)


class Fragment:
    """`buffer` with objects up to `at`. Consecutive objects share a header where their kind and indexes
    allow it. `shared` (shared.py) lends the buffer from `begin` to `rest`.
    """

    def __init__(self, size, shared=None):
        self.buffer = bytearray(size) if shared is None else None
        self._size = size
        self._shared = shared
        self.at = 0
        self._limit = 0
        self._header = -1

    def begin(self, at):
        """Objects go to buffer[at:]."""
        if self.buffer is None:
            self.buffer = self._shared.take(self._size)
        self.at = at
        self._limit = len(self.buffer)
        self._header = -1

    def rest(self):
        """What is in it is not needed any more."""
        if self.buffer is not None:
            self._shared.give(self.buffer)
            self.buffer = None

    def close(self):
        """The next object gets a header of its own."""
        self._header = -1

    def raw(self, octets):
        """Room for `octets` octets: the place where they begin, or -1."""
        at = self.at
        if at + octets > self._limit:
            return -1
        self.at = at + octets
        self._header = -1
        return at

    def room(self, group, variation, style, index, size):
        """The place for an object of `size` octets (0: a packed bit), its header and index written; -1 if
        full.

        Bits are to be put with `bit`.
        """
        if not self._joins(group, variation, style, index):
            need = (7 if index > 255 else 5) if style == RANGED else 4 if style == PREFIXED_8 else 5
            if self.at + need + style + (size or 1) > self._limit:
                return -1
            self._open(group, variation, style, index)
        elif self.at + style + (size if size else not self._bits & 7) > self._limit:
            return -1
        b = self.buffer
        self._last = index
        h = self._header
        if style == RANGED:
            if self._wide:
                b[h + 5] = index & 0xFF
                b[h + 6] = index >> 8
            else:
                b[h + 4] = index
        else:
            self._count += 1
            b[h + 3] = self._count & 0xFF
            b[self.at] = index & 0xFF
            if style == PREFIXED_16:
                b[h + 4] = self._count >> 8
                b[self.at + 1] = index >> 8
        at = self.at + style
        if size:
            self.at = at + size
        else:
            if not self._bits & 7:
                b[at] = 0
                self.at = at + 1
            self._bits += 1
            at = self.at - 1
        return at

    def bit(self, at, value):
        """Put the packed bit whose place `room` gave."""
        if value:
            self.buffer[at] |= 1 << ((self._bits - 1) & 7)

    def run(self, group, variation, index, count, size):
        """How many of `count` objects with indexes from `index` on fit under one ranged header, written.

        They go after one another; the last ends at `at`.
        """
        stop = index + count - 1
        joins = self._joins(group, variation, RANGED, index) and (self._wide or stop < 256)
        need = 0 if joins else 7 if stop > 255 else 5
        fit = (self._limit - self.at - need) // size
        if fit <= 0:
            return 0
        if not joins:
            self._open(group, variation, RANGED, index, stop > 255)
        if fit < count:
            count = fit
            stop = index + count - 1
        b = self.buffer
        h = self._header
        if self._wide:
            b[h + 5] = stop & 0xFF
            b[h + 6] = stop >> 8
        else:
            b[h + 4] = stop
        self._last = stop
        self.at += count * size
        return count

    def _joins(self, group, variation, style, index):
        h = self._header
        if h < 0 or style != self._style:
            return False
        b = self.buffer
        if b[h] != group or b[h + 1] != variation:
            return False
        if style == RANGED:
            return index == self._last + 1 and (self._wide or index < 256)
        return self._count < (255 if style == PREFIXED_8 else 65535)

    def _open(self, group, variation, style, index, wide=False):
        b = self.buffer
        h = self._header = self.at
        self._style = style
        self._count = self._bits = 0
        self._wide = wide or index > 255
        b[h] = group
        b[h + 1] = variation
        if style == RANGED:
            b[h + 2] = RANGE_16 if self._wide else RANGE_8
            if self._wide:
                b[h + 3] = index & 0xFF
                b[h + 4] = index >> 8
                self.at = h + 7
            else:
                b[h + 3] = index
                self.at = h + 5
        else:
            b[h + 2] = _QUALIFIERS[style]
            self.at = h + (4 if style == PREFIXED_8 else 5)

    _style = _count = _bits = _last = 0
    _wide = False
