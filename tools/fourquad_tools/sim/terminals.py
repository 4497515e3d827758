"""What is wired to the terminals of the simulated meter: I/O modules, contacts and analog signals. They stay
while the meter is without power.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from fourquad.modules.io import chosen
from fourquad.points import columns as c


class Terminals:
    """Of a meter of `model`. Numbers of terminals count from 1, over all modules of the model."""

    def __init__(self, model: ModuleType) -> None:
        self._table: tuple[tuple, ...] = getattr(model, "MODULES", ()) if "modules.io" in model.PARTS else ()
        self._limit: int = getattr(model, "MODULES_AT_ONCE", 0)
        self.modules: list[str] = [self._table[0][c.NAME]] if self._table else []
        self._closed = 0
        self._analog: dict[int, float] = {}  # by the number of the input

    def connect(self, names: list[str], io: Any) -> None:
        """Plug in these modules, and no others; `io`: the meter's, None without power. ValueError: that
        cannot be.
        """
        chosen(self._table, self._limit, names)
        self.modules = list(names)
        self.wire(io)

    def wire(self, io: Any) -> None:
        """Let the meter's `io`, which has just got its power or other modules, find everything as it is."""
        if io is not None:
            io.connect(self.modules)
            io.begin(self._closed)
            for n, value in self._analog.items():
                io.put_analog(n - 1, value)

    def set_input(self, n: int, on: int, io: Any, now_ms: int) -> None:
        """Contact `n` closes or opens. ValueError: there is none."""
        self._check(c.INPUTS, "n", n)
        bit = 1 << n - 1
        self._closed = self._closed | bit if on else self._closed & ~bit
        if io is not None:
            io.set_input(n - 1, on, now_ms)

    def set_analog(self, n: int, value: float, io: Any) -> None:
        """At analog input `n` are so many mA, or V if its type says so. ValueError: there is none."""
        self._check(c.ANALOG_INPUTS, "input", n)
        self._analog[n] = value
        if io is not None:
            io.put_analog(n - 1, value)

    def _check(self, kind: int, field: str, n: int) -> None:
        """ValueError unless a connected module has the terminal `n` of this kind."""
        last = 0
        for row in self._table:
            first, count, _ = row[kind]
            last = max(last, first + count)
            if first < n <= first + count:
                if row[c.NAME] not in self.modules:
                    raise ValueError(f"{field}: {n} is of {row[c.NAME]}, which is not connected")
                return
        raise ValueError(f"{field}: {n} is not in 1 to {last}" if last else f"{field}: there is none")
