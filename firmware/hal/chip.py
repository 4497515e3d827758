"""`regs`: the registers of the chip that this runs on, hal/rp2040.py or hal/rp2350.py."""

import sys

regs = __import__(
    "hal.rp2350" if "RP2350" in sys.implementation._machine else "hal.rp2040", None, None, ("regs",)
)
