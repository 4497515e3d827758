"""What the commands print: columns for people, one JSON object for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from fourquad_tools.strict import finite
from fourquad_tools.utility.errors import UtilityError


def tell(result: dict[str, Any]) -> None:
    """One JSON object, with "ok"."""
    print(json.dumps({"ok": True, **finite(result)}, ensure_ascii=False))


def columns(rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Rows as columns; those numbered in `right` end together."""
    rows = [tuple(row) for row in rows]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for cells in rows:
        line = "  ".join(
            cell.rjust(width) if n in right else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        print(line.rstrip())


def progress(quiet: bool) -> bool:
    """Whether a bar of progress is for anybody: a person at a terminal."""
    return not quiet and sys.stderr.isatty()


def note(text: str) -> None:
    """For the person at the terminal, apart from the result."""
    print(text, file=sys.stderr, flush=True)


def save(path: Path, text: str) -> None:
    """Write a file; it is there whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise UtilityError(f"{path}: {error.strerror}") from None
