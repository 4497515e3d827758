"""Ports of the simulator: pseudo-terminals, serial devices and TCP, all handing bytes to a link.

A port knows no protocol: whatever arrives goes to a `Link`, and what the link sends goes back the same way.
Each kind is a module of its own, and is imported only where one is opened: not every platform has all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class PortError(Exception):
    """A port that cannot be opened; the message says which and why."""


class Link(Protocol):
    """One serial line as its meter sees it."""

    def received(self, data: bytes) -> None:
        """Bytes came in."""

    def closed(self) -> None:
        """Nobody is at the other end any more."""

    # A link that wants its client away has `closing`, which is then True.


Send = Callable[[bytes], None]
MakeLink = Callable[[Send], Link]
