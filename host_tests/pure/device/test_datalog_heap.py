"""What data logs cost of the heap, where there is MicroPython's to look at."""

import gc
import sys

from datalog_bench import VOLTS, Bench

MOST = 8192  # bytes of the parts, stores and rings of three logs of the longest records
SECTORS = 32  # of each, as a board has them
WIDE = tuple(range(0x4000, 0x4000 + 117))


def _allocated(action):
    gc.collect()
    before = gc.mem_alloc()
    action()
    return gc.mem_alloc() - before


def _three(registers):
    bench = Bench(sectors=SECTORS)
    for log in range(3):
        assert bench.set_up(log, registers) == 0
    bench.settle()
    bench.run(3)
    return bench


def test_a_second_allocates_nothing_and_a_record_little():
    if sys.implementation.name != "micropython":
        return
    bench = _three(VOLTS)
    look, *take = bench.logs.after_reading
    look()
    assert not _allocated(look) and not _allocated(take[0])
    bench.now += 60000
    bench.meter.clock.tick(bench.now)
    bench.logs.fetch = lambda address, count, target, at: 0
    assert _allocated(look) <= 64
    for step in take:
        assert 0 < _allocated(step) <= 400


def test_all_of_it_fits_into_8_kb():
    if sys.implementation.name != "micropython":
        return
    bench = _three(WIDE)
    parts = (bench.stores, bench.logs)
    gc.collect()
    before = gc.mem_alloc()
    # what else holds on to them, and what they hold on to, goes first
    bench.logs.fetch = None
    bench.logs.retrieval._masters = [None] * 4
    bench.stores = bench.logs = bench.map = bench.masters = bench.points = None
    bench.meter.settings.groups = None
    gc.collect()
    others = gc.mem_alloc()
    parts = None
    gc.collect()
    cost = others - gc.mem_alloc()
    print("three data logs:", cost, "bytes of heap; with a map and six masters", before - gc.mem_alloc())
    assert parts is None and 2048 < cost < MOST
