"""Whole meters on a line of MS/TP in virtual time: all that a board has but its chip (device_fakes.py),
with a UART that has byte times. Time is counted in microseconds.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from device.device_fakes import Plant, Uart

from fourquad import points as p
from fourquad.points import system as s
from fourquad.protocols.bacnet.mstp import frames as f

SECOND = 1_000_000


class LineUart(Uart):
    """What a station hears, and what it is about to say."""

    def __init__(self, answer: bytearray, station: MeterStation) -> None:
        super().__init__(answer)
        self._station = station

    def quiet(self, now: int) -> bool:
        return not self._station.inbox if not self._busy() else True

    def _busy(self) -> bool:
        return self._station.says is not None or self._station.now < self._station.busy_until

    def sending(self) -> bool:
        return self._busy()

    def frame(self, buffer: bytearray) -> int:
        inbox = self._station.inbox
        n = min(len(inbox), len(buffer))
        buffer[:n] = inbox[:n]
        del inbox[:n]
        return n

    def age(self) -> int:
        return self._station.now - self._station.came

    def send(self, n: int) -> None:
        self._station.says = bytes(self._answer[:n])


class _Meter(Plant):
    def __init__(self, station: MeterStation, address: int, maximum: int, baud: int) -> None:
        self._station = station
        self.defaults = (
            (p.ADDRESS_1, address),
            (p.BAUD_1, baud),
            (s.MAX_MASTER, maximum),
            (s.DEVICE_NUMBER, 1000 + address),
        )
        super().__init__("s4100")

    def uart(self, n: int, answer: bytearray) -> LineUart:
        self.lines.append(LineUart(answer, self._station))
        return self.lines[n]

    def restart(self) -> None:
        """Nobody asks for it here."""


class MeterStation:
    """A station of a line (mstp_line.py)."""

    def __init__(self, address: int, maximum: int, baud: int) -> None:
        self.node = SimpleNamespace(address=address)
        self.on = True
        self.inbox = bytearray()
        self.came = self.busy_until = self.now = 0
        self.says: bytes | None = None
        self.plant = _Meter(self, address, maximum, baud)

    @property
    def counters(self) -> list[int]:
        """Those of its node."""
        machine: Any = self.plant.device.ports[0]._machine
        return machine.counters

    def look(self, now: int) -> bytes | None:
        """A millisecond of its life; what it says."""
        if not self.on:
            self.inbox.clear()
            return None
        self.now = now
        self.plant.run(1)
        said, self.says = self.says, None
        return said

    def kill(self) -> None:
        """Its power goes, without a warning."""
        self.on = False
        self.says = None

    def restart(self, now: int) -> None:
        """Its power comes back."""
        self.on = True
        self.inbox.clear()
        self.plant.cut(now // 1000 - self.plant.ms)


def confirmed(to: int, source: int, invoke: int, apdu: bytes) -> bytes:
    """A confirmed request as a frame."""
    data = b"\x01\x04\x00\x05" + bytes((invoke,)) + apdu
    buffer = bytearray(f.HEADER + len(data) + 2)
    buffer[f.HEADER : -2] = data
    f.put(buffer, f.DATA_EXPECTING_REPLY, to, source, len(data))
    return bytes(buffer)
