"""The Modbus port over a receiver that tells of a frame byte by byte."""

from protocols.modbus_fakes import FakeMeter, with_crc

from fourquad import points as p
from fourquad.device.ports import ModbusPort


class Uart:
    """A receiver as chip.uart.Port shows it. `frames` are what `frame` tells of, one a call: (length,
    negative while it is not finished; bytes).
    """

    baud = 19200
    parity = 3

    def __init__(self):
        self.frames = []
        self.sent = 0

    def frame(self, buffer):
        if not self.frames:
            return 0
        length, data = self.frames.pop(0)
        buffer[: len(data)] = data
        return length

    def quiet(self, now):
        return not self.frames

    def remaining(self):
        return 100

    def age(self):
        return 0

    def sending(self):
        return 0

    def send(self, length):
        self.sent = length

    def duration(self, length):
        return length


READ = (with_crc(b"\x01\x03\x10\x01\x00\x01"), with_crc(b"\x01\x03\x02\x00\x01"))
COILS = (with_crc(b"\x01\x01\x00\x00\x00\x08"), with_crc(b"\x01\x01\x01\x00"))
WRITE = (with_crc(b"\x01\x06\x10\x0c\x00\x07"), with_crc(b"\x01\x06\x10\x0c\x00\x07"))
BLOCK = (with_crc(b"\x01\x10\x10\x0c\x00\x01\x02\x00\x09"), with_crc(b"\x01\x10\x10\x0c\x00\x01"))


def answered(request, zeros, tells_early):
    """What the port answers to `request` with `zeros` behind it."""
    meter = FakeMeter()
    uart = Uart()
    address, baud, parity = (p.SETTING + n for n in (p.ADDRESS_1, p.BAUD_1, p.PARITY_1))
    port = ModbusPort(uart, meter.slave, meter.points, address, baud, parity)
    run = request + bytes(zeros)
    if tells_early:
        # the answer to a read is made while the silence runs that a zero then breaks
        uart.frames += [(-len(request), request), (-len(run), run)]
    uart.frames += [(len(run), run)]
    for _ in range(4):
        port.poll(0)
    return bytes(meter.slave.answer[: uart.sent])


def test_zeros_behind_a_request():
    for request, answer in (READ, COILS, WRITE, BLOCK):
        for zeros in (0, 1, 2, 7):
            for tells_early in (False, True):
                assert answered(request, zeros, tells_early) == answer, (request, zeros, tells_early)
