"""Modbus TCP: the service and the machine of one connection, as fourquad.net wants them (Modbus messaging on
TCP/IP V1.0b).

A frame is transaction id, protocol id 0, length of what follows (two bytes each), unit id, and a request as
pdu.py has it. Bytes come in pieces of any size: a frame may come in several, and a client may send further
requests before it has an answer. They are answered one by one, in their order.

The unit id is the meter's address on its serial line, or 0 or 255, which the guide gives to a server that is
joined to the network itself (4.4.2.1). Another one is answered as a gateway would for a slave that is not
there.
"""

from fourquad import points as p
from fourquad.points import columns as c
from fourquad.protocols.modbus import codes as m
from fourquad.protocols.modbus.pdu import Functions

MAX_FRAME = 260  # bytes with the header of 7
_HEAD = 6  # bytes of the header that `length` does not count
_SHORTEST = 2  # unit id, function code
_LONGEST = 254
_NOWHERE = (0, 255)
_FEW = 24  # bytes, which are copied one by one: a slice leaves garbage
_USUAL = 32  # bytes that wait, as a rule: two requests that read

# Offsets into Connection.counters; each wraps at 2**16.
REQUESTS = 0  # to this meter
OTHER_UNITS = 1  # to a slave that is not there
EXCEPTIONS = 2  # answered to the former
BAD_FRAMES = 3  # another protocol, or a length that no request has
COUNTERS = ("requests", "other_units", "exceptions", "bad_frames")


def make(row, parts):
    """The service; its row's TABLES is the offset into points.SETTING of the unit id."""
    return Service(parts.registers, p.SETTING + row[c.TABLES])


class Service:
    """`registers`: a RegisterMap. `address`: the point id whose value is the unit id."""

    prompt = True

    def __init__(self, registers, address):
        self.counters = [0] * len(COUNTERS)
        self._registers = registers
        self._address = address
        self._answer = bytearray(MAX_FRAME)

    def connection(self):
        """The machine of one more connection; all answer from one buffer."""
        return Connection(self._registers, self._address, self.counters, self._answer)


class Connection:
    """`registers`: a RegisterMap, of all connections. `address`: the point id whose value is the unit id.
    `counters`: a list of len(COUNTERS) numbers that other connections count on too.

    `closing`: what came is no Modbus, the connection is to be closed; nothing more is taken of it.
    """

    def __init__(self, registers, address, counters=None, answer=None):
        self.answer = answer or bytearray(MAX_FRAME)
        self.counters = [0] * len(COUNTERS) if counters is None else counters
        self.closing = False
        self.busy = False  # a further request has come whole
        self.functions = Functions(registers)
        self._points = registers.points
        self._address = address
        self._held = bytearray(_USUAL)  # MAX_FRAME once somebody has written more, or sent more at once
        self._count = 0

    def room(self):
        """How many bytes `run` takes now. At least 1 after `poll` had nothing more to answer."""
        return MAX_FRAME - self._count

    def opened(self, peer, now):
        """Somebody else has connected."""
        self._count = 0
        self.closing = self.busy = False

    def lost(self, now):
        """The client is gone."""

    def run(self, buffer, length, now):
        """Take `length` bytes, no more than there is room; the length of an answer in `answer`, or 0. `poll`
        has those to further requests.
        """
        held, at = self._held, self._count
        if at + length > len(held):
            held.extend(bytes(MAX_FRAME - len(held)))
        self._count = at + length
        if length > _FEW:
            held[at : at + length] = memoryview(buffer)[:length]
        else:
            for i in range(length):
                held[at + i] = buffer[i]
        return self.poll(now)

    def poll(self, now):
        """Execute the next request that has come whole; the length of its answer in `answer`, or 0."""
        held, count = self._held, self._count
        self.busy = False
        if count < _HEAD or self.closing:
            return 0
        length = held[4] << 8 | held[5]
        if held[2] or held[3] or not _SHORTEST <= length <= _LONGEST:
            self._tally(BAD_FRAMES)
            self.closing = True
            self._count = 0
            return 0
        end = _HEAD + length
        if count < end:
            return 0
        answer = self.answer
        for i in range(7):
            answer[i] = held[i]
        n = self._execute(held, length - 1, answer)
        answer[4] = 0
        answer[5] = n + 1
        self._count = count = count - end
        if count:
            held[:count] = memoryview(held)[end : end + count]
            self.busy = count > _HEAD and count >= _HEAD + (held[4] << 8 | held[5])
        return 7 + n

    def _execute(self, held, length, answer):
        unit = held[6]
        if unit not in _NOWHERE and unit != self._points.read(self._address):
            self._tally(OTHER_UNITS)
            answer[7] = held[7] | m.REFUSED
            answer[8] = m.NO_SLAVE
            return 2
        self._tally(REQUESTS)
        n = self.functions.run(held, 7, length, answer, 7)
        if answer[7] & m.REFUSED:
            self._tally(EXCEPTIONS)
        return n

    def _tally(self, which):
        self.counters[which] = (self.counters[which] + 1) & 0xFFFF
