"""The emulated board in a terminal: its display dot by dot, its keys on the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from fourquad_tools.emulated.emulate import EmulatedMeter
from fourquad_tools.screens import terminal
from fourquad_tools.screens.phasor import Canvas
from fourquad_tools.screens.tui import MIN_COLUMNS, MIN_ROWS, too_small

REFRESH_S = 0.5
_WIDTH, _HEIGHT = 128, 64


def draw(memory: bytes, style: str) -> Text:
    """The display's bytes as braille dots, 64 by 16 characters."""
    canvas = Canvas(_WIDTH // 2, _HEIGHT // 4)
    for y in range(_HEIGHT):
        for x in range(_WIDTH):
            if memory[y // 8 * _WIDTH + x] >> y % 8 & 1:
                canvas.dot(x, y, style)
    return canvas.render()


async def _picture(meter: EmulatedMeter, ports: Sequence[Any]) -> Group:
    foot = [_line(f"{port.name}  {port.where}", "green") for port in ports]
    foot.append(_line(f"console  mpremote connect socket://127.0.0.1:{meter.emulator.console}", "green"))
    foot.append(_line(meter.legend + "  o power  x cut  q quit", "grey62"))
    if not meter.powered:
        return Group(Panel("no power: o switches it on", width=68), *foot)
    lit, memory = await meter.pixels()
    screen = draw(memory, "bright_cyan" if lit else "grey42")
    stats = await meter.do_stats()
    title = f"{meter.board.NAME}  {stats['ns'] / 1e9:.1f} s"
    return Group(Panel(screen, title=title, width=68, border_style="grey50"), *foot)


def _line(text: str, style: str) -> Text:
    return Text(text, style=style, no_wrap=True, overflow="crop")


async def show(meter: EmulatedMeter, ports: Sequence[Any]) -> None:
    """Draw until the emulation stops."""

    async def picture(columns: int, rows: int) -> RenderableType:
        if columns < MIN_COLUMNS or rows < MIN_ROWS:
            return too_small(columns, rows)
        return await _picture(meter, ports)

    async def press(letter: str) -> None:
        await _press(meter, letter)

    await terminal.run(picture, press, meter.stopping, REFRESH_S)


async def _press(meter: EmulatedMeter, letter: str) -> None:
    if letter in ("q", "\x04", ""):
        meter.stopping.set()
    elif letter in ("o", "x"):
        await meter.do_power(not meter.powered, warning=letter == "o")
    elif letter in meter.letters and meter.powered:
        await meter.do_key(*meter.letters[letter])
