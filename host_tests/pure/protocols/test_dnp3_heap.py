"""What a request costs of the heap, where there is MicroPython's to look at."""

import gc
import sys

from protocols.dnp3_fakes import Station, frame, hexed
from protocols.dnp3_lists import FULL

# function and objects, and the bytes that answering may allocate
LIMITS = (
    (1, "3C 01 06", 1024),  # class 0 of the whole list
    (1, "64 01 06", 512),
    (1, "3C 02 06 3C 03 06 3C 04 06", 512),
    (1, "14 05 00 00 08", 512),
    (5, "0C 01 17 01 01 03 00 00 00 00 00 01 00 00 00 00", 1024),
    (1, "FF 00 06", 512),
)


def cost(s, octets):
    n = len(octets)
    gc.collect()
    used = gc.mem_alloc()
    s.out.run(octets, n, 0)
    return gc.mem_alloc() - used


def test_a_request_allocates_little():
    if sys.implementation.name != "micropython":
        return
    s = Station()
    s.settle(100)
    sequence = 0
    for function, objects, limit in LIMITS:
        for round in range(2):
            sequence = (sequence + 1) & 15
            octets = frame(0xC4, bytes((0xC0, 0xC0 | sequence, function)) + hexed(objects))
            used = cost(s, octets)
            assert not round or used <= limit, (objects, used)
    assert cost(s, frame(0xC9)) <= 256


def test_waiting_allocates_nothing():
    if sys.implementation.name != "micropython":
        return
    s = Station()
    s.settle(100)
    gc.collect()
    used = gc.mem_alloc()
    for _ in range(1000):
        s.out.poll(7)
    assert gc.mem_alloc() - used <= 64


def test_looking_for_events_stays_within_its_budget():
    """A second of looking at five floats, six binary inputs and six counters."""
    if sys.implementation.name != "micropython":
        return
    s = Station(FULL)
    s.settle(2000)
    s.meter.io.set_input(0, 0)
    gc.collect()
    used = gc.mem_alloc()
    poll = s.out.poll
    now = s.now
    for _ in range(1000):
        now += 1
        poll(now)
    assert gc.mem_alloc() - used <= 4096, gc.mem_alloc() - used
