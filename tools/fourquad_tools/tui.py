"""The simulator in a terminal: the meter's panel beside its phasors and powers, its keys on the keyboard."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import signal
import time
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from fourquad_tools import fronts, panel, views
from fourquad_tools.keyboard import attached, legend, letters
from fourquad_tools.simulator import Simulator

REFRESH_S = 0.2
PANEL_WIDTH = panel.WIDTH + 6
PANEL_HEIGHT = 22
_SIDE = 40  # columns that the phasors need beside the panel
_COMPACT_WIDTH = 34
_COMPACT_HEIGHT = 15
SPEEDS = (1.0, 10.0, 60.0, 600.0)


class Display:
    """What is drawn, for any size of terminal."""

    def __init__(self, simulator: Simulator, ports: Sequence[Any]) -> None:
        self._simulator = simulator
        self._ports = ports

    def render(self, columns: int, rows: int) -> RenderableType:
        """Everything, in `columns` by `rows` characters."""
        device = self._simulator.device
        foot = self._foot(columns)
        height = rows - 1 - len(foot)
        if device is None:
            dark = Panel(Text("no power: o switches it on", justify="center"), height=max(3, height))
            return Group(self._head(columns), dark, *foot)
        screen = self._simulator.screen()
        points = device.points
        if columns >= PANEL_WIDTH + _SIDE and height >= PANEL_HEIGHT:
            side = columns - PANEL_WIDTH - 1
            right = Group(
                views.phasor_view(points, side, PANEL_HEIGHT - 5), Text(), views.power_view(points, side)
            )
            body: list[RenderableType] = [_beside(fronts.render(screen), PANEL_WIDTH, right)]
        else:
            tall = max(6, height - 4)
            view = views.phasor_view(points, columns - _COMPACT_WIDTH - 1, min(tall, _COMPACT_HEIGHT + 6))
            body = [
                _beside(compact(screen), _COMPACT_WIDTH, view),
                views.power_view(points, columns - 1),
            ]
        return Group(self._head(columns), *body, *foot)

    def _head(self, columns: int) -> Text:
        simulator = self._simulator
        state = "on" if simulator.device is not None else "OFF"
        left = f" {simulator.model.NAME}  {simulator.when[:19].replace('T', ' ')} UTC"
        right = f"speed {simulator.speed:g}  power {state}  cycles {simulator.frames // 128} "
        return Text(f"{left}{right:>{max(0, columns - len(left))}}"[:columns], style="reverse")

    def _foot(self, columns: int) -> list[Text]:
        simulator = self._simulator
        foot = [views.ports_view(self._ports, simulator.lines)]
        device = simulator.device
        port = self._ports[0]
        line = simulator.lines[port.name]
        # only a Modbus line has registers to read
        if device is not None and line.baud and line.station.framed:
            row = next(row for row in simulator.model.PORTS if row[0] == port.name)
            hint = views.hint(port, device.points, {"address": row[2], "baud": row[3]})
            foot.append(Text(hint, style="green", no_wrap=True, overflow="crop"))
        keys = legend(menu_of(simulator)) + "  o power  x cut  s seal  +/- speed  q quit"
        foot.append(Text(keys[:columns], style="grey62", no_wrap=True))
        return [line for text in foot for line in text.split("\n")]


def _beside(left: RenderableType, width: int, right: RenderableType) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=width)
    grid.add_column()
    grid.add_row(left, right)
    return grid


def compact(screen: Any) -> Panel:
    """The panel in few lines, for a small terminal."""
    other = fronts.small(screen, _COMPACT_WIDTH, _COMPACT_HEIGHT)
    if other is not None:
        return other
    modes = Text(" ")
    for i, name in enumerate(screen.modes):
        flashing = screen.choosing and screen.dark
        style = "reverse bold" if i == screen.mode and not flashing else "dim"
        modes.append(f" {name} ", style)
    lines = [modes, Text(f" {screen.item}  {screen.flags}", style="bold"), Text()]
    for row in range(4):
        line = Text(f"  {screen.labels[row]:>4}", style="cyan")
        line.append(f"{screen.shown(row):>10}", "bold bright_white")
        lines += [line.append(f" {screen.units[row]}", "cyan"), Text()]
    last = Text(f" {screen.line_flag:<6}", style="cyan")
    lines.append(last.append(f"{screen.shown(4):>13}", "bold bright_white").append(f" {screen.line_unit}"))
    icons = [f"Q{screen.quadrant}" if screen.quadrant else "", screen.load_type]
    icons += [f"load {screen.load}%" if screen.load >= 0 else "", "SEAL" if screen.sealed else ""]
    icons += ["\u25a3" * screen.comm]
    lines.append(Text(" " + "  ".join(icon for icon in icons if icon), style="grey62"))
    style = "grey70" if screen.backlight else "grey35"
    return Panel(Group(*lines), width=_COMPACT_WIDTH, height=_COMPACT_HEIGHT, padding=0, border_style=style)


class Keyboard:
    """What the keys of the keyboard do."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._letters = letters(menu_of(simulator))
        self.touched = asyncio.Event()

    def press(self, key: str) -> None:
        """One key; "" is the end of the terminal."""
        simulator = self._simulator
        self.touched.set()
        if key in ("q", "\x04", ""):
            simulator.stopping.set()
        elif key in self._letters:
            if simulator.device is not None:
                simulator.device.press(*self._letters[key], simulator.now)
        elif key in ("o", "x"):
            if simulator.device is None:
                simulator.power_on()
            else:
                simulator.power_off(warning=key == "o")
        elif key == "s":
            simulator.set_seal(not simulator.sealed)
        elif key in ("+", "-"):
            simulator.set_speed(next_speed(simulator.speed, key == "+"))


def menu_of(simulator: Simulator) -> ModuleType:
    """The tables of the model's panel."""
    return importlib.import_module(simulator.model.__name__ + ".menu")


def next_speed(speed: float, faster: bool) -> float:
    """The neighbour of a speed in SPEEDS."""
    if faster:
        return next((s for s in SPEEDS if s > speed), speed)
    return next((s for s in reversed(SPEEDS) if s < speed), speed)


async def show(simulator: Simulator, ports: Sequence[Any], console: Console | None = None) -> None:
    """Draw until the simulator stops."""
    console = console or Console()
    display = Display(simulator, ports)
    keyboard = Keyboard(simulator)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGWINCH, keyboard.touched.set)
    with attached(keyboard.press), Live(console=console, screen=True, auto_refresh=False) as live:
        while not simulator.stopping.is_set():
            began = time.monotonic()
            live.update(display.render(console.width, console.height), refresh=True)
            # A slow terminal or computer gets fewer pictures, never a late answer on the bus.
            pause = max(REFRESH_S, 4 * (time.monotonic() - began))
            keyboard.touched.clear()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(keyboard.touched.wait(), pause)
    loop.remove_signal_handler(signal.SIGWINCH)
