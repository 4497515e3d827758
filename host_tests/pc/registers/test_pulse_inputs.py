"""The driver of the pulse inputs (rp2/chip/closures.py) over a PIO queue with room for eight numbers."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

FIRMWARE = Path(__file__).resolve().parents[3] / "firmware" / "rp2"
ROOM = 8


class Machine:
    """What the program of rp2/chip/closure_native.py does: Y counts down, and is told while there is room."""

    def __init__(self, number: int, program: Any, freq: int, in_base: Any, jmp_pin: Any) -> None:
        assert freq == 4000 and in_base is jmp_pin
        self.queue: list[int] = []
        self.y = 0

    def exec(self, instruction: str) -> None:
        assert instruction == "set(y, 0)"

    def active(self, on: int) -> None:
        assert on == 1

    def closures(self, count: int) -> None:
        for _ in range(count):
            self.y = (self.y - 1) & 0xFFFFFFFF
            if len(self.queue) < ROOM:
                self.queue.append(self.y & 0xFFFF)

    def rx_fifo(self) -> int:
        return len(self.queue)

    def get(self) -> int:
        return self.queue.pop(0)


class Io:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.counts = [0, 0]
        self.driven = 0

    def drive(self, count: int) -> None:
        self.driven = count

    def pulse(self, i: int) -> None:
        self.counts[i] += 1


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    fakes: dict[str, dict[str, Any]] = {
        "rp2": {
            "PIO": SimpleNamespace(JOIN_RX=1),
            "asm_pio": lambda **_: lambda program: program,
            "StateMachine": Machine,
        },
        "machine": {"Pin": type("Pin", (), {"IN": 0, "PULL_UP": 1, "__init__": lambda *_, **__: None})},
        "micropython": {"const": lambda value: value},
    }
    for name, values in fakes.items():
        module = ModuleType(name)
        vars(module).update(values)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.syspath_prepend(str(FIRMWARE))
    mine = ("chip", "chip.closures", "chip.closure_native")
    for name in mine:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield importlib.import_module("chip.closures")
    for name in mine:
        sys.modules.pop(name, None)


def test_every_closure_counts_once(driver: Any) -> None:
    io = Io()
    inputs = driver.PulseInputs(io, (17, 18))
    assert io.driven == 2
    one, other = inputs._machines
    total = 0
    # more than there is room for come in one go, and the numbers go round
    for count in (1, 0, 3, ROOM, ROOM + 5, 1, 40000, 1, 30000, 2):
        one.closures(count)
        inputs.work(0)
        total += count
        # what found no room is there with the next closure
        assert total - max(0, count - ROOM) <= io.counts[0] <= total
    one.closures(1)
    inputs.work(0)
    assert io.counts == [total + 1, 0]
    other.closures(2)
    inputs.work(0)
    assert io.counts[1] == 2
