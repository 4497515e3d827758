"""Modbus RTU slave: function codes 01 02 03 05 06 10H over a register map, one instance a port; 64H is the
meter's maintenance (calibration), with a code of those that the standard leaves to the maker.

It is given runs of bytes that silence delimits. A run may hold several frames (a broadcast directly followed
by a request; a gateway merges writes): they are taken from its start by the length that their function codes
imply.
"""

from fourquad.protocols.crc import checksum
from fourquad.protocols.modbus.map import EXCEPTION, ILLEGAL_ADDRESS, ILLEGAL_FUNCTION, ILLEGAL_VALUE

MAX_FRAME = 256  # bytes of an RTU frame with address and CRC
LATE_US = 150000  # a request found this late is dropped: the master has moved on
MAX_READ = 125
MAX_READ_BITS = 2000
MAX_WRITE = 123
_READ_LENGTH = 8  # bytes of what masters ask all day
MAINTENANCE = 100  # function code of the user-defined ones, 100 to 110 (V1.1b3, 5.1)

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
        self._registers = registers
        self._points = registers.points
        self._address = address
        self._units, self._unit_at = registers.cell(address)

    def _unit(self):
        return self._units[self._unit_at] if self._units else self._points.read(self._address)

    def poll(self, now):
        """A slave sends nothing unasked."""
        return 0

    def run(self, buffer, length, age_us):
        """Take a run that ended `age_us` microseconds ago; the answer's length in `answer`, or 0."""
        if age_us > LATE_US:
            self._tally(LATE)
            return 0
        if length < 4 or length > MAX_FRAME or checksum(buffer, length, 0):
            return self._several(buffer, length)
        # zeros behind a good frame leave its CRC good: the function code says where it ends
        if length != _READ_LENGTH:
            n = request_length(buffer, 0, length)
            if n and n != length and not checksum(buffer, n, 0):
                return self._several(buffer, length)
        return self._frame(buffer, 0, length, self._unit())

    def _several(self, buffer, length):
        """A run that is not one good frame. Only the last request to us is executed and answered."""
        unit = self._unit()
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
        function = buffer[at + 1]
        if buffer[at] != unit:
            if buffer[at] == 0:
                self._tally(BROADCASTS)
                if function in (5, 6, 16):
                    self._execute(buffer, at, length, function)
            return 0
        # a function code above 127 is the exception of a slave with our address, never a request
        if function & 0x80:
            return 0
        counters[REQUESTS] = (counters[REQUESTS] + 1) & 0xFFFF
        answer = self.answer
        # what masters ask all day takes the short way: a Python call is 16 us on an RP2040
        if function == 3 and length == _READ_LENGTH:
            n = self._read(buffer[at + 2] << 8 | buffer[at + 3], buffer[at + 4] << 8 | buffer[at + 5])
        else:
            n = self._execute(buffer, at, length, function)
        answer[0] = unit
        answer[1] = function
        if n < 0:
            self._tally(EXCEPTIONS)
            answer[1] = function | 0x80
            answer[2] = -n
            n = 3
        elif 3 < function < MAINTENANCE:
            # here, so that a broadcast later in the run does not spoil the answer
            for i in range(2, 6):
                answer[i] = buffer[at + i]
        crc = checksum(answer, n, 0)
        answer[n] = crc & 0xFF
        answer[n + 1] = crc >> 8
        return n + 2

    def _read(self, address, count):
        """Function 03."""
        if not 1 <= count <= MAX_READ:
            return -ILLEGAL_VALUE
        count += count
        self.answer[2] = count
        why = self._registers.read(address, count >> 1, self.answer, 3)
        return -why if why else 3 + count

    def _execute(self, buffer, at, length, function):
        """All but a good 03: length of the answer without its CRC, or minus the exception code."""
        registers = self._registers
        if function == MAINTENANCE and registers.serve and not registers.maintenance:
            registers.serve(registers)
        if function == MAINTENANCE and registers.maintenance:
            n = registers.maintenance.run(buffer, at + 2, length - 4, self.answer, 2)
            return n + 2 if n > 0 else -EXCEPTION[-n]
        if function not in (1, 2, 3, 5, 6, 16):
            return -ILLEGAL_FUNCTION
        if length < 8 or length != request_length(buffer, at, at + length):
            return -ILLEGAL_VALUE
        address = buffer[at + 2] << 8 | buffer[at + 3]
        count = buffer[at + 4] << 8 | buffer[at + 5]
        if function < 3:
            return self._read_bits(
                self._registers.coils if function == 1 else self._registers.inputs, address, count
            )
        if function == 5:
            why = self._write_coil(address, count)
        elif function == 6:
            why = self._registers.write(address, 1, buffer, at + 4)
        elif not 1 <= count <= MAX_WRITE or buffer[at + 6] != count * 2:
            why = ILLEGAL_VALUE
        else:
            why = self._registers.write(address, count, buffer, at + 7)
        return -why if why else 6

    def _read_bits(self, table, address, count):
        if not 1 <= count <= MAX_READ_BITS:
            return -ILLEGAL_VALUE
        pid = _find_bits(table, address, count)
        if pid is None:
            return -ILLEGAL_ADDRESS
        answer = self.answer
        n = (count + 7) >> 3
        answer[2] = n
        for i in range(3, 3 + n):
            answer[i] = 0
        for i in range(count):
            if self._points.read(pid + i):
                answer[3 + (i >> 3)] |= 1 << (i & 7)
        return 3 + n

    def _write_coil(self, address, value):
        if value not in (0, 0xFF00):
            return ILLEGAL_VALUE
        pid = _find_bits(self._registers.coils, address, 1)
        if pid is None:
            return ILLEGAL_ADDRESS
        return EXCEPTION[self._points.write(pid, 1 if value else 0)]

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


def _find_bits(table, address, count):
    for first, number, pid in table:
        if first <= address and address + count <= first + number:
            return pid + address - first
    return None
