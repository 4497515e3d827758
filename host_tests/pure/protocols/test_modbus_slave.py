"""The slave: function codes, exceptions, broadcast, runs of several frames."""

from protocols.modbus_fakes import FakeMeter, with_crc

from fourquad import points as p
from fourquad.protocols.modbus import rtu as s


def run(slave, *frames, age=0):
    data = b"".join(frames)
    n = slave.run(data, len(data), age)
    return bytes(slave.answer[:n])


def read_one(unit, address):
    return with_crc(bytes((unit, 3, address >> 8, address & 255, 0, 1)))


def write_one(unit, address, value):
    return with_crc(bytes((unit, 6, address >> 8, address & 255, value >> 8, value & 255)))


def test_functions_that_are_not_listed():
    meter = FakeMeter()
    for function in range(128):
        if function not in (1, 2, 3, 5, 6, 16):
            assert meter.ask(1, function, 0x40, 0, 0, 2) == bytes((1, function | 0x80, 1))


def test_an_exception_from_a_slave_is_no_request():
    meter = FakeMeter()
    assert meter.ask(1, 0x83, 2) == b""


def test_lengths_that_do_not_fit_the_function():
    meter = FakeMeter()
    for function in (1, 2, 3, 5, 6):
        for body in ((), (0x10,), (0x10, 0x0C, 0), (0x10, 0x0C, 0, 1, 0), (0x10, 0x0C, 0, 1, 0, 0)):
            assert meter.ask(1, function, *body) == bytes((1, function | 0x80, 3))
    for body in ((0x10, 0x0C, 0, 1), (0x10, 0x0C, 0, 1, 2, 0), (0x10, 0x0C, 0, 1, 2, 0, 5, 0)):
        assert meter.ask(1, 16, *body) == b"\x01\x90\x03"
    assert meter.settings.get(p.BACKLIGHT) == 1


def test_counts():
    meter = FakeMeter()
    for count in (0, 126, 255, 256, 65535):
        assert meter.read(0x4000, count) == -3
    assert len(meter.read(0x4000, 125)) == 125
    for function in (1, 2):
        for count in (0, 2001, 65535):
            assert meter.ask(1, function, 0, 0, count >> 8, count & 255) == bytes((1, function | 0x80, 3))
    assert meter.ask(1, 16, 0x10, 0x0C, 0, 0, 0) == b"\x01\x90\x03"
    assert meter.ask(1, 16, 0x10, 0x0C, 0, 124, 248, *bytes(248)) == b"\x01\x90\x03"
    assert meter.ask(1, 16, 0x10, 0x0C, 0, 1, 4, 0, 5, 0, 5) == b"\x01\x90\x03"
    assert meter.settings.get(p.BACKLIGHT) == 1


def test_off_the_map():
    meter = FakeMeter()
    for address, count in ((0, 1), (0x2FFF, 2), (0x303B, 2), (0x412B, 2), (0x5000, 1), (0xFFFF, 2)):
        assert meter.read(address, count) == -2
    assert meter.ask(1, 1, 0, 0, 0, 9) == b"\x01\x81\x02"
    assert meter.ask(1, 2, 0, 27, 0, 2) == b"\x01\x82\x02"
    assert meter.ask(1, 2, 0xFF, 0xFF, 0, 1) == b"\x01\x82\x02"
    assert meter.ask(1, 5, 0, 8, 0xFF, 0) == b"\x01\x85\x02"


def test_bits():
    meter = FakeMeter()
    meter.io.set_input(1, 1)
    meter.io.set_input(5, 1)
    assert meter.ask(1, 2, 0, 0, 0, 28) == b"\x01\x02\x04\x22\x00\x00\x00"
    assert meter.ask(1, 2, 0, 5, 0, 20) == b"\x01\x02\x03\x01\x00\x00"
    assert meter.ask(1, 2, 0, 5, 0, 1) == b"\x01\x02\x01\x01"
    assert meter.ask(1, 2, 0, 6, 0, 8) == b"\x01\x02\x01\x00"
    assert meter.ask(1, 2, 0, 0, 0, 9) == b"\x01\x02\x02\x22\x00"
    assert meter.ask(1, 1, 0, 0, 0, 8) == b"\x01\x01\x01\x00"


def test_relays():
    meter = FakeMeter()
    assert meter.ask(1, 5, 0, 1, 0xFF, 0) == b"\x01\x05\x00\x01\xff\x00"
    assert meter.ask(1, 1, 0, 0, 0, 2) == b"\x01\x01\x01\x02"
    for value in (1, 0xFF, 0xFF01, 0xFE00, 0x0100):
        assert meter.ask(1, 5, 0, 1, value >> 8, value & 255) == b"\x01\x85\x03"
    assert meter.io.relays >> 1 & 1 == 1
    assert meter.ask(1, 5, 0, 1, 0, 0) == b"\x01\x05\x00\x01\x00\x00"
    assert meter.io.relays >> 1 & 1 == 0
    assert meter.ask(1, 5, 0, 2, 0xFF, 0) == b"\x01\x85\x04"  # relay 3: IO31 is not connected


