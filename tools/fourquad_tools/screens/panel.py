"""A Screen in the terminal, laid out as the meter's panel: segment rows, units, icons, modes and keys."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.panel import Panel
from rich.style import Style
from rich.table import Table
from rich.text import Text

from fourquad_tools.screens.segments import GLYPHS, cells

KEYS = ("H", "P", "E", "V/A")
WIDTH = 66  # of the glass
COMPACT_WIDTH, COMPACT_HEIGHT = 34, 15  # of the front in few lines, with its border

_LIT = Style(color="#10161e", bgcolor="#d6e6ee", bold=True)
_UNLIT = Style(color="#2c322c", bgcolor="#98a094", bold=True)
# Segments in a cell of three lines by three columns.
_THREE = (("", "a", ""), ("f", "g", "b"), ("e", "d", "c"))
_MARKS = {"a": "_", "d": "_", "g": "_", "b": "|", "c": "|", "e": "|", "f": "|"}


class Ink:
    """What a glass is written with: styles of what is on, and of what is off."""

    def __init__(self, lit: Style, dim: Style) -> None:
        self._lit = lit
        self._dim = dim

    def words(self, pairs: list[tuple[str, bool]]) -> Text:
        """A line of words, those that are on in ink."""
        line = Text("  ", style=self._lit)
        for word, on in pairs:
            line.append(word, self._lit if on else self._dim)
            line.append("  ", self._lit)
        return self.filled(line)

    def filled(self, line: Text) -> Text:
        """The line as wide as the glass."""
        return line.append(" " * max(0, WIDTH - line.cell_len), self._lit)


def _glyph(char: str) -> tuple[str, str, str]:
    """Three lines of a digit, a minus or a space."""
    lit = GLYPHS[char]
    lines = ["".join(_MARKS[s] if s and s in lit else " " for s in row) for row in _THREE]
    return lines[0], lines[1], lines[2]


def three_lines(text: str, places: int) -> list[str]:
    """Three lines that show digits right-aligned in cells of four columns; words as plain letters."""
    if any(char.upper() not in GLYPHS and char not in ".:" or char.isalpha() for char in text):
        return ["", f"{text:>{4 * places}}", ""]
    wanted = cells(text)[-places:]
    wanted = [(" ", "")] * (places - len(wanted)) + wanted
    lines = ["", "", ""]
    for char, mark in wanted:
        glyph = _glyph(char)
        dots = {".": (" ", " ", "."), ":": (" ", ".", ".")}.get(mark, (" ", " ", " "))
        for i in range(3):
            lines[i] += glyph[i] + dots[i]
    return lines


def _digits(text: str, places: int) -> list[str]:
    """The same, but words stand on the left."""
    if any(map(str.isalpha, text)):
        return ["", f"    {text}", ""]
    return three_lines(text, places)


def _style(screen: Any) -> Style:
    return _LIT if screen.backlight else _UNLIT


def _modes(screen: Any, style: Style) -> Text:
    line = Text(" ", style=style)
    for i, name in enumerate(screen.modes):
        here = i == screen.mode
        if here and not (screen.choosing and screen.dark):
            line.append(f" {name} ", style + Style(reverse=True))
        elif here or screen.choosing:
            line.append(f" {name} ", style)
        else:
            line.append(f" {name} ", style + Style(dim=True, bold=False))
        line.append(" ", style)
    return line


def _bar(load: int) -> str:
    """Load rate as ten blocks and percent."""
    if load < 0:
        return ""
    full = min(10, (load + 5) // 10)
    return "\u2590" + "\u2588" * full + "\u2591" * (10 - full) + f"\u258c{load}%"


_QUADRANTS = ("", "\u259d", "\u2598", "\u2596", "\u2597")
_LOADS = {"L": "\u223f\u223f L", "C": "\u2524\u251c C", "R": "R"}


def _icons(screen: Any) -> str:
    words = [
        _bar(screen.load),
        f"Q{screen.quadrant} {_QUADRANTS[screen.quadrant]}" if screen.quadrant else "",
        _LOADS.get(screen.load_type, ""),
        f"T{screen.tariff}" if screen.tariff else "",
        screen.modules,
        screen.network,
        "PROFI" if screen.profibus else "",
        "SEAL" if screen.sealed else "",
        "\u238d" if screen.pulse else "",
        "\u25a3" * screen.comm,
    ]
    icons = [word for word in words if word]
    wide = "  ".join(icons)
    return wide if len(wide) <= WIDTH - 2 else " ".join(icons)


def _rows(screen: Any, style: Style) -> list[Text]:
    """Four rows of three lines: item and flags on the left, label, digits, unit."""
    flags = screen.flags.split()
    left = [screen.item, "", *flags] + [""] * 12
    lines = []
    for row in range(4):
        digits = _digits(screen.shown(row), 5)
        for i in range(3):
            label = screen.labels[row] if i == 2 else ""
            unit = screen.units[row] if i == 2 else ""
            label = "\u03a3" if label == "sum" else label
            text = f"  {left[3 * row + i]:<11}{label:>6}  {digits[i]:<22}{unit:<8}"
            lines.append(Text(f"{text:<{WIDTH}}", style=style))
    return lines


def _line(screen: Any, style: Style) -> list[Text]:
    digits = _digits(screen.shown(4), 10)
    lines = []
    for i in range(3):
        left = ("\u25f7" if screen.clock else screen.line_flag) if i == 1 else ""
        unit = screen.line_unit if i == 2 else ""
        lines.append(Text(f"{f'  {left:<8}{digits[i]:<41} {unit}':<{WIDTH}}", style=style))
    return lines


def lines(screen: Any) -> list[Text]:
    """All lines of the glass, each WIDTH wide."""
    style = _style(screen)
    modes = _modes(screen, style)
    modes.append(" " * max(0, WIDTH - modes.cell_len), style)
    icons = Text(f"{'  ' + _icons(screen):<{WIDTH}}", style=style)
    rule = Text(" " + "\u2500" * (WIDTH - 2) + " ", style=style + Style(dim=True))
    return [modes, *_rows(screen, style), icons, rule, *_line(screen, style)]


def framed(glass: list[Text], keys: tuple[str, ...], title: str) -> RenderableType:
    """A glass in its frame with the keys below, WIDTH + 2 wide."""
    buttons = Table.grid(expand=True)
    for _ in keys:
        buttons.add_column(justify="center")
    buttons.add_row(*(Text(f"(  {key}  )", style="bold white on grey23") for key in keys))
    frame = Panel(
        Group(*glass), padding=0, border_style="grey50", width=WIDTH + 2, title=title, title_align="left"
    )
    return Group(frame, Constrain(buttons, WIDTH + 2))


def render(screen: Any, keys: tuple[str, ...] = KEYS, title: str = "FOURQUAD") -> RenderableType:
    """The front of the meter, 68 columns wide, for a rich console or a rich live display."""
    return framed(lines(screen), keys, title)


def compact_lines(screen: Any) -> list[Text]:
    """The same in few lines, none wider than COMPACT_WIDTH - 2; the modes by their first letters."""
    modes = Text("")
    letters = (COMPACT_WIDTH - 2) // max(1, len(screen.modes)) - 1
    for i, name in enumerate(screen.modes):
        flashing = screen.choosing and screen.dark
        style = "reverse bold" if i == screen.mode and not flashing else "dim"
        modes.append(" ").append(name[:letters], style)
    item = Text(f" {screen.item}  {screen.flags}", style="bold")
    item.append(f" {screen.modules} {screen.network[:3]}".rstrip(), "grey62")
    out = [modes, item, Text()]
    for row in range(4):
        line = Text(f"  {screen.labels[row]:>4}", style="cyan")
        line.append(f"{screen.shown(row):>10}", "bold bright_white")
        out += [line.append(f" {screen.units[row]}", "cyan"), Text()]
    last = Text(f" {screen.line_flag:<6}", style="cyan")
    last.append(f"{screen.shown(4):>13}", "bold bright_white").append(f" {screen.line_unit}")
    icons = [
        f"Q{screen.quadrant}" if screen.quadrant else "",
        screen.load_type,
        f"{screen.load}%" if screen.load >= 0 else "",
        f"T{screen.tariff}" if screen.tariff else "",
        "SEAL" if screen.sealed else "",
        "\u238d" if screen.pulse else "",
        "\u25a3" * screen.comm,
    ]
    return [*out, last, Text(" " + " ".join(icon for icon in icons if icon), style="grey62")]


def compact_framed(glass: list[Text], style: str) -> Panel:
    """The few lines in their frame."""
    for line in glass:
        line.no_wrap, line.overflow = True, "crop"
    return Panel(Group(*glass), width=COMPACT_WIDTH, height=COMPACT_HEIGHT, padding=0, border_style=style)


def compact(screen: Any) -> Panel:
    """The front in few lines, for a small terminal."""
    return compact_framed(compact_lines(screen), "grey70" if screen.backlight else "grey35")
