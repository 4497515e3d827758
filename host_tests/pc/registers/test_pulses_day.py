"""Pulse outputs for a day at the highest load of their constant: none lost, none doubled, none short."""

from __future__ import annotations

import pytest

from fourquad import points_billing as b
from fourquad import ticks
from fourquad.registers import pulses as pu

STEP_MS = 5  # of the meter's loop
DAY = 86400


@pytest.mark.parametrize(("constant", "watts"), [(1000, 22500), (1600, 14062), (22500, 1000)])
def test_a_day(constant: int, watts: int) -> None:
    assert pu.keeps_up(constant, 80, watts)
    outputs = pu.Pulses(((pu.ACTIVE_IMPORT, False), (pu.ACTIVE, True)))
    outputs.configure(0, constant, 80)
    outputs.configure(1, constant)
    joules = [0] * 7
    rises = [0, 0]
    before = bytes(2)
    since = -1000
    shortest = 1000
    for second in range(DAY + 3):
        joules[b.ACTIVE_IMPORT] = watts if second < DAY else 0
        start = 1000 * second
        outputs.feed(joules, start % ticks.PERIOD)
        now = start
        while now < start + 1000:
            outputs.tick(now % ticks.PERIOD)
            states = bytes(outputs.states)
            for i in (0, 1):
                rises[i] += states[i] > before[i]
            if states[0] != before[0]:
                shortest = min(shortest, now - since)
                since = now
            before = states
            wait = ticks.diff(outputs.wake, now % ticks.PERIOD)
            now += max(STEP_MS, -(-wait // STEP_MS) * STEP_MS)
    expected = watts * DAY * constant // 3600000
    assert rises[0] == outputs.counts[0] == expected
    assert abs(rises[1] - expected) <= 1
    assert shortest >= 75
