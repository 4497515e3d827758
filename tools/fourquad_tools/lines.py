"""The meter's lines in real time: bytes of a port to what speaks there, and the answers back.

A `SerialLine` is one port of the meter while it has power; every pseudo-terminal or TCP client on it has a
`Client` with a framer of its own, because what two clients send does not collide here as on a wire.

Where the protocol itself sets the speed (IEC 62056-21 begins at 300 baud) characters take their time, for the
times of its masters and slaves are reckoned with that.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from fourquad import points as p
from fourquad import ticks
from fourquad.protocols.modbus.framer import Framer
from fourquad.protocols.modbus.slave import COUNTERS
from fourquad.protocols.station import Station

# A computer's scheduler delays bytes by more than a wire would: silence shorter than this ends no frame.
PATIENCE_US = 4000
COMM_ICON_S = 0.5
POLL_S = 0.01
ANY_BAUD = 19200  # that a framer reckons with where there is no serial line
CHARACTER_BITS = 10  # of a protocol that sets the speed


def micros() -> int:
    """Real time as `fourquad.ticks` in microseconds."""
    return time.monotonic_ns() // 1000 % ticks.PERIOD


def millis() -> int:
    """Real time as `fourquad.ticks` in milliseconds."""
    return time.monotonic_ns() // 1_000_000 % ticks.PERIOD


class Pace:
    """Characters on a line, one behind the other."""

    def __init__(self) -> None:
        self.waiting = bytearray()
        self._each = 0.0
        self._next = 0.0  # when the first of them is over

    def add(self, data: bytes, baud: int) -> None:
        """Put them on the line, behind those that are on it."""
        if not self.waiting:
            self._each = CHARACTER_BITS / baud
            self._next = time.monotonic() + self._each
        self.waiting += data

    def due(self) -> bytes:
        """Those that are over."""
        if not self.waiting:
            return b""
        count = int((time.monotonic() - self._next) // self._each) + 1
        if count <= 0:
            return b""
        data = bytes(self.waiting[:count])
        del self.waiting[:count]
        self._next += len(data) * self._each
        return data

    def clear(self) -> None:
        """The line is dead."""
        self.waiting.clear()


class SerialLine:
    """One port of the model: what speaks there, and who is connected to it. `row`: of the model's PORTS."""

    def __init__(self, row: tuple) -> None:
        self.name = row[0]
        self.station: Station | None = None
        self.baud = 0  # 0: no serial line
        self._speed = 0
        self.answers = 0
        self.spoiled = 0
        self.bytes_in = 0
        self.bytes_out = 0
        self.last_request = -1e9
        self.last_answer = -1e9
        self.clients: list[Client] = []  # the one that spoke last is the last
        self.instant = False  # characters take no time
        self._ahead = 0  # ms by which time has been made to pass
        self._coming = Pace()
        self._going = Pace()
        self._row = row
        self._points: Any = None
        self._past: Counter[str] = Counter()

    def power_on(self, points: Any, registers: Any) -> None:
        """Speak for this meter from now on."""
        self._points = points
        self.station = Station(self._row, (points, registers))
        self._follow()

    def power_off(self) -> None:
        """Fall silent; the counters go on from where they are."""
        self._past = self._counts()
        self.station = None
        self._coming.clear()
        self._going.clear()

    def _follow(self) -> None:
        """A new protocol or speed takes effect behind the answer that confirmed it."""
        assert self.station is not None
        self.station.follow()
        baud = self._row[3]
        self.baud = 0 if baud is None else self._points.read(p.SETTING + baud)
        self.baud = getattr(self.station.machine, "baud", self.baud)

    @property
    def paced(self) -> bool:
        """Whether characters take their time."""
        return not self.instant and getattr(getattr(self.station, "machine", None), "sets_speed", False)

    def arrive(self, data: bytes) -> None:
        """Characters are on their way in."""
        self._coming.add(data, self.baud)

    def skip(self, seconds: float) -> None:
        """So much time has passed at once for the protocols' times (as much as ticks can tell apart)."""
        self._ahead = ticks.add(self._ahead, min(round(1000 * seconds), ticks.PERIOD // 4))

    def run(self, buffer: bytes | bytearray, length: int, age_us: int) -> bytes:
        """Take a run of bytes; the answer, or nothing."""
        if self.station is None:
            return b""
        self.last_request = time.monotonic()
        return self._answer(self.station.run(buffer, length, age_us))

    def poll(self) -> None:
        """Let time pass: send what nobody asked for to who spoke last, or to everybody."""
        if self.station is None:
            return
        self._send(self._going.due())
        if self._going.waiting:
            return  # what comes in meanwhile waits, as in a receiver's queue
        data = self._coming.due()
        if data:
            self.run(data, len(data), 0)
        answer = self._answer(self.station.poll(ticks.add(millis(), self._ahead)))
        if answer and self.paced:
            self._going.add(answer, self._speed)
        else:
            self._send(answer)

    def _send(self, data: bytes) -> None:
        if data:
            for client in self.clients[-1:] if self.last_request > 0 else self.clients:
                client.send(data)

    def _answer(self, count: int) -> bytes:
        assert self.station is not None
        self._speed = self.baud  # of this answer; the next may have another
        answer = bytes(memoryview(self.station.machine.answer)[:count])
        if count:
            self.answers += 1
            self.bytes_out += count
            self.last_answer = time.monotonic()
        self._follow()
        return answer

    def _counts(self) -> Counter[str]:
        counts = Counter(self._past)
        if self.station is not None:
            for names, machine in zip(self.station.counters, self.station.machines, strict=True):
                counts.update(dict(zip(names, machine.counters, strict=True)))
        return counts

    def stats(self) -> dict[str, int]:
        """Counters since the simulator started."""
        counts = self._counts()
        return {
            "baud": self.baud,
            "bytes_in": self.bytes_in,
            "bytes_out": self.bytes_out,
            **{name: counts[name] for name in COUNTERS},
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
    """One end of a port: frames its bytes by real silence where the protocol wants that."""

    def __init__(self, line: SerialLine, send: Any) -> None:
        self._line = line
        self.send = send
        self._timer: asyncio.TimerHandle | None = None
        self._framer = Framer(line.baud or ANY_BAUD, strict=False)
        self._set_baud(line.baud)
        line.clients.append(self)

    def _set_baud(self, baud: int) -> None:
        self._baud = baud
        self._framer.set_baud(baud or ANY_BAUD)
        self._framer.t35 = max(self._framer.t35, PATIENCE_US)

    @property
    def framed(self) -> bool:
        """Whether the line speaks in runs between silences, one request and one answer at a time."""
        station = self._line.station
        return station is None or station.framed

    def received(self, data: bytes) -> None:
        """Bytes came in; those of a meter without power are lost as on a wire."""
        line = self._line
        if line.station is None:
            return
        line.bytes_in += len(data)
        line.clients.remove(self)
        line.clients.append(self)
        if line.paced:
            line.arrive(data)
            return
        if not line.station.framed:
            self._run(data, len(data))
            return
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
            self._run(self._framer.buffer, length)

    def _run(self, buffer: bytes | bytearray, length: int) -> None:
        answer = self._line.run(buffer, length, 0)
        if answer:
            self.send(answer)

    def closed(self) -> None:
        """The other end is gone: what it began to send is forgotten."""
        if self in self._line.clients:
            self._line.clients.remove(self)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


async def poll_lines(lines: Iterable[SerialLine], stopping: asyncio.Event) -> None:
    """Give the lines the time until `stopping`."""
    while not stopping.is_set():
        for line in lines:
            line.poll()
        await asyncio.sleep(POLL_S)
