"""BER as SNMP has it (X.690, RFC 3417 section 8): definite lengths, tags of one octet."""

from fourquad.protocols.snmp import INTEGER, OCTETS, OID

ARCS = 20  # of a name that are looked at; none of ours is longer
_MOST_ARCS = 128  # RFC 2578, 3.5
_OUTER = 0x82  # the form of lengths that are not known yet: two octets


class Full(Exception):
    """There is no room for what was to be written."""


class In:
    """Reads buffer[at:end]; ValueError: it is not what was expected."""

    def __init__(self, buffer, at, end):
        self.buffer = buffer
        self.at = at
        self.end = end

    def begin(self, buffer, at, end):
        """Read something else: a reader that there is takes less time than a new one."""
        self.buffer = buffer
        self.at = at
        self.end = end
        return self

    def tag(self):
        """The tag of what comes next, -1 at the end."""
        return self.buffer[self.at] if self.at < self.end else -1

    def head(self, tag):
        """The length of the value that comes next, which has this tag; `at` is then its first octet."""
        buffer, at = self.buffer, self.at
        if at + 2 > self.end or buffer[at] != tag:
            raise ValueError
        length = buffer[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4 or at + count > self.end:
                raise ValueError
            length = 0
            for i in range(at, at + count):
                if length > 0xFFFF:
                    raise ValueError
                length = length << 8 | buffer[i]
            at += count
        if at + length > self.end:
            raise ValueError
        self.at = at
        return length

    def enter(self, tag):
        """Read on within the value that comes next, with which this ends."""
        if self.head(tag) != self.end - self.at:
            raise ValueError

    def octets(self, tag=OCTETS):
        """A value as bytes."""
        length = self.head(tag)
        begin = self.at
        self.at = begin + length
        return bytes(memoryview(self.buffer)[begin : self.at])

    def number(self, tag=INTEGER):
        """A whole number, of at most 33 bits with its sign."""
        length = self.head(tag)
        if not 1 <= length <= 5:
            raise ValueError
        at = self.at
        value = self.buffer[at]
        if value & 0x80:
            value -= 0x100
        for i in range(at + 1, at + length):
            value = value << 8 | self.buffer[i]
        self.at = at + length
        return value

    def name(self, arcs):
        """An object's name into the list `arcs`, the first two arcs as one number as they are encoded; how
        many there are, of which at most ARCS are in the list.
        """
        length = self.head(OID)
        at, end = self.at, self.at + length
        buffer = self.buffer
        if not length or buffer[end - 1] & 0x80:
            raise ValueError
        count = arc = 0
        for i in range(at, end):
            octet = buffer[i]
            if arc > 0x1FFFFFF or not arc and octet == 0x80:
                raise ValueError
            arc = arc << 7 | octet & 0x7F
            if not octet & 0x80:
                if count < ARCS:
                    arcs[count] = arc
                count += 1
                arc = 0
        if count > _MOST_ARCS:
            raise ValueError
        self.at = end
        return count

    def skip(self):
        """Whatever comes next; where it began."""
        begin = self.at
        length = self.head(self.tag())
        self.at += length
        return begin


class Out:
    """Writes into buffer[at:limit]; Full where that is too small."""

    def __init__(self, buffer):
        self.buffer = buffer
        self.at = 0
        self.limit = len(buffer)

    def _head(self, tag, length):
        at = self.at
        if at + length + (2 if length < 0x80 else 4) > self.limit:
            raise Full
        buffer = self.buffer
        buffer[at] = tag
        at += 1
        if length >= 0x80:
            buffer[at] = _OUTER
            buffer[at + 1] = length >> 8
            at += 2
        buffer[at] = length & 0xFF
        self.at = at + 1

    def octets(self, data, tag=OCTETS):
        """A value that is bytes already."""
        length = len(data)
        self._head(tag, length)
        self.buffer[self.at : self.at + length] = data
        self.at += length

    def raw(self, data):
        """What is encoded already."""
        length = len(data)
        if self.at + length > self.limit:
            raise Full
        self.buffer[self.at : self.at + length] = data
        self.at += length

    def number(self, value, tag=INTEGER):
        """A whole number; types without a sign have an octet of zeros where their first bit is 1."""
        at = self.at
        if -0x8000 <= value < 0x8000 and at + 4 <= self.limit:
            buffer = self.buffer
            buffer[at] = tag
            if -0x80 <= value < 0x80:
                buffer[at + 1] = 1
                at += 2
            else:
                buffer[at + 1] = 2
                buffer[at + 2] = value >> 8 & 0xFF
                at += 3
            buffer[at] = value & 0xFF
            self.at = at + 1
            return
        length = 1
        rest = value >> 7
        while rest and rest != -1:
            rest >>= 8
            length += 1
        self._head(tag, length)
        buffer, at = self.buffer, self.at
        for i in range(at + length - 1, at - 1, -1):
            buffer[i] = value & 0xFF
            value >>= 8
        self.at = at + length

    def empty(self, tag):
        """A value without content."""
        self._head(tag, 0)

    def name(self, *parts):
        """An object's name, of parts that are arcs one after the other (the first as In.name has it)."""
        length = 0
        for part in parts:
            for arc in part:
                length += _arc_size(arc)
        self._head(OID, length)
        buffer, at = self.buffer, self.at
        for part in parts:
            for arc in part:
                size = _arc_size(arc)
                for k in range(size - 1, 0, -1):
                    buffer[at] = 0x80 | arc >> 7 * k & 0x7F
                    at += 1
                buffer[at] = arc & 0x7F
                at += 1
        self.at = at

    def short_name(self, head, a, b):
        """A name of which the beginning is encoded already, and two arcs."""
        if a >= 0x80 or b >= 0x80:
            self.octets(head + arcs((a, b)), OID)
            return
        length = len(head)
        at = self.at
        if at + length + 4 > self.limit:
            raise Full
        buffer = self.buffer
        buffer[at] = OID
        buffer[at + 1] = length + 2
        at += 2
        for octet in head:
            buffer[at] = octet
            at += 1
        buffer[at] = a
        buffer[at + 1] = b
        self.at = at + 2

    def copy(self, data, begin, end):
        """What is encoded in data[begin:end]."""
        at, buffer = self.at, self.buffer
        if at + end - begin > self.limit:
            raise Full
        for i in range(begin, end):
            buffer[at] = data[i]
            at += 1
        self.at = at

    def open(self, tag):
        """Begin a value of a length that is not known yet; what `close` wants."""
        at = self.at
        if at + 4 > self.limit:
            raise Full
        self.buffer[at] = tag
        self.buffer[at + 1] = _OUTER
        self.at = at + 4
        return self.at

    def close(self, begin):
        """End it."""
        length = self.at - begin
        self.buffer[begin - 2] = length >> 8
        self.buffer[begin - 1] = length & 0xFF

    def begin(self, tag):
        """Begin a value that will be short, most likely; what `end` wants."""
        at = self.at
        if at + 2 > self.limit:
            raise Full
        self.buffer[at] = tag
        self.at = at + 2
        return self.at

    def end(self, begin):
        """End it."""
        length = self.at - begin
        if length < 0x80:
            self.buffer[begin - 1] = length
            return
        if self.at + 2 > self.limit:
            raise Full
        self.buffer[begin + 2 : self.at + 2] = self.buffer[begin : self.at]
        self.at += 2
        self.close(begin + 2)
        self.buffer[begin - 1] = _OUTER


def _arc_size(arc):
    size = 1
    while arc >= 0x80:
        arc >>= 7
        size += 1
    return size


def arcs(numbers):
    """Arcs as they are encoded."""
    out = bytearray()
    for arc in numbers:
        for k in range(_arc_size(arc) - 1, 0, -1):
            out.append(0x80 | arc >> 7 * k & 0x7F)
        out.append(arc & 0x7F)
    return bytes(out)
