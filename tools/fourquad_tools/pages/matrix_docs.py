"""Writes a model's page about a display that goes through lists, with pictures of a made-up load."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from fourquad import points as p
from fourquad.display.lists.carousel import Carousel
from fourquad.display.lists.items import Items
from fourquad.display.lists.matrix import Matrix
from fourquad.points import billing as b
from fourquad_tools.pages import own, pictures
from fourquad_tools.pages.made_up import Values, defaults
from fourquad_tools.screens import fronts

_NOON = 823_867_200  # 2026-02-08 12:00:00

_TEXT = """# {title}: display and buttons

{pictures}
The display goes through a list that can be configured: `96.51.3` over IEC 62056-21, up to
{entries} entries `item,modes,seconds` or `item,modes,seconds,first,last`. `item` is a number of the table
below; `modes` the sum of 1 (timing and continuous display), 2 (sequential display), 4 (inquiry display);
`seconds` 1-99; `first` and `last` the billing periods that an item of the past shows, 1 the last one that
was closed (it is shown with "0 Num Storage", so n there is period n + 1). The order of the list is the
order of the display.

| button | does |
|---|---|
| DISPLAY | begins the sequential display; there, holds the item (inquiry display); then the next |
| RESET, released before 8 s | billing reset; in programming mode it only leaves that |
| RESET, held for 8 s | programming mode: PRG, the lock goes out, four minutes without a button |

- **Timing display** starts at the minutes of `96.51.2` (5, 15, 30, 60) from the hour; when its list takes
  longer than the interval, it skips a start. In between the value's place is empty.
- **Continuous display** (`96.51.1` = 1, as delivered) begins anew after the last item. After the other
  modes it goes on as soon as they are over.
- **Sequential display** begins at the first item and stops after the last one.
- **Inquiry display**: every item stays 60 times as long; then the sequential display goes on with the next
  one.

The monitoring row shows voltages, currents and power factors in turn, three seconds each. While a phase
loses its voltage that one stays and its letter flashes; while a current is too high the three currents stay
and ABC flashes. Watt and var have an arrow for the present direction, right is import. err1, err2: there
are warnings or errors; the items of that name are left out while there is none. RX, TX: bytes come, an
answer went. F1-F4, the tariff in force, is ours.

A demand of 99.9999 is held and flashes. Codes that kW and kvar share (040, 051, 052, ...) differ by the
unit, those of reset and reading date (030) by the words next to them.

## Items

A number stands for the item; where a row has several, they are its tariffs 1, 2, 3, 4 and 0 (total) or its
phases A, B, C and 0 (sum).
"""


def demo(rows: Any) -> p.Points:
    """Points of a made-up load."""
    points = p.Points()
    load = {p.V1: 230.4, p.V2: 229.7, p.V3: 231.2, p.I1: 5.012, p.I2: 4.873, p.I3: 5.231, p.P_SUM: 3243.3}
    load |= {p.P1: 1087.4, p.Q_SUM: 1217.9, p.PF_SUM: 0.931, p.FREQUENCY: 50.002}
    demands = {b.demand(b.DEMAND_MAXIMUM, b.ACTIVE_IMPORT, 2) - p.DEMAND: 41_873}
    demands[b.demand(b.DEMAND_MAXIMUM_TIME, b.ACTIVE_IMPORT, 2) - p.DEMAND] = _NOON - 1000
    billing = {b.LOCAL_TIME: _NOON, b.ENERGY_COUNT: 10, b.TARIFF: 2, b.LAST_RESET: _NOON - 655_200}
    points.provide(p.SECONDARY, Values(load))
    points.provide(p.SETTING, defaults(rows), 64)
    points.provide(p.COMMAND, Values({}))
    points.provide(p.TARIFF_ENERGY, Values({0: 1_841_787, 1: 920_311, 2: 921_476}), 5)
    points.provide(p.DEMAND, Values(demands), 10)
    points.provide(p.SUPERVISION, Values({}), 4)
    points.provide(p.BILLING, Values(billing))
    points.provide(p.TABLE, Values(dict.fromkeys(range(b.TABLES), b"\0\0\1\6\36\2\26\0\1")))
    return points


# Pictures: file name, title and place of the item (None: programming mode), words.
SHOTS = (
    ("energy", "active import energy", 4, "Total active energy"),
    ("tariff", "active import energy", 1, "The same in tariff 2"),
    ("demand", "maximum active import demand", 1, "Maximum demand in tariff 2"),
    ("time", "time of it: active import demand", 1, "When it was"),
    ("power", "active power", 3, "Active power"),
    ("program", None, 0, "Programming mode"),
)


def screens(table: ModuleType, display: ModuleType, rows: Any) -> dict[str, Matrix]:
    """The screens of SHOTS by name."""
    out = {}
    for name, title, place, _ in SHOTS:
        points, screen = demo(rows), Matrix()
        carousel = Carousel(table, points)
        if title is None:
            carousel.key(table.HELD, 0)
            carousel.draw(screen)
        else:
            carousel.draw(screen)
            Items(table.ITEMS, points).show(display.number(title, place), 0, screen)
        screen.pulse = True
        out[name] = screen
    return out


def page(name: str) -> str:
    """The text of docs/<name>/display.md."""
    display = import_module(f"fourquad.models.{name}.display")
    shots = pictures.rows("display", [(file, words) for file, *_, words in SHOTS])
    text = _TEXT.format(title=name.upper(), pictures=shots.rstrip() + "\n", entries=p.DISPLAY_ENTRIES)
    text += "| items | display | unit | shows |\n|---|---|---|---|\n"
    number = 1
    for code, marks, places, _, _, _, unit, title in display.ITEMS:
        last = number + (len(places) or 1) - 1
        span = str(number) if last == number else f"{number}-{last}"
        shown = marks.replace(">", "\u2192").replace("<", "\u2190").replace("S", "\u03a3")
        if places and places[0].isdigit():
            head, _, tail = shown.partition(" ")
            shown = f"{head} n {tail}"
        elif places:
            code += "x"
        text += f"| {span} | {' '.join(part for part in (code, shown) if part)} | {unit} | {title} |\n"
        number = last + 1
    text += "\n## The list as delivered\n\n| item | modes | seconds | periods |\n|---|---|---|---|\n"
    for v in display.DEFAULT_LIST:
        periods = f"{v >> 19 & 31}-{v >> 24 & 31}" if v >> 19 else ""
        text += f"| {v & 511} | {v >> 9 & 7} | {v >> 12 & 127} | {periods} |\n"
    return text


def write(docs: Path, models: Iterable[str]) -> None:
    """The pictures of those of the models that have such a display."""
    for name in models:
        if own.panel(name) != "lists":
            continue
        folder = docs / name
        table = import_module(f"fourquad.models.{name}.menu")
        display = import_module(f"fourquad.models.{name}.display")
        rows = import_module(f"fourquad.models.{name}").SETTINGS
        made = screens(table, display, rows)
        for file, screen in made.items():
            pictures.save(screen, folder / "display" / f"{file}.png")
        fronts.save(made["energy"], folder / "panel.png")
