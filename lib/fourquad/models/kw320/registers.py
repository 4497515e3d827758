"""KW320 register map (manual 6.3).

A row of REGIONS: (first address, registers, kind, first point); the kinds: fourquad.protocols.modbus.kinds.
"""

from fourquad import points as p
from fourquad.models.kw320.alarms import registers as alarm_registers
from fourquad.models.rows import order, register
from fourquad.points import billing as b
from fourquad.points import datalogs as g
from fourquad.points import modules as m

_H = p.HARMONIC
_V1 = _H + p.HARMONIC_V1
_V2 = _V1 + p.VOLTAGE_HARMONICS
_V3 = _V2 + p.VOLTAGE_HARMONICS
_I1 = _H + p.HARMONIC_I1
_I2 = _I1 + p.CURRENT_HARMONICS
_I3 = _I2 + p.CURRENT_HARMONICS

# What masters poll comes first: the map is searched in this order.
REGIONS = (
    (0x4000, 66, "float", p.PRESENTED),  # 33 readings in the order of their ids
    (0x4042, 6, "float", p.PRESENTED + p.P_DEMAND),  # and of Q, S
    (0x4048, 18, "dword", p.ENERGY + p.EP_IMP),  # 9 registers of the system
    (0x405A, 8, "word", _H + p.THD_V1),  # THD of V1 V2 V3, average, I1 I2 I3, average
    # 2nd to 31st, then odd HD, even HD, crest factor, THFF of the voltages
    (0x4062, 30, "word", _V1),
    (0x4080, 4, "word", _V1 + p.ORDERS),
    (0x4084, 30, "word", _V2),
    (0x40A2, 4, "word", _V2 + p.ORDERS),
    (0x40A6, 30, "word", _V3),
    (0x40C4, 4, "word", _V3 + p.ORDERS),
    # 2nd to 31st, then odd HD, even HD, K factor of the currents
    (0x40C8, 30, "word", _I1),
    (0x40E6, 3, "word", _I1 + p.ORDERS),
    (0x40E9, 30, "word", _I2),
    (0x4107, 3, "word", _I2 + p.ORDERS),
    (0x410A, 30, "word", _I3),
    (0x4128, 3, "word", _I3 + p.ORDERS),
    (0x412B, 1, "hole", 0),
    (0x3000, 60, "float", p.FAST),
    (0x4620, 30, "dword", p.ENERGY + p.EP1_IMP),  # 15 registers of the phases
    (0x463E, 336, "dword", p.MONTH_ENERGY),  # all of them at the ends of seven months
    (0x4600, 6, "float", p.PRESENTED + p.I1_DEMAND),  # of three currents
    # their maxima in mA on the secondary side, each with year, month, day, hour, minute, second
    (0x4606, 7, "word", p.MAXIMUM + 8 * b.CURRENT_1),
    (0x460D, 7, "word", p.MAXIMUM + 8 * b.CURRENT_2),
    (0x4614, 7, "word", p.MAXIMUM + 8 * b.CURRENT_3),
    (0x461B, 1, "hole", 0),
    (0x4136, 350, "word", p.EXTREME),  # 25 maxima, 25 minima
    (0x4294, 12, "word", _H + p.SEQUENCE_U),  # of the voltages, then of the currents
    (0x42A0, 5, ("scaled", 10), p.SECONDARY + p.ANGLE_V2),
    (0x42A5, 4, "hole", 0),  # reserved, without a property
    (0x42A9, 160, "word", p.ALARM),  # 16 records of alarms
    # 32nd to 63rd
    (0x4500, 32, "word", _V1 + 30),
    (0x4520, 32, "word", _V2 + 30),
    (0x4540, 32, "word", _V3 + 30),
    (0x4560, 32, "word", _I1 + 30),
    (0x4580, 32, "word", _I2 + 30),
    (0x45A0, 32, "word", _I3 + 30),
    (0x45C0, 64, "hole", 0),
    (0x4F02, 19, "hole", 0),  # of a mesh module: 0 is "not connected"
    (0x4349, 56, "dword", p.MODULE + m.COUNT1),
    (0x4381, 4, "hole", 0),
    (0x4385, 4, "word", p.MODULE + m.AI1),
    (0x4389, 8, "float", p.MODULE + m.AO1),
    (0x4391, 8, "hole", 0),
    (0x4399, 160, "word", p.SEQUENCE),  # 20 events: year ... millisecond, inputs
    (0x4439, 1, "word", p.SETTING + p.SOE_MODULE),
    (0x101C, 1, "word", p.MODULE + m.CLEAR_COUNTS),
    (0x101F, 1, "word", p.STATE + p.SEAL_STATE),
    (0x1020, 1, "reserved", 0),
    (0x1022, 12, "reserved", 0),
    (0x102E, 1, "word", p.STATE + p.SYSTEM_STATUS),
    (0x1032, 2, "word", p.STATE + p.ALARM_NUMBER),  # and SOE_NUMBER
    (0x1034, 2, "dword", p.STATE + p.RUN_TIME),
    (0x1036, 1, "word", p.STATE + p.MODULES),
    (0x1037, 1, "reserved", 0),
    (0x103F, 7, "word", p.STATE + p.WEEKDAY),  # weekday, year ... second
    (0x10C6, 10, "reserved", 0),
    (0x1100, g.LOGS * g.WORDS, "block", p.SETTING + p.GROUP_LOGS),  # settings of three data logs
    (0x6000, 127, "block", p.LOG),  # header and window
    (0x6100, 12, "block", p.LOG + p.LOG_STATUS),
    (0x6200, 12, "block", p.LOG + p.LOG_STATUS + p.LOG_STATUS_STEP),
    (0x6300, 12, "block", p.LOG + p.LOG_STATUS + 2 * p.LOG_STATUS_STEP),
    (0xD600, 40, "block", p.SCHEDULE),  # time of use, ours
    # DNP3 over the network (5.1.8.12), ours: mapped where there is a network port only
    (0xD000, 34, "dword", p.DNP3),  # 17 settings
    (0xD100, 1024, "dword", p.DNP3 + 64),  # class, scale, offset, dead band of 128 points
)

