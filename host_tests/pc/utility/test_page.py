"""docs/utility.md: its examples are what the commands print, and it has every command."""

from __future__ import annotations

import re
from pathlib import Path

from fourquad_tools.pages import utility_docs
from fourquad_tools.utility.arguments import COMMANDS

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "utility.md").read_text()


def shape(text: str) -> str:
    """The text without the digits that another processor may round otherwise, and the widths that follow."""
    return re.sub(r"[-\s━]+", " ", re.sub(r"-?\d[\d.]*", "0", text))


def test_the_examples_are_what_is_printed():
    made = utility_docs.page(PAGE)
    assert made.count("```") > 20
    assert shape(made) == shape(PAGE), "run `fourquad docs`"


def test_every_command_is_there():
    for name, _ in COMMANDS:
        assert f"\n## `{name}`" in PAGE and f"fourquad {name}" in PAGE, name
