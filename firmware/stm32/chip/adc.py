"""Sampling without an end on three converters at once (RM0433 25): a timer starts all three, each converts
its inputs in turn, and DMA fills a ring for each.

TIM2 counts `ranks` triggers a frame. At each, every converter makes the next conversion of its sequence
(discontinuous mode): a burst of up to 16, of which its oversampler makes the mean. So what is at the same
rank is sampled at the same instant, and the ranks are evenly spread over the frame, whatever the mains
frequency is: a channel's delay is a constant. A trigger lasts a whole number of timer clocks (5 ns); a table
of 16 frames, which DMA writes into the timer's reload register at each trigger, makes the frame period right
to a sixteenth of one (2 ppm at 50 Hz) without any code.

The rings hold 32 cycles, 640 ms at 50 Hz. Never run on a chip: held against a model of these registers.
"""

import time
from array import array

import machine
from machine import Pin, mem32
from micropython import const

from chip import adc_native, dma, memory, regs

FRAMES = 128  # of one mains cycle
CYCLES = 32  # of the ring: 640 ms at 50 Hz
_TAKE = const(4)  # cycles that are made ready at a time
_STEPS = const(16)  # frames over which the timer's fraction is spread
_TICKS = const((1 << 30) - 1)  # of time.ticks_us
_RELOAD_STREAM = const(3)

_REVISION_V = const(0x2003)

# ADC.CR
_ADEN = const(1)
_ADDIS = const(1 << 1)
_ADSTART = const(1 << 2)
_ADSTP = const(1 << 4)
_BOOST_12 = const(2 << 8)  # converter clock of 12.5 to 25 MHz
_BOOST = const(3 << 8)
_LINEARITY = const(1 << 16)
_REGULATOR = const(1 << 28)
_DEEP = const(1 << 29)
_CALIBRATE = const(1 << 31)
_COMMANDS = const(1 << 31 | 0x3F)  # what acts when it is written as 1; the linearity bits 22-27 must stay
_SINGLE = const(1 << 30)  # 1 would calibrate for differential inputs
# ADC.ISR
_READY = const(1)
_OVERRUN = const(1 << 4)
# ADC.CFGR: 16 bits, circular DMA, rising edge of TIM2_TRGO (event 11), one conversion of the sequence a
# trigger; no queue of injected contexts, as after a reset
_CONFIG = const(1 << 31 | 1 << 16 | 1 << 10 | 11 << 5 | 3)
_SAMPLING = const(4)  # SMP: 32.5 converter clocks, and 8.5 for 16 bits
_CONVERSION = const(41)
_SYNCHRONOUS = const(3 << 16)  # CCR: the bus clock divided by 4, so that no trigger waits for a clock
_MAX_HZ = const(25_000_000)
_SETTLE_US = const(20)  # of the regulator, 10 at most
_PATIENCE_MS = const(1000)

_STREAM = dma.CIRCULAR | dma.MEMORY_INCREMENT | dma.FIRST
_RING = _STREAM | dma.HALFWORDS


def quiet():
    """Stop what an earlier program left running."""
    mem32[regs.RCC_APB1LENR] = mem32[regs.RCC_APB1LENR] | 1
    mem32[regs.TIM2_CR1] = 0


def _command(adc, bits):
    """Write what acts into a converter's control register, all else as it is."""
    mem32[adc + regs.ADC_CR] = mem32[adc + regs.ADC_CR] & ~_COMMANDS | bits


def _wait(address, mask, wanted):
    """Until the masked bits are as wanted. OSError: they never are."""
    began = time.ticks_ms()
    while mem32[address] & mask != wanted:
        if time.ticks_diff(time.ticks_ms(), began) > _PATIENCE_MS:
            raise OSError("converter does not answer")


