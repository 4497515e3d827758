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
DEFAULTS = ()


def channels_of(currents):
    """Those of a frame of the ring in its order: of each converter so many currents, after the voltages of
    the first, then its CRC, which measures nothing. The phases of the currents come in turn.
    """
    row = [Channel("V", phase, VOLTS_PER_CODE, sinc=3) for phase in (1, 2, 3)]
    n = 0
    for count in currents:
        for _ in range(count):
            row.append(Channel("I", n % 3 + 1, AMPS_PER_CODE, sinc=3))
            n += 1
        row.append(Channel("", 0, 1.0))
    return row[:-1]


def sampler_of(converters, cycles):
    """The front end of so many converters, with a ring of so many cycles."""
    from chip.ads131 import Sampler

    return Sampler(converters=converters, cycles=cycles)


def channels():
    """Three voltages, ten currents."""
    return channels_of((4, 6))


def sampler():
    """Two converters; the ring is as long as that of one."""
    return sampler_of(2, 14)
