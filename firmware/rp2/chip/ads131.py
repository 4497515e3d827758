"""The ADS131M08: a state machine of the PIO reads a frame at each edge of DRDY, DMA puts it into a ring.

    CLKIN  <- GPOUT0 (GP21), the processor's clock through a divider with 8 binary places: the frame period
    DRDY, CS, SCLK, DOUT: the state machine. DIN rests low, which is the command NULL.

Several converters are on the same pins and sample at the same time, because CLKIN and SYNC/RESET are theirs
together; DRDY is that of the first. Each has a CS of its own, and drives DOUT while that is low: they are
read one after the other, and a frame of the ring has theirs in a row (rp2/chip/ads131_several_native.py).

Nothing needs the processor, and the ring is longer than what code stands still for (which.py). A frame whose
CRC is wrong is replaced (metering/frontends/ads131_native.py) and counted; a cycle with many of them is
dropped, and bridged in the energies by the last known power like all samples that are lost. A frame too few
or too many is found by time (rp2/chip/ads131_native.py).

Seen running on the emulator with its model of the converter, not yet on silicon.
"""

import time
from array import array

import machine
import uctypes
from machine import Pin, mem32
from micropython import const

import rp2
from chip import ads131_native as place
from chip import dma
from chip.which import CYCLES, regs
from fourquad.metering.frontends import ads131 as chip
from fourquad.metering.frontends import ads131_native as native
from fourquad.metering.frontends.ads131_thumb import check

_CLOCK_ON = const(1 << 12 | 1 << 11)  # even halves, enabled
_CLOCK_SOURCE = const(5)  # bit where it begins
_PLACES = const(8)  # binary places of a divider here
_FUNCTION_CLOCK = const(8)
_MACHINE = const(7)  # the last one of PIO1: pulse outputs take them from the first
_FIFO = const(0x5030002C)  # its RXF
_FDEBUG = const(0x50300008)
_FULL = const(1 << 3)  # a word found no room
_TREQ = const(15)
_DRAINED = const(8)  # frames that go by at a start: what the converter still holds of the past
_FIRST_MS = const(20)  # within which they have come
_SETTLE = const(200)  # looks
_MOST_BAD = const(8)  # frames of a cycle that are replaced; more, and the cycle is dropped
_SPOILT = const(5)  # cycles in a row, after which the converter is set up anew
_TRIES = const(3)
_ALIGN = const(50)  # cycles after which several converters may be aligned anew
_DOUT, _CS, _SCLK, _DIN, _DRDY, _CLKIN, _RESET = (16, 17, 18, 19, 20, 21, 22)
_SELECTS = (26, 27, 28)  # CS of several converters

FRAMES = 128  # of one mains cycle


