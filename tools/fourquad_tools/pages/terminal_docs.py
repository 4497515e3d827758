"""The picture of the simulator in a terminal, docs/terminal.svg, drawn by what draws the terminal."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from rich.console import Console

from fourquad import models
from fourquad_tools.plant.demo import demo
from fourquad_tools.screens.tui import Display
from fourquad_tools.sim.simulator import WARM_UP_S, Simulator
from fourquad_tools.sim.storage import Storage

MODEL = "kw320"
COLUMNS, ROWS = 118, 27
START = 1_767_268_800.0  # 2026-01-01 12:00 UTC
SECONDS = 65.0  # into the demo's day: one phase exports, the others import
# rich's own frame without its web fonts: any monospaced one does, because every piece of text says its length
FORMAT = """<svg xml:space="preserve" viewBox="0 0 {terminal_width} {terminal_height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: DejaVu Sans Mono, Menlo, Consolas, monospace; font-size: {char_height}px;
line-height: {line_height}px; font-variant-east-asian: full-width; white-space: pre; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
<rect width="{terminal_width}" height="{terminal_height}" rx="8" fill="#101418"/>
<g class="{unique_id}-matrix" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
{matrix}
</g>
</svg>
"""


def picture() -> str:
    """The terminal as SVG."""
    simulator = Simulator(models.load(MODEL), demo(WARM_UP_S), "ideal", Storage(None), START)
    simulator.warm_up()
    asyncio.run(simulator.advance(SECONDS))
    console = Console(
        width=COLUMNS, record=True, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(Display(simulator, ()).render(COLUMNS, ROWS))
    simulator.close()
    return console.export_svg(code_format=FORMAT, unique_id="terminal")


def write(root: Path) -> None:
    """Draw it anew."""
    (root / "docs" / "terminal.svg").write_text(picture())
