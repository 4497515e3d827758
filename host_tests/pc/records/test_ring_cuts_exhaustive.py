"""Power cuts at every flash operation of a ring's life, in every shape, and each recovery cut again at every
one of its operations.
"""

from __future__ import annotations

import pytest
from cut_flash import SHAPES
from ring_life import KINDS, Lives

ROUNDS = 24
PARTS = 8


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind[0]} bytes")
@pytest.mark.parametrize("part", [0, *(pytest.param(n, marks=pytest.mark.thorough) for n in range(1, PARTS))])
def test_every_operation_in_every_shape_and_again(kind: tuple[int, int], part: int) -> None:
    lives = Lives(kind, ROUNDS)
    cuts = 0
    for i in range(len(lives.operations)):
        if i % PARTS == part:
            cuts += lives.cut(i, range(SHAPES), True)
        lives.go_on(i)
    assert cuts > len(lives.operations) // PARTS * SHAPES * 3
