"""Changes of the text of MicroPython."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def mend(tree: Path, edits: Iterable[tuple[str, str, str]]) -> None:
    """Do the `edits` of a tree as it was unpacked: (file, what it has once, what stands in its place).
    SystemExit: a file has that never or more than once, so this is another MicroPython.
    """
    for name, old, new in edits:
        text = (tree / name).read_text()
        if text.count(old) != 1:
            raise SystemExit(f"{name} has {text.count(old)} times, not once: {old!r}")
        (tree / name).write_text(text.replace(old, new))
