"""AcuRev 2020 settings and commands (manual 11.1 and chapter 6; what it does not print is ours:
docs/acurev2020/decisions.md).
"""

from fourquad import points as p
from fourquad.models.acurev2020.alarms import INPUTS, RELAYS
from fourquad.models.acurev2020.alarms import settings as alarm_settings
from fourquad.models.rows import by_offset, command, module, setting
from fourquad.points import circuits as c
from fourquad.points import modules as m
from fourquad.points import values as v

BAUDS = (1200, 2400, 4800, 9600, 19200, 38400)

# The phase of each input: columns of three, of the first and of the second nine (10.2.1).
CIRCUITS = (1, 1, 1, 2, 2, 2, 3, 3, 3) * 2

SETTINGS = by_offset(
    setting(p.NOMINAL_FREQUENCY, default=v.HZ_50, high=v.HZ_60),
    setting(p.WIRING_U, default=v.WIRING_3LN, choices=(v.WIRING_3LN,)),
    # every input has a ratio of its own: the system none
    setting(p.CT1, default=5, choices=(5,)),
    setting(p.CT2, default=5, choices=(5,)),
    setting(p.BASIC_MODE, default=v.PRESENT_PRIMARY, choices=(v.PRESENT_PRIMARY,)),
    setting(p.ADDRESS_1, default=1, low=1, high=247),
    setting(p.BAUD_1, default=19200, choices=BAUDS),
    setting(p.PARITY_1, default=v.PARITY_NONE_1, high=v.PARITY_NONE_1),
    setting(
        p.DEMAND_MODE, default=v.DEMAND_SLIDING, choices=(v.DEMAND_FIXED, v.DEMAND_SLIDING, v.DEMAND_ROLLING)
    ),
    setting(p.DEMAND_WINDOW, default=15, low=1, high=30),
    setting(p.DEMAND_SUB_INTERVAL, default=1, low=1, high=30),
    setting(p.TOU_ON, default=1),
    setting(c.CIRCUIT_WIRING, default=c.USERS_3LN, high=c.USERS_3LN),
    setting(p.PASSWORD, high=9999),
    setting(p.MODULE_RESET, high=2, choices=(0,)),
    setting(p.SOE_MODULE, default=1),
    setting(m.IO11_DI_TYPE, high=(1 << INPUTS) - 1),
    setting(m.IO11_DI_CONSTANT, default=1, low=1, high=65535),
    setting(m.IO11_RELAY_WORK, default=v.RELAY_CONTROL),
    setting(m.IO11_RELAY_OUTPUT, default=v.RELAY_LATCH),
    setting(m.IO11_RELAY_PULSE, default=50, low=50, high=3000),
    more=tuple([setting(c.CT_1 + n, default=100, low=1, high=50000) for n in range(c.INPUTS)])
    + alarm_settings(),
)

COMMANDS = (
    command(p.CLEAR_DEMAND),
    command(p.CLEAR_ENERGY),
    command(p.CLEAR_RUN_TIME),
    command(p.CLEAR_ALARMS),
)

# The I/O module: eight inputs, eight relays (manual 9.3, 9.4).
MODULES = (module("io", bit=0, inputs=(1, INPUTS, m.IO11_DI_TYPE), relays=(1, RELAYS, m.IO11_RELAY_WORK)),)
ALARM_RECORDS = 20

SEALS = ((),)  # the meter has no seal
# What a meter can have in addition, with the module of its tables next to this one.
OPTIONS = (("network", "network"),)

CT2_COUNTS = (5,)
