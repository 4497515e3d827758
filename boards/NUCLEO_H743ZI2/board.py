"""ST NUCLEO-H743ZI2: three phases and neutral on the STM32H743's three converters of 16 bits. Console on the
ST-Link's serial port (USART3) or on USB. Written to the reference manual, never run on a board.

Scaling for codes of 16 bits over 3.3 V with the inputs biased to half of it, behind the isolated circuits of
docs/hardware.md (boards/common/circuit.py), as on the RP2040 boards:
- voltage: 299.5 V a volt, 15.08 mV a code, up to 349 V;
- current: 9.95 A a volt, 0.501 mA a code, up to 11.6 A.

Pins by their names on the board, the processor's after them. What Ethernet, USB and the ST-Link have is left
to them.
"""

import circuit

from fourquad import points as p
from fourquad.metering.channels import Channel

NAME = "NUCLEO_H743ZI2"
ISOLATED = True  # False for a live divider: calibration over USB is then refused
AMPS_A_VOLT, CT1, CT2 = circuit.CT_5
VOLTS_PER_CODE = 3.3 / 65536 * circuit.VOLTS_A_VOLT
AMPS_PER_CODE = 3.3 / 65536 * AMPS_A_VOLT

# Settings that differ from the model's defaults: the transformers of the preset; its three phases are kept.
DEFAULTS = ((p.CT1, CT1), (p.CT2, CT2))

# Inputs in the order of a frame: converter, rank, number of the input, pin. V and I of a phase have a
# converter.
INPUTS_ANALOG = (
    (0, 0, 15, "A0"),  # V1, PA3
    (1, 0, 3, "D12"),  # V2, PA6
    (2, 0, 6, "A5"),  # V3, PF10
    (0, 1, 10, "A1"),  # I1, PC0
    (1, 1, 5, "A3"),  # I2, PB1
    (2, 1, 9, "A6"),  # I3, PF4
    (0, 2, 16, "D32"),  # I neutral, PA0
)

# Serial ports in the order of the model's: USART, place, DE of the RS-485 driver. TX and RX are
# MicroPython's: D53, D52 (PD5, PD6) with DE PD4, and D16, D21 (PC6, PC7) with DE PG12.
PORTS = ((2, 0, "D54"), (6, 1, "D7"))
KEYS = ("D10", "D9", "D8", "D6")  # H, P, E, V/A to ground; PD14, PD15, PF3, PE9
LCD = (3, None, None, "D24", "D15")  # SPI3: clock D23 (PB3), data D22 (PB5); select PA4, command PB8
FLASH = (3, "D14")  # serial flash on SPI3, its data comes in at D25 (PB4); select PB9
TEMPERATURE = (2,)  # LM75 on I2C2: data D68 (PF0), clock D69 (PF1); without one nothing is missed
POWER_FAIL = "D5"  # low: the supply is about to fail; PE11
INPUTS = ("D34", "D31", "D60", "D57", "D58", "D59")  # DI1-DI6 to ground; PE0, PE2-PE6
RELAYS = ("D39", "D4")  # PE12, PE14


def channels():
    """Three ranks a frame: voltages at its start, currents a third later, the neutral two thirds."""
    return [
        Channel("V", 1, VOLTS_PER_CODE, 0.0),
        Channel("V", 2, VOLTS_PER_CODE, 0.0),
        Channel("V", 3, VOLTS_PER_CODE, 0.0),
        Channel("I", 1, AMPS_PER_CODE, 1 / 3),
        Channel("I", 2, AMPS_PER_CODE, 1 / 3),
        Channel("I", 3, AMPS_PER_CODE, 1 / 3),
        Channel("I", 0, AMPS_PER_CODE, 2 / 3),
    ]


def sampler():
    """The front end: the chip's three converters."""
    from chip.adc import Sampler

    return Sampler(INPUTS_ANALOG)


def files():
    """Where settings are kept: a file system on the serial flash, whose other sectors are the journal's."""
    from chip.flash import mount

    return mount(*FLASH)


try:
    import network as _here  # type: ignore[import-not-found,unused-ignore]  # MicroPython's own image has it, one of ours has not

    def network(hostname):
        """What reaches the network: the chip's own Ethernet."""
        from drivers.lan import interface

        return interface(hostname)

    def tls(files):
        """What speaks TLS, with the keys of the board's `files`."""
        from drivers.tls import Tls

        return Tls(files)

    del _here
except ImportError:
    pass
