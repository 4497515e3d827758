"""DMA channels of the RP2040 by their registers: bring to rest, address, control word.

Channels outlive `rp2.DMA.close()` and a soft reset, and would then write into a heap that has other owners:
whoever starts one stops it in a `finally`, and `all_quiet()` comes first at every start.
"""

import _rp2  # not rp2, whose assembler takes 1.4 KB
from machine import mem32
from micropython import const

BASE = const(0x50000000)
TIMER = const(0x420)  # pacing timers 0-3: X << 16 | Y, a transfer every Y / X system clocks
_ABORT = const(0x444)
_CREDITS = const(0x800)  # DREQ counter of channel 0; any write clears it
_CHANNELS = const(12)

# Registers of one channel, from its base.
READ = const(0x00)
WRITE = const(0x04)
COUNT = const(0x08)
CTRL = const(0x10)  # alias that does not trigger
COUNT_TRIGGER = const(0x1C)
WRITE_TRIGGER = const(0x2C)

SNIFF_CONTROL = const(0x50000434)
SNIFF_DATA = const(0x50000438)
SNIFF_SUM = const(0xF << 5 | 1)  # adds up what a channel moves; | channel << 1

# Transfer requests.
TREQ_UART_TX = (20, 22)
TREQ_UART_RX = (21, 23)
TREQ_ADC = const(36)
TREQ_TIMER = const(0x3B)
TREQ_ALWAYS = const(0x3F)


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
    for i in range(_CHANNELS):
        if mask >> i & 1:
            address = BASE + 0x40 * i + CTRL
            mem32[address] = mem32[address] & ~1
    mem32[BASE + _ABORT] = mask
    while mem32[BASE + _ABORT] & mask:
        pass


def stop(channels):
    """Bring channels to rest at once."""
    mask = 0
    for channel in channels:
        mask |= 1 << channel.channel
    _rest(mask)


def all_quiet():
    """Bring every channel to rest, also those of a program that ran before a soft reset."""
    _rest((1 << _CHANNELS) - 1)
