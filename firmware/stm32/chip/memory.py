"""Memory that DMA and processor share: the first 128 KB of the SRAM in domain D2, which the cache leaves
alone.

DMA1 and DMA2 do not reach the DTCM (RM0433 2.1.6), and what they write behind the back of the data cache the
processor would not see: the heap (AXI SRAM) is cached. So a region of the MPU makes SRAM1 non-cacheable, and
everything that DMA reads or writes lies there. MicroPython keeps nothing in it (its Ethernet buffers are in
SRAM3), and uses regions up to 8 (its mpu.h).
"""

import machine
from machine import mem32
from micropython import const

from chip import regs

BASE = const(0x30000000)
SIZE = const(0x20000)
_LINE = const(32)

# Who has what, as offsets.
RINGS = const(0x00000)  # of the converters
RINGS_SIZE = const(0x12000)
RELOADS = const(0x12000)  # of the sampling timer
PORTS = const(0x13000)  # of the serial ports: what is received, and what is sent
PORT_SIZE = const(0x1000)
USED = const(0x15000)

_REGION = const(15)
_VALID = const(1 << 4)  # RBAR: the region number is in its low bits
# RASR: nothing executes there, everyone may access it, TEX 1 C 0 B 0 (normal, not cached), shared, 2**17
# bytes
_ATTRIBUTES = const(1 << 28 | 3 << 24 | 1 << 19 | 1 << 18 | 16 << 1 | 1)
_ENABLE = const(1 << 2 | 1)  # CTRL: on, and elsewhere as without it


def share():
    """Make the memory non-cacheable; what the cache still holds of it is written back and dropped."""
    mem32[regs.RCC_AHB2ENR] = mem32[regs.RCC_AHB2ENR] | 1 << 29
    irqs = machine.disable_irq()
    mem32[regs.MPU_RBAR] = BASE | _VALID | _REGION
    mem32[regs.MPU_RASR] = _ATTRIBUTES
    mem32[regs.MPU_CTRL] = mem32[regs.MPU_CTRL] | _ENABLE
    machine.enable_irq(irqs)
    for offset in range(0, USED, _LINE):
        mem32[regs.SCB_DCCIMVAC] = BASE + offset
