"""The simulator makes three phases at 50 times real time or better, by the processor time that it takes."""

import importlib.util
from pathlib import Path

FILE = Path(__file__).resolve().parents[3] / "tools" / "bench" / "simulator.py"


def test_fifty_times_real_time():
    spec = importlib.util.spec_from_file_location("bench_simulator", FILE)
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    seen = list(bench.measure(10.0))
    assert len(seen) == 4
    for load, model, factor in seen:
        assert factor >= bench.FACTOR, (load, model)