# Settings; one that is not here is of the panel only.
SETTING_REGISTERS = (
    register(0x0FFD, p.SETTING + p.NOMINAL_FREQUENCY),
    register(0x0FFE, p.SETTING + p.PROTOCOL_1),
    register(0x0FFF, p.SETTING + p.PARITY_1),
    register(0x1000, p.SETTING + p.PASSWORD),
    register(0x1001, p.SETTING + p.ADDRESS_1),
    register(0x1002, p.SETTING + p.BAUD_1),
    register(0x1003, p.SETTING + p.WIRING_U),
    register(0x1004, p.SETTING + p.WIRING_I),
    register(0x1005, p.SETTING + p.PT1, registers=2),
    register(0x1007, p.SETTING + p.PT2),
    register(0x1008, p.SETTING + p.CT1),
    register(0x1009, p.SETTING + p.CT2),
    register(0x100A, p.SETTING + p.PULSE_P),
    register(0x100B, p.SETTING + p.PULSE_Q),
    register(0x100C, p.SETTING + p.BACKLIGHT),
    register(0x100D, p.SETTING + p.DEMAND_WINDOW),
    register(0x100E, p.SETTING + p.DEMAND_MODE),
    register(0x1012, p.SETTING + p.POLARITY_1),
    register(0x1013, p.SETTING + p.POLARITY_2),
    register(0x1014, p.SETTING + p.POLARITY_3),
    register(0x1015, p.SETTING + p.VAR_PF_CONVENTION),
    register(0x1017, p.SETTING + p.ENERGY_WAVE),
    register(0x1018, p.SETTING + p.REACTIVE_MODE),
    register(0x1019, p.SETTING + p.ENERGY_SIDE),
    register(0x101A, p.SETTING + p.MODULE_RESET),
    register(0x101B, p.SETTING + p.SOE_MODULE),
    register(0x101D, p.SETTING + p.BASIC_MODE),
    register(0x101E, p.SETTING + p.SEAL_OPTIONS),
    register(0x102F, p.SETTING + p.BAUD_2),
    register(0x1030, p.SETTING + p.PARITY_2),
    register(0x1031, p.SETTING + p.ADDRESS_2),
    register(0x1038, p.SETTING + p.SECOND_PROTOCOL),
    register(0x1039, p.SETTING + p.DOWNLOAD_ENABLE),
) + tuple(
    # the settings of IO11, IO21, IO31, IO12, IO22, IO32, then what AO1-AO4 follow; their curves
    [register(0x109E + i, p.SETTING + m.IO11_DI_TYPE + i) for i in range(40)]
    + [register(0x10D0 + i, p.SETTING + m.AO1_GRADIENTS + i) for i in range(36)]
    + alarm_registers()
)

