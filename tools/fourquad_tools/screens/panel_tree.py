"""A Readout in the terminal: path and icons, name and value, what the keys do, four keys."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType
from rich.panel import Panel
from rich.style import Style
from rich.text import Text

from fourquad_tools.screens.panel import Ink, compact_framed, framed, three_lines

KEYS = ("UP", "DOWN", "LEFT", "RIGHT")
_LIT = Style(color="#f2f7ff", bgcolor="#2049b0", bold=True)
_DIM = Style(color="#3a60c0", bgcolor="#2049b0")
_INK = Ink(_LIT, _DIM)
_ARROWS = (("U", "\u2191"), ("D", "\u2193"), ("L", "\u2190"), ("R", "\u2192"))


def icons(screen: Any) -> list[tuple[str, bool]]:
    """Heart and wrench."""
    return [("\u2665", screen.heart), ("wrench", screen.wrench)]


def arrows(screen: Any) -> list[tuple[str, bool]]:
    """Which keys do something."""
    return [(arrow, key in screen.keys) for key, arrow in _ARROWS]


def lines(screen: Any) -> list[Text]:
    """All lines of the glass, each WIDTH wide."""
    out = [
        _INK.words([(f"{screen.path:<48}", True), *icons(screen)]),
        _INK.words([]),
        _INK.words([(f"{screen.name:<10}", True), (screen.note, True)]),
    ]
    for i, line in enumerate(three_lines(screen.seen(), 9)):
        unit = f"  {screen.unit}" if i == 2 else ""
        out.append(_INK.filled(Text(f"    {line}{unit}", style=_LIT)))
    return [*out, _INK.words([]), _INK.words(arrows(screen)), _INK.words([])]


def render(screen: Any, keys: tuple[str, ...] = KEYS, title: str = "FOURQUAD") -> RenderableType:
    """The front of the meter, for a rich console or a rich live display."""
    return framed(lines(screen), keys, title)


def compact_lines(screen: Any) -> list[Text]:
    """The same in few lines, none wider than COMPACT_WIDTH - 2."""
    lit = [[word for word, on in pairs if on] for pairs in (icons(screen), arrows(screen))]
    return [
        Text(f" {screen.path:<12} {' '.join(lit[0])}", style="grey62"),
        Text(),
        Text(f" {screen.name:<8} {screen.note}", style="cyan"),
        Text(),
        Text(f"  {screen.seen():>9}", style="bold bright_white").append(f" {screen.unit}", "cyan"),
        Text(),
        Text(" " + " ".join(lit[1]), style="grey62"),
        Text(),
        Text(),
    ]


def compact(screen: Any) -> Panel:
    """The front in few lines, for a small terminal."""
    return compact_framed(compact_lines(screen), "grey70")
