"""Application layer (IEEE 1815, clause 4): function codes, internal indications, object headers of
requests.
"""

MAX_FRAGMENT = 2048

# Application control octet.
FIR = 0x80
FIN = 0x40
CON = 0x20
UNS = 0x10
SEQUENCE = 0x0F

# Function codes (IEEE 1815, table 4-2).
CONFIRM = 0
READ = 1
WRITE = 2
SELECT = 3
OPERATE = 4
DIRECT_OPERATE = 5
DIRECT_OPERATE_NO_ACK = 6
FREEZE = 7
FREEZE_NO_ACK = 8
FREEZE_CLEAR = 9
FREEZE_CLEAR_NO_ACK = 10
COLD_RESTART = 13
WARM_RESTART = 14
ENABLE_UNSOLICITED = 20
DISABLE_UNSOLICITED = 21
ASSIGN_CLASS = 22
DELAY_MEASUREMENT = 23
RECORD_TIME = 24
RESPONSE = 129
UNSOLICITED = 130

# Functions that never have a response.
SILENT = (DIRECT_OPERATE_NO_ACK, FREEZE_NO_ACK, FREEZE_CLEAR_NO_ACK)

# Internal indications: the first octet is the low one.
BROADCAST = 0x0001
CLASS_1 = 0x0002  # CLASS_2, CLASS_3 follow
NEED_TIME = 0x0010
RESTART = 0x0080
NO_FUNCTION = 0x0100
UNKNOWN_OBJECT = 0x0200
PARAMETER = 0x0400
OVERFLOW = 0x0800

# Qualifiers that are understood.
RANGE_8 = 0x00
RANGE_16 = 0x01
ALL = 0x06
COUNT_8 = 0x07
COUNT_16 = 0x08
PREFIX_8 = 0x17
PREFIX_16 = 0x28
# Octets of the range field by qualifier, -1 for those not understood.
_FIELD = (2, 4, -1, -1, -1, -1, 0, 1, 2) + (-1,) * 14 + (1,)


class Headers:
    """The object headers of a request, one after another.

    After `next`: group, variation, qualifier; `start` and `stop` of a range, or `count` objects, of which
    `prefix` octets each are an index. `at` is then the first octet of the objects, if the function has any:
    `skip` them.
    """

    def __init__(self):
        # all of them here, because a first request takes no longer than those after it
        self.buffer = None
        self.at = self.end = self.error = 0
        self.group = self.variation = self.qualifier = 0
        self.start = self.stop = self.count = self.prefix = 0

    def begin(self, buffer, at, end):
        self.buffer = buffer
        self.at = at
        self.end = end
        self.error = 0

    def next(self):
        """Whether there is another one; `error` is set where it cannot be understood."""
        b = self.buffer
        at = self.at
        if at == self.end or self.error:
            return False
        if self.end - at < 3:
            return self._bad()
        self.group = b[at]
        self.variation = b[at + 1]
        q = self.qualifier = b[at + 2]
        at += 3
        size = _FIELD[q] if q < len(_FIELD) else 2 if q == PREFIX_16 else -1
        if size < 0 or self.end - at < size:
            return self._bad()
        self.start = self.stop = self.count = self.prefix = 0
        if q == RANGE_8:
            self.start = b[at]
            self.stop = b[at + 1]
        elif q == RANGE_16:
            self.start = b[at] | b[at + 1] << 8
            self.stop = b[at + 2] | b[at + 3] << 8
        elif size == 1:
            self.count = b[at]
            self.prefix = 1 if q == PREFIX_8 else 0
        elif size == 2:
            self.count = b[at] | b[at + 1] << 8
            self.prefix = 2 if q == PREFIX_16 else 0
        if self.stop < self.start:
            return self._bad()
        self.at = at + size
        return True

    def _bad(self):
        self.error = PARAMETER
        return False

    def ranged(self):
        return self.qualifier <= RANGE_16

    def objects(self):
        """Number of objects that the header announces; 0 for all."""
        return self.stop - self.start + 1 if self.qualifier <= RANGE_16 else self.count

    def index(self):
        """The index before the object at `at`, which moves after it. Only with a prefix, and room for it."""
        at = self.at
        self.at = at + self.prefix
        b = self.buffer
        return b[at] if self.prefix == 1 else b[at] | b[at + 1] << 8

    def fits(self, size):
        """Whether the announced objects of `size` octets each are all there."""
        if self.objects() * (size + self.prefix) <= self.end - self.at:
            return True
        self._bad()
        return False
