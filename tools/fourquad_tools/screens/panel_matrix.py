"""A Matrix in the terminal: marks, the value in large digits, monitoring row, buttons."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType
from rich.panel import Panel
from rich.style import Style
from rich.text import Text

from fourquad_tools.screens.panel import WIDTH, Ink, compact_framed, framed, three_lines

KEYS = ("DISPLAY", "RESET")
_LIT = Style(color="#10161e", bgcolor="#d6e6ee", bold=True)
_DIM = Style(color="#b4c6d0", bgcolor="#d6e6ee")
_INK = Ink(_LIT, _DIM)
_ARROWS = ("", "\u2192", "\u2190")


def icons(screen: Any) -> list[tuple[str, bool]]:
    """Everything around the value that is on or off, besides marks and phases."""
    flashing = screen.dark
    return [
        ("Watt" + (_ARROWS[screen.watt] or " "), True),
        ("var" + (_ARROWS[screen.var] or " "), True),
        ("RX", screen.comm > 0 and not flashing),
        ("TX", screen.comm > 1 and not flashing),
        ("err1", bool(screen.errors & 1)),
        ("err2", bool(screen.errors & 2)),
        (f"F{screen.tariff}" if screen.tariff else "F-", screen.tariff > 0),
        ("BATT", screen.battery),
        ("LOCK", screen.locked),
        ("PRG", screen.program),
    ]


def marks(screen: Any) -> list[tuple[str, bool]]:
    """Code, arrows, quadrant, tariff and words of the value."""
    given = screen.marks.split()
    out = [(f"{screen.code:<6}", True), ("\u2192", ">" in given), ("\u2190", "<" in given)]
    out += [(name, name in given) for name in ("I", "II", "III", "IV")]
    out.append((next((m for m in given if m.isdigit()), " "), True))
    out += [
        ("\u03a3" if name == "S" else name, name in given)
        for name in ("S", "Energy", "Demand", "Date", "Time")
    ]
    return out


def lines(screen: Any) -> list[Text]:
    """All lines of the glass, each WIDTH wide."""
    digits = "" if screen.flash_digits and screen.dark else screen.digits
    storage = f"{screen.storage} Num Storage" if screen.storage >= 0 else ""
    out = [
        _INK.words(icons(screen)),
        _INK.words([]),
        _INK.words(marks(screen)),
        _INK.words([(storage, True)]),
    ]
    for i, line in enumerate(three_lines(digits, 12)):
        unit = f"  {screen.unit}" if i == 2 else ""
        out.append(_INK.filled(Text(f"    {line}{unit}", style=_LIT)))
    out += [_INK.words([(screen.note, True)]), Text(" " + "\u2500" * (WIDTH - 2) + " ", style=_LIT)]
    phases = [(c, c in screen.phases and not (screen.flash_phases and screen.dark)) for c in "ABC"]
    return [*out, _INK.words([*phases, ("\u03a6", screen.phi), (f"{screen.row:>24}", True)])]


def render(screen: Any, keys: tuple[str, ...] = KEYS, title: str = "FOURQUAD") -> RenderableType:
    """The front of the meter, for a rich console or a rich live display."""
    return framed(lines(screen), keys, title)


def compact_lines(screen: Any) -> list[Text]:
    """The same in few lines, none wider than COMPACT_WIDTH - 2."""
    on = [word for word, lit in icons(screen) if lit]
    given = " ".join(word for word, lit in marks(screen) if lit and word.strip())
    digits = "" if screen.flash_digits and screen.dark else screen.digits
    phases = "" if screen.flash_phases and screen.dark else screen.phases
    storage = f"{screen.storage} Num Storage" if screen.storage >= 0 else ""
    phi = " \u03a6" if screen.phi else ""
    return [
        Text(" " + " ".join(on[:5]), style="grey62"),
        Text(" " + " ".join(on[5:]), style="grey62"),
        Text(),
        Text(f" {given}", style="cyan"),
        Text(f" {storage}", style="cyan"),
        Text(f"  {digits:>12}", style="bold bright_white").append(f" {screen.unit}", "cyan"),
        Text(f"  {screen.note}"),
        Text(),
        Text(f" {phases:<3}{phi} {screen.row:>16}", style="bright_white"),
    ]


def compact(screen: Any) -> Panel:
    """The front in few lines, for a small terminal."""
    return compact_framed(compact_lines(screen), "grey70")
