"""An AcuRev 1312 at the end of a line, for tests."""

from meter.tables import meter

from fourquad import models
from fourquad import points as p
from fourquad.protocols.crc import crc16
from fourquad.protocols.modbus.map import RegisterMap
from fourquad.protocols.modbus.rtu import Slave


class Bench:
    """A meter at the end of a line, which has just got its power."""

    def __init__(self, ct=None):
        self.model = models.load("acurev1312", ct)
        self.meter = meter(self.model)
        self.points = self.meter.points
        self.registers = RegisterMap(self.model, self.points)
        self.slave = Slave(self.registers, p.SETTING + p.ADDRESS_1)
        self.now = 0

    def frame(self, text):
        """The answer to a frame, which comes with its CRC."""
        data = bytes([int(octet, 16) for octet in text.split()])
        n = self.slave.run(bytearray(data), len(data), 0)
        return " ".join([f"{octet:02X}" for octet in self.slave.answer[:n]])

    def ask(self, data):
        """The answer to a PDU for address 1, without address and CRC."""
        data = b"\x01" + data
        crc = crc16(data, len(data))
        data = bytearray(data + bytes((crc & 255, crc >> 8)))
        n = self.slave.run(data, len(data), 0)
        return bytes(self.slave.answer[1 : n - 2])

    def read(self, address, count=1):
        """Registers, or minus the exception code."""
        answer = self.ask(bytes((3, address >> 8, address & 255, count >> 8, count)))
        if answer[0] & 0x80:
            return -answer[1]
        words = [answer[i] << 8 | answer[i + 1] for i in range(2, len(answer), 2)]
        return words if count > 1 else words[0]

    def write(self, address, *words):
        """0, or the exception code."""
        data = b"".join([bytes((word >> 8, word & 255)) for word in words])
        head = bytes((16, address >> 8, address & 255, 0, len(words), len(data)))
        answer = self.ask(head + data)
        return answer[1] if answer[0] & 0x80 else 0

    def seconds(self, n):
        """Time passes."""
        for _ in range(n):
            self.now += 1000
            self.meter.permission.window(self.now, self.now)
