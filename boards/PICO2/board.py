"""Raspberry Pi Pico 2 (RP2350): as on the Pico, three inputs are brought out, so one phase and its neutral
current (1LN). Console on USB. Built, never run: no emulator has this chip, and nobody has tried one.

Its converter has not the wide codes of erratum RP2040-E11, so nothing is straightened. The native kernel is
taken as on the RP2040: integers need no FPU.

Scaling for codes of 12 bits over 3.3 V with the inputs biased to half of it:
- voltage: divider of 4 x 249 kOhm over 3.3 kOhm, 999.3 / 3.3 = 302.82 V a volt; 3.3 V / 4096 * 302.82 =
  0.243968 V a code, so up to 353 V;
- current: transformer 2000:1 into a burden of 200 Ohm, 10 A a volt; 3.3 V / 4096 * 10 = 8.05664 mA a code,
  so up to 11.6 A.
"""

from fourquad import points as p
from fourquad.metering.channels import Channel

NAME = "PICO2"
MODEL = "kw320"
VOLTS_PER_CODE = 3.3 / 4096 * 999.3 / 3.3
AMPS_PER_CODE = 3.3 / 4096 * 2000 / 200

# Settings that differ from the model's defaults: one phase, secondary current of 5 A.
DEFAULTS = ((p.WIRING_U, 1), (p.WIRING_I, 1), (p.CT1, 5), (p.CT2, 5))

# Serial ports in the order of the model's: UART, TX, RX, direction of the RS-485 driver.
PORTS = ((1, 4, 5, 2), (0, 0, 1, 3))
KEYS = (6, 7, 8, 9)  # H, P, E, V/A to ground
LCD = (1, 10, 11, 13, 12)  # SPI, clock, data, select, command
POWER_FAIL = 15  # low: the supply is about to fail
INPUTS = (16, 17, 18, 19, 20, 21)  # DI1-DI6 to ground
RELAYS = (14, 22)
# For a model with pulse outputs, from inputs and relays that it does not need: import, export, reactive
# import, reactive export, then the LEDs of active and reactive energy.
PULSES = (18, 19, 20, 21, 25, 22)


def channels():
    """ADC0-ADC2, sampled in turn within a frame."""
    return [
        Channel("V", 1, VOLTS_PER_CODE, 0.0),
        Channel("I", 1, AMPS_PER_CODE, 1 / 3),
        Channel("I", 0, AMPS_PER_CODE, 2 / 3),
    ]


def sampler():
    """The front end: the chip's own converter."""
    from hal.adc import Sampler  # here, because a PC reads this file for its scaling

    return Sampler(3)
