"""Values and their tags (ASHRAE 135, 20.2), into a buffer and out of one.

Neither raises, and neither makes an object a value: a writer that has no room sets `full`, a reader that
finds something else than it was asked for sets `bad`, the reason of a reject, and what follows is in vain.
"""

from struct import pack_into, unpack_from

from fourquad.protocols.bacnet import codes as c

# Application tags.
NULL = 0
BOOLEAN = 1
UNSIGNED = 2
SIGNED = 3
REAL = 4
DOUBLE = 5
OCTETS = 6
TEXT = 7
BITS = 8
ENUMERATED = 9
DATE = 10
TIME = 11
OBJECT_ID = 12

ANY = 255  # an octet of a date or a time that may be anything
_CONTEXT = 8
_OPENING = 6
_CLOSING = 7
_ANSI = 0  # the character set that is UTF-8 today
_NOTHING = -1


class Writer:
    """Puts values to buffer[at:end]; `number` is that of a context tag, None for the application's tag."""

    def __init__(self):
        self.buffer = b""
        self.at = self.end = 0
        self.full = False

    def begin(self, buffer, at, end):
        """Write to buffer[at:end] from now on."""
        self.buffer = buffer
        self.at = at
        self.end = end
        self.full = False

    def octet(self, value):
        """An octet that is no value."""
        if self.at < self.end:
            self.buffer[self.at] = value
            self.at += 1
        else:
            self.full = True

    def octets(self, data, start, length):
        """`length` octets of data[start:] as they are."""
        if self.at + length > self.end:
            self.full = True
            return
        self.buffer[self.at : self.at + length] = memoryview(data)[start : start + length]
        self.at += length

    def opening(self, number):
        self.octet(number << 4 | _CONTEXT | _OPENING)

    def closing(self, number):
        self.octet(number << 4 | _CONTEXT | _CLOSING)

    def _tag(self, kind, number, length):
        first = kind << 4 if number is None else number << 4 | _CONTEXT
        if length < 5:
            self.octet(first | length)
        else:
            self.octet(first | 5)
            if length < 254:
                self.octet(length)
            else:
                self.octet(254)
                self.octet(length >> 8)
                self.octet(length & 0xFF)

    def null(self):
        self._tag(NULL, None, 0)

    def boolean(self, value, number=None):
        """An application's truth is in its tag, one of a context in an octet."""
        if number is None:
            self.octet(BOOLEAN << 4 | (1 if value else 0))
        else:
            self._tag(BOOLEAN, number, 1)
            self.octet(1 if value else 0)

    def unsigned(self, value, number=None, kind=UNSIGNED):
        """0 to 2**32 - 1, in as few octets as it takes."""
        n = 1
        while n < 4 and value >> 8 * n:
            n += 1
        self._tag(kind, number, n)
        while n:
            n -= 1
            self.octet(value >> 8 * n & 0xFF)

    def enumerated(self, value, number=None):
        self.unsigned(value, number, ENUMERATED)

    def real(self, value, number=None):
        """Single precision; NaN as it is."""
        self._tag(REAL, number, 4)
        if self.at + 4 > self.end:
            self.full = True
        else:
            pack_into(">f", self.buffer, self.at, value)
            self.at += 4

    def object_id(self, kind, instance, number=None):
        """A type of 10 bits and an instance of 22."""
        self._tag(OBJECT_ID, number, 4)
        self.octet(kind >> 2)
        self.octet((kind & 3) << 6 | instance >> 16)
        self.octet(instance >> 8 & 0xFF)
        self.octet(instance & 0xFF)

    def text(self, value, number=None):
        """Bytes of UTF-8."""
        self._tag(TEXT, number, 1 + len(value))
        self.octet(_ANSI)
        self.octets(value, 0, len(value))

    def octet_string(self, value):
        """Bytes."""
        self._tag(OCTETS, None, len(value))
        self.octets(value, 0, len(value))

    def bits(self, values, count, number=None):
        """Bits of the integer or the bytes `values`: bit 0 is the first on the wire."""
        n = (count + 7) >> 3
        self._tag(BITS, number, 1 + n)
        self.octet(8 * n - count)
        for i in range(n):
            octet = 0
            for k in range(8):
                place = 8 * i + k
                if place < count and (values[place] if isinstance(values, bytes) else values >> place & 1):
                    octet |= 0x80 >> k
            self.octet(octet)

    def date(self, year, month, day, weekday, number=None):
        """`year` in full, `weekday` 1 (Monday) to 7; ANY for what may be anything."""
        self._tag(DATE, number, 4)
        self.octet(ANY if year == ANY else year - 1900)
        self.octet(month)
        self.octet(day)
        self.octet(weekday)

    def time(self, hour, minute, second, hundredths, number=None):
        self._tag(TIME, number, 4)
        self.octet(hour)
        self.octet(minute)
        self.octet(second)
        self.octet(hundredths)


