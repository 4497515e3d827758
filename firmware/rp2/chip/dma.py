"""DMA channels by their registers: bring to rest, address, control word.

Channels outlive `rp2.DMA.close()` and a soft reset, and would then write into a heap that has other owners:
whoever starts one stops it in a `finally`, and `all_quiet()` comes first at every start.
"""

import gc

import _rp2  # not rp2, whose assembler takes 1.4 KB
import uctypes
from machine import mem32
from micropython import const

from chip.which import regs

BASE = const(0x50000000)
_CREDITS = const(0x800)  # DREQ counter of channel 0; any write clears it

# Registers of one channel, from its base.
READ = const(0x00)
WRITE = const(0x04)
COUNT = const(0x08)
CTRL = const(0x10)  # alias that does not trigger
COUNT_TRIGGER = const(0x1C)
WRITE_TRIGGER = const(0x2C)

SNIFF_SUM = const(0xF << 5 | 1)  # adds up what a channel moves; | channel << 1

_FILLERS = const(100)
_LARGE = const(256)  # bytes; of smaller holes there are many
_TRIES = const(8)

# Transfer requests that both chips have.
TREQ_TIMER = const(0x3B)
TREQ_ALWAYS = const(0x3F)


def aligned(size, boundary, before=0):
    """A bytearray of `size` bytes whose byte number `before` lies at a multiple of `boundary` (a power of 2),
    as rings want it. MemoryError: no such place.
    """
    buffer = bytearray(size)
    start = uctypes.addressof(buffer)
    gap = -(start + before) & boundary - 1
    if not gap:
        return buffer
    # the allocator takes the first place that fits: fill what is before the right one
    kept = []  # type: list
    if gap >= _LARGE:
        del buffer
        gc.collect()
        _fill(kept, start, gap)
        buffer = bytearray(size)
        start = uctypes.addressof(buffer)
    for _ in range(_TRIES):
        if not start + before & boundary - 1:
            return buffer
        # the place was too short, or there are too many for what is before it: the next right one
        kept.append(buffer)
        gap = -(start + size + before) & boundary - 1
        _fill(kept, start + size, gap if gap >= _LARGE or not gap else gap + boundary)
        buffer = bytearray(size)
        start = uctypes.addressof(buffer)
    raise MemoryError("no aligned place for a ring")


def _fill(kept, start, size):
    """Take all places for `size` bytes up to that at `start`."""
    for _ in range(_FILLERS if size else 0):
        kept.append(bytearray(size))
        if uctypes.addressof(kept[-1]) >= start:
            return


def claim(count):
    """`count` channels nobody else uses."""
    return [_rp2.DMA() for _ in range(count)]


def base(channel):
    """Address of a channel's registers."""
    return BASE + 0x40 * channel.channel


def forget_requests(channel):
    """Drop transfer requests that piled up while the channel was not running."""
    mem32[BASE + _CREDITS + 0x40 * channel.channel] = 0


def credits_address(channel):
    """Register that drops them when anything is written to it."""
    return BASE + _CREDITS + 0x40 * channel.channel


def _rest(mask):
    # Disabled first, or an aborted channel could still start the one it chains to.
    for i in range(regs.DMA_CHANNELS):
        if mask >> i & 1:
            address = BASE + 0x40 * i + CTRL
            mem32[address] = mem32[address] & ~1
    mem32[regs.DMA_ABORT] = mask
    while mem32[regs.DMA_ABORT] & mask:
        pass


def stop(channels):
    """Bring channels to rest at once."""
    mask = 0
    for channel in channels:
        mask |= 1 << channel.channel
    _rest(mask)


def all_quiet():
    """Bring every channel to rest, also those of a program that ran before a soft reset."""
    _rest((1 << regs.DMA_CHANNELS) - 1)
