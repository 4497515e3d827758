"""What 16 armed alarm channels cost on the emulated RP2040: tools/bench/alarms.py prints the figures."""

from __future__ import annotations

import re
import subprocess

import pytest
from emulated import ROOT, image

BENCH = ROOT / "tools" / "bench"
ALL = (1 << 16) - 1


@pytest.fixture(scope="module")
def output() -> str:
    image("PICO_EMU")
    command = ["node", str(BENCH / "exec.mjs"), str(BENCH / "alarms.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def figures(output: str) -> dict[str, tuple[int, int, int]]:
    """Mean and longest time in microseconds, bytes that were left, by name."""
    rows = re.findall(r"^(.*) mean (\d+) most (\d+) bytes (\d+)", output, re.MULTILINE)
    return {name: (int(mean), int(most), int(left)) for name, mean, most, left in rows}


def test_they_take_one_percent_of_the_time_at_most(figures: dict[str, tuple[int, int, int]]) -> None:
    # ten windows a second, and a look at the time every 5 ms
    second = 10 * figures["windows"][0] + 200 * figures["idle"][0]
    assert 0 < second <= 10_000


def test_a_window_without_news_leaves_nothing_on_the_heap(figures: dict[str, tuple[int, int, int]]) -> None:
    assert figures["windows"][2] == 0


def test_no_slice_takes_5_ms(output: str, figures: dict[str, tuple[int, int, int]]) -> None:
    assert f"armed {ALL}\n" in output and f"records 16 standing {ALL}\n" in output
    for name, (_, most, _) in figures.items():
        assert most < 5000, name
