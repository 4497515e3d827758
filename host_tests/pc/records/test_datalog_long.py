"""A data log of 100,000 records, read while it goes on: complete, equal, each once."""

from __future__ import annotations

import random

import pytest
from datalog_bench import VOLTS, Bench, value
from log_master import records, words

from fourquad.calendar.clock import seconds

COUNT = 100_000
SIZE = 24
PER_WINDOW = 10


def _check(found: list, first: int, offset: int) -> None:
    for number, when, data in found:
        offset += 1
        minute = first + offset - 1
        assert number == offset
        assert seconds(2000 + when[0], *when[1:]) == 60 * minute
        assert data == b"".join([words(value(register, minute)) for register in VOLTS])


@pytest.mark.thorough
def test_a_hundred_thousand_records() -> None:
    # 100 sectors of 64 KB hold 273,000
    bench = Bench(sectors=1648)
    assert bench.set_up(0, VOLTS, sectors=100) == 0
    bench.settle()
    master = bench.masters[0]
    assert master.status(0)[0] == 100 * (65536 // SIZE)
    bench.run(COUNT)
    first = bench.minute - COUNT + 1
    assert master.status(0)[1] == COUNT
    chance = random.Random(10)
    offset = 0
    while offset < COUNT:
        if offset in (30_000, 70_000):
            # power goes, and the master goes on where it was
            bench.boot()
            master = bench.masters[0]
        count = min(PER_WINDOW, COUNT - offset)
        state, data = master.window(0, count, offset)
        assert state == 0x0B
        _check(records(data, SIZE, count), first, offset)
        offset += count
        if not chance.randrange(100):
            bench.run(1)
    assert offset == COUNT and master.status(0)[1] > COUNT


@pytest.mark.thorough
def test_more_than_there_is_room_for() -> None:
    bench = Bench(sectors=1648)
    assert bench.set_up(0, VOLTS, sectors=3) == 0
    bench.settle()
    most = 3 * (65536 // SIZE)
    for _ in range(40):
        bench.run(997)
        _, used, size, _, _ = bench.masters[0].status(0)
        # full sectors go, and only when there is one record too many
        made = bench.logs.logs[0].ring.newest + 1
        gone = max(0, -(-(made - most) // (most // 3)) * (most // 3))
        assert size == SIZE and used == made - gone <= most
        state, data = bench.masters[0].window(0, 1, 0)
        assert state == 0x0B
        _check(records(data, SIZE, 1), bench.minute - used + 1, 0)
