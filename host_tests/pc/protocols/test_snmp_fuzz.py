"""Mutated datagrams to the agents of v2c and v3: memory stays flat, and a manager is served afterwards."""

from __future__ import annotations

import gc
import random
import tracemalloc

import pytest
from test_dnp3_fuzz import mutated

from fuzz import snmp


@pytest.mark.parametrize("count", [400, pytest.param(6_000, marks=pytest.mark.thorough)])
def test_mutated_datagrams(count: int) -> None:
    target, rng, seeds = snmp.Target(), random.Random(161), snmp.seeds()

    def attack(number: int) -> None:
        for _ in range(number):
            seed = rng.choice(seeds)
            target.run(seed[:1] + mutated(seed[1:], rng)[: snmp.LONGEST])

    attack(100)
    gc.collect()
    tracemalloc.start()
    try:
        first = tracemalloc.get_traced_memory()[0]
        attack(count)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - first
    finally:
        tracemalloc.stop()
    assert grown < 50_000, grown
    for seed in seeds:
        target.run(seed)
