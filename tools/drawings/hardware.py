"""The drawings and generated tables of docs/hardware.md: python -m drawings.hardware [FOLDER]."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
for _folder in (ROOT / "lib", ROOT / "boards" / "common"):
    if str(_folder) not in sys.path:
        sys.path.insert(0, str(_folder))

from drawings import bill, boards, inputs, periphery  # noqa: E402

SHEETS = {
    "voltage": inputs.voltage,
    "current": inputs.current,
    "bias": inputs.bias,
    "ads131-voltage": inputs.ads131_voltage,
    "ads131-current": inputs.ads131_current,
    "live": inputs.live,
    "follower": periphery.follower,
    "rs485": periphery.rs485,
    "supply": periphery.supply,
    "terminals": periphery.terminals,
    "panel": periphery.panel,
    "pico": periphery.whole,
}
TABLES = {"pins": boards.pin_table, "bill": bill.table, "presets": bill.presets}


def with_tables(page: str) -> str:
    """The page with what stands between `<!-- NAME -->` and `<!-- end -->` made anew."""
    for name, make in TABLES.items():
        text = f"<!-- {name} -->\n\n" + "\n".join(make()) + "\n\n<!-- end -->"
        found = re.compile(rf"<!-- {name} -->.*?<!-- end -->", re.DOTALL)
        assert found.search(page), f"{name} has no place in the page"
        page = found.sub(lambda _, text=text: text, page, count=1)
    return page


def main() -> int:
    """All drawings, and the tables of the page."""
    docs = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    folder = docs / "hardware"
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in SHEETS.items():
        draw().save(folder / f"{name}.svg")
    page = ROOT / "docs" / "hardware.md"
    (docs / "hardware.md").write_text(with_tables(page.read_text()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
