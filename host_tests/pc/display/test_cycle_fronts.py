"""The AcuRev 1312's display on its three faces: every page and setting fits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bounded import Bounded
from panel_bench import Bench
from PIL import Image

from fourquad import points as p
from fourquad.display.cycle.layout import DigitsLayout
from fourquad.models.acurev1312 import menu
from fourquad_tools.screens import fronts, panel_cycle, png_cycle
from fourquad_tools.screens.panel import COMPACT_HEIGHT, COMPACT_WIDTH, WIDTH


def screens() -> Iterator[Any]:
    """All pages with long values, then all settings, shown and edited."""
    bench = Bench("acurev1312", menu)
    for side in (bench.meter.readings.secondary, bench.meter.readings.primary):
        for i in range(len(side)):
            side[i] = -98765.4321
    bench.meter.readings.secondary[p.QUADRANT] = 3.0
    bench.press("SCROLL", 2000)
    for _ in menu.PAGES:
        bench.screen.comm = 2
        yield bench.screen
        bench.press("SCROLL")
    for _ in range(5):
        bench.press("SET")
    for _ in menu.SETTINGS:
        yield bench.screen
        bench.press("SET")
        yield bench.screen
        for _ in range(10):
            if bench.screen.mode == "settings" and not bench.screen.as_dict()["flashing"]:
                break
            bench.press("SET")
        bench.press("SCROLL")


def test_every_page_fits(tmp_path: Path) -> None:
    fb = Bounded()
    for screen in screens():
        fb.check(DigitsLayout(screen, fb))
        assert fronts.size(screen) == (WIDTH + 2, len(panel_cycle.lines(screen)) + 3)
        assert {line.cell_len for line in panel_cycle.lines(screen)} == {WIDTH}
        few = panel_cycle.compact_lines(screen)
        assert max(line.cell_len for line in few) <= COMPACT_WIDTH - 2 and len(few) <= COMPACT_HEIGHT - 2
    fronts.save(screen, tmp_path / "front.png")
    assert Image.open(tmp_path / "front.png").size == (760, 700)
    assert png_cycle.KEYS == panel_cycle.KEYS == menu.KEYS
