"""The Modbus port over a receiver that tells of a frame byte by byte."""

from protocols.modbus_fakes import FakeMeter, with_crc

from fourquad import models
from fourquad import points as p
from fourquad.device.ports import HOLD, SOON, ModbusPort, StreamPort, matched
from fourquad.models import port
from fourquad.points import columns as c


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

    def consume(self, length):
        self.consumed = length

    def since_sent(self):
        return 1234

    def duration(self, length):
        return length


READ = (with_crc(b"\x01\x03\x10\x01\x00\x01"), with_crc(b"\x01\x03\x02\x00\x01"))
COILS = (with_crc(b"\x01\x01\x00\x00\x00\x08"), with_crc(b"\x01\x01\x01\x00"))
WRITE = (with_crc(b"\x01\x06\x10\x0c\x00\x07"), with_crc(b"\x01\x06\x10\x0c\x00\x07"))
BLOCK = (with_crc(b"\x01\x10\x10\x0c\x00\x01\x02\x00\x09"), with_crc(b"\x01\x10\x10\x0c\x00\x01"))


def answered(request, zeros, tells_early):
    """What the port answers to `request` with `zeros` after it."""
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


def test_a_request_that_has_nearly_come_wants_the_line_alone():
    meter = FakeMeter()
    uart = Uart()
    address, baud, parity = (p.SETTING + n for n in (p.ADDRESS_1, p.BAUD_1, p.PARITY_1))
    port = ModbusPort(uart, meter.slave, meter.points, address, baud, parity)
    request = READ[0]
    uart.frames += [(-n, request[:n] + bytes(8 - n)) for n in range(1, 8)]
    assert [port.poll(0) for _ in range(7)] == [HOLD] * 4 + [SOON] * 3
    # to somebody else, and longer than one that reads
    uart.frames += [(-7, b"\x02" + request[1:]), (-9, BLOCK[0])]
    assert [port.poll(0) for _ in range(2)] == [0, 0]


def row(name, link):
    return port(name, speaks=(("modbus", None),), address=p.ADDRESS_1, link=link)


def names(rows, *links):
    """Names of the ports that find a link, and the number of each among those of its kind."""
    return [(row[c.NAME], n) for row, n in matched(rows, links)]


def test_ports_find_links_of_their_kind_in_order():
    rows = (row("a", "uart"), row("net", "tcp"), row("b", "uart"), row("time", "udp"))
    assert names(rows) == []
    assert names(rows, "uart") == [("a", 0)]
    # three serial lines: the network's port is on none of them
    assert names(rows, "uart", "uart", "uart") == [("a", 0), ("b", 1)]
    # one, and Ethernet
    assert names(rows, "uart", "tcp") == names(rows, "tcp", "uart") == [("a", 0), ("net", 0)]
    assert names(rows, "udp", "tcp", "uart", "uart") == [("a", 0), ("net", 0), ("b", 1), ("time", 0)]


def test_the_ports_of_the_meters_have_links():
    for name, kinds in (("kw320", ["uart", "uart", "tcp"]), ("a1000", ["uart", "uart"])):
        rows = models.load(name).PORTS
        assert [row[c.LINK] for row in rows] == kinds
        for row in rows:
            # only a serial line has a speed
            assert (row[c.BAUD] is None) == (row[c.LINK] != "uart")


class Turns:
    """A machine that shares its line in turns: `says` are lengths of what it sends, each with its `spare`."""

    framed = sets_speed = wish = False
    baud = 19200

    def __init__(self, says):
        self.says = says
        self.spare = 0
        self.member = True
        self.told = []
        self.heard = []

    def awaited(self):
        return self.member

    def sent(self, age_us):
        self.told.append(age_us)

    def run(self, buffer, length, age_us):
        self.heard.append(bytes(buffer[:length]))
        return 0

    def poll(self, now):
        if not self.says:
            return 0
        n, self.spare = self.says.pop(0)
        return n


def test_a_port_that_takes_turns_tells_when_nothing_is_wanted_of_it():
    machine = Turns([(8, 0), (8, 400), (0, 0)])
    port = StreamPort(Uart(), machine)
    assert [port.poll(now) for now in range(4)] == [8, 408, 0, 0]
    assert machine.told == [1234, 1234]


def test_a_port_puts_off_only_while_its_turn_may_come():
    machine = Turns([])
    port = StreamPort(Uart(), machine)
    assert port.awaited() and machine.wish
    machine.wish = machine.member = False
    assert not port.awaited() and not machine.wish


def test_what_takes_turns_hears_of_a_long_frame_while_it_comes():
    """Or it would take the token that it has passed for lost, and send it again into the other's frame."""
    machine = Turns([])
    uart = Uart()
    port = StreamPort(uart, machine)
    data = bytes(range(20))
    uart.frames += [(-15, data), (-20, data), (8, data)]
    for now in range(3):
        port.poll(now)
    assert machine.heard == [data, data[:8]] and uart.consumed == 20
