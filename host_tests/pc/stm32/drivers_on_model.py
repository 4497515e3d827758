"""The drivers of firmware/stm32 on CPython, on the model of h743.py: MicroPython's modules in miniature, and
its native code run as what it says.
"""

from __future__ import annotations

import builtins
import importlib
import sys
import time
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from h743 import HCLK, TICK_HZ, Bus

ROOT = Path(__file__).resolve().parents[3]
_US_MASK = (1 << 30) - 1


class Pointer:
    """ptr8, ptr16 or ptr32 of viper: on the bus, or into an object."""

    width = 4

    def __init__(self, target: Any) -> None:
        self.target = target
        if not isinstance(target, int):
            self.view = memoryview(target).cast("B").cast({1: "B", 2: "H", 4: "I"}[self.width])

    def __getitem__(self, i: int) -> int:
        if isinstance(self.target, int):
            return int.from_bytes(BUS[0].load(self.target + self.width * i, self.width), "little")
        return self.view[i]

    def __setitem__(self, i: int, value: int) -> None:
        value &= (1 << 8 * self.width) - 1
        if isinstance(self.target, int):
            BUS[0].store(self.target + self.width * i, value.to_bytes(self.width, "little"))
        else:
            self.view[i] = value


BUS: list[Bus] = []
POINTERS = {f"ptr{8 * n}": type(f"ptr{8 * n}", (Pointer,), {"width": n}) for n in (1, 2, 4)}


def viper(function: Callable) -> Callable:
    """Arguments become pointers where their annotations say so."""
    kinds = [function.__annotations__.get(name) for name in function.__code__.co_varnames]

    def run(*arguments: Any) -> Any:
        return function(
            *[
                kind(value) if isinstance(kind, type) and issubclass(kind, Pointer) else value
                for kind, value in zip(kinds, arguments, strict=False)
            ]
        )

    return run


class Memory:
    """machine.mem32, which gives what is above 2**31 as negative numbers, as MicroPython 1.25 does."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus

    def __getitem__(self, address: int) -> int:
        value = self.bus.read32(address)
        return value - (1 << 32) if value >> 31 else value

    def __setitem__(self, address: int, value: int) -> None:
        self.bus.write32(address, value)
        for usart in self.bus.usarts.values():
            usart.tick()


class At:
    """uctypes.bytearray_at."""

    def __init__(self, bus: Bus, address: int, size: int) -> None:
        self.bus, self.address, self.size = bus, address, size

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, i: int) -> int:
        assert 0 <= i < self.size
        return self.bus.load(self.address + i, 1)[0]

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(key, slice):
            for i, byte in zip(range(*key.indices(self.size)), value, strict=True):
                self.bus.store(self.address + i, bytes([byte]))
        else:
            self.bus.store(self.address + key, bytes([value]))


class Pin:
    """Keeps how it was last set up."""

    IN, OUT, ANALOG, ALT, PULL_UP = range(5)
    made: dict[str, tuple] = {}

    def __init__(self, name: str, mode: int = 0, value: int = 0, alt: int = -1) -> None:
        self.name, self.level = name, value
        Pin.made[name] = (mode, alt)

    def __call__(self, level: int | None = None) -> int:
        if level is not None:
            self.level = level
        return self.level


def _machine(bus: Bus) -> types.ModuleType:
    module = types.ModuleType("machine")

    class Uart:
        def __init__(self, number, baud, bits, parity, stop, rxbuf):  # noqa: ANN001
            assert bits == 8
            bus.usarts[number].open(baud, 9 + stop + (parity is not None))

    def disable() -> bool:
        was, bus.interrupts = bus.interrupts, False
        return was

    def enable(state: bool) -> None:
        bus.interrupts = state

    values = {
        "mem32": Memory(bus),
        "Pin": Pin,
        "UART": Uart,
        "freq": lambda: (2 * HCLK, HCLK, HCLK // 2, HCLK // 2),
        "disable_irq": disable,
        "enable_irq": enable,
    }
    for name, value in values.items():
        setattr(module, name, value)
    return module


@contextmanager
def drivers(bus: Bus, *names: str, **modules: Any) -> Iterator[list[types.ModuleType]]:
    """Modules of firmware/stm32 freshly imported onto `bus`; `modules`: further modules of MicroPython's."""
    micropython, uctypes = types.ModuleType("micropython"), types.ModuleType("uctypes")
    micropython.const = lambda x: x  # type: ignore[attr-defined]
    micropython.viper = viper  # type: ignore[attr-defined]
    uctypes.bytearray_at = lambda address, size: At(bus, address, size)  # type: ignore[attr-defined]
    fakes = {"machine": _machine(bus), "micropython": micropython, "uctypes": uctypes, **modules}
    clock = {
        "ticks_us": lambda: bus.now * 1_000_000 // TICK_HZ & _US_MASK,
        "ticks_ms": lambda: _later(bus) * 1000 // TICK_HZ & _US_MASK,
        "ticks_diff": lambda a, b: (a - b + (1 << 29) & _US_MASK) - (1 << 29),
        "sleep_us": lambda us: bus.advance(us / 1e6),
    }
    for name in [n for n in sys.modules if n.split(".")[0] == "chip"]:
        del sys.modules[name]
    kept = {name: sys.modules.get(name) for name in fakes}
    sys.modules.update(fakes)
    sys.path.insert(0, str(ROOT / "firmware" / "stm32"))
    for name, value in POINTERS.items():
        setattr(builtins, name, value)
    for name, value in clock.items():
        setattr(time, name, value)
    BUS[:] = [bus]
    try:
        yield [importlib.import_module(f"chip.{name}") for name in names]
    finally:
        sys.path.remove(str(ROOT / "firmware" / "stm32"))
        for name in POINTERS:
            delattr(builtins, name)
        for name in clock:
            delattr(time, name)
        for name, module in kept.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
        for name in [n for n in sys.modules if n.split(".")[0] == "chip"]:
            del sys.modules[name]


def _later(bus: Bus) -> int:
    # whoever waits must see time pass
    bus.advance(1e-6)
    return bus.now
