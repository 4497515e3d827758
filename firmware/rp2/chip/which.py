"""`regs`: the registers of the chip that this runs on, rp2/chip/rp2040.py or rp2/chip/rp2350.py."""

import sys

regs = __import__(
    "chip.rp2350" if "RP2350" in sys.implementation._machine else "chip.rp2040", None, None, ("regs",)
)
