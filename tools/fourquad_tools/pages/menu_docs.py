"""Writes a model's page about its panel from the tables (`fourquad docs`).

Also the pictures on that page, of a made-up load, drawn by png.py. Which, and what else the page says, is
in the model's menu_names.py; a model without one has a page of its tables alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from fourquad import points as p
from fourquad.display.rows.menu import Menu
from fourquad.display.rows.screen import Screen
from fourquad.display.rows.setting import OCTETS
from fourquad.models import load
from fourquad.points import columns as c
from fourquad.points import modules as m
from fourquad_tools.pages import own, pictures
from fourquad_tools.pages.made_up import Values, defaults
from fourquad_tools.screens import fronts

_LOAD = dict(
    enumerate(
        (
            50.002,
            230.4,
            229.7,
            231.2,
            230.4,
            398.6,
            399.0,
            399.9,
            399.2,
            5.012,
            4.873,
            5.231,
            5.039,
            0.312,
            1087.4,
        )
        + (
            1034.2,
            1121.7,
            3243.3,
            381.2,
            402.9,
            433.8,
            1217.9,
            1154.8,
            1119.3,
            1209.4,
            3483.5,
            0.942,
            0.924,
            0.927,
        )
        + (0.931, 0.0034, 0.0372, 76.0, 119.9, 240.1, 19.3, 141.2, 261.2, 1.0, 42.0)
        + (3285.0, 0.0, 3285.0, 5.04, 4.91, 5.18)
    )
)


_CONNECTED = 0b010101  # I/O modules
# THD and the fifth harmonic of the voltages, in 0.01 %.
_HARMONICS = {0: 247, 1: 231, 2: 258, 3: 245}
_HARMONICS |= {p.HARMONIC_V1 + 3 + p.VOLTAGE_HARMONICS * k: value for k, value in enumerate((204, 188, 216))}
_EXTREMES = {
    p.EXTREMES_SHOWN + i: value
    for i, value in enumerate((238.4, 237.9, 239.6, 412.9, 412.2, 414.8, 18.51, 17.94, 19.22))
}
_EXTREMES |= {p.EXTREMES_SHOWN + p.EXTREMES + i: value for i, value in ((3, 391.2), (4, 392.7), (5, 393.1))}


def demo(settings: Iterable[Any]) -> p.Points:
    """Points of a made-up load, settings at their defaults, a clock and some energy."""
    points = p.Points()
    points.provide(p.PRIMARY, Values(_LOAD))
    points.provide(p.ENERGY, Values({0: 184_178_7, 1: 18_886_0, 4: 203_064_7, 5: 165_292_7}))
    points.provide(p.SETTING, defaults(settings), 64)
    points.provide(p.COMMAND, Values({}))
    points.provide(p.HARMONIC, Values(_HARMONICS), 7)
    points.provide(p.EXTREME, Values(_EXTREMES), 7)
    state = dict(enumerate((4, 2026, 1, 1, 12, 0, 0, 1234567))) | {p.MODULES: _CONNECTED}
    points.provide(p.STATE, Values(state))
    points.provide(p.MODULE, Values({m.DI1 + 1: 1, m.DI1 + 4: 1}))
    return points


def screen_of(table: ModuleType, settings: Iterable[Any], steps: Iterable[int]) -> Screen:
    """The screen after keys (codes below 100) and pauses (ms)."""
    menu, screen, now = Menu(table, demo(settings)), Screen(), 1000
    menu.tick(now)
    for step in steps:
        if step < 100:
            menu.key(step, now)
        else:
            now += step
            menu.tick(now)
    menu.draw(screen)
    screen.comm, screen.pulse = 2, True
    return screen


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def _wirings(table: ModuleType, bits: int) -> str:
    names = [name for i, name in enumerate(table.WIRINGS) if bits >> i & 1]
    modules = getattr(table, "MODULE_NAMES", ())
    names += [name for i, name in enumerate(modules) if bits >> len(table.WIRINGS) + i & 1]
    return "all" if len(names) == len(table.WIRINGS) else ", ".join(names) or "-"


def _label(label: str) -> str:
    star, _, delta = label.partition("/")
    return f"{star} ({delta} in 2LL, 3LL)" if delta else star


def _rings(table: ModuleType) -> str:
    text = ""
    seen: list[tuple] = []
    for mode, rings in table.MODES:
        for title, pages, _, flag in rings or ():
            text += f"### {mode}: {title}\n\n"
            if pages in seen:
                text += f"The same screens, with {flag}.\n\n"
                continue
            seen.append(pages)
            rows = []
            for number, (name, item, flags, cells, *series) in enumerate(pages, 1):
                bits = 0
                if series:
                    count, first = series
                    name = f"{name}, orders {first} to {first + count - 1}"
                    item += f"{first:02d}-{item}{first + count - 1:02d}"
                for cell in cells:
                    bits |= cell[4]
                shown = [
                    _label(cell[3]) + ("" if cell[4] == bits else " (" + _wirings(table, cell[4]) + ")")
                    for cell in cells
                ]
                rows.append(
                    (
                        str(number),
                        name,
                        " ".join(f"{item} {flags} {flag}".split()),
                        "; ".join(shown),
                        _wirings(table, bits),
                    )
                )
            text += _table(("screen", "shows", "icons", "rows", "wirings"), rows) + "\n"
    return text


def _seal(model: ModuleType, rule: int) -> str:
    if not model.SEALS[rule]:
        return ""
    _, mask = model.SEALS[rule]
    bits = [str(i) for i in range(8) if mask >> i & 1]
    return f"option bit {', '.join(bits)}" if bits else "yes"


def _number(value: int, decimals: int) -> str:
    return f"{value / 10**decimals:.{decimals}f}"


def _groups(table: ModuleType, model: ModuleType) -> str:
    rows = {
        p.SETTING + row[c.OFFSET]: (*row[c.DEFAULT : c.CHOICES + 1], row[c.SEAL]) for row in model.SETTINGS
    }
    rows |= {p.COMMAND + row[c.OFFSET]: (0, 0, 1, None, row[c.SEAL]) for row in model.COMMANDS}
    # what clears the pulse counters of a module is no command of the meter's: points/modules.py
    codes, clear = len(getattr(model, "MODULES", ())), p.MODULE + m.CLEAR_COUNTS
    rows[clear] = (0, 0, codes, None, dict(model.GUARDS).get(clear, 0))
    registers = model.REGIONS + model.SETTING_REGISTERS + model.COMMAND_REGISTERS
    places = {row[c.POINT]: row[c.ADDRESS] for row in registers}
    text = ""
    for name, letter, module, pages in table.GROUPS:
        about = " (of the network module)" if module is None else " (of the connected modules)" * bool(module)
        text += f"### {name}{about}\n\n"
        lines = []
        for number, (first, second, pid, unit, form, choices, *needs) in enumerate(pages, 1):
            default, low, high, allowed, seal = rows[pid]
            if form == OCTETS:
                values, standard = "address", ".".join(str(rows[pid + i][0]) for i in range(4))
            elif form and len(form) > 3:
                values, standard = "-32768 to 32767, of a frequency 0-65535", str(default)
            elif form and form[2] == 10:
                values = f"{_number(low, form[1])}-{_number(high, form[1])}"
                standard = _number(default, form[1])
            elif form:
                kind, letter_of = ("binary", "b") if form[2] == 2 else ("hexadecimal", "X")
                values, standard = f"{form[0]} {kind} digits", f"{default:0{form[0]}{letter_of}}"
            else:
                texts = dict(choices)
                # A command's table names other values for modules that may come.
                low_high = tuple(v for v, _ in choices if low <= v <= high)
                values = ", ".join(texts[v] for v in low_high if allowed is None or v in allowed)
                standard = texts[default]
            where = f"{places[pid]:04X}H" if pid in places else ""
            names = _wirings(table, needs[0] << len(table.WIRINGS)) if needs else ""
            words = f"{first} {second} {names}".strip()
            lines.append(
                (
                    f"{letter}{number:02d}",
                    words,
                    where,
                    f"{values} {unit}".strip(),
                    standard,
                    _seal(model, seal),
                )
            )
        text += _table(("page", "words", "register", "values", "default", "sealed"), lines) + "\n"
    return text


def page(model: str) -> str:
    """The text of docs/<model>/menu.md."""
    table = import_module(f"fourquad.models.{model}.menu")
    tables = load(model, options=("network",))
    words = own.table(model, "menu_names")
    shots = own.rows(words, "SHOTS")
    text = f"# {model.upper()}: display and keys\n\n"
    text += f"Generated from `models/{model}/menu.py` by `fourquad docs`; do not edit.\n\n"
    text += pictures.rows("menu", [(name, about) for name, _, about in shots])
    if words:
        text += words.NOTES + "\n"
    text += "## Pages\n\n"
    text += (
        "A key opens its first screen; pressed again it turns to the next, from the last to the first. In "
        "Max/Min, Demand, Digital I/O and Harmonic's ratios P is the next screen, E the one before.\n\n"
    )
    text += _rings(table)
    text += "### The fifth line: key E\n\n"
    text += _table(
        ("screen", "shows", "unit"), [(str(i), line[0], line[3]) for i, line in enumerate(table.LINES, 1)]
    )
    text += "\n## Settings\n\n"
    text += "H next digit, or back from a page; P up or next; E down or previous; V/A enters or confirms.\n\n"
    return (text + _groups(table, tables)).rstrip() + "\n"


def write(docs: Path, models: Iterable[str]) -> None:
    """The pages and pictures of those of the models that have such a panel."""
    for model in models:
        if own.panel(model) != "rows":
            continue
        folder = docs / model
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "menu.md").write_text(page(model), encoding="utf-8")
        table = import_module(f"fourquad.models.{model}.menu")
        rows = import_module(f"fourquad.models.{model}").SETTINGS
        shots = own.rows(own.table(model, "menu_names"), "SHOTS")
        for name, steps, _ in shots:
            pictures.save(screen_of(table, rows, steps), folder / "menu" / f"{name}.png", 32)
        fronts.save(screen_of(table, rows, shots[0][1] if shots else ()), folder / "panel.png")
