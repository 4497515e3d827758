"""A power cut in each flash operation of three data logs' life, in each shape."""

from __future__ import annotations

import pytest
from cut_flash import SHAPES
from datalog_life import cut_all


@pytest.mark.parametrize(
    "shape", [0, *(pytest.param(n, marks=pytest.mark.thorough) for n in range(1, SHAPES))]
)
def test_every_operation_is_cut(shape: int) -> None:
    assert cut_all(lambda i: (i + shape,)) > 300
