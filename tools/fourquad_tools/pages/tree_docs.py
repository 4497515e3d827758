"""Writes a model's page about a display with four keys and a tree of pages, with made-up pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from fourquad import points as p
from fourquad.display.tree.menu import Tree
from fourquad.display.tree.screen import Readout
from fourquad.models import load
from fourquad.points import billing as b
from fourquad.points import circuits as k
from fourquad.points import columns as c
from fourquad.points import system as s
from fourquad_tools.pages import own, pictures
from fourquad_tools.pages.made_up import Values, defaults
from fourquad_tools.screens import fronts

_TEXT = """# {title}: display and keys

{pictures}
One value with its name and unit, and four keys; a mark above a key is lit while the key does something. The
heart blinks while the meter is alive; the wrench is lit while there is an alert of its inputs.

| where | UP (+) | DOWN (-) | LEFT (back) | RIGHT (enter) |
|---|---|---|---|---|
| pages | the one before | the next one | what led here; of the first ring its first page | what is below |
| a number, a password | raises the flashing digit | the digit to its left | back, nothing is changed | \
the digit to its right; after the last it is taken |
| a choice | the next one | the one before | back, nothing is changed | it is taken |
| a reset: NO | YES, or NO again | the same | back | does it if it says YES |

A number that is refused reads Err and can be corrected; so does a password, which begins anew. After a field
that was taken the next one follows, after the last the screen that led here. RESET and SETUP are left after
{idle} minutes without a key; what was being entered is dropped. After a power cut the page of the first ring
is seen that was seen before. What the system type has not reads ---- in the first ring and is left out
elsewhere. Units go with the value: W, kW, MW, GW; Wh, kWh, MWh, GWh.
"""


_PAGES = "| page | shows | unit | system types |\n|---|---|---|---|\n"
_FIELDS = "| field | is | values | unit | as it comes | system types |\n|---|---|---|---|---|---|\n"


class About(NamedTuple):
    """Settings by offset, meanings by word."""

    rows: dict[int, Any]
    meanings: dict[str, str]


def demo(rows: Any) -> p.Points:
    """Points of a made-up load."""
    load = {p.P_SUM: 83_214.0, p.Q_SUM: 21_030.0, p.S_SUM: 85_830.0, p.PF_SUM: 0.97, p.FREQUENCY: 60.01}
    load |= {p.V_AVG: 277.3, p.VL_AVG: 480.3, p.I_AVG: 103.2, p.P1: 27_650.0, p.P2: 27_914.0, p.P3: 27_650.0}
    points = p.Points()
    points.provide(s.SHOWN, Values(load))
    settings = defaults(rows)
    settings.texts = Values({s.SERIAL: b"FQ-0042"})
    points.provide(p.SETTING, settings, 64)
    points.provide(s.DEMANDS, Values({}))
    points.provide(s.ALERTS, Values({s.BITMAP: 1 << 12, s.MAXIMUM_POWER: 103_923.0}))
    points.provide(p.TARIFF_ENERGY, Values({0: 4_718_842}), 5)
    points.provide(p.BILLING, Values({b.ENERGY_COUNT: 10}))
    amps = {k.FIELDS * n + k.AMPS: 4.2 + 1.3 * n for n in range(k.INPUTS)}
    points.provide(k.READINGS, Values(amps), 3)
    return points


def screen_of(table: ModuleType, rows: Any, names: Iterable[str], keys: str) -> Readout:
    """The screen of a page, to be gone to by the names of those that lead there, after keys (U, D, L, R)."""
    menu, screen = Tree(table, demo(rows)), Readout()
    codes = {"U": table.UP, "D": table.DOWN, "L": table.LEFT, "R": table.RIGHT}
    menu.recover(0)
    for n, name in enumerate(names):
        for key in "R" * (n > 0):
            menu.key(codes[key], 0)
        menu.draw(screen)
        while screen.name != name:
            menu.key(table.DOWN, 0)
            menu.draw(screen)
    for key in keys:
        menu.key(codes[key], 0)
    menu.draw(screen)
    return screen


def _words(page: tuple) -> str:
    iec, ieee, note, *_ = page
    both = ieee if iec == ieee else f"{iec} / {ieee}"
    return f"{both.replace('*', 'K')} {note}".strip()


def _systems(table: ModuleType, bits: int) -> str:
    codes = [str(code) for i, code in enumerate(table.SYSTEMS) if bits >> i & 1]
    return "" if len(codes) == len(table.SYSTEMS) else ", ".join(codes)


def _number(value: int, form: tuple) -> str:
    _, _, decimals, step = form
    return f"{value // step / 10**decimals:.{decimals}f}"


def _values(form: tuple, row: Any) -> tuple[str, str]:
    """What a field may have, and has as it comes."""
    kind = form[0]
    if kind == "choice":
        words = dict(form[1])
        return ", ".join(words.values()), words[row[c.DEFAULT]]
    if kind == "number":
        _, places, _, step = form
        low, high, standard = row[c.LOW], row[c.HIGH], row[c.DEFAULT]
        if high // step >= 10**places:
            # the lower digits of a number that has more
            low, high, standard = 0, step * 10**places - 1, standard % (step * 10**places)
        return f"{_number(low, form)} to {_number(high, form)}", _number(standard, form)
    return "read only", ""


def _fields(table: ModuleType, about: About, ring: int) -> Iterator[str]:
    for page in table.RINGS[ring]:
        _, name, _, unit, point, form, bits = page
        values, standard = _values(form, about.rows.get(point - p.SETTING))
        cells = (_words(page), about.meanings[name], values, unit, standard, _systems(table, bits))
        yield f"| {' | '.join(cells)} |\n"


def _rings(table: ModuleType, about: About, ring: int, title: str, done: set[int]) -> str:
    """A ring, and what is below its pages."""
    done.add(ring)
    text = f"\n## {title}\n\n"
    below = ""
    head = _PAGES
    for page in table.RINGS[ring]:
        _, name, _, unit, _, form, bits = page
        kind, *more = form
        if kind == "ring" and more[0] not in done:
            locked = ", behind a password" if more[1] is not None else ""
            below += _rings(table, about, more[0], f"{name}{locked}", done)
        if kind == "fields":
            below += f"\n### {name}: {about.meanings[name]}\n\n{_FIELDS}"
            below += "".join(_fields(table, about, more[0]))
        if kind != "fields":
            head += f"| {_words(page)} | {about.meanings[name]} | {unit} | {_systems(table, bits)} |\n"
    return text + (head if head != _PAGES else "") + below


def page(name: str) -> str:
    """The text of docs/<name>/display.md."""
    table: Any = import_module(f"fourquad.models.{name}.menu")
    model = import_module(f"fourquad.models.{name}")
    options = tuple(option for option, _ in getattr(model, "OPTIONS", ()))
    rows = {row[c.OFFSET]: row for row in load(name, options=options).SETTINGS}
    words = own.table(name, "menu_names")
    shots = own.rows(words, "SHOTS")
    shown = pictures.rows("display", [(file, about) for file, *_, about in shots])
    text = _TEXT.format(title=name.upper(), pictures=shown.rstrip() + "\n", idle=table.IDLE // 60000)
    about = About(rows, dict(own.rows(words, "MEANINGS")))
    return text + _rings(table, about, 0, "The first ring", set())


def write(docs: Path, models: Iterable[str]) -> None:
    """The pictures of those of the models that have such a display."""
    for name in models:
        if own.panel(name) != "tree":
            continue
        folder = docs / name
        table = import_module(f"fourquad.models.{name}.menu")
        rows = import_module(f"fourquad.models.{name}").SETTINGS
        shots = own.rows(own.table(name, "menu_names"), "SHOTS")
        for file, names, keys, _ in shots:
            pictures.save(screen_of(table, rows, names, keys), folder / "display" / f"{file}.png")
        fronts.save(screen_of(table, rows, (), ""), folder / "panel.png")
