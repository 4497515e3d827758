"""Serial port by DMA: every received byte with its time, answers sent from RAM, direction pin without code.

Receive: channel C moves one byte and chains to D, which stores the microsecond timer and chains back. So
frames are told apart by their silences even when code stood still. Send: channel T feeds the UART. Started
with it, channel P counts the time that the bytes take, paced by a timer of the DMA, then chains to E, which
writes the word that lowers the direction pin into its control register.
"""

from array import array

import uctypes
from machine import UART, Pin, freq, mem32
from micropython import const

from chip import dma, uart_native
from chip.which import regs

_MASK = const(0x38)  # UART interrupt mask
_LOW = 5 | 2 << regs.OUTOVER  # GPIO control: SIO with the output forced low
_HIGH = 5 | 3 << regs.OUTOVER
_FIXED_ABOVE = const(19200)  # baud; faster ports have fixed silences
_UNUSED = const(32)  # bytes of the driver's own buffers, at least
_STATUS = const(0x3C)  # raw interrupt status
_STAMP_SLACK = const(100)  # microseconds by which a stamp can be late behind a busy DMA

# Parity as the settings have it: 0 even, 1 odd, 2 none with two stop bits, 3 none with one.
_PARITY = ((0, 1), (1, 1), (None, 2), (None, 1))


