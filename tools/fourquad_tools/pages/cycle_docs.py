"""Writes a model's page about a display of seven digits with two keys: its pages, list and settings."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from fourquad import models

_TEXT = """# {title}: display and keys

A row of seven digits with a description, a unit and icons; two keys, {keys}.

{table}
After a minute without a key the list goes on, and the light goes out. Icons: `{{` all values are gone
through; one square: a query came, two: it was answered; a bar for each tenth of the rated current; quadrant;
an arrow to the right for consumed power, to the left for generated; ind or cap for the load. A value without
room loses decimals; what the meter has not reads ----.

"""

# Where; what a short press of the first key does, what a long one, what the second key does.
_KEYS = (
    (
        "list of important values: 6 s each, from power-up on",
        "the page stays for a minute, lit; again: the next one",
        "all values",
        "asks for the password",
    ),
    ("all values", "the next one, after the last the first", "back to the list", "asks for the password"),
    (
        "password",
        "changes the flashing digit",
        "back to the list",
        "the next digit; after the last: settings, or the list if it was wrong or the meter is sealed",
    ),
    (
        "settings",
        "the next one; in an edit another digit or choice",
        "back to the list",
        "edits; in an edit the next digit, and takes it after the last",
    ),
)


def _form(form: tuple) -> str:
    """How a setting is edited."""
    kind, rows = form
    if kind == "choice":
        return ", ".join(word for _, word in rows)
    if kind == "list":
        return "a page that is not on the list" if rows else "a page that is on the list"
    return f"{kind} digits" + (f", {rows} after the point" if rows else "")


def page(name: str) -> str:
    """The page's text."""
    table: Any = import_module(f"fourquad.models.{name}.menu")
    scroll, key = table.KEYS
    keys = [f"| where | {scroll} | {scroll} held for 1.5 s | {key} |\n|---|---|---|---|\n"]
    keys += [f"| {' | '.join(row)} |\n" for row in _KEYS]
    title = models.load(name).NAME.upper()
    lines = [
        _TEXT.format(title=title, keys=" and ".join(table.KEYS), table="".join(keys)),
        "## All values\n\n| page | description | unit | may be on the list |\n|---|---|---|---|\n",
    ]
    places = {row: f"yes, {i + 1}" for i, row in enumerate(table.LISTED)}
    for i, row in enumerate(table.PAGES):
        text, unit, _, _ = row
        lines.append(f"| {i + 1} | {text} | {unit} | {places.pop(row, '')} |\n")
    for (text, unit, _, _), place in places.items():
        lines.append(f"| on the list only | {text} | {unit} | {place} |\n")
    lines.append("\n## Settings\n\n| page | description | unit | choices |\n|---|---|---|---|\n")
    for i, (text, unit, _, form) in enumerate(table.SETTINGS):
        lines.append(f"| S-{i + 1:02d} | {text} | {unit} | {_form(form)} |\n")
    return "".join(lines)
