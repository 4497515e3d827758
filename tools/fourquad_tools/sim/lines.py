"""The meter's lines in real time: bytes of a port to what speaks there, and the answers back.

A `SerialLine` is one port of the meter while it has power; every pseudo-terminal or TCP client on it has a
`Client` (clients.py) that frames its bytes.

Where the protocol itself sets the speed (IEC 62056-21 begins at 300 baud) characters take their time, because
its masters and slaves reckon with that.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fourquad import points as p
from fourquad import ticks
from fourquad.device.audit import told
from fourquad.device.network import audit_of
from fourquad.points import columns as c
from fourquad.points import values as v
from fourquad.points.audit import PORT
from fourquad.protocols.modbus.rtu import COUNTERS
from fourquad.protocols.station import Station
from fourquad_tools.pacing import first_of
from fourquad_tools.sim.faults import Faults, Refusing

if TYPE_CHECKING:
    from fourquad_tools.sim.clients import Client

COMM_ICON_S = 0.5
POLL_S = 0.01  # while a line is busy
ATTENDED_S = 0.1  # where a master may be told something unasked
IDLE_S = 1.0
BUSY_S = 3.0  # since bytes went over a line: longer than the protocols wait for an acknowledgement
CHARACTER_BITS = 10  # of a protocol that sets the speed
_AT_ONCE = 100_000_000  # baud
# Parity and stop bits by the values of PARITY_1.
_FRAMES = {
    v.PARITY_EVEN: ("E", 1),
    v.PARITY_ODD: ("O", 1),
    v.PARITY_NONE_2: ("N", 2),
    v.PARITY_NONE_1: ("N", 1),
}


@dataclass(frozen=True)
class Wire:
    """Speed and frame of a serial line with eight data bits."""

    baud: int
    parity: str
    stop_bits: int


def millis() -> int:
    """Real time as `fourquad.ticks` in milliseconds."""
    return time.monotonic_ns() // 1_000_000 % ticks.PERIOD


def comm_icon(last_request: float, last_answer: float) -> int:
    """What the panel shows of requests and answers at these times: 0 quiet, 1 request seen, 2 answered."""
    now = time.monotonic()
    if now - last_answer < COMM_ICON_S:
        return 2
    return 1 if now - last_request < COMM_ICON_S else 0


class Pace:
    """Characters on a line, one after the other."""

    def __init__(self) -> None:
        self.waiting = bytearray()
        self._each = 0.0
        self._next = 0.0  # when the first of them is over

    def add(self, data: bytes, baud: int) -> None:
        """Put them on the line, after those that are on it."""
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


def _nothing() -> None:
    """Nobody wants to know."""


class SerialLine:
    """One port of the model: what speaks there, and who is connected to it. `row`: of the model's PORTS."""

    def __init__(self, row: tuple, number: int = 0) -> None:
        self.name = row[c.NAME]
        self._who = PORT + number  # for the audit log
        self.station: Station | None = None
        self.baud = 0  # 0: no serial line
        self._speed = 0
        self._stirred_at = -1e9
        self.answers = 0
        self.spoiled = 0
        self.bytes_in = 0
        self.bytes_out = 0
        self.last_request = -1e9
        self.last_answer = -1e9
        self.clients: list[Client] = []  # the one that spoke last is the last
        self.instant = False  # characters take no time
        self._ahead = 0  # ms by which time has been made to pass
        self.echoes = 0  # of our own answers, which a client sent back
        self.asked: Callable[[], None] = _nothing  # called before a request is done
        self.stirred: Callable[[], None] = _nothing  # called when bytes come or a client does
        self.faults = Faults()
        self._coming = Pace()
        self._going = Pace()
        self._row = row
        self._points: Any = None
        self._past: Counter[str] = Counter()

    def power_on(self, points: Any, registers: Any) -> None:
        """Speak for this meter from now on."""
        self._points = points
        self.station = Station(self._row, (points, registers))
        machines: list[Any] = self.station.machines
        audit = audit_of(points)
        if audit is not None:
            run = told(self.station.run, audit, self._who)
            vars(self.station)["run"] = run
        for (kind, _), machine in zip(self._row[c.SPEAKS], machines, strict=True):
            if kind == "modbus":
                machine.functions = Refusing(machine.functions, self.faults)
        self._follow()
        self.stir()

    def power_off(self) -> None:
        """Fall silent; the counters go on from where they are."""
        self._past = self._counts()
        self.station = None
        self._coming.clear()
        self._going.clear()
        self.faults.delays.clear()

    @property
    def speaks(self) -> str:
        """The protocol of the moment, or of the moment when there is power."""
        choice = self._row[c.PROTOCOL]
        at = 0 if choice is None or self._points is None else self._points.read(p.SETTING + choice)
        return str(self._row[c.SPEAKS][at][0])

    def _follow(self) -> None:
        """A new protocol or speed takes effect after the answer that confirmed it."""
        assert self.station is not None
        self.station.follow()
        baud = self._row[c.BAUD]
        self.baud = 0 if baud is None else self._points.read(p.SETTING + baud)
        self.baud = getattr(self.station.machine, "baud", self.baud)

    @property
    def paced(self) -> bool:
        """Whether characters take their time."""
        return not self.instant and getattr(self.machine, "sets_speed", False)

    def wire(self) -> Wire | None:
        """What a real line at this port is to be now; None while characters are on their way."""
        if self._going.waiting or self.station is None:
            return None
        # IEC 62056-21 makes its parity itself
        parity = None if hasattr(self.machine, "baud") else self._row[c.PARITY]
        kind = v.PARITY_NONE_1 if parity is None else self._points.read(p.SETTING + parity)
        letter, stop_bits = _FRAMES[kind]
        return Wire(self.baud or 9600, letter, stop_bits)

    @property
    def framed(self) -> bool:
        """Whether what speaks here now takes runs between silences, one request and one answer at a time."""
        return self.station is None or self.station.framed

    def stir(self) -> None:
        """Bytes go over the line, or somebody has come."""
        self._stirred_at = time.monotonic()
        self.stirred()

    @property
    def busy(self) -> bool:
        """Whether there is something under way."""
        if self.station is None or self.station.framed:
            return False
        if self._coming.waiting or self._going.waiting:
            return True
        return time.monotonic() - self._stirred_at < BUSY_S

    @property
    def batched(self) -> bool:
        """Whether characters that come are to be taken some at a time."""
        return self.busy and not hasattr(self.machine, "due")

    @property
    def sending(self) -> bool:
        """Whether characters of an answer are still to come."""
        return bool(self._going.waiting)

    def give_way(self) -> None:
        """Another one is sending: what was to be said is lost."""
        self._going.clear()

    @property
    def pause(self) -> float:
        """Seconds until the next `poll`, if nothing stirs before."""
        if hasattr(self.machine, "due"):
            return min(self.machine.due() / 1000, IDLE_S)
        if self.busy:
            return POLL_S
        # a protocol that sets the speed answers only; another may have something to tell
        told = self.last_request > 0 and not getattr(self.machine, "sets_speed", False)
        return ATTENDED_S if told and not self.framed else IDLE_S

    @property
    def machine(self) -> Any:
        """What speaks here now, or None."""
        return None if self.station is None else self.station.machine

    def arrive(self, data: bytes, wired: bool = False) -> None:
        """Characters are on their way in; `wired`: they have been, over a line that takes its time."""
        self.asked()
        self.stir()
        self._coming.add(data, _AT_ONCE if wired else self.baud)

    def skip(self, seconds: float) -> None:
        """So much time has passed at once for the protocols' times (as much as ticks can tell apart)."""
        self._ahead = ticks.add(self._ahead, min(round(1000 * seconds), ticks.PERIOD // 4))

    def run(self, buffer: bytes | bytearray, length: int, age_us: int) -> bytes:
        """Take a run of bytes; the answer, or nothing."""
        if self.station is None:
            return b""
        self.asked()
        self.stir()
        if not self.paced:
            # first, because it may be a second since the last look, or a year that was made to pass
            self._pass_time()
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
        self._pass_time()

    def _pass_time(self) -> None:
        """Tell what speaks here the time; it may have something to say."""
        assert self.station is not None
        answer = self._answer(self.station.poll(ticks.add(millis(), self._ahead)))
        speed = self._speed
        paced = self.paced
        self.faults.send(answer, lambda data: self._going.add(data, speed) if paced else self._send(data))

    def _send(self, data: bytes) -> None:
        if data:
            for client in self.clients[-1:] if self.last_request > 0 else self.clients:
                client.send(data)

    def _answer(self, count: int) -> bytes:
        assert self.station is not None
        self._speed = self.baud  # of this answer; the next may have another
        answer = bytes(memoryview(self.station.machine.answer)[:count])
        if count:
            self.stir()
            self.answers += 1
            self.bytes_out += count
            self.last_answer = time.monotonic()
        self._follow()
        return answer

    def _counts(self) -> Counter[str]:
        counts = Counter(self._past)
        if self.station is not None:
            machines: list[Any] = self.station.machines
            for names, machine in zip(self.station.counters, machines, strict=True):
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
            "echoes": self.echoes,
            "faults": self.faults.hits.total(),
        }

    @property
    def icon(self) -> int:
        """What the panel shows: 0 quiet, 1 request seen, 2 answered."""
        return comm_icon(self.last_request, self.last_answer)


async def poll_lines(lines: Iterable[SerialLine], stopping: asyncio.Event) -> None:
    """Give the lines the time until `stopping`: when bytes come, when a line has something to do, or often
    while one is busy of which nobody knows when it has.
    """
    lines = list(lines)
    stirred = asyncio.Event()
    for line in lines:
        line.stirred = stirred.set
    stopper = asyncio.ensure_future(_then(stopping, stirred.set))
    loop = asyncio.get_running_loop()
    try:
        while not stopping.is_set():
            for line in lines:
                line.poll()
            if not any(line.batched for line in lines):
                # what stirred it before has been seen
                stirred.clear()
                timer = loop.call_later(pause(lines), stirred.set)
                await stirred.wait()
                timer.cancel()
            else:
                await first_of((stopping,), pause(lines))
    finally:
        stopper.cancel()


async def _then(event: asyncio.Event, call: Callable[[], object]) -> None:
    """Call it after the event."""
    await event.wait()
    call()


def pause(lines: Iterable[SerialLine]) -> float:
    """Seconds until the lines want to be polled again, if nothing stirs before."""
    return min((line.pause for line in lines), default=IDLE_S)
