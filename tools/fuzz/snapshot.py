"""Objects as they were, put back in place: every input meets the same meter and the same station."""

from __future__ import annotations

import types
from array import array
from typing import Any

OURS = "fourquad."
LARGE = 1 << 16  # octets; flash


class Snapshot:
    """What can be reached from `root` through objects of the library's own classes, containers, closures and
    methods. What `beside` has is left to that one. numpy's arrays are left out: only measuring changes them.
    """

    def __init__(self, root: object, beside: Snapshot | None = None) -> None:
        self._seen: dict[int, object] = dict(beside._seen) if beside else {}
        self._fields: list[tuple[dict[Any, Any], dict[Any, Any]]] = []
        self._contents: list[tuple[Any, Any]] = []
        self._large: list[tuple[Any, Any]] = []
        waiting = [root]
        while waiting:
            one = waiting.pop()
            if id(one) not in self._seen:
                self._seen[id(one)] = one  # kept alive, so that no other object gets its id
                waiting += self._take(one)

    def _take(self, one: Any) -> list[Any]:
        """Copy what an object holds; the objects that it refers to."""
        if isinstance(one, list | array | bytearray):
            (self._large if len(one) > LARGE else self._contents).append((one, one[:]))
            return one if isinstance(one, list) else []
        if isinstance(one, tuple):
            return list(one)
        if isinstance(one, types.MethodType):
            return [one.__self__]
        if isinstance(one, types.FunctionType):
            return [cell.cell_contents for cell in one.__closure__ or ()]
        if isinstance(one, dict):
            fields = one
        elif type(one).__module__.startswith(OURS):
            fields = one.__dict__
        else:
            return []
        self._fields.append((fields, dict(fields)))
        return list(fields.values())

    def put_back(self, flash: bool = False) -> None:
        """As it was; with what is in flash only on demand, because that costs more than all else."""
        for fields, kept in self._fields:
            if len(fields) != len(kept):
                fields.clear()
            fields.update(kept)
        for content, kept in self._contents:
            content[:] = kept
        for content, kept in self._large if flash else ():
            content[:] = kept
