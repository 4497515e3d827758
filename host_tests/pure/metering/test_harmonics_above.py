"""Harmonics that are three times their fundamental: the last digit of large ratios."""

from harmonic_waves import Rig

from fourquad import points as p

FUNDAMENTAL = 1.5
LARGE = {1: (FUNDAMENTAL, 0.0), 3: (3 * FUNDAMENTAL, 50.0)}
EVEN = {1: (FUNDAMENTAL, 0.0), 2: (3 * FUNDAMENTAL, 50.0)}
SINE = {1: (230.0, 0.0)}


def test_ratios_of_300_percent():
    values = Rig((SINE, SINE, LARGE, EVEN), bits=16).run()
    sums = p.HARMONIC_I1 + p.ORDERS
    next_sums = sums + p.CURRENT_HARMONICS
    for at in (p.THD_I1, p.THD_I1 + 1, sums, next_sums + 1):
        assert abs(values[at] - 30000) <= 2, (at, values[at])
    for at in (sums + 1, next_sums):
        assert values[at] <= 3, (at, values[at])
