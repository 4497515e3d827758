"""Raspberry Pi Pico W: as on the Pico, three inputs are brought out, so one phase and its neutral current
(1LN). Console on USB, the network by its radio. Built, never run: the emulator has no such radio, and nobody
has tried one.

The radio takes GP23-GP25 and GP29 (boards/common/cyw43.h), with them ADC3 and the LED, and two channels of
the DMA, so that there is one serial port. Its firmware takes room in the flash: a kw320 has none.

Scaling for codes of 12 bits over 3.3 V with the inputs biased to half of it, behind the isolated circuits of
docs/hardware.md (boards/common/circuit.py):
- voltage: 4 x 30.1 kOhm, transformer 2 mA : 2 mA, 402 Ohm: 299.5 V a volt, 0.2413 V a code, up to 349 V;
- current: transformer 2000:1 into 402 parallel to 402 Ohm, 9.95 A a volt, 8.02 mA a code, up to 11.6 A.
For another current transformer take another preset than CT_5, and deploy.
"""

import circuit

from fourquad import points as p
from fourquad.metering.channels import Channel

NAME = "PICO_W"
ISOLATED = True  # False for a live divider: calibration over USB is then refused
AMPS_A_VOLT, CT1, CT2 = circuit.CT_5
VOLTS_PER_CODE = 3.3 / 4096 * circuit.VOLTS_A_VOLT
AMPS_PER_CODE = 3.3 / 4096 * AMPS_A_VOLT

# Settings that differ from the model's defaults: one phase, the transformers of the preset.
DEFAULTS = ((p.WIRING_U, 1), (p.WIRING_I, 1), (p.CT1, CT1), (p.CT2, CT2))

# The serial port: UART, TX, RX, direction of the RS-485 driver. A second one would take five channels of the
# DMA, and three of the twelve are free: two are the converter's, two the radio's.
PORTS = ((1, 4, 5, 2),)
KEYS = (6, 7, 8, 9)  # H, P, E, V/A to ground
LCD = (1, 10, 11, 13, 12)  # SPI, clock, data, select, command
POWER_FAIL = 15  # low: the supply is about to fail
INPUTS = (16, 17, 18, 19, 20, 21)  # DI1-DI6 to ground
RELAYS = (14, 22)
# For a model with pulse outputs, from inputs that it does not need: import, export, reactive import, reactive
# export. There is no pin for the LED of active energy, which is GP25 elsewhere.
PULSES = (18, 19, 20, 21)


def channels():
    """ADC0-ADC2, sampled in turn within a frame."""
    return [
        Channel("V", 1, VOLTS_PER_CODE, 0.0),
        Channel("I", 1, AMPS_PER_CODE, 1 / 3),
        Channel("I", 0, AMPS_PER_CODE, 2 / 3),
    ]


def sampler():
    """The front end: the chip's own converter, straightened (erratum RP2040-E11)."""
    from chip.adc import Sampler

    return Sampler(3, straight=True)


def network(hostname):
    """What reaches the network; None where no WiFi is chosen, or there is no radio."""
    from drivers.wifi import interface

    return interface(hostname)
