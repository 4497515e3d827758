"""`--net`: the meter's own switchboard over the sockets of this computer, within an asyncio loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from fourquad import ticks
from fourquad.net import PIECE
from fourquad.net.desk import Desk
from fourquad.net.switchboard import Switchboard
from fourquad_tools.ports import MakeLink, PortError
from fourquad_tools.ports.sockets import Sockets
from fourquad_tools.ports.tcp import LOOPBACK

TIMED_S = 0.02  # between two visits that tell machines the time
_BLIND_S = 0.01  # between two visits where nothing tells that bytes have come
_VISITS = 50  # at once, before others of the loop have their turn
_HELD = 1 << 16  # octets that wait to be sent, beyond which nothing more is read


def millis() -> int:
    """Real time as `fourquad.ticks` in milliseconds."""
    return time.monotonic_ns() // 1_000_000 % ticks.PERIOD


class LinkMachine:
    """A connection for the switchboard, which hands its octets to a link (fourquad_tools.ports).

    A link that makes its answers in pieces has `poll(now)`, and `busy` while there are more; one that wants
    to know who calls has `opened(peer, now)`.
    """

    def __init__(self, make_link: MakeLink) -> None:
        self.answer = bytearray(PIECE)
        self._make = make_link
        self._out = bytearray()
        self._link: Any = None

    def opened(self, peer: Any, now: int) -> None:
        """A client has connected."""
        self._out = bytearray()
        self._link = self._make(self._out.extend)
        if hasattr(self._link, "opened"):
            self._link.opened(peer, now)

    @property
    def closing(self) -> bool:
        """Whether the link wants its client away, who has got all."""
        return not self._out and getattr(self._link, "closing", False)

    @property
    def busy(self) -> bool:
        """Whether there is more to come."""
        return bool(self._out) or getattr(self._link, "busy", False)

    def room(self) -> int:
        """How many octets are taken."""
        return PIECE if len(self._out) < _HELD and not getattr(self._link, "closing", False) else 0

    def run(self, buffer: bytearray, length: int, now: int) -> int:
        """Octets came."""
        self._link.received(bytes(buffer[:length]))
        return self._piece()

    def poll(self, now: int) -> int:
        """The next piece."""
        if not self._out and hasattr(self._link, "poll"):
            self._link.poll(now)
        return self._piece()

    def _piece(self) -> int:
        n = min(len(self._out), PIECE)
        self.answer[:n] = self._out[:n]
        del self._out[:n]
        return n

    def lost(self, now: int) -> None:
        """The client is gone."""
        link, self._link = self._link, None
        link.closed()


class Links:
    """A service of the switchboard whose connections are links; `tick` and `patient` as fourquad.net has
    them.
    """

    def __init__(self, make_link: MakeLink, tick: Callable[[int], None], patient: bool = False) -> None:
        self._make = make_link
        self.tick = tick
        self.patient = patient

    def connection(self) -> LinkMachine:
        """One more connection."""
        return LinkMachine(self._make)


class NetPort:
    """A service at a port of an address; `open` while it is switched on. `port`: None of a client."""

    dropped = 0

    def __init__(self, desk: Desk, port: int | None, host: str) -> None:
        self.desk = desk
        self.name = desk.name
        self.port = port
        self.host = host
        self.open = False

    @property
    def where(self) -> str:
        """What a client connects to."""
        if self.port is None:
            return "calls others"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Net:
    """A switchboard that the running loop visits."""

    def __init__(self) -> None:
        self._sockets = Sockets()
        self._board = Switchboard(self._sockets)
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._fileno: int | None = self._sockets.fileno()
        self._soon = self._closed = self._visiting = False
        try:
            if self._fileno is not None:
                self._loop.add_reader(self._fileno, self._visit)
        except NotImplementedError:
            self._fileno = None

    def open(self, port: NetPort) -> None:
        """Begin to serve; PortError if the port is not free. Port 0 becomes the number that it gets."""
        self._sockets.host = port.host
        try:
            handle = self._board.open(port.desk, port.port, millis())
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            at = "" if port.host == LOOPBACK else f" of {port.host}"
            raise PortError(f"--net {port.name}: port {port.port}{at}: {reason}") from None
        if handle is not None:
            port.port = handle.getsockname()[1]
        port.open = True
        self._visit()

    def turn(self, port: NetPort, on: bool, anew: bool) -> None:
        """Serve again, or no more for now, when what is being answered is answered; `anew`: who is connected
        is disconnected.
        """
        if self._visiting:
            self._loop.call_soon(self.turn, port, on, anew)
        elif on and not port.open:
            self.open(port)
        elif on and anew:
            self._board.disconnect(port.desk, millis())
        elif port.open and not on:
            port.open = False
            self._board.close(port.desk, millis())

    def _visit(self) -> None:
        """Serve what waits, for a moment."""
        self._soon = False
        if self._closed:
            return
        board = self._board
        self._visiting = True
        try:
            for _ in range(_VISITS):
                now = millis()
                if board.quiet(now):
                    break
                board.poll(now)
            else:
                if not self._soon:
                    self._soon = True
                    self._loop.call_soon(self._visit)
        finally:
            self._visiting = False
        if self._timer is None and (self._fileno is None or board.attended()):
            pause = _BLIND_S if self._fileno is None else TIMED_S
            self._timer = self._loop.call_later(pause, self._timed)

    def _timed(self) -> None:
        self._timer = None
        self._visit()

    def close(self) -> None:
        """Serve no more."""
        self._closed = True
        if self._fileno is not None:
            self._loop.remove_reader(self._fileno)
        if self._timer is not None:
            self._timer.cancel()
        self._board.close_all(millis())
        self._sockets.end()
