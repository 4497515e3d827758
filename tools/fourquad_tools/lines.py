"""The meter's serial lines in real time: bytes of a port to Modbus frames, and the answers back.

A `SerialLine` is one port of the meter while it has power; every pseudo-terminal or TCP client on it has a
`Client` with a framer of its own, because what two clients send does not collide here as on a wire.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from fourquad import points as p
from fourquad import ticks
from fourquad.protocols.modbus.framer import Framer
from fourquad.protocols.modbus.slave import COUNTERS, Slave

# A computer's scheduler delays bytes by more than a wire would: silence shorter than this ends no frame.
PATIENCE_US = 4000
COMM_ICON_S = 0.5


def micros() -> int:
    """Real time as `fourquad.ticks` in microseconds."""
    return time.monotonic_ns() // 1000 % ticks.PERIOD


class SerialLine:
    """One serial port of the model: its slave, and who is connected to it."""

    def __init__(self, name: str, address: int, baud: int) -> None:
        self.name = name
        self.slave: Any = None
        self.baud = 0
        self.answers = 0
        self.spoiled = 0
        self.bytes_in = 0
        self.bytes_out = 0
        self.last_request = -1e9
        self.last_answer = -1e9
        self._address = p.SETTING + address
        self._baud = p.SETTING + baud
        self._points: Any = None
        self._past = [0] * len(COUNTERS)

    def power_on(self, registers: Any) -> None:
        """Answer from this register map from now on."""
        self._points = registers.points
        self.slave = Slave(registers, self._address)
        self.baud = self._points.read(self._baud)

    def power_off(self) -> None:
        """Fall silent; the counters go on from where they are."""
        if self.slave is not None:
            self._past = [a + b for a, b in zip(self._past, self.slave.counters, strict=True)]
        self.slave = None

    def run(self, buffer: bytearray, length: int, age_us: int) -> bytes:
        """Take a run of bytes; the answer, or nothing."""
        if self.slave is None:
            return b""
        self.last_request = time.monotonic()
        count = self.slave.run(buffer, length, age_us)
        answer = bytes(memoryview(self.slave.answer)[:count])
        if count:
            self.answers += 1
            self.bytes_out += count
            self.last_answer = self.last_request
        # A new speed takes effect behind the answer that confirmed it.
        self.baud = self._points.read(self._baud)
        return answer

    def stats(self) -> dict[str, int]:
        """Counters since the simulator started."""
        now = self.slave.counters if self.slave is not None else [0] * len(COUNTERS)
        counts = {name: self._past[i] + now[i] for i, name in enumerate(COUNTERS)}
        return {
            "baud": self.baud,
            "bytes_in": self.bytes_in,
            "bytes_out": self.bytes_out,
            **counts,
            "answers": self.answers,
            "spoiled": self.spoiled,
        }

    @property
    def icon(self) -> int:
        """What the panel shows: 0 quiet, 1 request seen, 2 answered."""
        now = time.monotonic()
        if now - self.last_answer < COMM_ICON_S:
            return 2
        return 1 if now - self.last_request < COMM_ICON_S else 0


class Client:
    """One end of a port: frames its bytes by real silence."""

    def __init__(self, line: SerialLine, send: Any) -> None:
        self._line = line
        self._send = send
        self._timer: asyncio.TimerHandle | None = None
        self._framer = Framer(line.baud or 19200, strict=False)
        self._set_baud(line.baud)

    def _set_baud(self, baud: int) -> None:
        self._baud = baud
        self._framer.set_baud(baud or 19200)
        self._framer.t35 = max(self._framer.t35, PATIENCE_US)

    def received(self, data: bytes) -> None:
        """Bytes came in; those of a meter without power are lost as on a wire."""
        line = self._line
        if line.slave is None:
            return
        line.bytes_in += len(data)
        if line.baud != self._baud:
            self._set_baud(line.baud)
        now = micros()
        if not self._framer.feed(data, len(data), now):
            self._poll(now)
            self._framer.feed(data, len(data), now)
        self._schedule()

    def _schedule(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self._framer.due()
        if due is not None:
            delay = max(0, ticks.diff(due, micros())) / 1e6
            self._timer = asyncio.get_running_loop().call_later(delay, self._silence)

    def _silence(self) -> None:
        self._timer = None
        self._poll(micros())
        self._schedule()

    def _poll(self, now: int) -> None:
        before = self._framer.spoiled
        length = self._framer.poll(now)
        self._line.spoiled += self._framer.spoiled - before
        if length:
            answer = self._line.run(self._framer.buffer, length, 0)
            if answer:
                self._send(answer)

    def closed(self) -> None:
        """The other end is gone: what it began to send is forgotten."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