def test_fc06_is_an_fc16_of_one_register():
    meter = FakeMeter()
    assert meter.ask(1, 6, 0x10, 0x0C, 0, 7) == b"\x01\x06\x10\x0c\x00\x07"
    assert meter.settings.get(p.BACKLIGHT) == 7
    assert meter.ask(1, 6, 0x10, 0x0C, 0, 121) == b"\x01\x86\x03"
    assert meter.ask(1, 6, 0x40, 0, 0, 0) == b"\x01\x86\x02"
    assert meter.ask(1, 6, 0x40, 0x48, 0, 0) == b"\x01\x86\x02"  # half an energy


def test_only_our_address_is_answered():
    meter = FakeMeter()
    for unit in range(256):
        answer = run(meter.slave, read_one(unit, 0x1000))
        assert (len(answer) == 7) == (unit == 1)


def test_broadcast_writes_are_executed_and_never_answered():
    meter = FakeMeter()
    assert run(meter.slave, write_one(0, 0x100C, 9)) == b""
    assert meter.settings.get(p.BACKLIGHT) == 9
    assert run(meter.slave, with_crc(b"\x00\x10\x10\x0c\x00\x01\x02\x00\x0a")) == b""
    assert meter.settings.get(p.BACKLIGHT) == 10
    assert run(meter.slave, with_crc(b"\x00\x05\x00\x00\xff\x00")) == b""
    assert meter.io.relays >> 0 & 1 == 1
    assert run(meter.slave, write_one(0, 0x100C, 999), read_one(0, 0x100C)) == b""
    assert run(meter.slave, with_crc(b"\x00\x2b\x0e\x01\x00")) == b""
    assert meter.settings.get(p.BACKLIGHT) == 10


def test_two_ports_have_their_own_addresses():
    meter = FakeMeter()
    meter.settings.default(p.ADDRESS_2, 99)
    assert run(meter.slave, read_one(99, 0x1000)) == b""
    assert run(meter.slave_b, read_one(1, 0x1000)) == b""
    assert len(run(meter.slave, read_one(1, 0x1000))) == 7
    assert run(meter.slave_b, read_one(99, 0x1031)) == with_crc(b"\x63\x03\x02\x00\x63")
    # a new address answers the write that set it with the old one
    assert run(meter.slave_b, write_one(99, 0x1031, 100)) == write_one(99, 0x1031, 100)
    assert run(meter.slave_b, read_one(99, 0x1000)) == b""
    assert len(run(meter.slave_b, read_one(100, 0x1000))) == 7


def test_a_bad_crc_is_never_answered_nor_executed():
    meter = FakeMeter()
    frame = bytearray(write_one(1, 0x100C, 9))
    for i in range(len(frame)):
        for bit in range(8):
            frame[i] ^= 1 << bit
            assert run(meter.slave, frame) == b""
            frame[i] ^= 1 << bit
    assert meter.settings.get(p.BACKLIGHT) == 1
    assert meter.slave.counters[s.BAD_FRAMES] == 64


def test_half_a_frame():
    meter = FakeMeter()
    frame = with_crc(b"\x01\x10\x10\x0c\x00\x01\x02\x00\x0a")
    for n in range(len(frame)):
        assert run(meter.slave, frame[:n]) == b""
        assert run(meter.slave, frame[n:]) == b"" or n == 0
    assert meter.settings.get(p.BACKLIGHT) == 10  # by the one whole frame


def test_two_requests_in_a_run_the_last_is_answered():
    meter = FakeMeter()
    answer = run(meter.slave, write_one(1, 0x100C, 9), write_one(1, 0x100D, 20))
    assert answer == write_one(1, 0x100D, 20)
    assert meter.settings.get(p.BACKLIGHT) == 1
    assert meter.settings.get(p.DEMAND_WINDOW) == 20
    assert meter.slave.counters[s.SUPERSEDED] == 1
    frame = read_one(1, 0x1000)
    assert len(run(meter.slave, frame, frame)) == 7


def test_a_broadcast_before_a_request_in_the_same_run():
    meter = FakeMeter()
    answer = run(meter.slave, write_one(0, 0x100C, 9), read_one(1, 0x100C))
    assert answer == with_crc(b"\x01\x03\x02\x00\x09")


