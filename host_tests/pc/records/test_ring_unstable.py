"""A ring on cells that read differently each time after a cut, until they are erased: hundreds of boots, each
cut short. What was once committed is never lost or changed, what was cleared stays away.
"""

from __future__ import annotations

import random

import pytest
from ring_records import record
from test_unstable_flash import PowerCut, UnstableFlash

from fourquad.records.ring import Ring

BOOTS = 300
UNITS = 6
KINDS = ((24, 1), (101, 1), (600, 1), (5000, 2))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind[0]} bytes")
@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_committed_is_lost(kind: tuple[int, int], seed: int) -> None:
    size, span = kind
    rng = random.Random(seed * 1000 + size)
    flash = UnstableFlash(UNITS * span, rng)
    committed = cleared = clearing = 0
    for _ in range(BOOTS):
        ring = Ring(flash, 0, UNITS * span, size, span=span)
        flash.fuse = rng.randrange(8) if rng.random() < 0.6 else rng.randrange(200)
        try:
            # as a meter does before it shows anything
            ring.mount()
            while ring.due:
                ring.service()
            # the one that was being written may be there
            assert committed <= ring.newest + 1 <= committed + 1
            committed = ring.newest + 1
            assert ring.oldest >= cleared
            if ring.oldest >= clearing:
                cleared = clearing
            places = ring.capacity // (UNITS - 2)
            assert ring.oldest <= max(cleared, committed - places * (UNITS - 3))
            out = bytearray(size)
            for number in range(max(ring.oldest, committed - 60), committed):
                assert ring.read(number, out) and out == record(number, size), number
            while True:
                if committed - cleared > 3 * places and rng.random() < 0.1:
                    clearing = committed
                    ring.clear()
                    cleared = clearing
                ring.append(record(committed, size))
                committed += 1
                while ring.due and rng.random() < 0.8:
                    ring.service()
        except PowerCut:
            continue
    assert committed > BOOTS // 2
