"""Power cuts in every shape at flash operations of a ring's life, and each recovery cut again at every one of
its operations.

`test_ring_cuts.py` cuts every operation in one shape. Here `make test` takes every eighth operation, and of
the long life of the largest records every 64th; `make test-all` three times as many more.
"""

from __future__ import annotations

import pytest
from cut_flash import SHAPES
from ring_life import KINDS, Lives

ROUNDS = 24
STEP = 8
LARGE = 600  # bytes, whose life has some 2,600 operations
LARGE_STEP = 64


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind[0]} bytes")
@pytest.mark.parametrize("part", [0, *(pytest.param(n, marks=pytest.mark.thorough) for n in (3, 5, 6))])
def test_operations_in_every_shape_and_again(kind: tuple[int, int], part: int) -> None:
    lives = Lives(kind, ROUNDS)
    step = LARGE_STEP if kind[0] >= LARGE else STEP
    cuts = chosen = 0
    for i in range(len(lives.operations)):
        if i % step == part:
            cuts += lives.cut(i, range(SHAPES), True)
            chosen += 1
        lives.go_on(i)
    assert chosen > 30 and cuts > chosen * SHAPES * 3
