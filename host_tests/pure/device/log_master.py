"""A master that reads data logs as chapter 6.3.8 of the KW320's manual tells it to, and its own CRC."""


def crc16(data):
    """CRC-16/MODBUS, bit by bit."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def words(*values):
    """Registers as bytes."""
    return b"".join([bytes((value >> 8, value & 0xFF)) for value in values])


def number(data):
    """Bytes, the high one first, as a number."""
    value = 0
    for byte in data:
        value = value << 8 | byte
    return value


class Master:
    """Asks the meter of a `plant` (device_fakes) on one of its lines, at Modbus address 1."""

    def __init__(self, plant, line=0):
        self.plant = plant
        self._line = line

    def ask(self, pdu):
        """The answer to a request, both without address and CRC."""
        frame = b"\1" + pdu
        crc = crc16(frame)
        line = self.plant.lines[self._line]
        line.sent = b""
        line.coming = frame + bytes((crc & 0xFF, crc >> 8))
        self.plant.run(2)
        answer = line.sent
        assert crc16(answer) == 0 and answer[0] == 1, answer
        return answer[1:-2]

    def read(self, address, count):
        """Registers, as bytes; an exception is one byte."""
        answer = self.ask(b"\3" + words(address, count))
        if answer[0] & 0x80:
            return answer[1:]
        assert answer[1] == 2 * count == len(answer) - 2
        return answer[2:]

    def write(self, address, *values):
        """0, or the exception code."""
        count = len(values)
        answer = self.ask(b"\x10" + words(address, count) + bytes((2 * count,)) + words(*values))
        if answer[0] & 0x80:
            return answer[1]
        assert answer == b"\x10" + words(address, count)
        return 0

    def status(self, log):
        """Of log 0-2: most records, used records, size, first time, last time."""
        data = self.read(0x6100 + 0x100 * log, 12)
        return number(data[:4]), number(data[4:8]), number(data[8:10]), data[12:18], data[18:24]

    def state(self):
        """The status of the window."""
        return self.read(0x6001, 1)[1]


def records(data, size, count):
    """The first `count` records of a window: (number, time, data), each with a good CRC."""
    found = []
    for at in range(0, size * count, size):
        one = data[at : at + size]
        assert crc16(one[:-2]) == one[-2] | one[-1] << 8, one
        found.append((number(one[:4]), tuple(one[4:10]), one[10:-2]))
    assert not any(data[size * count :])
    return found
