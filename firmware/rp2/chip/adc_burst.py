"""Eight conversions for a sample, added up by the DMA controller: no code runs for them, and the ring keeps
its length.

The converter stays on one input for a burst of conversions, each of which asks for a transfer:

    A  FIFO -> nowhere, eight words; the DMA controller's sniffer adds them up       chains to
    B  the sum -> the ring, which wraps by its alignment                             chains to
    C  0 -> the sum                                                                  chains to
    D  the next input's control word, from a table that wraps -> ADC.CS              chains to A

B, C and D take some 0.3 us; the next conversion starts no sooner than 0.4 us after the burst's last one ended
if a frame is longer than 80 us: 45 to 65 Hz, not 400 Hz. It needs four inputs, so that 16 cycles are 16 KB.
Seen running on the emulator, whose sniffer follows the datasheet (RP2040 2.5.5.2), not yet on silicon.
"""

from array import array
from struct import pack_into

import uctypes
from machine import mem32
from micropython import const

from chip import adc, adc_native, dma
from chip.which import regs

_RING_BITS = const(14)
_TABLE_BITS = const(4)  # four words
_START = const(1 | 1 << 3)  # enabled, converting without an end


class Sampler(adc.Sampler):
    """As adc.Sampler, for four inputs."""

    conversions_shift = 3
    _CHANNELS = 4
    _CYCLES = 16

    def __init__(self, inputs, straight=True):
        if inputs != 4:
            raise ValueError("bursts need four inputs")
        super().__init__(inputs, straight)
        self._words = dma.aligned(1 << _TABLE_BITS, 1 << _TABLE_BITS)
        # the word that D writes after a burst selects the input of the next
        for i in range(4):
            pack_into("<I", self._words, 4 * i, _START | ((i + 1) % 4) << 12)
        self._zero = array("I", [0])
        self._nowhere = array("I", [0])
        address = uctypes.addressof(self.buffer)
        s = self._state
        s[adc_native.PLACE_ADDRESS] = dma.base(self._channels[1]) + dma.WRITE
        s[adc_native.SIGN] = 1
        s[adc_native.BASE] = -address
        s[adc_native.SHIFT] = 1

    def _ring(self, size):
        return dma.aligned(size, size)

    def _chain(self):
        a, b, c, d = self._channels
        address = uctypes.addressof
        mem32[regs.SNIFF_CONTROL] = dma.SNIFF_SUM | a.channel << 1
        mem32[regs.SNIFF_DATA] = 0
        once = {"inc_read": False, "inc_write": False, "treq_sel": dma.TREQ_ALWAYS}
        b.config(
            read=regs.SNIFF_DATA,
            write=address(self.buffer),
            count=1,
            ctrl=b.pack_ctrl(
                size=1,
                inc_read=False,
                inc_write=True,
                ring_sel=True,
                ring_size=_RING_BITS,
                treq_sel=dma.TREQ_ALWAYS,
                chain_to=c.channel,
            ),
        )
        c.config(
            read=address(self._zero),
            write=regs.SNIFF_DATA,
            count=1,
            ctrl=c.pack_ctrl(size=2, chain_to=d.channel, **once),
        )
        d.config(
            read=address(self._words),
            write=regs.ADC_CS,
            count=1,
            ctrl=d.pack_ctrl(
                size=2,
                inc_read=True,
                inc_write=False,
                ring_sel=False,
                ring_size=_TABLE_BITS,
                treq_sel=dma.TREQ_ALWAYS,
                chain_to=a.channel,
            ),
        )
        a.config(
            read=regs.ADC_FIFO,
            write=address(self._nowhere),
            count=1 << self.conversions_shift,
            ctrl=a.pack_ctrl(
                size=2,
                inc_read=False,
                inc_write=False,
                sniff_en=True,
                treq_sel=regs.TREQ_ADC,
                chain_to=b.channel,
            ),
            trigger=True,
        )
        self._first = _START

    def stop(self):
        """Stop sampling; the ring is free for the collector afterwards."""
        super().stop()
        mem32[regs.SNIFF_CONTROL] = 0
