"""A tap on a port: the octets of both directions, as frames with their times.

Octets of a frame that come in pieces are joined: until it is whole, the other side speaks, or nothing more
has come for PAUSE_S.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from fourquad_tools.ports import Link, MakeLink, Send
from fourquad_tools.trace.frames import LONGEST, Frame, first

PAUSE_S = 0.25  # of real time: what a request over TCP may pause (sim/clients.py)


class Sink(Protocol):
    """Where a trace goes."""

    def frame(self, frame: Frame) -> None:
        """Take a frame."""

    def note(self, time: float, port: str, words: str) -> None:
        """Take a line about what happened otherwise."""

    def close(self) -> None:
        """There is nothing more."""


class Trace:
    """All taps of a simulator. `sinks` have names; `clock`: UTC in virtual seconds. `tell` gets a line when
    one of them can take no more.
    """

    def __init__(
        self, sinks: Mapping[str, Sink], clock: Callable[[], float], tell: Callable[[str], None]
    ) -> None:
        self._sinks = dict(sinks)
        self._clock = clock
        self._tell = tell
        self._last = 0.0
        self._clients: dict[str, int] = {}
        self._taps: set[Tap] = set()

    def now(self) -> float:
        """The time, which never goes back."""
        self._last = max(self._last, self._clock())
        return self._last

    def tapped(self, port: str, speaks: Callable[[], str], make_link: MakeLink) -> MakeLink:
        """What makes the links of `port`, each with a tap."""

        def make(send: Send) -> Link:
            self._clients[port] = self._clients.get(port, 0) + 1
            tap = Tap(self, port, self._clients[port], speaks)
            self._taps.add(tap)
            return tap.between(make_link, send)

        return make

    def frame(self, frame: Frame) -> None:
        """To every sink."""
        self._each(lambda sink: sink.frame(frame))

    def _each(self, do: Callable[[Sink], None]) -> None:
        for name in list(self._sinks):
            self._one(name, do)

    def _one(self, name: str, do: Callable[[Sink], None]) -> None:
        """A disk that is full ends a trace, and nothing else."""
        try:
            do(self._sinks[name])
        except OSError as error:
            del self._sinks[name]
            self._tell(f"{name}: {error.strerror or error}; it ends here")

    def note(self, port: str, words: str) -> None:
        """A line about a port, after what went over it before."""
        for tap in list(self._taps):
            if tap.port == port:
                tap.flush()
        self._each(lambda sink: sink.note(self.now(), port, words))

    def leave(self, tap: Tap) -> None:
        """A client is gone."""
        self._taps.discard(tap)

    def close(self) -> None:
        """What is held is told, and the files are closed."""
        for tap in list(self._taps):
            tap.flush()
        self._each(lambda sink: sink.close())


class Tap:
    """One client of a port."""

    def __init__(self, trace: Trace, port: str, client: int, speaks: Callable[[], str]) -> None:
        self.port = port
        self._trace = trace
        self._client = client
        self._speaks = speaks
        self._protocol = ""
        self._inward = True
        self._held = b""
        self._since = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def between(self, make_link: MakeLink, send: Send) -> Link:
        """The link, with the tap between it and its port."""

        def tapped(data: bytes) -> None:
            self.take(False, data)
            send(data)

        return _Tapped(self, make_link(tapped))

    def take(self, inward: bool, data: bytes) -> None:
        """Octets of one direction."""
        if inward != self._inward:
            self.flush()
        if not self._held:
            self._inward, self._since, self._protocol = inward, self._trace.now(), self._speaks()
        self._held += data
        while self._held and (end := first(self._protocol, self._held)):
            self._tell(end, True)
            self._since = self._trace.now()
        if len(self._held) > LONGEST:
            self.flush()
        self._schedule()

    def flush(self) -> None:
        """Tell what is held, as it is."""
        if self._held:
            self._tell(len(self._held), False)
        self._schedule()

    def leave(self) -> None:
        """The client is gone."""
        self.flush()
        self._trace.leave(self)

    def _tell(self, end: int, whole: bool) -> None:
        data, self._held = self._held[:end], self._held[end:]
        self._trace.frame(
            Frame(self._since, self.port, self._client, self._inward, self._protocol, data, whole)
        )

    def _schedule(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._held:
            self._timer = asyncio.get_running_loop().call_later(PAUSE_S, self.flush)


class _Tapped:
    """A link behind a tap."""

    def __init__(self, tap: Tap, link: Link) -> None:
        self._tap = tap
        self._link = link

    def received(self, data: bytes) -> None:
        """Bytes came in."""
        self._tap.take(True, data)
        self._link.received(data)

    def closed(self) -> None:
        """Nobody is at the other end any more."""
        self._tap.leave()
        self._link.closed()

    def __getattr__(self, name: str) -> Any:
        # `framed` and `closing`, where the link has them
        return getattr(self._link, name)
