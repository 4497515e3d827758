"""Things to do later in virtual time: in real time as fast as that runs, at once when it is run ahead."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from typing import Protocol

_SOONEST_S = 0.001  # a timer that comes a little early waits for so long again


class Clock(Protocol):
    """Virtual time, and how many times real time it is."""

    @property
    def moment(self) -> float: ...

    @property
    def speed(self) -> float: ...


class RealTime:
    """The clock of what belongs to no simulator."""

    speed = 1.0

    @property
    def moment(self) -> float:
        """Seconds."""
        return time.monotonic()


class Delays:
    """Actions and when they are due, by `clock`."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, seconds: float, action: Callable[[], None]) -> None:
        """Do `action` after so much virtual time; of two that are due together the first first."""
        heapq.heappush(self._waiting, (self.clock.moment + seconds, next(self._numbers), action))
        self._schedule()

    def release(self) -> None:
        """Do what is due."""
        while self._waiting and self._waiting[0][0] <= self.clock.moment:
            _, _, action = heapq.heappop(self._waiting)
            action()
        self._schedule()

    def clear(self) -> None:
        """Forget all."""
        self._waiting.clear()
        self._schedule()

    def _schedule(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting:
            wait = (self._waiting[0][0] - self.clock.moment) / self.clock.speed
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(wait, _SOONEST_S), self.release)