class Sampler:
    """Samples the first seven channels of each of 1 to 3 `converters` at once; `gains` as chip.settings has
    them, for all alike. The ring holds `cycles`. OSError: no converter.
    """

    bits = 16

    def __init__(self, gains=(0,) * chip.CHANNELS, converters=1, cycles=CYCLES):
        self._gains = gains
        self._selects = (_CS,) if converters == 1 else _SELECTS[:converters]
        self._cycles = cycles
        self.words = words = chip.WORDS * converters
        self.clock_hz = machine.freq() * 64
        frames = cycles * FRAMES
        self.buffer = bytearray(frames * 2 * words)
        self.overruns = 0
        self.corrupt = 0  # frames with a wrong CRC
        self.period = 0
        self._tables = chip.tables()
        self._found = array("i", [0] * (1 + native.ROOM))
        self._start_address = array("I", [uctypes.addressof(self.buffer)])
        self._program = place.frames
        if converters > 1:
            from chip.ads131_several_native import program

            self._program = program(converters)
        self._channels = dma.claim(2)
        self._machine = self._state_machine()
        self._known = 0  # CRC of the status; 0 until the converter is set up
        self._left = 0  # of a period, below the divider's places
        self._lost_us = 0
        self._spoilt = 0
        self._doubtful = False  # a converter may be a frame behind the others
        self._since = 0  # cycles since they were aligned
        s = array("i", [0] * place.WORDS)
        s[place.COUNT_ADDRESS] = dma.base(self._channels[0]) + dma.COUNT
        s[place.LAP] = frames
        s[place.FRAME_WORDS] = words
        s[place.TIMER_ADDRESS] = regs.TIMERAWL
        s[place.MHZ] = machine.freq() // 1_000_000
        s[place.FULL_ADDRESS] = _FDEBUG
        s[place.FULL_MASK] = _FULL
        self._state = s

    def start(self, period):
        """Begin to sample with a frame every `period` ticks of clock_hz."""
        self._halt()
        self.retune(period)
        mem32[regs.IO_BANK0 + 4 + 8 * _CLKIN] = _FUNCTION_CLOCK
        mem32[regs.CLOCK_GPOUT0] = _CLOCK_ON | regs.GPOUT_SYSTEM << _CLOCK_SOURCE
        for _ in range(_TRIES):
            if not self._known:
                self._set_up()
            if self._begin():
                return
            self._known = 0
        raise OSError("ADS131M08: no frames")

    def _halt(self):
        dma.stop(self._channels)
        self._machine.active(0)

    def stop(self):
        """Stop sampling; the ring is free for the collector afterwards."""
        self._halt()
        mem32[regs.CLOCK_GPOUT0] = 0

    def _set_up(self):
        """Reset the converters, write their registers, and learn their status, which is the same of all."""
        selects = [Pin(pin, Pin.OUT, value=1) for pin in self._selects]
        Pin(_DRDY, Pin.IN, Pin.PULL_UP)
        reset = Pin(_RESET, Pin.OUT, value=0)
        clocks_us = self._state[place.FRAME_CLOCKS] // self._state[place.MHZ]  # of a frame: DIVIDER clocks
        time.sleep_us(2 * chip.RESET_CLOCKS * clocks_us // chip.DIVIDER)
        reset(1)
        time.sleep_ms(5)
        spi = machine.SoftSPI(
            baudrate=2_000_000, polarity=0, phase=1, sck=Pin(_SCLK), mosi=Pin(_DIN), miso=Pin(_DOUT)
        )

        for select in selects:
            self._write_registers(spi, select)
        self._machine = self._state_machine()

    def _write_registers(self, spi, select):
        def exchange(words, bits):
            frame = chip.pack(words, bits)
            select(0)
            spi.write_readinto(frame, frame)
            select(1)
            return frame

        bits = 24
        for register, value in chip.settings(self._gains):
            exchange((chip.write(register), value), bits)
            bits = 16  # the first one is MODE
        for register, value in chip.settings(self._gains):
            exchange((chip.read(register),), bits)
            frame = exchange((), bits)
            if not chip.intact(frame) or chip.unpack(frame, bits)[0] != value:
                raise OSError(f"ADS131M08: register {register} is not {value:#x}")
        exchange((), bits)
        frame = exchange((), bits)
        words = chip.unpack(frame, bits)
        if not (chip.intact(frame) and chip.healthy(words[0]) and words[chip.CHANNELS] == 0):
            raise OSError(f"ADS131M08: status {words[0]:#x}")
        self._known = chip.crc(frame[:2])

    def _state_machine(self):
        first, out = Pin(self._selects[0]), Pin(_DOUT)
        if len(self._selects) == 1:
            return rp2.StateMachine(_MACHINE, self._program, in_base=out, sideset_base=first)
        return rp2.StateMachine(
            _MACHINE, self._program, in_base=out, sideset_base=Pin(_SCLK), out_base=first, set_base=first
        )

    def _begin(self):
        """Let the state machine and DMA run; whether the frames are good."""
        first, second = self._channels
        sm = self._machine
        second.config(
            read=uctypes.addressof(self._start_address),
            write=dma.base(first) + dma.WRITE_TRIGGER,
            count=1,
            ctrl=second.pack_ctrl(size=2, inc_read=False, inc_write=False),
        )
        ctrl = first.pack_ctrl(
            size=1, inc_read=False, inc_write=True, treq_sel=_TREQ, chain_to=second.channel
        )
        while sm.rx_fifo():
            sm.get()
        sm.restart()
        dma.forget_requests(first)
        # the first frames go to the end of the ring, from there on each lap begins at its start
        past, lap = _DRAINED * self.words, self._cycles * FRAMES * self.words
        at = self._start_address[0] + 2 * (lap - past)
        first.config(read=_FIFO, write=at, count=past, ctrl=ctrl, trigger=True)
        mem32[dma.base(first) + dma.COUNT] = lap  # of the next one
        mem32[_FDEBUG] = _FULL
        if len(self._selects) > 1:
            self._align(sm)
        sm.active(1)
        until = time.ticks_add(time.ticks_ms(), _FIRST_MS)
        while first.count <= past:
            if time.ticks_diff(until, time.ticks_ms()) < 0:
                self._halt()
                return False
        s = self._state
        s[place.NEXT] = s[place.SEEN] = 0
        place.waiting(s)  # the clock starts here, whatever it answers
        s[place.AHEAD] = s[place.LEAST] = 0
        s[place.SETTLE] = _SETTLE
        self._spoilt = 0
        # the last two of them may be what the very first is repaired from
        at += 2 * (past - 2 * self.words)
        self._found[0] = self._known
        if check(at, self._tables, 2 * len(self._selects), self._found):
            self._halt()
            return False
        return True

    def _align(self, sm):
        """Let all converters begin at the same time, with nothing of the past, while the state machine waits:
        a pulse of SYNC/RESET that is no reset. Each gives the older of two samples that it holds: who was not
        read once would be late ever after. So none holds one for longer than a frame, and where one is
        missing the status, and with it the CRC, tells.
        """
        reset = Pin(_RESET, Pin.OUT, value=0)
        sm.active(1)
        reset(1)
        self._doubtful = False
        self._since = 0

    def retune(self, period):
        """Change the frame period to the nearest possible; answers what it became. What is left goes to the
        next change, so that the mean is what was asked for.
        """
        period += self._left
        divider = (period + 64) >> 7
        self._left = period - (divider << 7)
        mem32[regs.CLOCK_GPOUT0 + 4] = divider << regs.GPOUT_PLACES - _PLACES
        self.period = divider << 7
        s = self._state
        s[place.FRAME_CLOCKS] = clocks = 2 * divider
        s[place.MOST_US] = clocks * FRAMES * (self._cycles - 2) // s[place.MHZ]
        return self.period

    def available(self):
        """Whole cycles waiting in one piece at `frame`; -1 when samples were lost, or converters are to be
        aligned anew: then `recover`.
        """
        s = self._state
        waiting = place.waiting(s)
        if waiting == 0 and self._doubtful and self._since >= _ALIGN:
            unread = s[place.SEEN] - s[place.NEXT]
            s[place.LOST_US] = unread * s[place.FRAME_CLOCKS] // s[place.MHZ]
            return -1
        return waiting

    @property
    def frame(self):
        """Number of the frame in `buffer` at which the waiting cycles start."""
        return self._state[place.NEXT]

    def prepare(self, cycles):
        """Make the frames of those cycles ready for the meter; answers how many can be used, up to one that
        cannot. With 0 comes `drop`.
        """
        s, found, several = self._state, self._found, len(self._selects)
        frame = s[place.NEXT]
        for done in range(cycles):
            address = self._start_address[0] + 2 * self.words * frame
            n = check(address, self._tables, FRAMES * several, found)
            if n:
                self.corrupt += n
                self._doubtful = several > 1
                if n > _MOST_BAD:
                    return done
                for k in range(n):
                    native.repair(
                        self.buffer, frame * several + found[1 + k], s[place.LAP] * several, several
                    )
            frame += FRAMES
        self._spoilt = 0
        return cycles

    def drop(self):
        """Leave out the next cycle; answers how many milliseconds of samples are missing now."""
        s = self._state
        self._spoilt += 1
        if self._spoilt >= _SPOILT:
            self._known = 0
            return self.recover()
        self.take(1)
        return self._missing(s[place.FRAME_CLOCKS] * FRAMES // s[place.MHZ])

    def take(self, cycles):
        """Those cycles have been read."""
        s = self._state
        frame = s[place.NEXT] + cycles * FRAMES
        s[place.NEXT] = frame - s[place.LAP] if frame >= s[place.LAP] else frame
        self._since += cycles

    def recover(self):
        """Start anew after a loss; answers how many milliseconds of samples are missing."""
        self.overruns += 1
        s = self._state
        lost, looked = s[place.LOST_US], s[place.LOOKED]
        self.start(self.period)
        return self._missing(lost + (s[place.LOOKED] - looked & 0x3FFFFFFF))

    def _missing(self, us):
        us += self._lost_us
        self._lost_us = us % 1000
        return us // 1000
