"""Raspberry Pi Pico 2 (RP2350) with a W5500 module: as on the Pico, three inputs are brought out, so one
phase and its neutral current (1LN). Console on USB. Built, never run: no emulator has this chip, and nobody
has tried one.

The module is wired as on the W5500-EVB-Pico (boards/common/w5500.h): GP16 MISO, GP17 SCSn, GP18 SCLK, GP19
MOSI, GP20 RSTn, GP21 INTn. So there are no digital inputs. Without the module the meter runs as it is.

Its converter has not the wide codes of erratum RP2040-E11, so nothing is straightened. The native kernel is
taken as on the RP2040: integers need no FPU.

Scaling for codes of 12 bits over 3.3 V with the inputs biased to half of it, behind the isolated circuits of
docs/hardware.md (boards/common/circuit.py):
- voltage: 4 x 30.1 kOhm, transformer 2 mA : 2 mA, 402 Ohm: 299.5 V a volt, 0.2413 V a code, up to 349 V;
- current: transformer 2000:1 into 402 parallel to 402 Ohm, 9.95 A a volt, 8.02 mA a code, up to 11.6 A.
For another current transformer take another preset than CT_5, and deploy.
"""

import circuit

from fourquad import points as p
from fourquad.metering.channels import Channel

NAME = "PICO2_W5500"
ISOLATED = True  # False for a live divider: calibration over USB is then refused
AMPS_A_VOLT, CT1, CT2 = circuit.CT_5
VOLTS_PER_CODE = 3.3 / 4096 * circuit.VOLTS_A_VOLT
AMPS_PER_CODE = 3.3 / 4096 * AMPS_A_VOLT

# Settings that differ from the model's defaults: one phase, the transformers of the preset.
DEFAULTS = ((p.WIRING_U, 1), (p.WIRING_I, 1), (p.CT1, CT1), (p.CT2, CT2))

# Serial ports in the order of the model's: UART, TX, RX, direction of the RS-485 driver.
PORTS = ((1, 4, 5, 2), (0, 0, 1, 3))
KEYS = (6, 7, 8, 9)  # H, P, E, V/A to ground
LCD = (1, 10, 11, 13, 12)  # SPI, clock, data, select, command
POWER_FAIL = 15  # low: the supply is about to fail
INPUTS = ()
RELAYS = (14, 22)
# For a model with pulse outputs, from relays that it does not need: import and export of active energy.
PULSES = (14, 22)


def channels():
    """ADC0-ADC2, sampled in turn within a frame."""
    return [
        Channel("V", 1, VOLTS_PER_CODE, 0.0),
        Channel("I", 1, AMPS_PER_CODE, 1 / 3),
        Channel("I", 0, AMPS_PER_CODE, 2 / 3),
    ]


def sampler():
    """The front end: the chip's own converter."""
    from chip.adc import Sampler

    return Sampler(3)


def network(hostname):
    """What reaches the network; None where there is no W5500."""
    from drivers.wiznet import interface

    return interface(hostname)


def tls(files):
    """What speaks TLS, with the keys of the board's `files`."""
    from drivers.tls import Tls

    return Tls(files)
