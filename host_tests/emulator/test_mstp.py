"""An S4100 on an MS/TP line of the emulated RP2040, with metering and an erase a second.

The other masters (tools/bench/mstp.mjs) are exact to the byte and as impatient as the standard lets them be:
they speak after 40 bit times, and take a token for lost after 20 ms. All times are emulated.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from emulated import Emulated, image
from test_load import BENCH, assert_nothing_lost, bench

BANNER = "Ctrl-C ends it"
METER = 1  # its address
# ASHRAE 135, 9.5.3
T_USAGE_DELAY_MS = 15
T_REPLY_DELAY_MS = 250
T_TURNAROUND_BITS = 40
T_FRAME_GAP_BITS = 20
HEAP = 100 * 1024
WRONGS = ("retries", "breaks", "collisions", "bad", "wrong", "unanswered", "undriven", "overdriven")


@pytest.fixture(scope="module")
def s4100(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flash of a board that is an S4100."""
    path = tmp_path_factory.mktemp("s4100") / "flash.bin"
    with Emulated(image("PICO_EMU"), "--flash", str(path)) as board:
        assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
        board.run("import model\nmodel.choose('s4100')")
    return path


@pytest.fixture
def flash(s4100: Path, tmp_path: Path) -> Path:
    """A copy of it, for one run."""
    copy = tmp_path / "flash.bin"
    copy.write_bytes(s4100.read_bytes())
    return copy


def assert_times_kept(result: dict[str, Any]) -> None:
    ring = result["master"]
    assert {name: ring[name] for name in WRONGS} == dict.fromkeys(WRONGS, 0)
    assert ring["late"] == []
    assert ring["token_ms"]["max"] <= T_USAGE_DELAY_MS
    assert ring["reply_ms"]["max"] <= T_REPLY_DELAY_MS
    assert ring["turnaround_bits"]["min"] >= T_TURNAROUND_BITS
    assert ring["gap_bits"]["max"] <= T_FRAME_GAP_BITS


def report(result: dict[str, Any]) -> None:
    ring = result["master"]
    token = ring["token_ms"]
    print(f"{token['n']} tokens, used after {token['p50']:.1f} ms, {token['max']:.1f} at most; ", end="")
    print(f"{ring['erases']} erases, {ring['late_at_erase']} polls or tokens late because of them; ", end="")
    print(f"{ring['requests']} requests, answered within {ring['reply_ms']['max']:.1f} ms; ", end="")
    print(f"stacks {result['emulator']['stacks']}")


@pytest.mark.parametrize(
    "options",
    [
        {"baud": 38400, "seconds": 20},
        pytest.param({"baud": 76800, "seconds": 10}, marks=pytest.mark.chosen),
        # the next address has a master: there is no gap to poll
        {"baud": 76800, "seconds": 10, "peers": METER + 1},
        {"baud": 38400, "seconds": 10, "peers": METER + 1},
        # a line on which somebody always speaks
        {"baud": 76800, "seconds": 15, "peers": "2 3 4 5 6 7 8 9"},
        {"baud": 9600, "seconds": 10},
        # requests that are longer on the line than a token is waited for, answers as long as an APDU can be
        {"baud": 38400, "seconds": 20, "many": 29},
        {"baud": 9600, "seconds": 20, "many": 29, "every": 1500},
        {"baud": 76800, "seconds": 10, "ads131": 1},
    ],
    ids=lambda options: " ".join(f"{name}={value}" for name, value in options.items()),
)
def test_no_token_is_late_and_no_sample_lost(flash: Path, options: dict[str, Any]) -> None:
    result = bench(**{"mstp": METER, "every": 200, "flash": flash, **options})
    report(result)
    assert_nothing_lost(result)
    assert_times_kept(result)
    ring = result["master"]
    # the last one may be under way
    assert ring["requests"] - 1 <= ring["right"] and ring["right"] >= 6
    assert ring["token_ms"]["n"] >= ring["right"] - 1
    # one before it is in a ring, at most
    assert ring["late_at_erase"] <= 1
    assert result["board"]["erases"] >= options["seconds"] - 3
    # 400 bytes less than there are (boards/common/rp2.h)
    assert result["emulator"]["stacks"]["c"] <= 5744


def test_erases_of_400_ms_break_no_ring(flash: Path) -> None:
    result = bench(mstp=METER, peers=METER + 1, baud=38400, seconds=12, eraseUs=400_000, flash=flash)
    report(result)
    ring = result["master"]
    assert ring["retries"] == ring["breaks"] == ring["collisions"] == ring["bad"] == 0
    assert ring["late"] == []
    assert result["board"]["erases"] >= 10


def test_a_node_that_is_alone_erases_as_ever(flash: Path) -> None:
    result = bench(mstp=METER, peers="", baud=76800, seconds=8, flash=flash)
    assert result["board"]["erases"] >= 5
    assert result["board"]["gaps"] == result["board"]["overruns"] == 0


@pytest.mark.parametrize("name", ["PICO_ADS131-s4100", "PICO-s4100"])
def test_images_of_boards(name: str) -> None:
    """As a user has them: the console is on USB, which nobody has plugged in."""
    image(name)
    command = ["node", str(BENCH.with_name("ring.mjs")), name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=True)
    result = json.loads(done.stdout)
    assert_times_kept(result)
    ring = result["master"]
    # the frequency that it reads is right each time; one request may be under way
    assert ring["requests"] - 1 <= ring["right"] and ring["right"] > 10
    assert result["emulator"]["adc"]["overflows"] == 0
    assert result["emulator"]["uart"][1]["overruns"] == 0


def test_heap_that_stays_free(flash: Path) -> None:
    free = bench(mstp=METER, baud=76800, seconds=4, script="heap.py", flash=flash)["board"]["heap_free"]
    print(f"{free} bytes of the heap are free")
    assert free >= HEAP
