"""The fuzz that MicroPython can do; the million frames are in host_tests/pc/protocols."""

from protocols.iec62056_fuzz import run


def test_mutated_frames_change_nothing():
    counters = run(4000, 77)
    assert min(counters[:7]) > 10, counters
