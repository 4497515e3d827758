"""DMA2 and its part of DMAMUX1: RM0433 15.5 and 17.6. See h743.py."""

from __future__ import annotations

from typing import Any

from h743 import SRAM

FLAG_SHIFTS = (0, 6, 16, 22)
TEIF, HTIF, TCIF = 1 << 3, 1 << 4, 1 << 5


class Mux:
    """Which request moves a stream."""

    def __init__(self) -> None:
        self.requests = [0] * 8

    def read(self, offset: int) -> int:
        return self.requests[offset // 4]

    def write(self, offset: int, value: int) -> None:
        assert value < 128, "synchronisation and events are not modelled"
        self.requests[offset // 4] = value


class Stream:
    """One stream; registers CR, NDTR, PAR, M0AR, M1AR, FCR."""

    def __init__(self, dma: Dma2, number: int) -> None:
        self.dma, self.number = dma, number
        self.cr = self.ndtr = self.par = self.m0ar = self.fcr = 0
        self.count = 0

    def write(self, offset: int, value: int) -> None:
        if self.cr & 1 and offset == 0:
            assert value | 1 == self.cr, "15.5.5: the configuration is locked while EN is set"
            self.cr = value
            return
        assert not self.cr & 1, "15.5: written while the stream is enabled"
        if offset == 0:
            if value & 1:
                assert not self.dma.flags[self.number], "15.3.18: flags must be cleared before EN is set"
                assert 0 < self.ndtr < 65536
                assert not self.fcr & 4 and value >> 11 & 3 == value >> 13 & 3, "direct mode has one width"
                self.count = self.ndtr
            self.cr = value
        elif offset == 4:
            self.ndtr = value
        elif offset == 8:
            self.par = value
        elif offset == 12:
            self.m0ar = value
        elif offset == 20:
            self.fcr = value

    def read(self, offset: int) -> int:
        return (self.cr, self.ndtr, self.par, self.m0ar, 0, self.fcr)[offset // 4]

    def serve(self, register: Any) -> bool:
        """Move an item between memory and `register`, an object with `address`, `get` and `put`."""
        if not self.cr & 1:
            return False
        size = 1 << (self.cr >> 11 & 3)
        assert self.par == register.address, "the stream looks at another register"
        assert self.cr & 1 << 10 and not self.cr & 1 << 9, "memory goes on, the peripheral stays"
        address = self.m0ar + (self.count - self.ndtr) * size
        bus = self.dma.bus
        assert address % size == 0
        if not bus.master_reaches(address):
            self.dma.flags[self.number] |= TEIF
            self.cr &= ~1
            return False
        at = address - SRAM
        if self.cr >> 6 & 3 == 1:
            register.put(int.from_bytes(bus.sram[at : at + size], "little"))
        else:
            assert self.cr >> 6 & 3 == 0
            value = register.get()
            assert value < 1 << 8 * size or size == 1, "the register holds more than is moved"
            bus.sram[at : at + size] = (value & (1 << 8 * size) - 1).to_bytes(size, "little")
        self.ndtr -= 1
        if not self.ndtr:
            self.dma.flags[self.number] |= TCIF
            if self.cr & 1 << 8:
                self.ndtr = self.count
            else:
                self.cr &= ~1
        return True


class Dma2:
    """The controller."""

    def __init__(self, bus: Any) -> None:
        self.bus = bus
        self.mux = Mux()
        self.flags = [0] * 8
        self.streams = [Stream(self, n) for n in range(8)]

    def read(self, offset: int) -> int:
        if offset < 0x10:
            assert offset < 8, "the flag clear registers are written only"
            four = self.flags[offset : (offset) + 4]
            return sum(flags << shift for flags, shift in zip(four, FLAG_SHIFTS, strict=True))
        return self.streams[(offset - 0x10) // 0x18].read((offset - 0x10) % 0x18)

    def write(self, offset: int, value: int) -> None:
        if offset < 0x10:
            assert offset >= 8, "the status registers are read only"
            first = offset - 8
            for i in range(4):
                self.flags[first + i] &= ~(value >> FLAG_SHIFTS[i])
        else:
            self.streams[(offset - 0x10) // 0x18].write((offset - 0x10) % 0x18, value)

    def request(self, number: int, register: Any) -> bool:
        """A peripheral asks; whether a stream served it."""
        assert self.bus.clocked("DMA2"), "DMA2 has no clock"
        return any(
            self.streams[n].serve(register) for n in range(8) if self.mux.requests[n] == number and number
        )
