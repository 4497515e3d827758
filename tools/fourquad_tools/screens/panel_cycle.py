"""A Digits in the terminal: description, large digits, load bar and icons, two keys."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType
from rich.panel import Panel
from rich.style import Style
from rich.text import Text

from fourquad.display.cycle.screen import LOAD_BARS
from fourquad_tools.screens.panel import Ink, compact_framed, framed, three_lines

KEYS = ("SCROLL", "SET")
_LIT = Style(color="#10180f", bgcolor="#c9d6bd", bold=True)
_DIM = Style(color="#a9b79c", bgcolor="#c9d6bd")
_INK = Ink(_LIT, _DIM)
_QUADRANTS = ("I", "II", "III", "IV")


def icons(screen: Any) -> list[tuple[str, bool]]:
    """Everything below the digits that is on or off, besides the load."""
    out = [("{", screen.all), ("\u25a3", screen.comm > 0), ("\u25a3", screen.comm > 1)]
    out += [(name, screen.quadrant == i + 1) for i, name in enumerate(_QUADRANTS)]
    out += [("\u2192", screen.way == 1), ("\u2190", screen.way == 2)]
    return [*out, ("ind", screen.character == "L"), ("cap", screen.character == "C")]


def load(screen: Any) -> str:
    """The bar of the load."""
    return "\u2588" * screen.bars + "\u2581" * (LOAD_BARS - screen.bars)


def lines(screen: Any) -> list[Text]:
    """All lines of the glass, each WIDTH wide."""
    out = [_INK.words([]), _INK.words([(screen.text, True)]), _INK.words([])]
    for i, line in enumerate(three_lines(screen.seen(), 9)):
        unit = f"  {screen.unit}" if i == 2 else ""
        out.append(_INK.filled(Text(f"    {line}{unit}", style=_LIT)))
    return [
        *out,
        _INK.words([]),
        _INK.words(icons(screen)),
        _INK.words([("load", True), (load(screen), True)]),
        _INK.words([]),
    ]


def render(screen: Any, keys: tuple[str, ...] = KEYS, title: str = "FOURQUAD") -> RenderableType:
    """The front of the meter, for a rich console or a rich live display."""
    return framed(lines(screen), keys, title)


def compact_lines(screen: Any) -> list[Text]:
    """The same in few lines, none wider than COMPACT_WIDTH - 2."""
    on = [word for word, lit in icons(screen) if lit]
    return [
        Text(),
        Text(f" {screen.text}", style="cyan"),
        Text(),
        Text(f"  {screen.seen():>9}", style="bold bright_white").append(f" {screen.unit}", "cyan"),
        Text(),
        Text(" " + " ".join(on), style="grey62"),
        Text(f" load {load(screen)}", style="grey62"),
        Text(),
        Text(),
    ]


def compact(screen: Any) -> Panel:
    """The front in few lines, for a small terminal."""
    return compact_framed(compact_lines(screen), "grey70")
