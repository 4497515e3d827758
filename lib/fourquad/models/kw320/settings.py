"""KW320 settings and commands (manual 6.3.1, 6.3.2, 6.3.5; seals 4.7).

Their registers are in registers.py. `seal`: the place of a rule in SEALS; 0 is never sealed.
"""

from fourquad import points as p
from fourquad.models.kw320.alarms import settings as alarm_settings
from fourquad.models.rows import by_offset, command, setting
from fourquad.points import modules as m
from fourquad.points import values as v

# Rules of the seal: "seal standard content" (table 4-2) always, the others by the bits of 101EH.
NORM = 1
PORT_1 = 2
PORT_2 = 3
RUN_TIME = 4
PULSES = 5
CLOCK = 6
SEALS = ((), (p.SEAL_OPTIONS, 0)) + tuple([(p.SEAL_OPTIONS, 1 << bit) for bit in range(5)])
GUARDS = (
    (p.SCHEDULE, NORM),
    (p.ENERGY, NORM),
    (p.MONTH_ENERGY, NORM),
    (p.STATE, CLOCK),
    (p.STATE + p.RUN_TIME, RUN_TIME),
    (p.MODULE + m.CLEAR_COUNTS, PULSES),
)


def _inputs(at, count):
    """Settings of a module's inputs."""
    return (
        setting(at, high=(1 << count) - 1, seal=PULSES),
        setting(at + 1, default=1, low=1, high=65535, seal=PULSES),
    )


def _relays(at):
    """Settings of a module's relays."""
    return (
        setting(at, default=v.RELAY_CONTROL),
        setting(at + 1, default=v.RELAY_LATCH),
        setting(at + 2, default=50, low=50, high=3000),
    )


def _outputs(at):
    """Settings of a module's digital outputs."""
    return (
        setting(at, default=v.OUTPUT_PULSES, seal=NORM),
        setting(at + 1, default=20, low=20, high=1000, seal=NORM),
        setting(at + 2, high=v.PULSES_REACTIVE_EXPORT, seal=NORM),
        setting(at + 3, high=v.PULSES_REACTIVE_EXPORT, seal=NORM),
    )


def _analog(at):
    """The setting of a module's analog terminals."""
    return (setting(at, default=v.RANGE_4_20_MA, high=v.RANGE_1_5_V),)


_MODULES = (
    _inputs(m.IO11_DI_TYPE, 6)
    + _relays(m.IO11_RELAY_WORK)
    + _inputs(m.IO21_DI_TYPE, 4)
    + _outputs(m.IO21_DO_WORK)
    + _analog(m.IO21_AO_TYPE)
    + _inputs(m.IO31_DI_TYPE, 4)
    + _relays(m.IO31_RELAY_WORK)
    + _analog(m.IO31_AI_TYPE)
    + _inputs(m.IO12_DI_TYPE, 6)
    + _relays(m.IO12_RELAY_WORK)
    + _inputs(m.IO22_DI_TYPE, 4)
    + _outputs(m.IO22_DO_WORK)
    + _analog(m.IO22_AO_TYPE)
    + _inputs(m.IO32_DI_TYPE, 4)
    + _relays(m.IO32_RELAY_WORK)
    + _analog(m.IO32_AI_TYPE)
)
# What AO1-AO4 follow, and their curves: values of any 16 bits, because they come one by one; of the outputs
# those of 4-20 mA and of 1-5 V begin with 819 (LIMITS).
_CURVES = tuple([setting(m.AO1_PARAMETER + i, high=29) for i in range(4)])
for _first in (m.AO1_GRADIENTS, m.AO2_GRADIENTS, m.AO3_GRADIENTS, m.AO4_GRADIENTS):
    _CURVES += (setting(_first, default=1, low=1, high=3),)
    _CURVES += tuple([setting(_first + i, high=65535) for i in range(1, 5)])
    _CURVES += tuple([setting(_first + i, default=819, high=4915) for i in range(5, 9)])

BAUDS = (1200, 2400, 4800, 9600, 19200, 38400)

