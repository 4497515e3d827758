"""Streams of DMA2 by their registers (RM0433 15, 17).

All of ours are on DMA2, and the display's and the flash's SPI has MicroPython's own driver, which uses DMA1:
MicroPython stops the clock of a controller when the streams that it knows of have been idle (its dma.c).
"""

from machine import mem32
from micropython import const

from chip import regs

_STREAMS = const(8)

EN = const(1)
TO_PERIPHERAL = const(1 << 6)
CIRCULAR = const(1 << 8)
MEMORY_INCREMENT = const(1 << 10)
HALFWORDS = const(1 << 11 | 1 << 13)  # both sides; 0: bytes
WORDS = const(2 << 11 | 2 << 13)
FIRST = const(3 << 16)  # priority
BUFFERABLE = const(1 << 20)  # TRBUFF: without it a stream of a USART may lock up (errata ES0392)

_ALL_FLAGS = const(0x3D)
_ERRORS = const(0x0C)  # transfer and direct mode errors
# where the flags of a stream begin in LISR (0-3) and HISR (4-7)
_SHIFTS = b"\x00\x06\x10\x16"


def clock():
    """Give DMA2 its clock."""
    mem32[regs.RCC_AHB1ENR] = mem32[regs.RCC_AHB1ENR] | 1 << 1


def base(stream):
    """Address of a stream's registers."""
    return regs.DMA2_STREAM + 0x18 * stream


def start(stream, request, peripheral, memory, count, control):
    """Set a stream going: each `request` of DMAMUX1 moves an item, `count` times or round and round."""
    stop(stream)
    mem32[regs.DMAMUX1_DMA2 + 4 * stream] = request
    again(stream, peripheral, memory, count, control)


def again(stream, peripheral, memory, count, control):
    """Set a stream going that has come to rest, with the request it had."""
    forget(stream)
    at = base(stream)
    mem32[at + regs.DMA_PAR] = peripheral
    mem32[at + regs.DMA_M0AR] = memory
    mem32[at + regs.DMA_NDTR] = count
    mem32[at + regs.DMA_FCR] = 0  # direct mode
    mem32[at + regs.DMA_CR] = control
    mem32[at + regs.DMA_CR] = control | EN


def forget(stream):
    """Clear a stream's flags, without which it does not start."""
    clear = regs.DMA2_LIFCR if stream < 4 else regs.DMA2_HIFCR
    mem32[clear] = _ALL_FLAGS << _SHIFTS[stream & 3]


def failed(stream):
    """Whether a transfer went wrong."""
    flags = regs.DMA2_LISR if stream < 4 else regs.DMA2_HISR
    return bool(mem32[flags] >> _SHIFTS[stream & 3] & _ERRORS)


def left(stream):
    """Items until the end of the lap."""
    return mem32[regs.DMA2_STREAM + regs.DMA_NDTR + 0x18 * stream]


def stop(stream):
    """Bring a stream to rest."""
    at = base(stream)
    mem32[at] = mem32[at] & ~EN
    while mem32[at] & EN:
        pass


def all_quiet():
    """Bring every stream to rest, also those of a program that ran before a soft reset."""
    clock()
    for stream in range(_STREAMS):
        stop(stream)
