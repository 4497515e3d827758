"""Serial port by DMA, direction pin by the USART itself (RM0433 48.5.19, 48.7).

Received bytes go round a ring without the processor; the driver's direction pin is the USART's DE, which
rises before the first start bit and falls after the last stop bit without any code. Silences are told by
looking: the time of a byte is that of the first look that saw it, so after a pause of the loop two frames of
other stations may seem to be one, and neither is answered.
"""

import time

import uctypes
from machine import UART, Pin, mem32
from micropython import const

from chip import dma, memory, regs

_RING = const(512)
_ANSWER = const(_RING)  # where in a port's memory its answer lies
_FIXED_ABOVE = const(19200)  # baud; faster ports have fixed silences
_TICKS = const((1 << 30) - 1)  # of time.ticks_us
_AF7 = const(7)  # the alternate function that is DE, on every pin used

_UE = const(1)
_RXNEIE = const(1 << 5)
_DE_TIMES = const(0x3FF << 16)
_DE_BEFORE = const(16 << 21)  # sixteenths of a bit from DE to the start bit
_DEM = const(1 << 14)
_DMA = const(3 << 6)  # DMAT, DMAR
_TC = const(1 << 6)
_ERRORS = const(0x0F)
_ORE = const(1 << 3)

# Parity as the settings have it: 0 even, 1 odd, 2 none with two stop bits, 3 none with one.
_PARITY = ((0, 1), (1, 1), (None, 2), (None, 1))


class Port:
    """UART `number`, its place among the ports (0 or 1, for its memory and its streams), the pin of its DE,
    and the buffer `answer` from which it sends.
    """

    def __init__(self, number, place, direction, answer):
        self.number = number
        self.baud = self.parity = 0
        self._answer = answer
        self._direction = direction
        self._base, self._rx_request, self._tx_request = regs.USARTS[number]
        self._address = memory.BASE + memory.PORTS + memory.PORT_SIZE * place
        self._bytes = uctypes.bytearray_at(self._address, _RING)
        self._sent = uctypes.bytearray_at(self._address + _ANSWER, memory.PORT_SIZE - _ANSWER)
        self._rx, self._tx = 4 + 2 * place, 5 + 2 * place
        self._uart = None
        self._next = self._seen = self._last = self._end = 0
        self._lost = 0
        self._busy = False  # from `send` until a frame is looked for
        self._byte_us = self._silence = 0
        memory.share()
        dma.clock()

    def configure(self, baud, parity):
        """Set speed and parity (0 even, 1 odd, 2 none with two stop bits, 3 none with one); what was coming
        in is lost.
        """
        self.stop()
        self.baud, self.parity = baud, parity
        bit, stop = _PARITY[parity]
        self._uart = UART(self.number, baud, bits=8, parity=bit, stop=stop, rxbuf=0)
        base = self._base
        control = mem32[base + regs.USART_CR1] & ~(_RXNEIE | _DE_TIMES)
        # DE can only be given to the USART while it is off
        mem32[base + regs.USART_CR1] = control & ~_UE
        if self._direction is not None:
            Pin(self._direction, Pin.ALT, alt=_AF7)
            control |= _DE_BEFORE
            mem32[base + regs.USART_CR3] = mem32[base + regs.USART_CR3] | _DEM
        mem32[base + regs.USART_CR3] = mem32[base + regs.USART_CR3] | _DMA
        mem32[base + regs.USART_CR1] = control
        mem32[base + regs.USART_ICR] = _ERRORS
        bits = 10 if parity == 3 else 11
        self._byte_us = (bits * 1_000_000 + baud - 1) // baud
        self._silence = 1750 if baud > _FIXED_ABOVE else 7 * self._byte_us // 2
        self._next = self._seen = 0
        self._busy = False
        dma.start(
            self._rx,
            self._rx_request,
            base + regs.USART_RDR,
            self._address,
            _RING,
            dma.CIRCULAR | dma.MEMORY_INCREMENT | dma.BUFFERABLE,
        )

    def quiet(self, now):
        """Whether no byte waits and no answer is on its way, whose echo `sending` passes over."""
        return not self._busy and (_RING - dma.left(self._rx)) & (_RING - 1) == self._next

    def frame(self, buffer):
        """Length of the next frame, put into `buffer` as far as it fits; negative while it is not finished, 0
        without one. Who asks knows that an answer has gone (`quiet`).
        """
        self._busy = False
        end = (_RING - dma.left(self._rx)) & (_RING - 1)
        if end != self._seen:
            self._seen = end
            self._last = time.ticks_us()
            if mem32[self._base + regs.USART_ISR] & _ORE:
                mem32[self._base + regs.USART_ICR] = _ORE
                self._lost += 1
        start = self._next
        n = (end - start) & (_RING - 1)
        if not n:
            return 0
        ring = self._bytes
        room = len(buffer)
        for i in range(n if n < room else room):
            buffer[i] = ring[(start + i) & (_RING - 1)]
        if self.age() < self._silence:
            return -n
        self._next = end
        return n

    def remaining(self):
        """Microseconds until the frame that `frame` told of is finished, if nothing follows."""
        return self._silence - self.age()

    def age(self):
        """Microseconds since the last byte of the frame that `frame` told of."""
        return (time.ticks_us() - self._last) & _TICKS

    def consume(self, length):
        """Take the first bytes of the frame that `frame` told of, before it is finished."""
        self._next = (self._next + length) & (_RING - 1)

    def answer_from(self, answer):
        """Send from another buffer from now on."""
        self._answer = answer

    def send(self, length):
        """Send the first `length` bytes of the answer."""
        self._busy = True
        self._end = time.ticks_us() + length * self._byte_us
        # a copy, because the cache may still hold what the answer was written to
        self._sent[:length] = memoryview(self._answer)[:length]
        # a transceiver that listens while it talks: its echo is passed over in `sending`
        mem32[self._base + regs.USART_ICR] = _TC
        dma.start(
            self._tx,
            self._tx_request,
            self._base + regs.USART_TDR,
            self._address + _ANSWER,
            length,
            dma.TO_PERIPHERAL | dma.MEMORY_INCREMENT | dma.BUFFERABLE,
        )

    def sending(self):
        """1 until the last stop bit has gone, and DE with it."""
        if not mem32[self._base + regs.USART_ISR] & _TC:
            self._next = self._seen = (_RING - dma.left(self._rx)) & (_RING - 1)
            return 1
        return 0

    def since_sent(self):
        """Microseconds since the last stop bit of the last answer."""
        return (time.ticks_us() - self._end) & _TICKS

    def lost(self):
        """How many times received bytes have been lost before the DMA could take them."""
        return self._lost

    def duration(self, length):
        """Milliseconds that `length` bytes take on the line."""
        return length * self._byte_us // 1000

    def stop(self):
        """Stop receiving and sending, release the line: DE falls with the last bit."""
        dma.stop(self._rx)
        dma.stop(self._tx)