def test_a_broadcast_behind_a_request_leaves_its_answer_alone():
    meter = FakeMeter()
    answer = run(meter.slave, write_one(1, 0x100C, 9), write_one(0, 0x100D, 20))
    assert answer == write_one(1, 0x100C, 9)
    assert meter.settings.get(p.DEMAND_WINDOW) == 20


def test_frames_for_others_in_a_run():
    meter = FakeMeter()
    other = with_crc(b"\x07\x10\x10\x0c\x00\x01\x02\x00\x0a")
    assert len(run(meter.slave, other, read_one(1, 0x1000))) == 7
    assert len(run(meter.slave, read_one(1, 0x1000), other)) == 7
    assert run(meter.slave, other, other) == b""
    assert meter.settings.get(p.BACKLIGHT) == 1


def test_garbage_ends_a_run():
    meter = FakeMeter()
    frame = read_one(1, 0x1000)
    assert len(run(meter.slave, frame, b"\xff")) == 7
    assert len(run(meter.slave, frame, b"\x01\x03\x10")) == 7
    assert run(meter.slave, b"\x00", frame) == b""
    assert run(meter.slave, b"\x01\x03\x10\x00\x00\x01\x00\x00", frame) == b""
    assert run(meter.slave, b"") == b""
    for n in range(300):
        assert run(meter.slave, bytes(n)) == b""
        assert run(meter.slave, b"\xff" * n) == b""


def test_zeros_behind_a_good_request_are_garbage():
    # the CRC over a good frame and any number of zeros is good too: the function code says where it ends
    meter = FakeMeter()
    requests = (
        (b"\x01\x01\x00\x00\x00\x08", b"\x01\x01\x01\x01"),
        (b"\x01\x02\x00\x00\x00\x08", b"\x01\x02\x01\x00"),
        (b"\x01\x03\x10\x01\x00\x01", b"\x01\x03\x02\x00\x01"),
        (b"\x01\x05\x00\x00\xff\x00", b"\x01\x05\x00\x00\xff\x00"),
        (b"\x01\x06\x10\x0c\x00\x07", b"\x01\x06\x10\x0c\x00\x07"),
        (b"\x01\x10\x10\x0c\x00\x01\x02\x00\x09", b"\x01\x10\x10\x0c\x00\x01"),
    )
    run(meter.slave, with_crc(b"\x01\x05\x00\x00\xff\x00"))
    for zeros in range(1, 20):
        for request, answer in requests:
            assert run(meter.slave, with_crc(request), bytes(zeros)) == with_crc(answer), (zeros, request)
    assert run(meter.slave, write_one(0, 0x100C, 11), b"\x00") == b""
    assert meter.settings.get(p.BACKLIGHT) == 11
    assert run(meter.slave, write_one(7, 0x100C, 12), b"\x00") == b""
    assert meter.settings.get(p.BACKLIGHT) == 11


def test_the_byte_count_alone_refuses_a_write():
    meter = FakeMeter()
    for count in range(256):
        answer = meter.ask(1, 16, 0x10, 0x0C, 0, 1, count, 0, 9)
        assert answer == (b"\x01\x10\x10\x0c\x00\x01" if count == 2 else b"\x01\x90\x03"), count
    for registers in range(1, 124):
        if registers != 1:
            assert meter.ask(1, 16, 0x10, 0x0C, 0, registers, 2, 0, 8) == b"\x01\x90\x03"
    assert meter.settings.get(p.BACKLIGHT) == 9


def test_an_answer_of_another_slave_is_no_request():
    meter = FakeMeter()
    assert run(meter.slave, with_crc(b"\x07\x03\x04\x01\x06\x10\x0c")) == b""
    assert meter.slave.counters[s.BAD_FRAMES] == 0


def test_a_late_request_is_dropped_whole():
    meter = FakeMeter()
    assert run(meter.slave, write_one(1, 0x100C, 9), age=s.LATE_US + 1) == b""
    assert run(meter.slave, write_one(0, 0x100C, 9), age=s.LATE_US + 1) == b""
    assert meter.settings.get(p.BACKLIGHT) == 1
    assert meter.slave.counters[s.LATE] == 2
    assert len(run(meter.slave, write_one(1, 0x100C, 9), age=s.LATE_US)) == 8


def test_counters():
    meter = FakeMeter()
    run(meter.slave, read_one(1, 0x1000))
    run(meter.slave, read_one(1, 0))
    run(meter.slave, read_one(2, 0))
    run(meter.slave, write_one(0, 0x100C, 9))
    run(meter.slave, b"\x01\x03\x00")
    assert meter.slave.counters == [4, 1, 2, 1, 1, 0, 0]
    assert len(s.COUNTERS) == len(meter.slave.counters)
    meter.slave.counters[s.FRAMES] = 0xFFFF
    run(meter.slave, read_one(2, 0))
    assert meter.slave.counters[s.FRAMES] == 0
