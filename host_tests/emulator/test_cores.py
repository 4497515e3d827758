"""The two cores of the emulated board, rp2040js's own and the one in WebAssembly, do the same."""

from __future__ import annotations

import json
import subprocess

import pytest
from emulated import ROOT, image

FASTCORE = ROOT / "tools" / "emulator" / "fastcore"
OPCODES = 65536
ROUNDS = 3


def run_script(script: str, *arguments: str) -> dict:
    """The JSON that a script of the fast core prints."""
    image()
    done = subprocess.run(["node", str(FASTCORE / script), *arguments], capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return json.loads(done.stdout)


@pytest.mark.parametrize("miss_clocks", [pytest.param("0", marks=pytest.mark.chosen), "60"])
def test_every_opcode_from_random_registers_flags_and_memory(miss_clocks: str) -> None:
    result = run_script("fuzz.mjs", "1", str(ROUNDS), miss_clocks)
    assert result == {"opcodes": ROUNDS * OPCODES, "sameFlash": True}


@pytest.mark.parametrize(
    ("firmware", "miss_clocks"),
    [
        pytest.param("PICO_EMU-bare", 0, marks=pytest.mark.chosen),
        ("PICO_EMU-bare", 60),
        ("PICO_EMU", 0),
    ],
)
def test_digests_over_boot_resets_and_power_cuts(firmware: str, miss_clocks: int) -> None:
    path = str(image(firmware))
    fast, slow = (run_script("digests.mjs", path, f"miss={miss_clocks}", f"slow={n}") for n in (0, 1))
    assert fast["points"] > 150
    assert (fast["misses"] > 10_000) == (miss_clocks > 0)
    different = [pair for pair in zip(slow["lines"], fast["lines"], strict=True) if pair[0] != pair[1]]
    assert different == []
    assert fast == slow
