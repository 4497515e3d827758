"""Keys that a script presses, in virtual time."""

from __future__ import annotations

import importlib
from types import ModuleType

from fourquad.display.keys import DEBOUNCE, HOLD

_RELEASED_S = 2e-3 * DEBOUNCE  # a contact that closes sooner after the last one would be bouncing
_QUIET_S = 2e-3 * HOLD


class Keys:
    """The contacts of a model's keys, as drivers.keys.Contacts has them on a board."""

    def __init__(self, model: ModuleType) -> None:
        table = importlib.import_module(model.__name__ + ".menu")
        self.codes: dict[str, tuple[int, ...]] = {
            name.upper(): (code,) for code, name in enumerate(table.KEYS)
        }
        for first, second, _ in table.CHORDS:
            self.codes[f"{table.KEYS[first]}+{table.KEYS[second]}".upper()] = (first, second)
        self.now = 0.0  # virtual seconds: set it before `read`
        self._changes: list[tuple[float, int, bool]] = []  # still to come
        self._moved = -1e9  # when a contact last moved
        self._closed = 0

    def press(self, key: str, ms: float, now: float) -> float:
        """Hold a key or chord for `ms`, from `now` or the end of what is still to come on; when the meter has
        seen its end. KeyError: no such key.
        """
        start = max([now] + [at for at, _, _ in self._changes])
        start += 0.0 if start == now else _RELEASED_S
        end = start + ms / 1000
        codes = self.codes[key.upper()]
        self._changes += [(start, code, True) for code in codes] + [(end, code, False) for code in codes]
        return end + _RELEASED_S

    def busy(self, now: float) -> bool:
        """Whether a key is under way or was a moment ago."""
        return bool(self._changes) or now - self._moved < _QUIET_S

    def read(self) -> int:
        """Bit n is set while contact n is closed."""
        while self._changes and self._changes[0][0] <= self.now:
            _, code, closed = self._changes.pop(0)
            self._moved = self.now
            self._closed = self._closed | 1 << code if closed else self._closed & ~(1 << code)
        return self._closed