class Port(uart_native.Receiver):
    """UART `number`, its pins, and the buffer `answer` from which it sends."""

    def __init__(self, number, tx, rx, direction, answer):
        self.number = number
        self.baud = self.parity = 0
        self._pins = (tx, rx)
        self._uart = None
        self._channels = dma.claim(5 if direction is not None else 4)
        # Both rings lie at multiples of their size, as the DMA wants it: that of the bytes before that of the
        # stamps.
        size = 4 * uart_native.RING
        try:
            self._memory = dma.aligned(uart_native.RING + size, size, uart_native.RING)
        except MemoryError:
            # the heap is in pieces: what is large enough has an aligned place
            self._memory = bytearray(uart_native.RING + 2 * size)
        s = array("i", [0] * uart_native.RX_WORDS)
        start = uctypes.addressof(self._memory) + uart_native.RING
        s[uart_native.BYTES] = ((start + size - 1) & -size) - uart_native.RING
        s[uart_native.STAMPS] = s[uart_native.BYTES] + uart_native.RING
        s[uart_native.TIMER_ADDRESS] = regs.TIMERAWL
        s[uart_native.STATUS] = regs.UARTS[number] + _STATUS
        s[uart_native.WRITE_ADDRESS] = dma.base(self._channels[1]) + dma.WRITE
        self._rx = s
        data, delay = self._channels[2:4]
        t = array("i", [0] * uart_native.TX_WORDS)
        t[uart_native.DATA_COUNT_TRIGGER] = dma.base(data) + dma.COUNT_TRIGGER
        t[uart_native.DATA_READ] = dma.base(data) + dma.READ
        t[uart_native.DELAY_COUNT_TRIGGER] = dma.base(delay) + dma.COUNT_TRIGGER
        t[uart_native.DELAY_CREDITS] = dma.credits_address(delay)
        t[uart_native.DELAY_CTRL] = dma.base(delay) + dma.CTRL
        t[uart_native.ANSWER] = uctypes.addressof(answer)
        t[uart_native.RAISED] = _HIGH
        t[uart_native.BUSY] = regs.DMA_BUSY
        self._tx = t
        self._word = array("I", [_LOW, 0])  # what E writes, and a place that P may write to
        if direction is None:
            t[uart_native.DIRECTION] = uctypes.addressof(self._word) + 4
        else:
            Pin(direction, Pin.OUT, value=0)
            t[uart_native.DIRECTION] = regs.IO_BANK0 + 8 * direction + 4
            mem32[t[uart_native.DIRECTION]] = _LOW
        self._answer = answer  # kept alive: the DMA reads it

    def configure(self, baud, parity):
        """Set speed and parity (0 even, 1 odd, 2 none with two stop bits, 3 none with one); what was
        coming in is lost.
        """
        dma.stop(self._channels)
        self.baud, self.parity = baud, parity
        bit, stop = _PARITY[parity]
        tx, rx = self._pins
        pins = Pin(tx), Pin(rx)
        self._uart = UART(
            self.number, baud, 8, bit, stop, tx=pins[0], rx=pins[1], txbuf=_UNUSED, rxbuf=_UNUSED
        )
        # the driver's interrupt would take bytes away from the DMA
        mem32[regs.UARTS[self.number] + _MASK] = 0
        bits = 10 if parity == 3 else 11
        s = self._rx
        byte_us = (bits * 1_000_000 + baud - 1) // baud
        silence = 1750 if baud > _FIXED_ABOVE else 7 * byte_us // 2
        s[uart_native.BYTE_US] = byte_us
        s[uart_native.SPAN] = uart_native.RING * byte_us
        s[uart_native.SILENCE] = silence
        s[uart_native.GAP] = silence + byte_us - _STAMP_SLACK
        # Four ticks of the pacing timer a byte, more where its 16 bits would not do.
        clocks = freq() * bits // baud
        ticks = 4
        while clocks // ticks > 65535:
            ticks += 1
        mem32[regs.DMA_TIMER + 4 * self.number] = 1 << 16 | (clocks + ticks - 1) // ticks
        self._tx[uart_native.TICKS] = ticks
        self._wire()

    def _wire(self):
        receive, stamp, data, delay = self._channels[:4]
        s = self._rx
        register = regs.UARTS[self.number]
        s[uart_native.NEXT] = s[uart_native.ECHO] = s[uart_native.UNTOLD] = 0
        stamp.config(
            read=regs.TIMERAWL,
            write=s[uart_native.STAMPS],
            count=1,
            ctrl=stamp.pack_ctrl(
                size=2, inc_read=False, ring_sel=True, ring_size=11, chain_to=receive.channel
            ),
        )
        dma.forget_requests(receive)
        receive.config(
            read=register,
            write=s[uart_native.BYTES],
            count=1,
            ctrl=receive.pack_ctrl(
                size=0,
                inc_read=False,
                ring_sel=True,
                ring_size=9,
                treq_sel=regs.TREQ_UART_RX[self.number],
                chain_to=stamp.channel,
            ),
            trigger=True,
        )
        word = uctypes.addressof(self._word)
        after = delay.channel
        if len(self._channels) > 4:
            last = self._channels[4]
            after = last.channel
            last.config(
                read=word,
                write=self._tx[uart_native.DIRECTION],
                count=1,
                ctrl=last.pack_ctrl(size=2, inc_read=False, inc_write=False),
            )
        delay.config(
            read=word + 4,
            write=word + 4,
            count=0,
            ctrl=delay.pack_ctrl(
                size=2,
                inc_read=False,
                inc_write=False,
                treq_sel=dma.TREQ_TIMER + self.number,
                chain_to=after,
            ),
        )
        dma.forget_requests(data)
        data.config(
            read=self._answer,
            write=register,
            count=0,
            ctrl=data.pack_ctrl(size=0, inc_write=False, treq_sel=regs.TREQ_UART_TX[self.number]),
        )
        self.quiet(0)  # looked for the first time

    def frame(self, buffer):
        """Length of the next frame, put into `buffer` as far as it fits; negative while it is not finished, 0
        without one. Who asks knows that an answer has gone (`quiet`).
        """
        return uart_native.frame(self._rx, buffer, len(buffer))

    def remaining(self):
        """Microseconds until the frame that `frame` told of is finished, if nothing follows."""
        return self._rx[uart_native.SILENCE] - uart_native.age(self._rx)

    def age(self):
        """Microseconds since the last byte of the frame that `frame` told of."""
        return uart_native.age(self._rx)

    def consume(self, length):
        """Take the first bytes of the frame that `frame` told of, before it is finished."""
        rx = self._rx
        rx[uart_native.NEXT] = (rx[uart_native.NEXT] + length) & (uart_native.RING - 1)

    def answer_from(self, answer):
        """Send from another buffer from now on."""
        self._answer = answer
        self._tx[uart_native.ANSWER] = uctypes.addressof(answer)

    def send(self, length):
        """Send the first `length` bytes of the answer."""
        uart_native.send(self._tx, self._rx, length)

    def sending(self):
        """1 until the direction pin has fallen after the last answer."""
        return uart_native.sending(self._tx)

    def since_sent(self):
        """Microseconds since the last stop bit of the last answer."""
        return uart_native.since_sent(self._rx)

    def lost(self):
        """How often received bytes have been lost, because code stood still longer than the ring holds."""
        return self._rx[uart_native.LOST]

    def duration(self, length):
        """Milliseconds that `length` bytes take on the line."""
        return length * self._rx[uart_native.BYTE_US] // 1000

    def stop(self):
        """Stop receiving and sending, release the line."""
        dma.stop(self._channels)
        if len(self._channels) > 4:
            mem32[self._tx[uart_native.DIRECTION]] = _LOW