class Reader:
    """Takes values from buffer[at:end]. `tag()` looks at the next tag; `number`, `context`, `length` (of the
    value), `opening` and `closing` say what it is.
    """

    def __init__(self):
        self.begin(b"", 0, 0)

    def begin(self, buffer, at, end):
        """Read buffer[at:end] from now on."""
        self.buffer = buffer
        self.at = at
        self.end = end
        self.bad = _NOTHING
        self._next = at  # where the value begins
        self.number = self.length = 0
        self.context = self.opening = self.closing = False

    def more(self):
        """Whether there is anything left."""
        return self.at < self.end

    def fails(self, reason):
        """Nothing that follows counts; 0."""
        if self.bad == _NOTHING:
            self.bad = reason
        self.at = self.end
        return 0

    def tag(self):
        """Look at the next tag; whether there is one."""
        at = self.at
        if at >= self.end:
            return False
        octet = self.buffer[at]
        at += 1
        self.context = octet & _CONTEXT != 0
        self.number = octet >> 4
        if self.number == 15:
            if at >= self.end:
                self.fails(c.INVALID_TAG)
                return False
            self.number = self.buffer[at]
            at += 1
        length = octet & 7
        self.opening = self.context and length == _OPENING
        self.closing = self.context and length == _CLOSING
        if self.opening or self.closing or (not self.context and self.number == BOOLEAN):
            # a truth is in the tag
            self.length = length & 1 if self.number == BOOLEAN and not self.context else 0
            self._next = at
            return True
        if length == 5:
            length, at = self._long(at)
        elif length > 5:
            length = -1
        if length < 0 or at + length > self.end:
            self.fails(c.INVALID_TAG)
            return False
        self.length = length
        self._next = at
        return True

    def _long(self, at):
        """The length after an escape, and the place after it; a length of -1 is none."""
        buffer = self.buffer
        left = self.end - at
        if left >= 1 and buffer[at] < 254:
            return buffer[at], at + 1
        if left >= 3 and buffer[at] == 254:
            return buffer[at + 1] << 8 | buffer[at + 2], at + 3
        # of 2**16 octets and more nothing is taken here
        return -1, at

    def is_context(self, number):
        """Whether the next tag is that context tag of a value."""
        return self.tag() and self.context and self.number == number and not (self.opening or self.closing)

    def is_opening(self, number):
        return self.tag() and self.opening and self.number == number

    def is_closing(self, number):
        return self.tag() and self.closing and self.number == number

    def open(self, number):
        """Take an opening tag."""
        self._bracket(self.is_opening(number))

    def close(self, number):
        """Take a closing tag."""
        self._bracket(self.is_closing(number))

    def _bracket(self, there):
        if there:
            self.at = self._next
        elif self.bad == _NOTHING:
            self.fails(c.INVALID_TAG if self.more() else c.MISSING)

    def _value(self, kind, number, low, high):
        """The place of a value of `low` to `high` octets, which is taken; -1 if it is something else."""
        if not self.tag():
            self.fails(c.MISSING)
            return -1
        if self.opening or self.closing:
            self.fails(c.INVALID_TAG)
            return -1
        if number is None:
            if self.context or self.number != kind:
                self.fails(c.INVALID_TYPE)
                return -1
        elif not self.context or self.number != number:
            self.fails(c.INVALID_TAG)
            return -1
        if not low <= self.length <= high:
            self.fails(c.INVALID_TAG)
            return -1
        at = self._next
        self.at = at + self.length
        return at

    def unsigned(self, number=None, kind=UNSIGNED):
        """0 to 2**32 - 1."""
        at = self._value(kind, number, 1, 4)
        value = 0
        while 0 <= at < self.at and self.bad == _NOTHING:
            value = value << 8 | self.buffer[at]
            at += 1
        return value

    def enumerated(self, number=None):
        return self.unsigned(number, ENUMERATED)

    def signed(self, number=None):
        """-2**31 to 2**31 - 1."""
        at = self._value(SIGNED, number, 1, 4)
        if at < 0:
            return 0
        value = self.buffer[at]
        if value & 0x80:
            value -= 0x100
        for i in range(at + 1, self.at):
            value = value << 8 | self.buffer[i]
        return value

    def boolean(self, number=None):
        if number is not None:
            at = self._value(BOOLEAN, number, 1, 1)
            return at >= 0 and self.buffer[at] != 0
        if not self.tag() or self.context or self.number != BOOLEAN:
            self.fails(c.INVALID_TYPE)
            return False
        self.at = self._next
        return self.length != 0

    def real(self, number=None):
        at = self._value(REAL, number, 4, 4)
        return unpack_from(">f", self.buffer, at)[0] if at >= 0 else 0.0

    def object_id(self, number=None):
        """Its type; `instance` is the instance."""
        at = self._value(OBJECT_ID, number, 4, 4)
        if at < 0:
            return 0
        b = self.buffer
        self.instance = (b[at + 1] & 0x3F) << 16 | b[at + 2] << 8 | b[at + 3]
        return b[at] << 2 | b[at + 1] >> 6

    instance = 0

    def text(self, number=None):
        """Its bytes; None where it is of another character set, which is no fault of the request's form."""
        at = self._value(TEXT, number, 1, 65535)
        if at < 0:
            return b""
        return bytes(self.buffer[at + 1 : self.at]) if self.buffer[at] == _ANSI else None

    def four(self, kind, number=None):
        """The place of the four octets of a DATE or a TIME, or -1."""
        return self._value(kind, number, 4, 4)

    def skip(self):
        """Pass over a value with its tag; whatever stands between an opening and its closing tag is one."""
        depth = 0
        while self.tag():
            self.at = self._next + (0 if self.number == BOOLEAN and not self.context else self.length)
            if self.opening:
                depth += 1
            elif self.closing:
                depth -= 1
                if depth < 0:
                    break
            if not depth:
                return
        self.fails(c.INVALID_TAG)
