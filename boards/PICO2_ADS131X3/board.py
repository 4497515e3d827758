"""Raspberry Pi Pico 2 (RP2350) with three ADS131M08 on one clock: three voltages and eighteen currents, for a
meter of many circuits. Console on USB. Built, never run: no emulator has this chip, and nobody has tried one.
What reads the converters runs on the emulated RP2040 with two of them (boards/PICO_EMU/board_circuits.py).

The converters are on GP16 (DOUT of all), GP18-GP22 (SCLK, DIN, DRDY of the first, CLKIN, SYNC/RESET of all),
and GP26-GP28 (CS of each): rp2/chip/ads131.py. Channels 0-6 of each are used, in the order of `channels`.
Scaling for the upper 16 bits of their codes, 1.2 V either way at a gain of 1, behind the isolated circuits of
docs/hardware.md (boards/common/circuit.py):
- voltage: 4 x 30.1 kOhm, transformer 2 mA : 2 mA, 2 x 105 Ohm: 573.3 V a volt, 21.0 mV a code, up to 486 V;
- current: transformer 2000:1 into 2 x 75 Ohm, 13.33 A a volt, 0.488 mA a code, up to 11.3 A.
The converter's sinc3 filter passes 0.99970 of the fundamental: (sin x / x)**3 with x = pi / 128.
"""

import circuit

from fourquad.metering.channels import Channel

NAME = "PICO2_ADS131X3"
MODEL = "acurev2020"
ISOLATED = True  # False for a live divider: calibration over USB is then refused
AMPS_A_VOLT, _, _ = circuit.ADS131_CT_5
VOLTS_PER_CODE = 1.2 / 32768 / 0.9996988 * circuit.ADS131_VOLTS_A_VOLT
AMPS_PER_CODE = 1.2 / 32768 / 0.9996988 * AMPS_A_VOLT
CONVERTERS = 3
CURRENTS = (4, 7, 7)  # of each converter, after the voltages of the first

# Settings that differ from the model's defaults.
DEFAULTS = ()

# Serial ports in the order of the model's: UART, TX, RX, direction of the RS-485 driver.
PORTS = ((1, 4, 5, 2), (0, 0, 1, 3))
KEYS = (6, 7, 8, 9)  # to ground
LCD = (1, 10, 11, 13, 12)  # SPI, clock, data, select, command
POWER_FAIL = 15  # low: the supply is about to fail
INPUTS = (17,)  # DI1 to ground
RELAYS = (14,)


def channels():
    """Those of a frame of the ring in its order: seven of a converter, then its CRC, which measures nothing.
    The phases of the currents come in turn: each is the next circuit of its phase.
    """
    row = [Channel("V", phase, VOLTS_PER_CODE, sinc=3) for phase in (1, 2, 3)]
    n = 0
    for count in CURRENTS:
        for _ in range(count):
            row.append(Channel("I", n % 3 + 1, AMPS_PER_CODE, sinc=3))
            n += 1
        row.append(Channel("", 0, 1.0))
    return row[:-1]


def sampler():
    """The front end."""
    from chip.ads131 import Sampler

    return Sampler(converters=CONVERTERS)


def thermometer():
    """That of the chip, whose own converter is free."""
    from chip.die import Die

    return Die()
