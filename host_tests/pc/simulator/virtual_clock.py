"""An event loop on a clock that the tests own: sleeping moves it and takes no time."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class Clock(selectors.DefaultSelector):
    """What an event loop sleeps on: each sleep is counted and moves the time (`now`, s) at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.sleeps = 0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        assert timeout is not None or ready, "it would sleep for ever"
        if not ready and timeout:
            self.sleeps += 1
            self.now += timeout
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        super().__init__(clock)

    def time(self) -> float:
        return self._clock.now


def run(clock: Clock, coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What `coroutine` returns when its sleeps are those of `clock`."""
    loop = _Loop(clock)
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()
