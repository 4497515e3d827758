"""Sampling without an end: the ADC's round robin through DMA into a ring of whole mains cycles.

Channel A makes one lap of the ring and chains to channel B, which rewrites A's write address and thereby
starts the next lap: nothing needs the processor, and nothing needs an aligned ring. The ring is longer than
what code stands still for (which.py). What is overwritten unread is found by the time that has gone by, and
told.
"""

from array import array

import uctypes
from machine import ADC, mem32
from micropython import const

from chip import adc_native, dma
from chip.which import CYCLES, regs
from fourquad.metering.frontends.codes import straight_table
from fourquad.metering.frontends.codes_thumb import straighten

_START_MANY = const(1 << 3)
_READY = const(1 << 8)
_FCS_CLEAR = const(3 << 10)  # the sticky over- and underflow marks
_FCS_DMA = const((1 << 24) | (1 << 3) | 1)  # a request for every sample

CLOCK_HZ = 48_000_000 * 256  # the frame period counts in ticks of this
FRAMES = 128  # of one mains cycle


def quiet():
    """Stop a conversion that an earlier program left running."""
    mem32[regs.ADC_CS] = 1
    mem32[regs.ADC_FCS] = _FCS_CLEAR


class Sampler:
    """Samples `inputs` ADC inputs from ADC0 on, in turn, into `buffer`; `straight`: with erratum RP2040-E11
    taken out of the codes.
    """

    clock_hz = CLOCK_HZ
    bits = 12
    conversions_shift = 0  # a sample is the sum of 2**shift conversions

    def __init__(self, inputs, straight=False):
        self.inputs = self.words = inputs
        self.buffer = self._ring(self._CYCLES * FRAMES * inputs * 2)
        self.overruns = 0
        self._table = straight_table(self.conversions_shift) if straight else None
        for i in range(inputs):
            ADC(26 + i)
        self._start_address = array("I", [uctypes.addressof(self.buffer)])
        self._channels = dma.claim(self._CHANNELS)
        s = array("i", [0] * adc_native.WORDS)
        s[adc_native.PLACE_ADDRESS] = dma.base(self._channels[0]) + dma.COUNT
        s[adc_native.LAP] = s[adc_native.BASE] = self._CYCLES * FRAMES * inputs
        s[adc_native.SIGN] = -1
        s[adc_native.CYCLE] = FRAMES * inputs
        s[adc_native.TIMER_ADDRESS] = regs.TIMERAWL
        s[adc_native.FIFO_ADDRESS] = regs.ADC_FCS
        s[adc_native.LIMIT] = self._CYCLES - 2  # one is being written, one is being read
        self._state = s
        self.period = 0

    _CHANNELS = 2
    _CYCLES = CYCLES  # of the ring

    def _ring(self, size):
        return bytearray(size)

    def start(self, period):
        """Begin to sample with a frame every `period` ticks of CLOCK_HZ."""
        dma.stop(self._channels)
        self._idle()
        mem32[regs.ADC_FCS] = _FCS_CLEAR
        mem32[regs.ADC_FCS] = _FCS_DMA
        self.retune(period)
        s = self._state
        s[adc_native.NEXT] = s[adc_native.UNREAD] = 0
        for channel in self._channels:
            dma.forget_requests(channel)
        self._chain()
        adc_native.waiting(s)  # the clock of the overrun starts here, whatever it answers
        mem32[regs.ADC_CS] = self._first

    def _chain(self):
        """Set the DMA channels going; `_first` is then what starts the converter."""
        first, second = self._channels
        second.config(
            read=uctypes.addressof(self._start_address),
            write=dma.base(first) + dma.WRITE_TRIGGER,
            count=1,
            ctrl=second.pack_ctrl(size=2, inc_read=False, inc_write=False),
        )
        ctrl = first.pack_ctrl(
            size=1, inc_read=False, inc_write=True, treq_sel=regs.TREQ_ADC, chain_to=second.channel
        )
        lap = self._state[adc_native.LAP]
        first.config(read=regs.ADC_FIFO, write=self._start_address[0], count=lap, ctrl=ctrl, trigger=True)
        self._first = 1 | ((1 << self.inputs) - 1) << 16 | _START_MANY

    def _idle(self):
        mem32[regs.ADC_CS] = 1
        while not mem32[regs.ADC_CS] & _READY:
            pass
        while mem32[regs.ADC_FCS] >> 16 & 15:
            mem32[regs.ADC_FIFO]

    def stop(self):
        """Stop sampling; the ring is free for the collector afterwards."""
        quiet()
        dma.stop(self._channels)

    def retune(self, period):
        """Change the frame period to the nearest possible; answers what it became."""
        conversions = self.inputs << self.conversions_shift
        divider = period // conversions - 256
        mem32[regs.ADC_DIV] = divider
        self.period = (divider + 256) * conversions
        self._state[adc_native.CYCLE_US] = self.period * FRAMES // (48 * 256)
        return self.period

    def available(self):
        """Whole cycles waiting in one piece at `frame`; -1 when samples were lost: then `recover`."""
        return adc_native.waiting(self._state)

    @property
    def frame(self):
        """Number of the frame in `buffer` at which the waiting cycles start."""
        return self._state[adc_native.NEXT] // self.inputs

    def prepare(self, cycles):
        """Make the codes of those cycles ready for the meter; answers how many are."""
        table = self._table
        if table:
            s = self._state
            at = self._start_address[0] + 2 * s[adc_native.NEXT]
            straighten(at, cycles * s[adc_native.CYCLE], table, self.conversions_shift)
        return cycles

    def drop(self):
        """There are no cycles here that cannot be used."""
        return 0

    def take(self, cycles):
        """Those cycles have been read."""
        adc_native.taken(self._state, cycles)

    def recover(self):
        """Start anew after a loss; answers how many milliseconds of samples are missing."""
        self.overruns += 1
        lost = self._state[adc_native.LOST_US]
        self.start(self.period)
        return lost // 1000
