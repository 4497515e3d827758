"""A serial port: RM0433 48.5, 48.7. See h743.py."""

from __future__ import annotations

from typing import Any

from h743 import TICK_HZ

UE, RE, TE, RXNEIE = 1, 1 << 2, 1 << 3, 1 << 5
DMAR, DMAT, DEM, DEP = 1 << 6, 1 << 7, 1 << 14, 1 << 15
TC = 1 << 6


class Usart:
    """`line` has what was sent, `direction` the edges of DE with their times."""

    def __init__(self, bus: Any, rx_request: int, tx_request: int) -> None:
        self.bus = bus
        self.requests = (rx_request, tx_request)
        self.cr1 = self.cr3 = 0
        self.isr = TC
        self.bit_ticks = 0
        self.frame_bits = 10
        self.line: list[int] = []
        self.direction: list[tuple[int, int]] = []
        self.received = 0
        self.sending = False
        self.lost = 0

    def open(self, baud: int, bits: int) -> None:
        """What MicroPython's machine.UART does."""
        self.bit_ticks = round(TICK_HZ / baud)
        self.frame_bits = bits
        self.cr1 = UE | RE | TE | RXNEIE
        self.cr3 = 0

    def read(self, offset: int) -> int:
        return {0x00: self.cr1, 0x08: self.cr3, 0x1C: self.isr}[offset]

    def write(self, offset: int, value: int) -> None:
        if offset == 0x00:
            changed = self.cr1 ^ value
            assert not (changed & 0x3FF << 16 and self.cr1 & UE and value & UE), "48.7.1: only while UE is 0"
            self.cr1 = value
        elif offset == 0x08:
            assert not ((self.cr3 ^ value) & (DEM | DEP) and self.cr1 & UE), "48.7.4: only while UE is 0"
            self.cr3 = value
            self._send()
        elif offset == 0x20:
            self.isr &= ~(value & TC)
        else:
            raise AssertionError(f"register {offset:#x} of a USART is not modelled")

    # What comes from the line

    @property
    def address(self) -> int:
        return self._register

    def receive(self, data: bytes) -> None:
        """Bytes back to back, from now on."""
        for i, byte in enumerate(data):
            at = self.bus.now + (i + 1) * self.frame_bits * self.bit_ticks
            self.bus.at(at, lambda byte=byte: self._arrive(byte))

    def _arrive(self, byte: int) -> None:
        if self.cr1 & (UE | RE) != UE | RE:
            return
        assert not self.cr1 & RXNEIE, "MicroPython's interrupt would take the byte"
        self.received = byte
        self._register = self._base() + 0x24
        if not (self.cr3 & DMAR and self.bus.dma.request(self.requests[0], self)):
            self.lost += 1

    def get(self) -> int:
        return self.received

    # What goes to the line

    def _base(self) -> int:
        return 0x40004400 if self.requests[0] == 43 else 0x40011400

    def tick(self) -> None:
        """DMA may have something to send: the model looks when a stream was enabled."""
        self._send()

    def _send(self) -> None:
        if self.sending or not self.cr3 & DMAT or self.cr1 & (UE | TE) != UE | TE:
            return
        self._register = self._base() + 0x28
        if self.bus.dma.request(self.requests[1], self):
            self.sending = True
            if self.cr3 & DEM:
                self.direction.append((self.bus.now, 1))
            before = (self.cr1 >> 21 & 31) * self.bit_ticks // 16 if self.cr3 & DEM else 0
            self.bus.at(self.bus.now + before + self.frame_bits * self.bit_ticks, self._byte_done)

    def put(self, value: int) -> None:
        self.line.append(value)

    def _byte_done(self) -> None:
        self._register = self._base() + 0x28
        if self.bus.dma.request(self.requests[1], self):
            self.bus.at(self.bus.now + self.frame_bits * self.bit_ticks, self._byte_done)
            return
        self.sending = False
        self.isr |= TC
        if self.cr3 & DEM:
            self.direction.append((self.bus.now, 0))
