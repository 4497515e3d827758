"""KW320 settings and commands (manual 6.3.1, 6.3.2, 6.3.5; seals 4.7).

A row of SETTINGS: (offset into points.SETTING, Modbus address, registers, default, low, high, choices, seal).
`choices` is a tuple of the only values allowed, or None where all from `low` to `high` are. Address 0 is a
setting of the panel that has no register. `seal`: 0 never sealed, NORM sealed whenever the seal is closed,
otherwise sealed by the bits of SEAL_OPTIONS that `seal >> 1` names.

A row of COMMANDS: (offset into points.COMMAND, address, value that acts, idle values, seal, values that would
act on a module that is not there). The first idle value is what the register reads.
"""

from fourquad import points as p

NORM = 1  # "seal standard content", table 4-2
PORT_1 = 2 << 0  # bit 0 of SEAL_OPTIONS, and so on
PORT_2 = 2 << 1
RUN_TIME = 2 << 2
PULSES = 2 << 3
CLOCK = 2 << 4

BAUDS = (1200, 2400, 4800, 9600, 19200, 38400)

SETTINGS = (
    (p.NOMINAL_FREQUENCY, 0x0FFD, 1, 0, 0, 2, None, 0),
    # 2 (BACnet MS/TP) is refused until it is there
    (p.PROTOCOL_1, 0x0FFE, 1, 0, 0, 1, None, PORT_1),
    (p.PARITY_1, 0x0FFF, 1, 3, 0, 3, None, PORT_1),
    (p.PASSWORD, 0x1000, 1, 0, 0, 9999, None, 0),
    (p.ADDRESS_1, 0x1001, 1, 1, 1, 247, None, PORT_1),
    (p.BAUD_1, 0x1002, 1, 19200, 1200, 38400, BAUDS, PORT_1),
    (p.WIRING_U, 0x1003, 1, 0, 0, 4, None, NORM),
    (p.WIRING_I, 0x1004, 1, 0, 0, 2, None, NORM),
    (p.PT1, 0x1005, 2, 4000, 500, 5000000, None, NORM),
    (p.PT2, 0x1007, 1, 4000, 500, 4000, None, NORM),
    (p.CT1, 0x1008, 1, 1, 1, 50000, None, NORM),
    (p.CT2, 0x1009, 1, 333, 1, 333, (1, 5, 80, 100, 200, 333), NORM),
    (p.PULSE_P, 0x100A, 1, 1, 1, 60000, None, NORM),
    (p.PULSE_Q, 0x100B, 1, 1, 1, 60000, None, NORM),
    (p.BACKLIGHT, 0x100C, 1, 1, 0, 120, None, 0),
    (p.DEMAND_WINDOW, 0x100D, 1, 15, 1, 30, None, NORM),
    (p.DEMAND_MODE, 0x100E, 1, 1, 0, 3, None, NORM),
    (p.POLARITY_1, 0x1012, 1, 0, 0, 1, None, NORM),
    (p.POLARITY_2, 0x1013, 1, 0, 0, 1, None, NORM),
    (p.POLARITY_3, 0x1014, 1, 0, 0, 1, None, NORM),
    (p.VAR_PF_CONVENTION, 0x1015, 1, 0, 0, 1, None, NORM),
    (p.ENERGY_WAVE, 0x1017, 1, 1, 0, 1, None, NORM),
    (p.REACTIVE_MODE, 0x1018, 1, 0, 0, 1, None, NORM),
    (p.ENERGY_SIDE, 0x1019, 1, 0, 0, 1, None, NORM),
    # 1 and 2 reset a network module: refused until there is one
    (p.MODULE_RESET, 0x101A, 1, 0, 0, 2, (0,), 0),
    (p.SOE_MODULE, 0x101B, 1, 0, 0, 6, None, 0),
    (p.BASIC_MODE, 0x101D, 1, 0, 0, 1, None, NORM),
    (p.SEAL_OPTIONS, 0x101E, 1, 0, 0, 31, None, NORM),
    (p.BAUD_2, 0x102F, 1, 38400, 4800, 38400, BAUDS[2:], PORT_2),
    (p.PARITY_2, 0x1030, 1, 3, 0, 3, None, PORT_2),
    (p.ADDRESS_2, 0x1031, 1, 1, 1, 247, None, PORT_2),
    (p.SECOND_PROTOCOL, 0x1038, 1, 0, 0, 3, None, 0),
    (p.DOWNLOAD_ENABLE, 0x1039, 1, 0, 0, 1, None, 0),
    (p.DEMAND_SUB_INTERVAL, 0, 0, 5, 1, 30, None, NORM),
    (p.IO11_DI_TYPE, 0x109E, 1, 0, 0, 63, None, PULSES),
    (p.IO11_DI_CONSTANT, 0x109F, 1, 1, 1, 65535, None, PULSES),
    (p.IO11_RELAY_WORK, 0x10A0, 1, 0, 0, 1, None, 0),
    (p.IO11_RELAY_OUTPUT, 0x10A1, 1, 0, 0, 1, None, 0),
    (p.IO11_RELAY_PULSE, 0x10A2, 1, 50, 50, 3000, None, 0),
)

# Other ranges while another setting has a value: (setting, other setting, value, low, high).
LIMITS = (
    (p.ADDRESS_1, p.PROTOCOL_1, 1, 0, 65519),
    # the 400 Hz type only has full-wave energies (note on 1017H)
    (p.ENERGY_WAVE, p.NOMINAL_FREQUENCY, 2, 1, 1),
)

COMMANDS = (
    (p.CLEAR_DEMAND, 0x100F, 1, (0,), NORM, ()),
    (p.CLEAR_MAX_MIN, 0x1010, 0x0A, (0x55, 0), 0, ()),
    (p.CLEAR_RUN_TIME, 0x1011, 1, (0,), RUN_TIME, ()),
    (p.CLEAR_ENERGY, 0x1016, 1, (0,), NORM, ()),
    (p.CLEAR_PULSES, 0x101C, 1, (0,), PULSES, (2, 3, 4, 5, 6)),
    (p.CLEAR_ALARMS, 0x1021, 0x0A, (0,), 0, ()),
    (p.CLEAR_SHARP_DEMAND, 0x103A, 0x0A, (0,), NORM, ()),
    (p.CLEAR_PEAK_DEMAND, 0x103B, 0x0A, (0,), NORM, ()),
    (p.CLEAR_VALLEY_DEMAND, 0x103C, 0x0A, (0,), NORM, ()),
    (p.CLEAR_NORMAL_DEMAND, 0x103D, 0x0A, (0,), NORM, ()),
    (p.CLEAR_TARIFF_DEMAND, 0x103E, 0x0A, (0,), NORM, ()),
)

# The type of current input: defaults that differ from the rows above. CT2 of 1 and 5 count as themselves.
CT_TYPES = (
    ("sc", ((p.CT1, 1), (p.CT2, 333))),
    ("rct", ((p.CT1, 1000), (p.CT2, 100))),
)
CT2_COUNTS = (1, 5)  # every other CT2 counts as 1 in the formulas

# Versions of the meter: choices that differ from the rows above.
VARIANTS = (
    ("kw320", ()),
    ("kw320q", ((p.NOMINAL_FREQUENCY, (0, 1)),)),  # no 400 Hz
)
