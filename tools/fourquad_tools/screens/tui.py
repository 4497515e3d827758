"""The simulator in a terminal: the meter's panel next to its phasors and powers, its keys on the keyboard."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from fourquad_tools.screens import fronts, hints, terminal, views
from fourquad_tools.screens.keyboard import entries, letters
from fourquad_tools.screens.panel import COMPACT_HEIGHT, COMPACT_WIDTH
from fourquad_tools.sim.simulator import Simulator

REFRESH_S = 0.2
MIN_COLUMNS, MIN_ROWS = 80, 24
_SIDE = 40  # columns that the phasors need beside the panel
_POWERS = 4  # lines
_MIN_BODY = COMPACT_HEIGHT + _POWERS
SPEEDS = (1.0, 10.0, 60.0, 600.0)
_OURS = ("o power", "x cut", "s seal", "+/- speed", "q quit")
_GAP = "  "


class Display:
    """What is drawn, for any size of terminal: `rows` lines at most, none longer than `columns`."""

    def __init__(self, simulator: Simulator, ports: Sequence[Any]) -> None:
        self._simulator = simulator
        self._ports = ports

    def render(self, columns: int, rows: int) -> RenderableType:
        """Everything, in `columns` by `rows` characters."""
        if columns < MIN_COLUMNS or rows < MIN_ROWS:
            return too_small(columns, rows)
        foot = self._foot(columns, rows - 1 - _MIN_BODY)
        return Group(self._head(columns), self._body(columns, rows - 1 - len(foot)), *foot)

    def _body(self, columns: int, height: int) -> RenderableType:
        device = self._simulator.device
        if device is None:
            return Panel(Text("no power: o switches it on", justify="center"), width=columns, height=height)
        screen, points = self._simulator.screen(), device.points
        width, needed = fronts.size(screen)
        if columns > width + _SIDE and height >= needed:
            side = columns - width - 1
            phasors = views.phasor_view(points, side, height - _POWERS)
            return _beside(fronts.render(screen), width, Group(phasors, views.power_view(points, side)))
        phasors = views.phasor_view(points, columns - COMPACT_WIDTH - 1, height - _POWERS)
        return Group(
            _beside(fronts.small(screen), COMPACT_WIDTH, phasors), views.power_view(points, columns - 1)
        )

    def _head(self, columns: int) -> Text:
        simulator = self._simulator
        state = "on" if simulator.device is not None else "OFF"
        left = f" {simulator.model.NAME}  {simulator.when[:19].replace('T', ' ')} UTC"
        speed = f"{simulator.speed:g}"
        if simulator.pacer.reached < 0.9 * simulator.speed:
            speed += f" ({simulator.pacer.reached:.3g} reached)"
        right = f"speed {speed}  power {state}  cycles {simulator.frames // 128} "
        return _line(f"{left}{right:>{max(0, columns - len(left))}}", columns, "reverse")

    def _foot(self, columns: int, most: int) -> list[Text]:
        """Ports, how to poll them and keys, in `most` lines: the hints but the first go before the ports."""
        keys = [_line(text, columns, "grey62") for text in wrapped(self._keys(), columns)]
        ports = [views.port_view(port, self._simulator.ends[port.name]) for port in self._ports]
        polls = [_line(text, columns, "green") for text in self._hints()]
        warnings = self._simulator.warnings[-1:]
        polls = [_line(text, columns, "red") for text in warnings] + polls
        room = most - len(keys)
        shown = ports[: max(1, room - 1)]
        if len(ports) > len(shown):
            shown[-1] = _line(f"and {len(ports) - len(shown) + 1} ports more", columns, "grey62")
        return [*shown, *polls[: room - len(shown)], *keys]

    def _hints(self) -> list[str]:
        device = self._simulator.device
        if device is None:
            return []
        ports = [port for port in self._ports if not getattr(port, "elsewhere", False)]
        return [hints.hint(self._simulator, port.name, port.where) for port in ports]

    def _keys(self) -> list[str]:
        return [*entries(menu_of(self._simulator)), *_OURS]


def too_small(columns: int, rows: int) -> RenderableType:
    """What a terminal below the least size says."""
    words = ("too small:", f"{columns} x {rows}", "wanted:", f"{MIN_COLUMNS} x {MIN_ROWS}", "q quits")
    lines = wrapped(words, columns)[:rows]
    return Group(*(_line(text, columns, "") for text in lines))


def wrapped(words: Sequence[str], columns: int) -> list[str]:
    """The words in lines of so many columns."""
    lines = [""]
    for word in words:
        longer = lines[-1] + _GAP + word if lines[-1] else word
        if len(longer) <= columns or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _line(text: str, columns: int, style: str) -> Text:
    return Text(text[:columns], style=style, no_wrap=True, overflow="crop")


def _beside(left: RenderableType, width: int, right: RenderableType) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=width)
    grid.add_column()
    grid.add_row(left, right)
    return grid


class Keyboard:
    """What the keys of the keyboard do."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._letters = letters(menu_of(simulator))

    def press(self, key: str) -> None:
        """One key; "" is the end of the terminal."""
        simulator = self._simulator
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
    display, keyboard = Display(simulator, ports), Keyboard(simulator)
    # the foot shows warnings; what is printed would spoil the picture
    simulator.tell = lambda line: None

    async def draw(columns: int, rows: int) -> RenderableType:
        return display.render(columns, rows)

    async def press(key: str) -> None:
        keyboard.press(key)

    await terminal.run(draw, press, simulator.stopping, REFRESH_S, console)
