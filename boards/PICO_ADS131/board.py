"""Raspberry Pi Pico with an ADS131M08: three phases and neutral (3LN, three transformers). Console on USB.

The converter is on GP16-GP22 (rp2/chip/ads131.py: DOUT, CS, SCLK, DIN, DRDY, CLKIN, SYNC/RESET). Scaling for
the upper 16 bits of its codes, 1.2 V either way at a gain of 1, behind the isolated circuits of
docs/hardware.md (boards/common/circuit.py):
- voltage: 4 x 30.1 kOhm, transformer 2 mA : 2 mA, 2 x 105 Ohm: 573.3 V a volt, 21.0 mV a code, up to 486 V;
- current: transformer 2000:1 into 2 x 75 Ohm, 13.33 A a volt, 0.488 mA a code, up to 11.3 A.
The converter's sinc3 filter passes 0.99970 of the fundamental: (sin x / x)**3 with x = pi / 128.
"""

import circuit

from fourquad import points as p
from fourquad.metering.channels import Channel

NAME = "PICO_ADS131"
ISOLATED = True  # False for a live divider: calibration over USB is then refused
AMPS_A_VOLT, CT1, CT2 = circuit.ADS131_CT_5
VOLTS_PER_CODE = 1.2 / 32768 / 0.9996988 * circuit.ADS131_VOLTS_A_VOLT
AMPS_PER_CODE = 1.2 / 32768 / 0.9996988 * AMPS_A_VOLT

# Settings that differ from the model's defaults: the transformers of the preset.
DEFAULTS = ((p.CT1, CT1), (p.CT2, CT2))

# Serial ports in the order of the model's: UART, TX, RX, direction of the RS-485 driver.
PORTS = ((1, 4, 5, 2), (0, 0, 1, 3))
KEYS = (6, 7, 8, 9)  # H, P, E, V/A to ground
LCD = (1, 10, 11, 13, 12)  # SPI, clock, data, select, command
POWER_FAIL = 15  # low: the supply is about to fail
INPUTS = (26, 27, 28)  # DI1-DI3 to ground
RELAYS = (14,)
# For a model with pulse outputs, from inputs and the relay that it does not need: import, export, reactive
# import, reactive export; there are no pins for its LEDs.
PULSES = (26, 27, 28, 14)


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