class Sampler:
    """Samples `channels`, a sequence of (converter 0-2, rank, input number, pin) in the order of the frame.

    Every converter has as many ranks as the one with the most; one that has fewer inputs repeats its first.
    The codes of `buffer` are halfwords.
    """

    bits = 16

    def __init__(self, channels):
        self.inputs = self.words = len(channels)
        self.overruns = 0
        self.period = 0
        self._ranks = 1 + max([channel[1] for channel in channels])
        self._lap = CYCLES * FRAMES * self._ranks
        if 3 * 2 * self._lap > memory.RINGS_SIZE:
            raise ValueError("the rings have no room for so many inputs")
        clocks = machine.freq()
        hclk, pclk = clocks[1], clocks[2]  # type: ignore[index]  # the stubs have another port's answer
        # RM0433 8.5.18: a timer has twice its bus's clock unless that is undivided
        self._timer_hz = pclk if pclk == hclk else 2 * pclk
        self.clock_hz = self._timer_hz * _STEPS
        # halved once more after the divider by 4 in revision V (errata ES0392, RM0433 25.4.3)
        self._adc_hz = hclk // 8
        if mem32[regs.DBGMCU_IDCODE] >> 16 & 0xFFFF != _REVISION_V:
            raise OSError("not a chip of revision V: its converter clock is another")
        if not _MAX_HZ // 2 < self._adc_hz <= _MAX_HZ:
            raise OSError("converter clock is not within 12.5 to 25 MHz")
        self._sequences = [[channel for channel in channels if channel[0] == n] for n in range(3)]
        self.buffer = bytearray(2 * _TAKE * FRAMES * self.inputs)
        self._sources = array("I", [self._ring(n) + 2 * rank for n, rank, _, _ in channels])
        for channel in channels:
            Pin(channel[3], Pin.ANALOG)
        self._next = 0  # sample of a ring at which the next unread cycle begins
        self._unread = self._looked = self._lost_us = self._cycle_us = 0
        self._ratio = 0
        memory.share()
        dma.clock()
        quiet()
        self._set_up()

    def _ring(self, n):
        return memory.BASE + memory.RINGS + 2 * self._lap * n

    def _set_up(self):
        """Clocks, calibration and sequences; the converters are then ready to be started."""
        mem32[regs.RCC_AHB1ENR] = mem32[regs.RCC_AHB1ENR] | 1 << 5
        mem32[regs.RCC_AHB4ENR] = mem32[regs.RCC_AHB4ENR] | 1 << 24
        for adc in regs.ADCS:
            self._rest(adc)
        mem32[regs.ADC12_CCR] = _SYNCHRONOUS
        mem32[regs.ADC3_CCR] = _SYNCHRONOUS
        for n in range(3):
            adc = regs.ADCS[n]
            control = adc + regs.ADC_CR
            if not mem32[control] & _REGULATOR:
                mem32[control] = 0  # out of deep power down
                mem32[control] = _REGULATOR
                time.sleep_us(_SETTLE_US)
            mem32[control] = mem32[control] & ~(_COMMANDS | _SINGLE | _BOOST) | _BOOST_12 | _LINEARITY
            _command(adc, _CALIBRATE)
            _wait(control, _CALIBRATE, 0)
            self._sequence(adc, self._sequences[n])

    def _sequence(self, adc, channels):
        """Inputs in their order: PCSEL connects them, SMPR times them, SQR1 lines them up."""
        numbers = [0] * self._ranks
        connected = times = more_times = 0
        for i in range(self._ranks):
            number = channels[i][2] if i < len(channels) else channels[0][2] if channels else 0
            numbers[i] = number
            connected |= 1 << number
            if number < 10:
                times |= _SAMPLING << 3 * number
            else:
                more_times |= _SAMPLING << 3 * (number - 10)
        line = self._ranks - 1
        for i in range(self._ranks):
            line |= numbers[i] << 6 * (i + 1)
        mem32[adc + regs.ADC_PCSEL] = connected
        mem32[adc + regs.ADC_SMPR1] = times
        mem32[adc + regs.ADC_SMPR2] = more_times
        mem32[adc + regs.ADC_SQR1] = line
        mem32[adc + regs.ADC_CFGR] = _CONFIG

    def _rest(self, adc):
        """Stop a converter and switch it off, as it must be for its clock and its calibration."""
        control = adc + regs.ADC_CR
        if mem32[control] & _ADSTART:
            _command(adc, _ADSTP)
            _wait(control, _ADSTP, 0)
        if mem32[control] & _ADEN:
            _command(adc, _ADDIS)
            _wait(control, _ADEN, 0)

    def start(self, period):
        """Begin to sample with a frame every `period` ticks of `clock_hz`."""
        mem32[regs.TIM2_CR1] = 0
        self._ratio = self._burst(period)
        for n in range(3):
            self._go(n)
        self._reload(period)
        mem32[regs.TIM2_PSC] = 0
        mem32[regs.TIM2_CR2] = 2 << 4  # an update is the trigger that goes out
        mem32[regs.TIM2_CNT] = 0
        mem32[regs.TIM2_ARR] = mem32[memory.BASE + memory.RELOADS]
        mem32[regs.TIM2_EGR] = (
            1  # the prescaler's and the reload's new values count; no converter listens yet
        )
        dma.start(
            _RELOAD_STREAM,
            regs.REQUEST_TIM2_UP,
            regs.TIM2_ARR,
            memory.BASE + memory.RELOADS,
            _STEPS * self._ranks,
            dma.TO_PERIPHERAL | dma.WORDS | _STREAM,
        )
        mem32[regs.TIM2_DIER] = 1 << 8  # an update asks for the next reload
        self._next = self._unread = 0
        self._looked = time.ticks_us()
        for adc in regs.ADCS:
            _command(adc, _ADSTART)
        mem32[regs.TIM2_CR1] = 1 << 7 | 1  # reloads take effect with an update; count

    def _go(self, n):
        """Make one converter ready to start, at the beginning of its sequence and of its ring."""
        adc = regs.ADCS[n]
        self._rest(adc)
        # oversampling in one go at each trigger, and the sum made a mean by a shift
        shift = 0
        while self._ratio >> shift > 1:
            shift += 1
        mem32[adc + regs.ADC_CFGR2] = self._ratio - 1 << 16 | shift << 5 | 1
        dma.start(n, regs.REQUEST_ADCS[n], adc + regs.ADC_DR, self._ring(n), self._lap, _RING)
        mem32[adc + regs.ADC_ISR] = _READY | _OVERRUN
        _command(adc, _ADEN)
        _wait(adc + regs.ADC_ISR, _READY, _READY)

    def _burst(self, period):
        """Conversions a sample: 16, or fewer where a trigger would come too early, with 10 % to spare."""
        clocks = period * (self._adc_hz // 1000) // (self.clock_hz // 1000 * self._ranks)
        ratio = 16
        while ratio > 1 and ratio * _CONVERSION * 11 > clocks * 10:
            ratio >>= 1
        return ratio

    def _reload(self, period):
        """Spread a frame's ticks over its triggers, and their fraction over 16 frames."""
        n = _STEPS * self._ranks
        at = memory.BASE + memory.RELOADS
        done = 0
        for i in range(n):
            end = period * (i + 1) // n
            mem32[at + 4 * i] = end - done - 1
            done = end
        self.period = period
        self._cycle_us = period * FRAMES // (self.clock_hz // 1_000_000)

    def stop(self):
        """Stop sampling."""
        mem32[regs.TIM2_CR1] = 0
        for adc in regs.ADCS:
            self._rest(adc)
        for stream in range(_RELOAD_STREAM + 1):
            dma.stop(stream)

    def retune(self, period):
        """Change the frame period; answers what it became."""
        if self._burst(period) < self._ratio or self._burst(period) > 2 * self._ratio:
            self.start(period)  # another kind of mains: 400 Hz, or no longer
        else:
            self._reload(period)
        return self.period

    def available(self):
        """Whole cycles waiting, as many as fit `buffer`; -1 when samples were lost: then `recover`."""
        now = time.ticks_us()
        elapsed = now - self._looked & _TICKS
        self._looked = now
        cycle = FRAMES * self._ranks
        lost = elapsed > (CYCLES - 2 - self._unread) * self._cycle_us
        least = self._lap
        for n in range(3):
            if mem32[regs.ADCS[n] + regs.ADC_ISR] & _OVERRUN or dma.failed(n):
                lost = True
            ahead = self._lap - dma.left(n) - self._next
            if ahead < 0:
                ahead += self._lap
            if ahead >= self._lap:
                ahead -= self._lap  # seen between the end of a lap and the next
            if ahead < least:
                least = ahead
        if lost:
            self._lost_us = elapsed + self._unread * self._cycle_us
            return -1
        self._unread = least // cycle
        to_end = (self._lap - self._next) // cycle
        return min(self._unread, to_end, _TAKE)

    # the frame of `buffer` at which the cycles that were prepared start
    frame = 0

    def prepare(self, cycles):
        """Bring those cycles from the rings into `buffer`; answers how many are there."""
        adc_native.gather(
            self.buffer,
            self._sources,
            self.inputs,
            cycles * FRAMES,
            2 * self._next,
            2 * self._ranks,
        )
        return cycles

    def drop(self):
        """There are no cycles here that cannot be used."""
        return 0

    def take(self, cycles):
        """Those cycles have been read."""
        self._unread -= cycles
        self._next += cycles * FRAMES * self._ranks
        if self._next >= self._lap:
            self._next = 0

    def recover(self):
        """Start anew after a loss; answers how many milliseconds of samples are missing."""
        self.overruns += 1
        lost = self._lost_us
        self.start(self.period)
        return lost // 1000
