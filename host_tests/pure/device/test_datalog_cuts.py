"""Power cuts at flash operations of the data logs: nothing that was recorded is lost, or damaged unseen.

All operations in all shapes are in host_tests/pc/records/test_datalog_cuts_exhaustive.py.
"""

from datalog_life import cut_all


def test_cuts():
    assert cut_all(lambda i: () if i % 5 else (i,)) > 60
