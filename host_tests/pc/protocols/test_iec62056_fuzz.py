"""A million mutated frames and half-open sessions: no exception, no change, idle in the standard's time."""

from __future__ import annotations

import pytest
from protocols.iec62056_fuzz import run

SHARES = 8
FRAMES = 1_000_000 // SHARES


@pytest.mark.thorough
@pytest.mark.parametrize("share", range(SHARES))
def test_mutated_frames_change_nothing(share: int) -> None:
    counters = run(FRAMES, 1000 + 7 * share)
    assert min(counters[:7]) > 1000, counters
