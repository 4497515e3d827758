"""What the A1000's billing costs on the emulated RP2040, with its flash: tools/bench/billing.py prints the
figures.
"""

from __future__ import annotations

import re
import subprocess

import pytest
from emulated import ROOT, image

BENCH = ROOT / "tools" / "bench"


@pytest.fixture(scope="module")
def figures() -> dict[str, tuple[int, int]]:
    """Mean and longest time in microseconds, by name."""
    image("PICO_EMU")
    command = ["node", str(BENCH / "exec.mjs"), str(BENCH / "billing.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^(.*) mean (\d+) most (\d+)", done.stdout, re.MULTILINE)
    assert "resets 1\n" in done.stdout
    assert "impulses [15, 0, 1, 0, 15, 1]\n" in done.stdout
    return {name: (int(mean), int(most)) for name, mean, most in rows}


def test_engines_take_two_percent_at_most(figures: dict[str, tuple[int, int]]) -> None:
    second = sum(
        figures[name][0] for name in ("increments of a second", "a second", "supervision of a second")
    )
    second += figures["pulse outputs of ten seconds, 3.4 kW"][0] / 10
    minute = figures["minute 14"][0] + figures["image"][0] + figures["image saved"][0]
    assert second + minute / 60 <= 20_000


def test_minute_with_a_change_of_tariff_takes_20_ms_at_most(figures: dict[str, tuple[int, int]]) -> None:
    for name in ("midnight: record, tariff", "midnight: self-read", "minute 14", "minute 15", "minute 30"):
        assert figures[name][1] < 20_000, name
