"""What `fourquad deploy` puts on a board is what its image would have, compiled for its core."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fourquad_tools import deploy

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("board", "architecture", "has", "has_not"),
    [
        ("NUCLEO_H743ZI2", "armv7emdp", ["stm32/adc", "hal/keys", "fourquad/meter"], ["hal/dma", "hal/adc"]),
        ("PICO2", "armv6m", ["hal/adc", "hal/rp2350", "fourquad/meter"], ["stm32/adc"]),
    ],
)
def test_modules_of_a_board(
    tmp_path: Path, board: str, architecture: str, has: list[str], has_not: list[str]
) -> None:
    stage = tmp_path / "modules"
    compiler = deploy.find_compiler(ROOT, None)
    count = deploy.build(ROOT, ROOT / "boards" / board, stage, compiler, architecture)
    names = {str(path.relative_to(stage))[:-4] for path in stage.rglob("*.mpy")}
    assert len(names) == count
    assert set(has) | {"app", "board", "meter"} <= names
    assert not set(has_not) & names


def test_the_manifest_says_the_same() -> None:
    manifest = (ROOT / "boards" / "common" / "manifest_stm32.py").read_text()
    line = next(line for line in manifest.splitlines() if "powerfail.py" in line)
    assert tuple(re.findall(r'"(\w+\.py)"', line)) == deploy.HAL_OF_ALL
