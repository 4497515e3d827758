"""The whole load on the emulated chip: speed, memory and the serial line's timing, all in emulated time.

A master polls back to back while the meter measures four channels, draws its panel and erases a flash sector
every second. `tools/bench/load.mjs` is the bench that prints the same as a table.
"""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from emulated import ROOT, image

BENCH = ROOT / "tools" / "bench" / "load.mjs"


def bench(**options: Any) -> dict[str, Any]:
    """One run of the bench."""
    image("PICO_EMU")
    command = ["node", str(BENCH), *(f"{name}={value}" for name, value in options.items())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def measure(**options: Any) -> dict[str, Any]:
    """One run of the bench; every request must have had a correct answer or none."""
    result = bench(**options)
    master = result["master"]
    assert master["requests"] > 3 * options["seconds"]
    assert master["bad"] == master["unasked"] == 0
    assert master["replies"] + master["timeouts"] >= master["requests"] - 1
    return result


def assert_nothing_lost(result: dict[str, Any]) -> None:
    assert result["board"]["gaps"] == result["board"]["overruns"] == 0
    assert result["emulator"]["adc"]["overflows"] == 0
    for line in result["emulator"]["uart"]:
        assert line["overruns"] == 0


def assert_line_kept(result: dict[str, Any]) -> None:
    """No pause of 1.5 characters in a frame; the driver is on from its first bit to a byte after it."""
    master = result["master"]
    assert master["gap_us"] <= 750
    assert master["direction_inside"] == 0
    assert master["direction_lead_us"]["min"] >= 0
    assert master["direction_tail_us"]["min"] >= 0
    assert master["direction_tail_us"]["max"] <= master["byte_us"]


def test_long_answers_start_within_2_ms() -> None:
    """The silence of 1.75 ms and the start of the sender; 5 ms at worst."""
    latency = measure(seconds=20)["master"]["latency_ms"]
    assert latency["p95"] <= 2.0
    assert latency["max"] <= 5.0


def assert_stacks_kept(result: dict[str, Any]) -> None:
    # of 2048 and 6144 (boards/common/rp2.h); the C stack is deepest while modules import each other
    assert result["emulator"]["stacks"]["frames"] <= 1536
    assert result["emulator"]["stacks"]["c"] <= 5744


def test_a_minute_of_long_reads_with_an_erase_every_second() -> None:
    result = measure(seconds=60)
    assert_nothing_lost(result)
    assert_line_kept(result)
    master = result["master"]
    assert master["timeouts"] == 0
    assert result["board"]["erases"] >= 58
    assert master["within_10ms"] == 1
    assert_stacks_kept(result)


def test_erases_of_400_ms() -> None:
    result = measure(seconds=12, eraseUs=400_000)
    assert_nothing_lost(result)
    assert_line_kept(result)
    # 200 slices each, between which requests are answered
    assert result["board"]["erases"] >= 8
    assert result["emulator"]["flash"]["suspensions"] >= 1000
    assert result["emulator"]["flash"]["refused"] == 0
    assert result["master"]["timeouts"] == 0
    assert result["master"]["latency_ms"]["max"] <= 5


def test_settings_files_with_erases_of_400_ms() -> None:
    # requests wait for the file, samples do not
    result = measure(seconds=12, eraseUs=400_000, erase=0, save=700)
    assert result["emulator"]["flash"]["erase"] >= 4
    assert_nothing_lost(result)
    assert_line_kept(result)
    assert result["board"]["watts"] == pytest.approx(1150, rel=0.002)
    assert_stacks_kept(result)


def test_a_flash_that_does_not_suspend() -> None:
    result = measure(seconds=8, suspends=0)
    assert_nothing_lost(result)
    assert_line_kept(result)
    assert result["board"]["erases"] >= 6
    assert result["master"]["latency_ms"]["max"] < 60


@pytest.mark.parametrize(
    "options",
    [{"baud": 115_200}, {"registers": 2}, {"baud": 9600, "registers": 2}, {"other": 1}],
    ids=lambda options: " ".join(f"{name}={value}" for name, value in options.items()),
)
def test_fast_lines_short_reads_and_other_slaves(options: dict[str, int]) -> None:
    result = measure(seconds=8, **options)
    assert_nothing_lost(result)
    assert_line_kept(result)
    assert result["master"]["timeouts"] == 0
    assert result["master"]["within_5ms"] >= 0.95


def test_share_of_time_and_no_allocation_per_cycle() -> None:
    # each visit runs under a heap lock here: an allocation would be a MemoryError
    result = measure(seconds=6, watch=1)
    share = result["board"]["share"]
    assert share["measure"] + share["windows"] + share["energy"] <= 3.3


def test_no_slice_keeps_the_others_waiting() -> None:
    result = measure(seconds=6, watch=1)
    for job, longest_us in result["board"]["longest_us"].items():
        if job not in ("Collector", "SaveSettings"):
            # "work" is a slice of the meter with the clock's tick after it, and with the timers of both
            assert longest_us <= (5000 if job == "work" else 4000), job


def test_allocation() -> None:
    result = measure(seconds=8, watch=2)
    assert result["board"]["allocated_per_s"] <= 16_384


def test_heap_that_stays_free() -> None:
    options = {"seconds": 4, "script": "heap.py", "baud": 19200}
    # without logs, alarms, quality and months, then with all that the model names
    assert measure(core=1, **options)["board"]["heap_free"] >= 120 * 1024
    assert measure(**options)["board"]["heap_free"] >= 70 * 1024


def test_a_gap_in_sampling_is_never_silent() -> None:
    # an erase longer than the ring: what is lost is counted and bridged, the line goes on
    result = measure(seconds=8, eraseUs=400_000, suspends=0, registers=2)
    assert result["board"]["gaps"] >= result["board"]["erases"] - 1 > 2
    assert result["board"]["overruns"] == result["board"]["gaps"]
    assert_line_kept(result)
    assert result["board"]["readings"][1] == pytest.approx(230.0, rel=0.002)
    # bridged: without it a third would be missing
    assert result["board"]["watts"] == pytest.approx(1150, rel=0.02)
