"""The emulator with its model of the ADS131M08, console on UART0: boards/PICO_ADS131 with one serial port.

A file board.py with `from board_ads131 import *` in the file system makes it the board. The converter is
on GP16-GP22 (rp2/chip/ads131.py: DOUT, CS, SCLK, DIN, DRDY, CLKIN, SYNC/RESET). Scaling of the
emulator's plant, which is no circuit to build (docs/hardware.md has those), for the upper 16 bits of the
converter's codes, 1.2 V either way at a gain of 1:
- voltage: divider of 3 x 330 kOhm over 1 kOhm, 991 V a volt: 1.2 V / 32768 * 991 = 36.29 mV a code, so up
  to 841 V;
- current: transformer 2000:1 into 2 x 75 Ohm, 13.33 A a volt: 1.2 V / 32768 * 13.33 = 0.488 mA a code, so
  up to 11.3 A.
The converter's sinc3 filter passes 0.99970 of the fundamental: (sin x / x)**3 with x = pi / 128.
"""

from fourquad import points as p
from fourquad.metering.channels import Channel

NAME = "PICO_EMU with ADS131M08"
ISOLATED = True  # an emulated board touches no mains
VOLTS_PER_CODE = 1.2 / 32768 / 0.9996988 * 991
AMPS_PER_CODE = 1.2 / 32768 / 0.9996988 * 2000 / 150

# Settings that differ from the model's defaults: secondary current of 5 A.
DEFAULTS = ((p.CT1, 5), (p.CT2, 5))

# Serial ports in the order of the model's: UART, TX, RX, direction of the RS-485 driver.
PORTS = ((1, 4, 5, 2),)
KEYS = (6, 7, 8, 9)  # H, P, E, V/A to ground
LCD = (1, 10, 11, 13, 12)  # SPI, clock, data, select, command
POWER_FAIL = 15  # low: the supply is about to fail
INPUTS = (26, 27, 28)  # DI1-DI3 to ground
RELAYS = (14,)


def channels():
    """Channels 0-6 of the converter, which samples them at once."""
    volts = [Channel("V", phase, VOLTS_PER_CODE, sinc=3) for phase in (1, 2, 3)]
    return volts + [Channel("I", phase, AMPS_PER_CODE, sinc=3) for phase in (1, 2, 3, 0)]


def sampler():
    """The front end."""
    from chip.ads131 import Sampler

    return Sampler()


def thermometer():
    """That of the chip, whose own converter is free."""
    from chip.die import Die

    return Die()
