"""Loads that nobody had listed, on every modelled front end (findings metering T1, T2, T3, T6, F9)."""

import pytest

from accuracy import cases, loads


def check(rows):
    """All within their limits; shows those that are not."""
    rows = list(rows)
    assert rows
    assert not [row for row in rows if not row.holds]


QUICK = ("ideal",)
EVERY_FRONT = [*QUICK, *(pytest.param(f, marks=pytest.mark.thorough) for f in loads.FRONTS if f not in QUICK)]


@pytest.mark.parametrize("front", EVERY_FRONT)
def test_phase_fired_and_burst_fired_loads(front):
    """T2: 0.1 % of P."""
    check(loads.jumps(loads.FRONTS[front](), ""))


@pytest.mark.parametrize("front", QUICK)
def test_few_phases_and_half_waves(front):
    check(loads.odd(loads.FRONTS[front](), ""))


@pytest.mark.parametrize("front", QUICK)
def test_unbalance_without_a_positive_sequence(front):
    """T1, F9: at most 100 %, and 0 where there is neither sequence."""
    check(loads.unbalance(loads.FRONTS[front](), ""))


@pytest.mark.parametrize("front", QUICK)
def test_multiples_of_the_nominal_frequency(front):
    """T6: neither a frequency nor harmonics."""
    check(loads.multiples(loads.FRONTS[front](), ""))


def test_harmonics_of_a_load_that_cycles():
    """T3: right on average, whatever its period."""
    check(loads.reactive_harmonics(cases.ideal(), ""))
