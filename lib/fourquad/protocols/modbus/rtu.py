"""Modbus RTU: the slave of one port (Modbus over serial line V1.02), with address and CRC.

It is given runs of bytes that silence delimits. A run may hold several frames (a broadcast directly followed
by a request; a gateway merges writes): they are taken from its start by the length that their function codes
imply.
"""

from fourquad.protocols.crc import checksum
from fourquad.protocols.modbus import codes as m
from fourquad.protocols.modbus.pdu import Functions

MAX_FRAME = 256  # bytes of an RTU frame with address and CRC
LATE_US = 150000  # a request found this late is dropped: the master has moved on
_READ_LENGTH = 8  # bytes of what masters ask all day
_AROUND = 3  # bytes of a frame that are none of the request: address and CRC

# Offsets into Slave.counters; each wraps at 2**16.
FRAMES = 0  # with a good CRC, for whomever
BAD_FRAMES = 1  # without, or too long or too short
REQUESTS = 2  # to this address
BROADCASTS = 3
EXCEPTIONS = 4  # answered
LATE = 5  # runs dropped for their age
SUPERSEDED = 6  # requests followed by another one in the same run
COUNTERS = ("frames", "bad_frames", "requests", "broadcasts", "exceptions", "late", "superseded")


class Slave:
    """`registers`: a RegisterMap. `address`: the point id whose value is this slave's address."""

    framed = True  # by silence

    def __init__(self, registers, address):
        self.answer = bytearray(MAX_FRAME)
        self.counters = [0] * len(COUNTERS)
        self.functions = Functions(registers)
        self._points = registers.points
        self._address = address
        self._units, self._unit_at = registers.cell(address)

    def poll(self, now):
        """A slave sends nothing unasked."""
        return 0

    def run(self, buffer, length, age_us):
        """Take a run that ended `age_us` microseconds ago; the answer's length in `answer`, or 0."""
        if age_us > LATE_US:
            self._tally(LATE)
            return 0
        units = self._units
        unit = units[self._unit_at] if units else self._points.read(self._address)
        if length < 4 or length > MAX_FRAME or checksum(buffer, length, 0):
            return self._several(buffer, length, unit)
        # zeros after a good frame leave its CRC good: the function code says where it ends
        if length != _READ_LENGTH:
            n = request_length(buffer, 0, length)
            if n and n != length and not checksum(buffer, n, 0):
                return self._several(buffer, length, unit)
        return self._frame(buffer, 0, length, unit)

    def _several(self, buffer, length, unit):
        """A run that is not one good frame. Only the last request to us is executed and answered."""
        last = -1
        end = 0
        while True:
            n = request_length(buffer, end, length)
            if not n or checksum(buffer, n, end):
                break
            if buffer[end] == unit:
                if last >= 0:
                    self._tally(SUPERSEDED)
                last = end
            end += n
        if end < length:
            self._tally(BAD_FRAMES)
        at = 0
        answer = 0
        while at < end:
            n = request_length(buffer, at, end)
            if at == last or buffer[at] != unit:
                answer = self._frame(buffer, at, n, unit) or answer
            at += n
        return answer

    def _frame(self, buffer, at, length, unit):
        """Execute one frame whose CRC is good; the length of the answer."""
        counters = self.counters
        counters[FRAMES] = (counters[FRAMES] + 1) & 0xFFFF
        if buffer[at] != unit:
            if buffer[at] == 0:
                self._tally(BROADCASTS)
                # without an answer, or that of a request before it in the run would be spoilt
                self.functions.write(buffer, at + 1, length - _AROUND)
            return 0
        # a function code above 127 is the exception of a slave with our address, never a request
        if buffer[at + 1] & m.REFUSED:
            return 0
        counters[REQUESTS] = (counters[REQUESTS] + 1) & 0xFFFF
        answer = self.answer
        answer[0] = unit
        n = self.functions.run(buffer, at + 1, length - _AROUND, answer, 1) + 1
        if answer[1] & m.REFUSED:
            self._tally(EXCEPTIONS)
        crc = checksum(answer, n, 0)
        answer[n] = crc & 0xFF
        answer[n + 1] = crc >> 8
        return n + 2

    def _tally(self, which):
        self.counters[which] = (self.counters[which] + 1) & 0xFFFF


def request_length(buffer, at, end):
    """Bytes of the request at buffer[at:] by its function code; 0 if unknown or beyond `end`."""
    if end - at < 4:
        return 0
    function = buffer[at + 1]
    if 1 <= function <= 6 or function == 8:
        n = 8
    elif function in (15, 16):
        n = 9 + buffer[at + 6] if end - at > 8 else 0
    else:
        n = 4 if function in (7, 11, 12, 17) else 0
    return n if at + n <= end else 0


def make(tables, parts, address, speed):
    """A slave on a port, as protocols/station.py wants it."""
    return Slave(parts[1], address), COUNTERS
