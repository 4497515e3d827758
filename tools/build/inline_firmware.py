"""The drivers and what composes a board, with their integers as literals (literals.py): inline_firmware.py
TARGET. A module of `chip` that is chosen while the program runs (rp2/chip/which.py) keeps its names.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from literals import literal, public, used

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = ROOT / "firmware"
CHIPS = ("rp2", "stm32")
CHOSEN = ("chip.rp2040", "chip.rp2350")


def modules(folder: Path) -> dict[str, Path]:
    """The modules of a folder that is on the path, by the name that they are imported by."""
    paths = sorted(folder.glob("*.py")) if folder == FIRMWARE else []
    for package in ("drivers", "chip"):
        paths += sorted((folder / package).glob("*.py"))
    names = {path: ".".join(path.relative_to(folder).with_suffix("").parts) for path in paths}
    return {name.removesuffix(".__init__"): path for path, name in names.items()}


def main(target: Path) -> None:
    """Write what is below firmware/ to `target`, in the same folders."""
    shutil.rmtree(target, ignore_errors=True)
    outside = [*(ROOT / "boards").rglob("*.py"), *(ROOT / "tools" / "bench").glob("*.py")]
    for folder in (FIRMWARE, *(FIRMWARE / chip for chip in CHIPS)):
        found = modules(folder)
        constants = {name: public(path.read_text()) for name, path in found.items() if name not in CHOSEN}
        others = [path for path in FIRMWARE.rglob("*.py") if path not in found.values()]
        kept = {each for path in [*outside, *others] for each in used(path.read_text(), constants)}
        for name, path in found.items():
            out = target / path.relative_to(FIRMWARE)
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(literal(path.read_text(), name, constants, kept))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
