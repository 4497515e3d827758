"""What differs between the chips: `regs`, the registers of the one that this runs on (rp2/chip/rp2040.py or
rp2/chip/rp2350.py), and `CYCLES`, the mains cycles for which a ring of samples has room.

On an RP2350 code stands still for an erase of the flash, 400 ms at worst. On an RP2040, whose memory is half
as large, erases are done in slices: there samples wait for a settings file at most, between two pieces that
littlefs writes.
"""

import sys

_LARGE = "RP2350" in sys.implementation._machine

regs = __import__("chip.rp2350" if _LARGE else "chip.rp2040", None, None, ("regs",))
CYCLES = 28 if _LARGE else 14
