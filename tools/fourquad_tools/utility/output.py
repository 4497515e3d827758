"""What the commands print: columns for people, one JSON object for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from fourquad_tools.strict import finite


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
    """For the person at the terminal, beside the result."""
    print(text, file=sys.stderr, flush=True)
