"""A master's end of a port: frames its bytes by real silence where the protocol wants that.

Every pseudo-terminal or TCP client has a framer of its own, because what two clients send does not collide
here as on a wire. A computer, adapters and networks delay bytes by more than a wire would. So silence ends a
request only if what came is whole, that is ends with a good CRC; what is not may go on for `gap` seconds, and
is handed over then as it is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from fourquad import ticks
from fourquad.protocols.crc import checksum
from fourquad.protocols.modbus.framer import MAX_FRAME, Framer
from fourquad_tools.sim.lines import SerialLine

PATIENCE_US = 4000  # of silence, at least, after which a whole request is taken
ADAPTER_GAP_S = 0.05  # a USB adapter holds bytes back for 16 ms
TCP_GAP_S = 0.25  # a network may hold the second half of a request back for so long
ANY_BAUD = 19200  # that a framer reckons with where there is no serial line
SHORTEST = 4  # bytes of a frame with its CRC
ECHOES = 4  # answers that may be under way back to us


def micros() -> int:
    """Real time as `fourquad.ticks` in microseconds."""
    return time.monotonic_ns() // 1000 % ticks.PERIOD


def whole(data: bytes) -> bool:
    """Whether the bytes are frames, one after the other, each with a good CRC."""
    begin = 0
    if len(data) >= SHORTEST and not checksum(data, len(data), 0):
        return True
    while begin < len(data):
        end = begin + SHORTEST
        while end <= len(data) and checksum(data[begin:end], end - begin, 0):
            end += 1
        if end > len(data):
            return False
        begin = end
    return len(data) > 0


class Client:
    """One end of a port. `gap`: seconds that a request may pause; 0: as on a wire. `wired`: its characters
    take their time already.
    """

    def __init__(
        self, line: SerialLine, send: Callable[[bytes], None], gap: float = 0.0, wired: bool = False
    ) -> None:
        self._line = line
        self._wired = wired
        self._gap = gap
        self._send = send
        self._timer: asyncio.TimerHandle | None = None
        self._framer = Framer(line.baud or ANY_BAUD, strict=False)
        self._held = b""  # the beginning of a request
        self._sent: list[bytes] = []  # answers whose echo has not come back
        self._echoing = False  # this client is known to send back what it gets
        self._set_baud(line.baud)
        line.clients.append(self)
        line.stir()

    def send(self, data: bytes) -> None:
        """Bytes to the master."""
        if self._line.faults.mute:
            return
        # what a fault has cut could be the beginning of a request
        if self.framed and whole(data):
            self._sent = [*self._sent, data][-ECHOES:]
        self._send(self._line.faults.noise(data))

    def _set_baud(self, baud: int) -> None:
        self._baud = baud
        self._framer.set_baud(baud or ANY_BAUD)
        self._framer.t35 = max(self._framer.t35, PATIENCE_US)

    @property
    def framed(self) -> bool:
        """Whether the line speaks in runs between silences, one request and one answer at a time."""
        return self._line.framed

    def received(self, data: bytes) -> None:
        """Bytes came in; those of a meter without power are lost as on a wire."""
        line = self._line
        if line.station is None or line.faults.mute:
            return
        data = line.faults.noise(data)
        line.bytes_in += len(data)
        line.clients.remove(self)
        line.clients.append(self)
        if line.paced:
            line.arrive(data, self._wired)
            return
        if not line.station.framed:
            self._run(data)
            return
        if line.baud != self._baud:
            self._set_baud(line.baud)
        now = micros()
        if not self._framer.feed(data, len(data), now):
            self._poll(now)
            self._framer.feed(data, len(data), now)
        self._schedule()

    def _schedule(self) -> None:
        """Wake at the end of the silence, or when what is held is given up."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self._framer.due()
        if due is not None:
            delay = max(0, ticks.diff(due, micros())) / 1e6
        elif self._held:
            delay = self._gap
        else:
            return
        self._timer = asyncio.get_running_loop().call_later(delay, self._silence)

    def _silence(self) -> None:
        self._timer = None
        if self._framer.due() is None:
            held, self._held = self._held, b""
            self._run(held)
        else:
            self._poll(micros())
        self._schedule()

    def _poll(self, now: int) -> None:
        before = self._framer.spoiled
        length = self._framer.poll(now)
        self._line.spoiled += self._framer.spoiled - before
        if length:
            self._take(bytes(self._framer.buffer[:length]))

    def _take(self, data: bytes) -> None:
        """A run of bytes between silences: with what is held it is a request, or goes on."""
        data = self._without_echo(data)
        joined = self._held + data
        if self._gap <= 0.0 or whole(joined):
            self._held = b""
            self._run(joined)
        elif self._held and whole(data):
            # what is held was never ended: the master has begun anew
            held, self._held = self._held, b""
            self._run(held)
            self._run(data)
        elif len(joined) >= MAX_FRAME:
            self._held = b""
            self._run(joined[:MAX_FRAME])
        else:
            self._held = joined

    def _without_echo(self, data: bytes) -> bytes:
        """The bytes without answers of ours that come back at their beginning, as on two wires.

        A write is answered by itself: only of a client that is known to echo such a one is no request.
        """
        for at, answer in enumerate(self._sent):
            if data.startswith(answer) and (self._echoing or not _is_request(answer)):
                self._echoing = True
                self._line.echoes += 1
                self._sent = self._sent[at + 1 :]
                return self._without_echo(data[len(answer) :])
        return data

    def _run(self, data: bytes) -> None:
        if not data:
            return
        self._line.faults.send(self._line.run(data, len(data), 0), self.send)

    def closed(self) -> None:
        """The other end is gone: what it began to send is forgotten."""
        if self in self._line.clients:
            self._line.clients.remove(self)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _is_request(answer: bytes) -> bool:
    """Whether a master may send the same (05, 06: the answer repeats the request)."""
    return answer[1] in (5, 6)
