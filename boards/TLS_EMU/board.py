"""The board that the emulator is with TLS, for a test of that alone: boards/W5500_EMU, where one client at a
time has HTTPS. Four inputs, console on UART0 (GP0, GP1).

Scaling of the emulator's plant, which is no circuit to build (docs/hardware.md has those), for codes of 12
bits over 3.3 V with the inputs biased to half of it:
- voltage: divider of 4 x 249 kOhm over 3.3 kOhm, 999.3 / 3.3 = 302.82 V a volt; 3.3 V / 4096 * 302.82 =
  0.243968 V a code, so up to 353 V;
- current: transformer 2000:1 into a burden of 200 Ohm, 10 A a volt; 3.3 V / 4096 * 10 = 8.05664 mA a code,
  so up to 11.6 A.
"""

from fourquad import points as p
from fourquad.metering.channels import Channel

NAME = "TLS_EMU"
ISOLATED = True  # an emulated board touches no mains
VOLTS_PER_CODE = 3.3 / 4096 * 999.3 / 3.3
AMPS_PER_CODE = 3.3 / 4096 * 2000 / 200

# Settings that differ from the model's defaults: one phase in three wires, secondary current of 5 A.
DEFAULTS = ((p.WIRING_U, 4), (p.WIRING_I, 2), (p.CT1, 5), (p.CT2, 5))

# Serial ports in the order of the model's: UART, TX, RX, direction of the RS-485 driver.
PORTS = ((1, 4, 5, 2),)
KEYS = (6, 7, 8, 9)  # H, P, E, V/A to ground
LCD = (1, 10, 11, 13, 12)  # SPI, clock, data, select, command
POWER_FAIL = 15  # low: the supply is about to fail
INPUTS = (22,)  # DI1 to ground
RELAYS = (14, 23)


def channels():
    """ADC0-ADC3, sampled in turn within a frame."""
    return [
        Channel("V", 1, VOLTS_PER_CODE, 0.0),
        Channel("V", 2, VOLTS_PER_CODE, 0.25),
        Channel("I", 1, AMPS_PER_CODE, 0.5),
        Channel("I", 2, AMPS_PER_CODE, 0.75),
    ]


def sampler():
    """The front end; the emulated converter is straight."""
    # imported here, because a PC reads this file for its scaling
    from chip.adc import Sampler

    return Sampler(4)


def network(hostname):
    """What reaches the network; None where there is no W5500."""
    from drivers.wiznet import interface

    return interface(hostname)


def tls(files):
    """What speaks TLS, with the keys of the board's `files`."""
    from drivers.tls import Tls

    return Tls(files)
