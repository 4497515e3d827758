"""Transport function (IEEE 1815, clause 8): fragments in segments of 249 octets, numbered modulo 64."""

from fourquad.protocols.dnp3.link import HEADER, MAX_DATA, put_data

FIN = 0x80
FIR = 0x40
SEQUENCE = 0x3F
SEGMENT = MAX_DATA - 1


def framed(length):
    """Octets on the wire of a fragment of `length` octets."""
    whole, rest = divmod(length, SEGMENT)
    n = whole * (10 + MAX_DATA + 32)
    return n + (10 + rest + 1 + 2 * ((rest + 16) >> 4) if rest else 0)


class Transport:
    """Puts received segments together in `buffer`; cuts what is sent. `shared` (shared.py) lends the buffer
    until `release`.
    """

    def __init__(self, size, shared=None):
        self.buffer = bytearray(size) if shared is None else shared.small
        self.left = 0  # octets of a fragment that are still to be sent
        self._size = size
        self._shared = shared
        self._fragment = None
        self._length = self._to = self._from = 0
        self.dropped = 0  # fragments that were begun and not finished, or too long
        self._count = -1
        self._sequence = 0
        self._source = self._broadcast = 0
        self._sending = 0

    def restart(self):
        self._count = -1
        self.left = 0
        self.release()

    def release(self):
        """What was received is not needed any more."""
        shared = self._shared
        if shared is not None and self.buffer is not shared.small:
            buffer, self.buffer = self.buffer, shared.small
            shared.give(buffer)

    def receive(self, data, length, source, broadcast):
        """Take a segment; the length of the fragment in `buffer` when it is complete, else 0."""
        if not length:
            return 0
        head = data[0]
        if head & FIR:
            if self._count >= 0:
                self.dropped += 1
            self._count = 0
            if self._shared is not None:
                self.release()
                if not head & FIN:
                    self.buffer = self._shared.take(self._size)
            self._source = source
            self._broadcast = broadcast
        elif self._count < 0 or source != self._source or broadcast != self._broadcast:
            return 0
        elif head & SEQUENCE == self._sequence:
            return 0  # the segment that was taken last, once more
        elif head & SEQUENCE != (self._sequence + 1) & SEQUENCE:
            return self._drop()
        end = self._count + length - 1
        if end > len(self.buffer):
            return self._drop()
        self._sequence = head & SEQUENCE
        self.buffer[self._count : end] = memoryview(data)[1:length]
        self._count = end
        if not head & FIN:
            return 0
        self._count = -1
        return end

    def _drop(self):
        self._count = -1
        self.release()
        self.dropped += 1
        return 0

    def send(self, target, at, destination, source, fragment, length):
        """The frames of fragment[:length] to target[at:], as many as fit; the place after them. `left` says
        whether there are more: they come by `more`, and until then `fragment` stays as it is.
        """
        self._fragment = fragment
        self._length = self.left = length
        self._to = destination
        self._from = source
        return self.more(target, at)

    def more(self, target, at):
        """The next frames to target[at:]; the place after them."""
        room = len(target)
        while self.left:
            done = self._length - self.left
            n = self.left
            first = FIR if not done else 0
            if n > SEGMENT:
                n = SEGMENT
            else:
                first |= FIN
            if at + HEADER + n + 1 + 2 * ((n + 16) >> 4) > room:
                break
            at = put_data(target, at, self._to, self._from, first | self._sending, self._fragment, done, n)
            self._sending = (self._sending + 1) & SEQUENCE
            self.left -= n
        return at
