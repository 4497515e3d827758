"""The emulator with two ADS131M08 on one clock, console on UART0: three voltages and ten currents.

A file board.py with `from board_circuits import *` in the file system makes it the board. Pins and scaling
are those of board_ads131.py, but for CS: GP26 and GP27. The converters' last channels are not used, and where
the first one's CRC stands is a channel that measures nothing.
"""

from board_ads131 import (  # noqa: F401
    AMPS_PER_CODE,
    ISOLATED,
    KEYS,
    LCD,
    PORTS,
    POWER_FAIL,
    RELAYS,
    VOLTS_PER_CODE,
    thermometer,
)

from fourquad.metering.channels import Channel

NAME = "PICO_EMU with two ADS131M08"
MODEL = "acurev2020"
INPUTS = (28,)  # DI1 to ground
CURRENTS = 10
DEFAULTS = ()


def channels():
    """Those of a frame of the ring in its order: seven of a converter, then its CRC."""
    volts = [Channel("V", phase, VOLTS_PER_CODE, sinc=3) for phase in (1, 2, 3)]
    amps = [Channel("I", n % 3 + 1, AMPS_PER_CODE, sinc=3) for n in range(CURRENTS)]
    return volts + amps[:4] + [Channel("", 0, 1.0)] + amps[4:]


def sampler():
    """The front end; its ring is half as long as that of one converter."""
    from chip.ads131 import Sampler

    return Sampler(converters=2, cycles=14)
