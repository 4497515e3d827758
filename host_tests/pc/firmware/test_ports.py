"""The board's Modbus port over a receiver that tells of a frame byte by byte."""

from __future__ import annotations

import importlib
import sys
import time
import types
from pathlib import Path
from typing import Any

import pytest
from protocols.modbus_fakes import FakeMeter, with_crc

from fourquad import points as p

ROOT = Path(__file__).resolve().parents[3]


class Uart:
    """A receiver as hal.uart.Port shows it. `frames` are what `frame` tells of, one a call: (length, negative
    while it is not finished; bytes).
    """

    baud = 19200
    parity = 3

    def __init__(self) -> None:
        self.frames: list[tuple[int, bytes]] = []
        self.sent = 0

    def frame(self, buffer: bytearray) -> int:
        if not self.frames:
            return 0
        length, data = self.frames.pop(0)
        buffer[: len(data)] = data
        return length

    def remaining(self) -> int:
        return 100

    def age(self) -> int:
        return 0

    def sending(self) -> int:
        return 0

    def send(self, length: int) -> None:
        self.sent = length

    def duration(self, length: int) -> int:
        return length


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    micropython = types.ModuleType("micropython")
    micropython.const = lambda x: x  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "micropython", micropython)
    monkeypatch.setattr(time, "ticks_ms", lambda: 0, raising=False)
    monkeypatch.syspath_prepend(str(ROOT / "firmware"))
    monkeypatch.delitem(sys.modules, "ports", raising=False)
    yield importlib.import_module("ports")
    sys.modules.pop("ports", None)


READ = (with_crc(b"\x01\x03\x10\x01\x00\x01"), with_crc(b"\x01\x03\x02\x00\x01"))
COILS = (with_crc(b"\x01\x01\x00\x00\x00\x08"), with_crc(b"\x01\x01\x01\x00"))
WRITE = (with_crc(b"\x01\x06\x10\x0c\x00\x07"), with_crc(b"\x01\x06\x10\x0c\x00\x07"))
BLOCK = (with_crc(b"\x01\x10\x10\x0c\x00\x01\x02\x00\x09"), with_crc(b"\x01\x10\x10\x0c\x00\x01"))


@pytest.mark.parametrize("zeros", [0, 1, 2, 7])
@pytest.mark.parametrize("tells_early", [False, True])
@pytest.mark.parametrize(("request_", "answer"), [READ, COILS, WRITE, BLOCK])
def test_zeros_behind_a_request(
    module: Any, request_: bytes, answer: bytes, tells_early: bool, zeros: int
) -> None:
    meter = FakeMeter()
    uart = Uart()
    address, baud, parity = (p.SETTING + n for n in (p.ADDRESS_1, p.BAUD_1, p.PARITY_1))
    port = module.ModbusPort(uart, meter.slave, meter.points, address, baud, parity)
    run = request_ + bytes(zeros)
    if tells_early:
        # the answer to a read is made while the silence runs that a zero then breaks
        uart.frames += [(-len(request_), request_), (-len(run), run)]
    uart.frames += [(len(run), run)]
    for _ in range(4):
        port.poll()
    assert bytes(meter.slave.answer[: uart.sent]) == answer
