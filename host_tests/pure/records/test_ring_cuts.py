"""Power cuts at every flash operation of a ring's life, and again in recoveries.

All shapes and all recoveries, of a part of the operations, are in
host_tests/pc/records/test_ring_cuts_exhaustive.py.
"""

from cut_flash import SHAPES
from ring_life import KINDS, Lives

ROUNDS = 7


def test_every_operation_is_cut_and_some_recoveries_again():
    for kind in KINDS:
        lives = Lives(kind, ROUNDS)
        count = len(lives.operations)
        cuts = 0
        for i in range(count):
            cuts += lives.cut(i, ((i * 5) % SHAPES,), i % 24 == 7)
            lives.go_on(i)
        assert count > 60 and cuts > count * 5 // 4, (kind, count, cuts)
