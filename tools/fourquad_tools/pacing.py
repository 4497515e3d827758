"""Virtual time that follows real time, in bursts while nobody asks anything."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from typing import Protocol

REST_S = 1.0  # of virtual time that may be missing while nobody asks
BATCH_S = 0.1  # of virtual time in a step
WIDE_BATCH_S = 0.5  # the same while nobody asks: half the work for each second
LIVELY_S = 5.0  # after a touch, in which nothing may be missing
SLIP_S = 1.0  # real seconds that are missing beyond a rest before they are given up
SPEED_S = 5.0  # real seconds over which the speed that was reached is told
SURE_S = 2.5  # the least of them: over less a batch more or fewer makes a difference


async def first_of(events: Iterable[asyncio.Event], seconds: float | None) -> None:
    """Until one of the events is set, or so many seconds are over (None: without end)."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


class Paced(Protocol):
    """What a Pacer drives: virtual time in seconds, made in steps."""

    speed: float
    slips: int
    stopping: asyncio.Event
    batch: float  # virtual seconds of a step, nearly

    @property
    def now(self) -> float: ...

    async def work_until(self, target: float) -> None: ...

    def step(self) -> None: ...


class Pacer:
    """Lets the virtual time of `target` follow real time, `speed` times as fast.

    With `rests` it sleeps for REST_S of virtual time at a time while nobody asks: `touch` makes up what is
    missing at once, and for LIVELY_S there are no rests then.
    """

    def __init__(self, target: Paced) -> None:
        self.rests = False
        self.advancing = asyncio.Lock()  # held by whoever runs virtual time ahead
        self._target = target
        self._wake = asyncio.Event()
        self._lively_until = -1e9
        self._rebase = True
        self._wall = self._virtual = 0.0  # when and where the present pace began
        self._marks: deque[tuple[float, float]] = deque()

    def rebase(self) -> None:
        """Virtual time has been elsewhere, or the speed is another: go on from where it is."""
        self._rebase = True
        self._marks.clear()
        self._wake.set()

    def touch(self) -> None:
        """Somebody asks: virtual time is that of this moment, and stays so for a while."""
        if self.advancing.locked():
            return
        now = time.monotonic()
        if self.rests and now >= self._lively_until:
            self._wake.set()
            # no more than what may be missing, however late the computer is
            end = min(self._due(now), self._target.now + REST_S)
            for self._target.batch in (WIDE_BATCH_S, BATCH_S):
                while self._target.now + self._target.batch <= end:
                    self._target.step()
        self._lively_until = now + LIVELY_S

    @property
    def reached(self) -> float:
        """How many times real time the last seconds were."""
        if not self._marks or self._marks[-1][0] - self._marks[0][0] < SURE_S:
            return self._target.speed
        (wall, virtual), (end, last) = self._marks[0], self._marks[-1]
        return (last - virtual) / (end - wall)

    @property
    def speed(self) -> float:
        """How many times real time it is to be."""
        return self._target.speed

    @property
    def moment(self) -> float:
        """The virtual time of this very moment, which steps come up to a little later."""
        if self._rebase or self.advancing.locked():
            return self._target.now
        behind = self._due(time.monotonic()) - self._target.now
        return self._target.now + min(max(behind, 0.0), REST_S)

    def _due(self, now: float) -> float:
        """The virtual time that belongs to this moment."""
        if self._rebase:
            self._rebase = False
            self._wall, self._virtual = now, self._target.now
        return self._virtual + (now - self._wall) * self._target.speed

    def _mark(self, now: float) -> None:
        marks = self._marks
        if not marks or now - marks[-1][0] >= 1.0:
            marks.append((now, self._target.now))
            while len(marks) > 2 and now - marks[1][0] >= SPEED_S:
                marks.popleft()

    async def run(self) -> None:
        """Until `target.stopping`."""
        target = self._target
        while not target.stopping.is_set():
            if self.advancing.locked():
                async with self.advancing:
                    pass
            now = time.monotonic()
            due = self._due(now)
            missing = due - target.now
            resting = self.rests and now >= self._lively_until
            target.batch = batch = WIDE_BATCH_S if resting else BATCH_S
            rest = REST_S if resting else batch
            if missing > REST_S + SLIP_S * target.speed:
                # The computer is too slow, or slept: what was missed is not made up for.
                target.slips += 1
                self._rebase = True
            if missing >= batch:
                await target.work_until(due - batch)
                self._mark(now)
                continue
            self._mark(now)
            self._wake.clear()
            await first_of((self._wake, target.stopping), max((rest - missing) / target.speed, 0.001))
