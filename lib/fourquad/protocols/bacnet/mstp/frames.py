"""Frames of MS/TP (ASHRAE 135, 9.3) out of a stream of octets, and into a buffer.

A frame is 55H FFH, type, destination, source, length of the data (16 bits, high octet first), a CRC-8 of
these five, and, with data, the data and their CRC-16, low octet first.
"""

from fourquad.protocols.bacnet.mstp.octets import collect, data_crc, header_crc

# Types.
TOKEN = 0
POLL_FOR_MASTER = 1
REPLY_TO_POLL = 2
TEST_REQUEST = 3
TEST_RESPONSE = 4
DATA_EXPECTING_REPLY = 5
DATA_NOT_EXPECTING_REPLY = 6
REPLY_POSTPONED = 7

BROADCAST = 255
MAX_MASTER = 127
MAX_DATA = 501  # octets
LONGEST = 1600  # octets of data that any frame may have, encoded ones of later revisions too
HEADER = 8
MAX_FRAME = HEADER + MAX_DATA + 2

# What `Receiver.next` finds.
NOTHING = 0
VALID = 1
INVALID = 2  # a header or data that do not fit their CRC, or data that are too long
FOREIGN = 3  # data of others, which are not looked at


def put(target, kind, destination, source, length=0):
    """Make a frame around the `length` octets of data that stand at target[HEADER:] already; its length."""
    target[0] = 0x55
    target[1] = 0xFF
    target[2] = kind
    target[3] = destination
    target[4] = source
    target[5] = length >> 8
    target[6] = length & 0xFF
    target[7] = header_crc(target, 2)
    end = HEADER + length
    if length:
        crc = data_crc(target, length, HEADER)
        target[end] = crc & 0xFF
        target[end + 1] = crc >> 8
        end += 2
    return end


class Receiver:
    """The receive machine (9.5.4), for octets as they come, in pieces of any size.

    `address` (the owner sets it) is whose data are kept; those of others are passed over unchecked, as the
    standard has it. `found`: what `next` has found; after VALID there are `kind`, `destination`, `source`,
    `length`, and the data at `data[HEADER:]`.
    """

    def __init__(self):
        self.address = BROADCAST
        self.data = bytearray(MAX_FRAME)
        self.kind = self.destination = self.source = self.length = 0
        self._count = 0  # octets of the frame that are here
        self._skip = 0  # octets of foreign data to pass over
        self._long = False  # whether these are too many to be ours
        self.found = NOTHING

    def begun(self):
        """Whether a frame has begun and not ended."""
        return self._count > 0 or self._skip > 0

    def abort(self):
        """The line was silent for T_frame_abort; whether that spoils a frame."""
        begun = self.begun()
        self._count = self._skip = 0
        return begun

    def next(self, buffer, at, end):
        """Take octets of buffer[at:end] up to the end of a frame; the place after them. With NOTHING `found`
        it is `end`.
        """
        self.found = NOTHING
        while at < end:
            if self._skip:
                n = min(self._skip, end - at)
                self._skip -= n
                at += n
                if not self._skip:
                    self.found = INVALID if self._long else FOREIGN
                    return at
                continue
            n = self._count
            if n < HEADER:
                at = collect(self.data, n, buffer, at, end)
                self._count = at & 15
                at >>= 4
                if self._count < HEADER:
                    continue
                self.found = self._headed()
                if self.found:
                    return at
                continue
            total = HEADER + self.length + 2
            n = min(total - self._count, end - at)
            self.data[self._count : self._count + n] = memoryview(buffer)[at : at + n]
            self._count += n
            at += n
            if self._count == total:
                self._count = 0
                end = total - 2
                good = data_crc(self.data, self.length, HEADER) == self.data[end] | self.data[end + 1] << 8
                self.found = VALID if good else INVALID
                return at
        return at

    def _headed(self):
        """The header is whole; what was found, NOTHING where data follow."""
        data = self.data
        self._count = 0
        if header_crc(data, 2) != data[7]:
            return INVALID
        self.kind = data[2]
        self.destination = data[3]
        self.source = data[4]
        self.length = length = data[5] << 8 | data[6]
        if not length:
            return VALID
        if length > LONGEST:
            # noise: who waited for so many octets would be deaf for seconds
            return INVALID
        ours = self.destination == self.address or self.destination == BROADCAST
        if length > MAX_DATA or not ours:
            self._skip = length + 2
            self._long = ours
            return NOTHING
        self._count = HEADER
        return NOTHING
