"""Power cuts in every shape at flash operations of a ring's life, and each recovery cut again at every one of
its operations.

`test_ring_cuts.py` cuts every operation in one shape. Here `make test` takes every eighth operation of two
kinds of records; `make test-all` three times as many more of all kinds, of the largest, whose life is long,
every 64th.
"""

from __future__ import annotations

import pytest
from cut_flash import SHAPES
from ring_life import KINDS, Lives

ROUNDS = 24
STEP = 8
LARGE = 600  # bytes, whose life has some 2,600 operations
LARGE_STEP = 64
CHOSEN = ((24, 1), (150, 1))  # of `make test`


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        pytest.param(kind, part, marks=[] if not part and kind in CHOSEN else pytest.mark.thorough)
        for kind in KINDS
        for part in (0, 3, 5, 6)
    ],
    ids=lambda value: f"{value[0]} bytes" if isinstance(value, tuple) else None,
)
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
