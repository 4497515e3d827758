"""The drivers and what composes a board, with their integers as literals (literals.py): inline_firmware.py
TARGET BOARD. A module of `chip` that is chosen while the program runs (rp2/chip/which.py) keeps its names. A
driver that only files of other boards ask for is left out.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from literals import literal, public, used

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = ROOT / "firmware"
CHIPS = ("rp2", "stm32")
ASKED = re.compile(r"^ *from drivers\.(\w+) import", re.MULTILINE)
CHOSEN = ("chip.rp2040", "chip.rp2350")


def modules(folder: Path) -> dict[str, Path]:
    """The modules of a folder that is on the path, by the name that they are imported by."""
    paths = sorted(folder.glob("*.py")) if folder == FIRMWARE else []
    for package in ("drivers", "chip"):
        paths += sorted((folder / package).glob("*.py"))
    names = {path: ".".join(path.relative_to(folder).with_suffix("").parts) for path in paths}
    return {name.removesuffix(".__init__"): path for path, name in names.items()}


def of_others(board: str) -> set[Path]:
    """The drivers that only files of other boards ask for."""
    by_board = {}
    for folder in (ROOT / "boards").iterdir():
        texts = [path.read_text() for path in folder.glob("*.py")]
        by_board[folder.name] = {name for text in texts for name in ASKED.findall(text)}
    own = by_board.pop(board)
    return {FIRMWARE / "drivers" / f"{name}.py" for name in set().union(*by_board.values()) - own}


def main(target: Path, board: str) -> None:
    """Write what is below firmware/ and for this board to `target`, in the same folders."""
    shutil.rmtree(target, ignore_errors=True)
    unwanted = of_others(board)
    outside = [*(ROOT / "boards").rglob("*.py"), *(ROOT / "tools" / "bench").glob("*.py")]
    for folder in (FIRMWARE, *(FIRMWARE / chip for chip in CHIPS)):
        found = modules(folder)
        constants = {name: public(path.read_text()) for name, path in found.items() if name not in CHOSEN}
        others = [path for path in FIRMWARE.rglob("*.py") if path not in found.values()]
        kept = {each for path in [*outside, *others] for each in used(path.read_text(), constants)}
        for name, path in found.items():
            if path in unwanted:
                continue
            out = target / path.relative_to(FIRMWARE)
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(literal(path.read_text(), name, constants, kept))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
