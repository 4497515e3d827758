"""Points with values that somebody made up, for pictures of panels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fourquad import points as p
from fourquad.points import columns as c


class Values:
    """A provider of fixed values, 0 where there is none; `texts`: one of settings that are texts."""

    texts: Values | None = None

    def __init__(self, values: Mapping[int, Any]) -> None:
        self.values = dict(values)

    def read(self, index: int) -> Any:
        return self.values.get(index, 0)

    def check(self, index: int, value: int) -> int:
        return p.OK

    def write(self, index: int, value: int) -> int:
        self.values[index] = value
        return p.OK


def defaults(rows: Iterable[Any]) -> Values:
    """Settings as they come."""
    return Values({row[c.OFFSET]: row[c.DEFAULT] for row in rows})
