"""Data link layer (IEEE 1815, clause 9): frames of format FT3 out of a stream of octets, and into one.

An outstation is the secondary station of what a master sends: it answers link services by itself and hands
user data up. As a primary it sends unconfirmed user data only.
"""

from fourquad.protocols.dnp3.crc import checksum, put_blocks, take_blocks

MAX_DATA = 250  # user octets of a frame, with the transport octet
MAX_FRAME = 292
HEADER = 10
SELF_ADDRESS = 65532
BROADCAST = 65533  # to 65535
MAX_ADDRESS = 65519

# Control octet.
DIR = 0x80  # from a master
PRM = 0x40  # from the primary station
FCB = 0x20
FCV = 0x10
# Function codes of a primary station, and the frame count valid bit that each must have.
RESET_LINK = 0
RESET_USER = 1
TEST_LINK = 2
CONFIRMED_DATA = 3
UNCONFIRMED_DATA = 4
REQUEST_STATUS = 9
_KNOWN = (RESET_LINK, RESET_USER, TEST_LINK, CONFIRMED_DATA, UNCONFIRMED_DATA, REQUEST_STATUS)
# Of a secondary one.
ACK = 0
NACK = 1
LINK_STATUS = 11
NOT_SUPPORTED = 15

_ROOM = MAX_FRAME  # what waits is the beginning of a frame


class Link:
    """`self_address`: whether 65532 is us; `broadcasts`: whether 65533-65535 are; the owner sets both."""

    def __init__(self, data=None):
        self.address = 0
        self.data = bytearray(MAX_DATA) if data is None else data  # user data of the last frame
        self.length = 0
        self.destination = 0
        self.source = 0  # who sent it
        self.broadcast = 0  # the broadcast address it came to, or 0
        self.frames = 0  # with good CRCs, for whomever
        self.bad = 0  # stretches of octets that are no frame
        self.self_address = self.broadcasts = 0
        self._raw = bytearray(_ROOM)
        self._at = 0
        self._end = 0
        self._lost = False
        self._reset_by = -1  # the master whose frame count bit is followed
        self._expected = 0

    def forget(self):
        """A frame that has begun will not be finished."""
        if self._at != self._end:
            self.bad += 1
        self._at = self._end = 0
        self._lost = False

    def pending(self):
        """Octets of a frame that has begun."""
        return self._end - self._at

    def restart(self):
        """Forget everything but the address."""
        self.forget()
        self._reset_by = -1

    def take(self, buffer, at, end):
        """Keep octets of buffer[at:end] for `next`; how many fit."""
        if self._at == self._end:
            self._at = self._end = 0
        elif self._at and end - at > _ROOM - self._end:
            n = self._end - self._at
            self._raw[:n] = self._raw[self._at : self._end]
            self._at = 0
            self._end = n
        n = end - at
        if n > _ROOM - self._end:
            n = _ROOM - self._end
        self._raw[self._end : self._end + n] = memoryview(buffer)[at : at + n]
        self._end += n
        return n

    def next(self):
        """The control octet of the next frame, its user data (`length` octets) in `data`; -1 if there is
        none.

        `destination`, `source` are its addresses.
        """
        raw = self._raw
        while self._end - self._at >= HEADER:
            at = self._at
            if raw[at] != 5 or raw[at + 1] != 0x64:
                self._skip()
                continue
            length = raw[at + 2] - 5
            if length < 0 or checksum(raw, 8, at) != raw[at + 8] | raw[at + 9] << 8:
                self._skip()
                continue
            total = HEADER + length + 2 * ((length + 15) >> 4)
            if self._end - at < total:
                return -1
            if length and not take_blocks(self.data, raw, at + HEADER, length):
                self._skip()
                continue
            self._at += total
            self._lost = False
            self.frames = (self.frames + 1) & 0xFFFF
            self.length = length
            self.destination = raw[at + 4] | raw[at + 5] << 8
            self.source = raw[at + 6] | raw[at + 7] << 8
            return raw[at + 3]
        return -1

    def _skip(self):
        self._at += 1
        if not self._lost:
            self._lost = True
            self.bad += 1

    def for_us(self, control):
        """Whether the frame that `next` found is to be looked at: from a master, by its addresses ours."""
        if control & (DIR | PRM) != DIR | PRM or self.source > MAX_ADDRESS:
            return False
        self.broadcast = 0
        if self.destination == self.address:
            return True
        if self.destination == SELF_ADDRESS:
            return self.self_address
        if self.destination >= BROADCAST and self.broadcasts:
            self.broadcast = self.destination
            # the only service that needs no answer
            return control & 15 == UNCONFIRMED_DATA
        return False

    def replies(self, control):
        """Whether the frame that `next` found is a master's reply to one of ours."""
        return control & (DIR | PRM) == DIR and self.destination == self.address

    def serve(self, control):
        """What a frame for us asks for: (function code of the reply or -1, whether its data go up) as reply
        << 1 | up.
        """
        function = control & 15
        if function not in _KNOWN:
            return NOT_SUPPORTED << 1
        counted = function in (TEST_LINK, CONFIRMED_DATA)
        if counted != (control & FCV != 0):
            return -1 << 1
        if function == UNCONFIRMED_DATA:
            return -1 << 1 | 1
        if function == REQUEST_STATUS:
            return LINK_STATUS << 1
        if function == RESET_USER:
            return ACK << 1
        if function == RESET_LINK:
            self._reset_by = self.source
            self._expected = FCB
            return ACK << 1
        if self._reset_by != self.source:
            return NACK << 1
        if control & FCB != self._expected:
            return ACK << 1  # a repetition: the first one was taken
        self._expected ^= FCB
        return ACK << 1 | (1 if function == CONFIRMED_DATA else 0)


def put_header(target, at, control, length, destination, source):
    """A header block with its CRC to target[at:]; the place after it. `length`: user octets."""
    target[at] = 5
    target[at + 1] = 0x64
    target[at + 2] = length + 5
    target[at + 3] = control
    target[at + 4] = destination & 0xFF
    target[at + 5] = destination >> 8
    target[at + 6] = source & 0xFF
    target[at + 7] = source >> 8
    crc = checksum(target, 8, at)
    target[at + 8] = crc & 0xFF
    target[at + 9] = crc >> 8
    return at + HEADER


def put_data(target, at, destination, source, first, data, start, length):
    """A frame of unconfirmed user data from an outstation: the transport octet `first` and data[start:]."""
    at = put_header(target, at, PRM | UNCONFIRMED_DATA, length + 1, destination, source)
    return put_blocks(target, at, first, data, start, length)
