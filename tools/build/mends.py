"""Changes of the text of MicroPython, each done once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def mend(tree: Path, edits: Iterable[tuple[str, str, str]]) -> None:
    """Do of `edits`, (file, what it has once, what stands in its place), those that were not done yet.
    SystemExit: this is another MicroPython.
    """
    for name, old, new in edits:
        text = (tree / name).read_text()
        if new in text:
            continue
        if text.count(old) != 1:
            raise SystemExit(f"{name} has not one {old!r}")
        (tree / name).write_text(text.replace(old, new))