SETTINGS = by_offset(
    setting(p.NOMINAL_FREQUENCY, default=v.HZ_50, high=v.HZ_400),
    # 2 (BACnet MS/TP) is refused until it is there
    setting(p.PROTOCOL_1, seal=PORT_1),
    setting(p.PARITY_1, default=v.PARITY_NONE_1, high=v.PARITY_NONE_1, seal=PORT_1),
    setting(p.PASSWORD, high=9999),
    setting(p.ADDRESS_1, default=1, low=1, high=247, seal=PORT_1),
    setting(p.BAUD_1, default=19200, choices=BAUDS, seal=PORT_1),
    setting(p.WIRING_U, default=v.WIRING_3LN, high=v.WIRING_1LL, seal=NORM),
    setting(p.WIRING_I, default=v.THREE_CT, high=v.TWO_CT, seal=NORM),
    setting(p.PT1, default=4000, low=500, high=5000000, seal=NORM),
    setting(p.PT2, default=4000, low=500, high=4000, seal=NORM),
    setting(p.CT1, default=1, low=1, high=50000, seal=NORM),
    setting(p.CT2, default=333, choices=(1, 5, 80, 100, 200, 333), seal=NORM),
    setting(p.PULSE_P, default=1, low=1, high=60000, seal=NORM),
    setting(p.PULSE_Q, default=1, low=1, high=60000, seal=NORM),
    setting(p.BACKLIGHT, default=1, high=120),
    setting(p.DEMAND_WINDOW, default=15, low=1, high=30, seal=NORM),
    setting(p.DEMAND_MODE, default=v.DEMAND_SLIDING, high=v.DEMAND_ROLLING, seal=NORM),
    setting(p.POLARITY_1, seal=NORM),
    setting(p.POLARITY_2, seal=NORM),
    setting(p.POLARITY_3, seal=NORM),
    setting(p.VAR_PF_CONVENTION, default=v.IEC, seal=NORM),
    setting(p.ENERGY_WAVE, default=v.FULL_WAVE, seal=NORM),
    setting(p.REACTIVE_MODE, default=v.TRUE_REACTIVE, seal=NORM),
    setting(p.ENERGY_SIDE, default=v.ENERGY_PRIMARY, seal=NORM),
    # 1 and 2 reset a network module: refused until there is one
    setting(p.MODULE_RESET, high=2, choices=(0,)),
    setting(p.SOE_MODULE, high=6),
    setting(p.BASIC_MODE, default=v.PRESENT_SECONDARY, seal=NORM),
    setting(p.SEAL_OPTIONS, high=31, seal=NORM),
    setting(p.BAUD_2, default=38400, choices=BAUDS[2:], seal=PORT_2),
    setting(p.PARITY_2, default=v.PARITY_NONE_1, high=v.PARITY_NONE_1, seal=PORT_2),
    setting(p.ADDRESS_2, default=1, low=1, high=247, seal=PORT_2),
    setting(p.SECOND_PROTOCOL, high=3),
    setting(p.DOWNLOAD_ENABLE),
    setting(p.DEMAND_SUB_INTERVAL, default=5, low=1, high=30, seal=NORM),
    setting(p.TOU_ON, seal=NORM),
    more=_MODULES + _CURVES + alarm_settings(),
)

# The settings in the one file of the first meters, in its order: never to be changed.
OLD_FILE = (
    p.NOMINAL_FREQUENCY,
    p.PROTOCOL_1,
    p.PARITY_1,
    p.PASSWORD,
    p.ADDRESS_1,
    p.BAUD_1,
    p.WIRING_U,
    p.WIRING_I,
    p.PT1,
    p.PT2,
    p.CT1,
    p.CT2,
    p.PULSE_P,
    p.PULSE_Q,
    p.BACKLIGHT,
    p.DEMAND_WINDOW,
    p.DEMAND_MODE,
    p.POLARITY_1,
    p.POLARITY_2,
    p.POLARITY_3,
    p.VAR_PF_CONVENTION,
    p.ENERGY_WAVE,
    p.REACTIVE_MODE,
    p.ENERGY_SIDE,
    p.MODULE_RESET,
    p.SOE_MODULE,
    p.BASIC_MODE,
    p.SEAL_OPTIONS,
    p.BAUD_2,
    p.PARITY_2,
    p.ADDRESS_2,
    p.SECOND_PROTOCOL,
    p.DOWNLOAD_ENABLE,
    p.DEMAND_SUB_INTERVAL,
    m.IO11_DI_TYPE,
    m.IO11_DI_CONSTANT,
    m.IO11_RELAY_WORK,
    m.IO11_RELAY_OUTPUT,
    m.IO11_RELAY_PULSE,
)

# Other ranges while another setting has a value: (setting, other setting, value, low, high).
LIMITS = (
    (p.ADDRESS_1, p.PROTOCOL_1, 1, 0, 65519),
    # the 400 Hz type only has full-wave energies (note on 1017H)
    (p.ENERGY_WAVE, p.NOMINAL_FREQUENCY, v.HZ_400, v.FULL_WAVE, v.FULL_WAVE),
) + tuple(
    [
        (first + i, kind, live_zero, 819, 4915)
        for first, kind in (
            (m.AO1_GRADIENTS, m.IO21_AO_TYPE),
            (m.AO2_GRADIENTS, m.IO21_AO_TYPE),
            (m.AO3_GRADIENTS, m.IO22_AO_TYPE),
            (m.AO4_GRADIENTS, m.IO22_AO_TYPE),
        )
        for i in range(5, 9)
        for live_zero in (v.RANGE_4_20_MA, v.RANGE_1_5_V)
    ]
)

COMMANDS = (
    command(p.CLEAR_DEMAND, seal=NORM),
    command(p.CLEAR_MAX_MIN),
    command(p.CLEAR_RUN_TIME, seal=RUN_TIME),
    command(p.CLEAR_ENERGY, seal=NORM),
    command(p.CLEAR_ALARMS),
    command(p.CLEAR_SHARP_DEMAND, seal=NORM),
    command(p.CLEAR_PEAK_DEMAND, seal=NORM),
    command(p.CLEAR_VALLEY_DEMAND, seal=NORM),
    command(p.CLEAR_NORMAL_DEMAND, seal=NORM),
    command(p.CLEAR_TARIFF_DEMAND, seal=NORM),
)

# The type of current input: defaults that differ from the rows above. CT2 of 1 and 5 count as themselves.
CT_TYPES = (
    ("sc", ((p.CT1, 1), (p.CT2, 333))),
    ("rct", ((p.CT1, 1000), (p.CT2, 100))),
)
CT2_COUNTS = (1, 5)  # every other CT2 counts as 1 in the formulas

# Versions of the meter: choices that differ from the rows above, and the module of what they add.
# Options that any version can have, and their modules.
OPTIONS = (("network", "network"),)
VARIANTS = (
    ("kw320", (), None),
    ("kw320q", ((p.NOMINAL_FREQUENCY, (v.HZ_50, v.HZ_60)),), "quality"),  # no 400 Hz
)