COMMAND_REGISTERS = (
    order(0x100F, p.COMMAND + p.CLEAR_DEMAND),
    order(0x1010, p.COMMAND + p.CLEAR_MAX_MIN, act=0x0A, idle=(0x55, 0)),
    order(0x1011, p.COMMAND + p.CLEAR_RUN_TIME),
    order(0x1016, p.COMMAND + p.CLEAR_ENERGY),
    order(0x1021, p.COMMAND + p.CLEAR_ALARMS, act=0x0A),
    order(0x103A, p.COMMAND + p.CLEAR_SHARP_DEMAND, act=0x0A),
    order(0x103B, p.COMMAND + p.CLEAR_PEAK_DEMAND, act=0x0A),
    order(0x103C, p.COMMAND + p.CLEAR_VALLEY_DEMAND, act=0x0A),
    order(0x103D, p.COMMAND + p.CLEAR_NORMAL_DEMAND, act=0x0A),
    order(0x103E, p.COMMAND + p.CLEAR_TARIFF_DEMAND, act=0x0A),
)

# Regions that can be written; one FC16 stays within one of them (6.3).
WRITABLE = (
    (0x0FFD, 0x101D),
    (0x101E, 0x103E),
    (0x103F, 0x1045),
    (0x1046, 0x104D),  # alarms: for all channels, and of each
    (0x104E, 0x109D),
    (0x109E, 0x10F3),
    (0x1100, 0x11BF),
    (0x11C0, 0x127F),
    (0x1280, 0x133F),
    (0x4048, 0x4059),
    (0x4620, 0x463D),
    (0x463E, 0x478D),
    (0x6000, 0x6003),
    (0xD000, 0xD021),
    (0xD100, 0xD4FF),
    (0xD600, 0xD627),
)

# Ranges that the manual lists as loggable, for the data logs: every register of them is said above, also a
# hole.
LISTED = (
    (0x4000, 0x412B),
    (0x4294, 0x42A8),
    (0x4349, 0x4398),
    (0x4500, 0x461B),
    (0x4620, 0x463D),
)

# Addresses that can be written only while a module is connected: (first, last, bit mask of points.MODULES).
NEEDS_MODULE = (
    (0x109E, 0x10A2, 1),
    (0x10A3, 0x10A9, 4),
    (0x10AA, 0x10AF, 16),
    (0x10B0, 0x10B4, 2),
    (0x10B5, 0x10BB, 8),
    (0x10BC, 0x10C1, 32),
    (0x10C2, 0x10C3, 4),  # AO1, AO2
    (0x10C4, 0x10C5, 8),  # AO3, AO4
    (0x10D0, 0x10E1, 4),
    (0x10E2, 0x10F3, 8),
)

# Bits: (first address, number, first point). Those of modules that are not connected read 0.
COILS = ((0, 8, p.MODULE + m.RELAY1),)
INPUTS = ((0, 28, p.MODULE + m.DI1),)
