"""A model of what the drivers use of an STM32H743, written from the reference manual RM0433 and not from the
drivers: bus, clocks, cache and MPU here, DMA, timer, converters and serial ports beside it.

What a program must not do fails an assertion that names the rule. Time passes with every access, and by
`advance`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

HCLK = 200_000_000
TICK_HZ = 200_000_000  # of `now`: the timers' clock
ACCESS_TICKS = 40  # that an access by the interpreter takes, at least
SRAM = 0x30000000
SRAM_SIZE = 0x48000
LINE = 32

# Clock enables, RM0433 8.7.40 to 8.7.46: register, bit.
CLOCKS = {
    "DMA2": (0x580244D8, 1),
    "ADC12": (0x580244D8, 5),
    "SRAM1": (0x580244DC, 29),
    "ADC3": (0x580244E0, 24),
    "TIM2": (0x580244E8, 0),
}
MPU_CTRL, MPU_RNR, MPU_RBAR, MPU_RASR = 0xE000ED94, 0xE000ED98, 0xE000ED9C, 0xE000EDA0
DCCIMVAC = 0xE000EF70
IDCODE = 0x5C001000


class Bus:
    """The chip. `signal(converter, input, seconds)`: volts at an input, 0 to 3.3."""

    def __init__(self, signal: Callable[[int, int, float], float] | None = None) -> None:
        from h743_adc import Adc, AdcCommon, Timer2
        from h743_dma import Dma2
        from h743_usart import Usart

        self.now = 0
        self.signal = signal or (lambda adc, number, t: 1.65)
        self.revision = 0x2003
        self.sram = bytearray(b"\xa5" * SRAM_SIZE)
        self.lines: dict[int, bytearray] = {}
        self.dirty: set[int] = set()
        self.regions: dict[int, tuple[int, int]] = {}
        self.mpu_ctrl = self.mpu_rnr = 0
        self.rcc = dict.fromkeys((address for address, _ in CLOCKS.values()), 0)
        self.events: list[tuple[int, int, Callable[[], None]]] = []
        self._serial = 0
        self.interrupts = True
        self.dma = Dma2(self)
        self.timer = Timer2(self)
        self.common12, self.common3 = AdcCommon(self), AdcCommon(self)
        self.adcs = [Adc(self, n, self.common3 if n == 2 else self.common12) for n in range(3)]
        self.usarts = {2: Usart(self, 43, 44), 6: Usart(self, 71, 72)}
        self._blocks: list[tuple[int, int, Any, str]] = [
            (0x40020400, 0x400, self.dma, "DMA2"),
            (0x40020820, 0x20, self.dma.mux, "DMA2"),
            (0x40022000, 0x100, self.adcs[0], "ADC12"),
            (0x40022100, 0x100, self.adcs[1], "ADC12"),
            (0x40022300, 0x100, self.common12, "ADC12"),
            (0x58026000, 0x100, self.adcs[2], "ADC3"),
            (0x58026300, 0x100, self.common3, "ADC3"),
            (0x40000000, 0x400, self.timer, "TIM2"),
            (0x40004400, 0x400, self.usarts[2], ""),
            (0x40011400, 0x400, self.usarts[6], ""),
        ]

    # Time

    def at(self, ticks: int, what: Callable[[], None]) -> None:
        """Do `what` when the time is `ticks`."""
        self._serial += 1
        heapq.heappush(self.events, (ticks, self._serial, what))

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._until(self.now + round(seconds * TICK_HZ))

    def _until(self, end: int) -> None:
        while self.events and self.events[0][0] <= end:
            self.now, _, what = heapq.heappop(self.events)
            what()
        self.now = end

    def clocked(self, name: str) -> bool:
        """Whether a peripheral has its clock."""
        address, bit = CLOCKS[name]
        return bool(self.rcc[address] >> bit & 1)

    # What the processor sees

    def read32(self, address: int) -> int:
        self._until(self.now + ACCESS_TICKS)
        if SRAM <= address < SRAM + SRAM_SIZE:
            return int.from_bytes(self.load(address, 4), "little")
        if address in self.rcc:
            return self.rcc[address]
        if address == IDCODE:
            return self.revision << 16 | 0x450
        if address == MPU_CTRL:
            return self.mpu_ctrl
        block, offset = self._find(address)
        return block.read(offset)

    def write32(self, address: int, value: int) -> None:
        self._until(self.now + ACCESS_TICKS)
        value &= 0xFFFFFFFF
        if SRAM <= address < SRAM + SRAM_SIZE:
            self.store(address, value.to_bytes(4, "little"))
        elif address in self.rcc:
            self.rcc[address] = value
        elif MPU_CTRL <= address <= MPU_RASR:
            self._mpu(address, value)
        elif address == DCCIMVAC:
            self._clean(value & ~(LINE - 1))
        else:
            block, offset = self._find(address)
            block.write(offset, value)

    def _find(self, address: int) -> tuple[Any, int]:
        assert address % 4 == 0
        for start, size, block, clock in self._blocks:
            if start <= address < start + size:
                assert not clock or self.clocked(clock), f"{clock} has no clock"
                return block, address - start
        raise AssertionError(f"nothing that is modelled at {address:#x}")

    # Cache and MPU: PM0253 4.6, RM0433 2.4

    def _mpu(self, address: int, value: int) -> None:
        if address == MPU_CTRL:
            assert not value & 1 or value & 4, "without PRIVDEFENA all other memory is lost"
            self.mpu_ctrl = value
        elif address == MPU_RNR:
            self.mpu_rnr = value
        elif address == MPU_RBAR:
            if value & 1 << 4:
                self.mpu_rnr = value & 15
            assert self.mpu_rnr > 8, "regions up to 8 are MicroPython's"
            self.regions[self.mpu_rnr] = (value & ~31, 0)
        else:
            base, _ = self.regions[self.mpu_rnr]
            size = 2 << (value >> 1 & 31)
            assert base % size == 0, "a region begins at a multiple of its size"
            self.regions[self.mpu_rnr] = (base, value)

    def cached(self, address: int) -> bool:
        """Whether the data cache holds what is at `address`."""
        if self.mpu_ctrl & 1:
            for number in sorted(self.regions, reverse=True):
                base, attributes = self.regions[number]
                if attributes & 1 and base <= address < base + (2 << (attributes >> 1 & 31)):
                    assert attributes >> 24 & 7 == 3, "nobody may access it"
                    tex, c, b = attributes >> 19 & 7, attributes >> 17 & 1, attributes >> 16 & 1
                    assert (tex, c, b) != (0, 0, 0), "strongly ordered: unaligned accesses fault"
                    return bool(c)
        return True  # the default map: SRAM is write-back, write-allocate

    def _line(self, address: int) -> bytearray:
        line = address & ~(LINE - 1)
        if line not in self.lines:
            at = line - SRAM
            self.lines[line] = self.sram[at : at + LINE]
        return self.lines[line]

    def _clean(self, line: int) -> None:
        if line in self.dirty:
            self.sram[line - SRAM : line - SRAM + LINE] = self.lines[line]
        self.dirty.discard(line)
        self.lines.pop(line, None)

    def load(self, address: int, size: int) -> bytes:
        """What the processor reads."""
        assert self.clocked("SRAM1") and address % size == 0
        if not self.cached(address):
            return bytes(self.sram[address - SRAM : address - SRAM + size])
        at = address % LINE
        return bytes(self._line(address)[at : at + size])

    def store(self, address: int, data: bytes) -> None:
        """What the processor writes."""
        assert self.clocked("SRAM1") and address % len(data) == 0
        if not self.cached(address):
            self.sram[address - SRAM : address - SRAM + len(data)] = data
            return
        at = address % LINE
        self._line(address)[at : at + len(data)] = data
        self.dirty.add(address & ~(LINE - 1))

    # What a bus master beside the processor sees: RM0433 table 3

    def master_reaches(self, address: int) -> bool:
        """Whether DMA2 gets to a memory: SRAM of D2, not the DTCM of the processor."""
        return SRAM <= address < SRAM + SRAM_SIZE and self.clocked("SRAM1")
