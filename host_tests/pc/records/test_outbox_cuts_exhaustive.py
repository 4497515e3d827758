"""Power cuts in every shape at every other flash operation of an outbox's life; STEP 1 takes all of them, and
host_tests/pure/device/test_outbox.py a few.
"""

from __future__ import annotations

import pytest
from cut_flash import SHAPES
from device.outbox_life import cut_all

STEP = 2


@pytest.mark.thorough
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_operations_in_every_shape(qos: int) -> None:
    assert cut_all(qos, lambda i: i % STEP == qos % STEP, lambda i: range(SHAPES)) > 450
