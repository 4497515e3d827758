"""Pulse outputs for a day at the highest load of their constant: none lost, none doubled, none short; played
by the meter's loop, and by the board's driver on a model of the RP2040's PIO.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from fourquad import ticks
from fourquad.billing import pulses as pu
from fourquad.points import billing as b

STEP_MS = 5  # of the meter's loop
DAY = 86400
FIRMWARE = Path(__file__).resolve().parents[3] / "firmware" / "rp2"


class Machine:
    """A state machine that runs the program of rp2/chip/pulse_native.py, in steps of a quarter ms."""

    now = 0  # steps, of all of them

    def __init__(self, number: int, program: Any, freq: int, out_base: Any) -> None:
        assert freq == 4000
        self.queue: list[int] = []
        self.busy_until = 0
        self.level = 0
        self.edges: list[tuple[int, int]] = []  # (level, step)

    def active(self, on: int) -> None:
        pass

    def put(self, word: int) -> None:
        self.run()
        assert len(self.queue) < 8, "the real one would stand still here"
        self.queue.append(word)

    def tx_fifo(self) -> int:
        self.run()
        return len(self.queue)

    def run(self) -> None:
        while self.queue and self.busy_until <= Machine.now:
            word = self.queue.pop(0)
            # a word that was waited for begins now, one that waited after another at its end
            begin = self.busy_until if self.busy_until else Machine.now
            if word & 1 != self.level:
                self.level = word & 1
                self.edges.append((self.level, begin))
            # pull, out, out, and one more turn than the count says
            self.busy_until = begin + 3 + (word >> 1) + 1
        if not self.queue and self.busy_until <= Machine.now:
            self.busy_until = 0


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Any:
    """chip.pulses with the hardware's modules replaced."""
    pio = SimpleNamespace(OUT_LOW=0, SHIFT_RIGHT=1, JOIN_TX=1)
    fakes: dict[str, dict[str, Any]] = {
        "rp2": {"PIO": pio, "asm_pio": lambda **_: lambda program: program, "StateMachine": Machine},
        "machine": {"Pin": type("Pin", (), {"OUT": 1, "__init__": lambda *_, **__: None})},
        "micropython": {"const": lambda value: value},
    }
    for name, values in fakes.items():
        module = ModuleType(name)
        vars(module).update(values)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.syspath_prepend(str(FIRMWARE))
    for name in ("chip", "chip.pulses", "chip.pulse_native"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    Machine.now = 0
    yield importlib.import_module("chip.pulses")
    for name in ("chip", "chip.pulses", "chip.pulse_native"):
        sys.modules.pop(name, None)


@pytest.mark.thorough
@pytest.mark.parametrize(("constant", "led", "watts"), [(1000, 4000, 22500)])
def test_a_day_by_hardware(driver: Any, constant: int, led: int, watts: int) -> None:
    """The loop looks every 40 ms, stands still for an erase now and then, each minute for the longest."""
    assert pu.keeps_up(constant, 80, watts) and pu.keeps_up(led, 0, watts)
    outputs = pu.Pulses(((pu.ACTIVE_IMPORT, False), (pu.ACTIVE, True)))
    outputs.configure(0, constant, 80)
    outputs.configure(1, led)
    board = driver.PulseOutputs(outputs, (19, 24))
    joules = [0] * 7
    for second in range(DAY + 3):
        joules[b.ACTIVE_IMPORT] = watts if second < DAY else 0
        late = 400 if second % 60 == 30 else 50 if second % 2 else 0
        now = 1000 * second + late
        outputs.feed(joules, now % ticks.PERIOD)
        while now < 1000 * second + 1000:
            Machine.now = 4 * now
            board.work(now % ticks.PERIOD)
            now += 40
    Machine.now += 8000
    contact, lamp = board._machines
    contact.run()
    lamp.run()
    expected = watts * DAY * constant // 3600000
    assert sum(level for level, _ in contact.edges) == outputs.counts[0] == expected
    gaps = [y[1] - x[1] for x, y in zip(contact.edges, contact.edges[1:], strict=False)]
    assert set(gaps[0::2]) == {320}, "closed for 80 ms, always"
    assert min(gaps[1::2]) >= 320, "open for as long at least"
    assert len(lamp.edges) == 2 * watts * DAY * led // 3600000
    lit = sum(y[1] - x[1] for x, y in zip(lamp.edges[0::2], lamp.edges[1::2], strict=False))
    assert lit / (lamp.edges[-1][1] - lamp.edges[0][1]) == pytest.approx(0.5, abs=0.01)


def test_what_the_hardware_has_not_begun_survives(driver: Any) -> None:
    outputs = pu.Pulses(((pu.ACTIVE_IMPORT, False), (pu.ACTIVE, True)))
    outputs.configure(0, 1000, 80)
    outputs.configure(1, 1000)
    board = driver.PulseOutputs(outputs, (19, 24))
    outputs.feed([18000, 0, 0, 0, 0, 0, 0], 0)
    Machine.now = 200
    board.work(50)
    Machine.now += 80  # one impulse and one edge are under way
    begun = board._machines[0].level, board._machines[1].level
    image = bytearray(outputs.size)
    outputs.dump(image, 0)
    other = pu.Pulses(((pu.ACTIVE_IMPORT, False), (pu.ACTIVE, True)))
    other.restore(image, 0)
    assert begun == (1, 1)
    assert list(other.waiting) == [4, 9]


@pytest.mark.thorough
@pytest.mark.parametrize(("constant", "watts"), [(1000, 22500), (1600, 14062), (22500, 1000)])
def test_a_day(constant: int, watts: int) -> None:
    assert pu.keeps_up(constant, 80, watts)
    outputs = pu.Pulses(((pu.ACTIVE_IMPORT, False), (pu.ACTIVE, True)))
    outputs.configure(0, constant, 80)
    outputs.configure(1, constant)
    joules = [0] * 7
    rises = [0, 0]
    before = bytes(2)
    since = -1000
    shortest = 1000
    for second in range(DAY + 3):
        joules[b.ACTIVE_IMPORT] = watts if second < DAY else 0
        start = 1000 * second
        outputs.feed(joules, start % ticks.PERIOD)
        now = start
        while now < start + 1000:
            outputs.tick(now % ticks.PERIOD)
            states = bytes(outputs.states)
            for i in (0, 1):
                rises[i] += states[i] > before[i]
            if states[0] != before[0]:
                shortest = min(shortest, now - since)
                since = now
            before = states
            wait = ticks.diff(outputs.wake, now % ticks.PERIOD)
            now += max(STEP_MS, -(-wait // STEP_MS) * STEP_MS)
    expected = watts * DAY * constant // 3600000
    assert rises[0] == outputs.counts[0] == expected
    assert abs(rises[1] - expected) <= 1
    assert shortest >= 75
