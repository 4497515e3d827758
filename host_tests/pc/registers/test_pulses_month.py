"""The one pulse output of an AcuRev 1312 for a month, against the energy: a load of its own in each quarter
of an hour, export among them, and both kinds of energy.
"""

from __future__ import annotations

import random

import pytest
from meter.tables import meter

from fourquad import models, ticks
from fourquad import points as p
from fourquad.points import billing as b
from fourquad.points import values as v

QUARTER_S = 900
REACTIVE = (b.REACTIVE_Q1, b.REACTIVE_Q2, b.REACTIVE_Q3, b.REACTIVE_Q4)
# 3 x 240 V x 5 A (manual 1.3) is the most that the defaults, 5000 a kWh and 100 ms, keep up with
WATTS = 3600


def rises(source: int, days: float, constant: int, width: int, seed: int) -> tuple[int, int, int]:
    """Impulses on the pin, joules of what the output counts, and the shortest time of a level in ms."""
    table = meter(models.load("acurev1312"))
    for offset, value in (
        (p.PULSE_SOURCE, source),
        (p.PULSE_WIDTH, width),
        (p.PULSE_P, constant),
    ):
        assert table.points.write(p.SETTING + offset, value) == p.OK
    pulses = table.billing.pulses
    chance = random.Random(seed)
    counted = (b.ACTIVE_IMPORT,) if source == v.PULSE_ACTIVE else REACTIVE
    joules = [0] * b.BASES
    seen = total = 0
    edge, shortest, level = -1000, 10**6, 0
    seconds = int(days * 86400)
    for second in range(seconds + 3):
        if second % QUARTER_S == 0:
            joules = [0] * b.BASES
            joules[b.ACTIVE_IMPORT if chance.random() < 0.8 else b.ACTIVE_EXPORT] = chance.randrange(
                WATTS + 1
            )
            joules[chance.choice(REACTIVE)] = chance.randrange(WATTS + 1)
        if second >= seconds:
            joules = [0] * b.BASES
        total += sum(joules[quantity] for quantity in counted)
        start = 1000 * second
        pulses.feed(joules, start % ticks.PERIOD)
        now = start
        while now < start + 1000:
            pulses.tick(now % ticks.PERIOD)
            if pulses.states[0] != level:
                level = pulses.states[0]
                seen += level
                shortest = min(shortest, now - edge)
                edge = now
            now += max(1, ticks.diff(pulses.wake, now % ticks.PERIOD))
    return seen, total, shortest


@pytest.mark.parametrize("source", [v.PULSE_ACTIVE, v.PULSE_REACTIVE])
@pytest.mark.parametrize("days", [1 / 4, pytest.param(30, marks=pytest.mark.thorough)])
def test_pulses_are_the_energy(source: int, days: float) -> None:
    seen, joules, shortest = rises(source, days, 5000, 100, 1312)
    assert seen == joules * 5000 // 3600000 > 1000 * days
    assert shortest >= 100


def test_the_fastest_pulses_that_are_allowed() -> None:
    """20 ms and as long a pause: 25 a second of 3.6 kW."""
    seen, joules, shortest = rises(v.PULSE_ACTIVE, 1 / 24, 25000, 20, 7)
    assert seen == joules * 25000 // 3600000 > 10000
    assert shortest >= 20
