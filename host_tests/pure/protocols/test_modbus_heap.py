"""What a request costs of the heap, where there is MicroPython's to look at."""

import gc
import sys

from protocols.modbus_fakes import FakeMeter, with_crc

from fourquad.protocols.modbus.map import RegisterMap

# body without CRC, and the bytes that answering it may allocate
LIMITS = (
    (b"\x01\x03\x40\x00\x00\x7d", 0),
    (b"\x01\x03\x30\x00\x00\x3c", 0),
    (b"\x01\x03\x0f\xfd\x00\x49", 64),
    (b"\x01\x03\x42\xa0\x00\x05", 256),  # five readings become integers
    (b"\x01\x02\x00\x00\x00\x1c", 0),
    (b"\x01\x03\x50\x00\x00\x01", 0),
    (b"\x02\x03\x40\x00\x00\x7d", 0),
    (b"\x01\x06\x10\x0c\x00\x05", 128),
    (b"\x01\x10\x40\x48\x00\x02\x04\x0a\x9d\x40\x89", 128),
)


def test_a_request_allocates_little_or_nothing():
    if sys.implementation.name != "micropython":
        return
    meter = FakeMeter()
    for body, limit in LIMITS:
        frame = with_crc(body)
        n = len(frame)
        meter.slave.run(frame, n, 0)
        gc.collect()
        used = gc.mem_alloc()
        meter.slave.run(frame, n, 0)
        used = gc.mem_alloc() - used
        assert used <= limit, (body, used)


def test_a_map_takes_little():
    if sys.implementation.name != "micropython":
        return
    meter = FakeMeter()
    gc.collect()
    used = gc.mem_alloc()
    registers = RegisterMap(meter.model, meter.points)
    gc.collect()
    used = gc.mem_alloc() - used
    print("    a register map:", used)
    assert registers and used <= 2400
