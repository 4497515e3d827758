"""Modbus requests and answers without address and check (the PDU of Modbus application protocol V1.1b3):
function codes 01 02 03 05 06 10H over a register map. 64H is the meter's maintenance (calibration), with a
code of those that the standard leaves to the maker.

Requests and answers are bytes from an offset on, so that every kind of frame (rtu.py, tcp.py) keeps its own
buffers.
"""

from fourquad.protocols.modbus import codes as m

# What an answer of points.check means to a master.
EXCEPTION = (0, m.ILLEGAL_VALUE, m.ILLEGAL_ADDRESS, m.DEVICE_FAILURE, m.ILLEGAL_ADDRESS)

_MAX_READ = 125
_MAX_READ_BITS = 2000
_MAX_WRITE = 123
_LENGTH = 5  # of requests without data: function code, address, number or value
_WRITES = (5, 6, 16)


class Functions:
    """What a master may ask of a RegisterMap, which knows it by this object."""

    def __init__(self, registers):
        self._registers = registers
        self._points = registers.points
        self._known = registers.functions

    def run(self, buffer, at, length, answer, out):
        """Execute the request of `length` bytes at buffer[at:]; bytes of the answer, put to answer[out:]."""
        function = buffer[at]
        answer[out] = function
        # what masters ask all day takes the short way: a Python call is 16 us on an RP2040
        if function == 3 and length == _LENGTH:
            count = buffer[at + 3] << 8 | buffer[at + 4]
            why = m.ILLEGAL_VALUE
            if 1 <= count <= _MAX_READ:
                why = self._registers.read(buffer[at + 1] << 8 | buffer[at + 2], count, answer, out + 2, self)
                if not why:
                    count += count
                    answer[out + 1] = count
                    return 2 + count
        else:
            n = self._execute(function, buffer, at, length, answer, out)
            if n > 0:
                return n
            why = -n
        answer[out] = function | m.REFUSED
        answer[out + 1] = why
        return 2

    def write(self, buffer, at, length):
        """Execute a request of function code 05, 06 or 10H, and nothing of another one; 0 or an exception
        code.
        """
        function = buffer[at]
        if function not in _WRITES or self._known and function not in self._known:
            return m.ILLEGAL_FUNCTION
        if length != (6 + buffer[at + 5] if function == 16 and length > _LENGTH else _LENGTH):
            return m.ILLEGAL_VALUE
        address = buffer[at + 1] << 8 | buffer[at + 2]
        count = buffer[at + 3] << 8 | buffer[at + 4]
        if function == 5:
            return self._write_coil(address, count)
        if function == 6:
            return self._registers.write(address, 1, buffer, at + 3, self)
        if length == _LENGTH or not 1 <= count <= _MAX_WRITE or buffer[at + 5] != count * 2:
            return m.ILLEGAL_VALUE
        return self._registers.write(address, count, buffer, at + 6, self)

    def _execute(self, function, buffer, at, length, answer, out):
        """All but a good 03: bytes of the answer, or minus the exception code."""
        if function in _WRITES:
            why = self.write(buffer, at, length)
            if why:
                return -why
            for i in range(1, _LENGTH):
                answer[out + i] = buffer[at + i]
            return _LENGTH
        if function == m.MAINTENANCE:
            return self._maintain(buffer, at, length, answer, out)
        if function not in (1, 2, 3) or self._known and function not in self._known:
            return -m.ILLEGAL_FUNCTION
        if function == 3 or length != _LENGTH:
            return -m.ILLEGAL_VALUE
        table = self._registers.coils if function == 1 else self._registers.inputs
        address = buffer[at + 1] << 8 | buffer[at + 2]
        return self._read_bits(table, address, buffer[at + 3] << 8 | buffer[at + 4], answer, out + 1)

    def _maintain(self, buffer, at, length, answer, out):
        maintain = self._registers.maintain
        if not maintain:
            return -m.ILLEGAL_FUNCTION
        n = maintain(buffer, at + 1, length - 1, answer, out + 1)
        return n + 1 if n > 0 else -EXCEPTION[-n]

    def _read_bits(self, table, address, count, answer, out):
        if not 1 <= count <= _MAX_READ_BITS:
            return -m.ILLEGAL_VALUE
        pid = _find_bits(table, address, count)
        if pid is None:
            return -m.ILLEGAL_ADDRESS
        n = (count + 7) >> 3
        answer[out] = n
        for i in range(out + 1, out + 1 + n):
            answer[i] = 0
        for i in range(count):
            if self._points.read(pid + i):
                answer[out + 1 + (i >> 3)] |= 1 << (i & 7)
        return 2 + n

    def _write_coil(self, address, value):
        if value not in (0, 0xFF00):
            return m.ILLEGAL_VALUE
        pid = _find_bits(self._registers.coils, address, 1)
        if pid is None:
            return m.ILLEGAL_ADDRESS
        return EXCEPTION[self._points.write(pid, 1 if value else 0)]


def _find_bits(table, address, count):
    for first, number, pid in table:
        if first <= address and address + count <= first + number:
            return pid + address - first
    return None
