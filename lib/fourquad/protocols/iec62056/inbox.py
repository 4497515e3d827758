"""Characters that came in and have not been looked at."""

SIZE = 320  # more than any message
_TAIL = 32  # bytes that are kept after a gap: the end of the message, or another short one


class Inbox:
    """`data[next:waiting]` waits. When more comes than it holds, the middle is lost: what was begun stays,
    and so does the end, so that a message that is too long gets its NAK. `lost` is the place of the gap, or
    -1.
    """

    def __init__(self):
        self.data = bytearray(SIZE)
        self.clear()

    def clear(self):
        """Nothing waits."""
        self.next = self.waiting = 0
        self.lost = -1

    def put(self, buffer, length):
        """Take `length` bytes of `buffer`; whether some were lost."""
        if self.next:
            rest = self.waiting - self.next
            self.data[:rest] = self.data[self.next : self.waiting]
            self.waiting = rest
            if self.lost >= 0:
                self.lost -= self.next
            self.next = 0
        data = self.data
        overrun = length > SIZE - self.waiting
        first = 0
        if overrun:
            if self.lost < 0:
                self.lost = SIZE - _TAIL
                first = max(0, self.lost - self.waiting)
                data[self.waiting : self.waiting + first] = memoryview(buffer)[:first]
                self.waiting += first
            # the oldest after the gap give way
            over = max(0, length - first - (SIZE - self.waiting))
            drop = min(over, self.waiting - self.lost)
            kept = self.waiting - drop
            data[self.lost : kept] = data[self.lost + drop : self.waiting]
            self.waiting = kept
            first += over - drop
        end = self.waiting + length - first
        data[self.waiting : end] = memoryview(buffer)[first:length]
        self.waiting = end
        return overrun
