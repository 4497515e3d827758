"""AcuRev 1312 settings and commands (manual 5.3, table of settings; seals and permission 4.3.4).

Their registers are in registers.py. Where the manual is silent: docs/acurev1312/decisions.md.
"""

from fourquad import points as p
from fourquad.models.rows import by_offset, command, setting
from fourquad.points import book
from fourquad.points import values as v

# Rules of seal and permission, places in SEALS: a rule with True needs the permission, too.
NORM = 1
CLOCK = 2
PORT = 3
TIMES = 4
PRESET = 5
SEALS = (
    (),
    (p.SEAL_OPTIONS, 0),
    (p.SEAL_OPTIONS, 1),
    (p.SEAL_OPTIONS, 2),
    (p.SEAL_OPTIONS, 4, True),
    (p.SEAL_OPTIONS, 0, True),
)
GUARDS = (
    (p.TARIFF_ENERGY, PRESET),
    (p.CONSUMPTION, PRESET),
    (p.STATE, CLOCK),
    (p.STATE + p.RUN_TIME, TIMES),
    (p.SCHEDULE, CLOCK),
)

BAUDS = (1200, 2400, 4800, 9600, 19200, 38400)

SETTINGS = by_offset(
    setting(p.NOMINAL_FREQUENCY, default=v.HZ_50),
    setting(p.ADDRESS_1, default=1, low=1, high=247, seal=PORT),
    setting(p.BAUD_1, default=19200, choices=BAUDS, seal=PORT),
    setting(p.PARITY_1, default=v.PARITY_NONE_1, high=v.PARITY_NONE_1, seal=PORT),
    setting(p.PASSWORD, high=9999, seal=NORM),
    setting(p.SEAL_OPTIONS, high=7, seal=NORM),
    setting(p.PULSE_SOURCE, default=v.PULSE_ACTIVE, high=v.PULSE_REACTIVE, seal=NORM),
    setting(p.DEMAND_MODE, default=v.DEMAND_SLIDING, high=v.DEMAND_ROLLING, seal=NORM),
    setting(p.DEMAND_WINDOW, default=15, low=1, high=30, seal=NORM),
    setting(p.DEMAND_SUB_INTERVAL, default=1, low=1, high=30, seal=NORM),
    setting(p.REACTIVE_MODE, default=v.TRUE_REACTIVE, high=v.GENERALIZED_REACTIVE, seal=NORM),
    setting(p.VAR_PF_CONVENTION, default=v.IEC, high=v.IEEE, seal=NORM),
    setting(p.ENERGY_WAVE, default=v.FULL_WAVE, choices=(v.FULL_WAVE,)),
    setting(p.BASIC_MODE, default=v.PRESENT_PRIMARY, high=v.PRESENT_PRIMARY, seal=NORM),
    setting(
        p.WIRING_U,
        default=v.WIRING_3LN,
        choices=(v.WIRING_3LN, v.WIRING_1LN, v.WIRING_2LL, v.WIRING_1LL),
        seal=NORM,
    ),
    # what the wiring of the voltages says (2.3)
    setting(p.WIRING_I, default=v.THREE_CT, high=v.TWO_CT),
    setting(p.CT1, default=5, low=1, high=50000, seal=NORM),
    setting(p.CT2, default=5, low=1, high=200, choices=(1, 5), seal=NORM),
    setting(p.PT1, default=4000, low=500, high=9999999, seal=NORM),
    setting(p.PT2, default=4000, low=500, high=4000, seal=NORM),
    setting(p.PULSE_P, default=5000, low=1, high=60000, seal=NORM),
    setting(p.PULSE_WIDTH, default=100, low=20, high=100, seal=NORM),
    setting(p.ENERGY_DECIMALS, default=2, high=3, seal=NORM),
    setting(p.TOU_ON, default=1, seal=CLOCK),
    # the highest power that a pulse constant must keep up with: 240 V and the rated current (manual, 1.3)
    setting(p.NOMINAL_VOLTAGE, default=2400, low=2400, high=2400),
    setting(p.MAXIMUM_CURRENT, default=5000, low=1000, high=5000),
    setting(p.WIRING_CHECK, default=1, seal=NORM),
    # the list of important values, a bit each: consumed active energy
    setting(p.DISPLAY_LIST, default=1, high=0x3FFFF, seal=NORM),
)

# Other ranges while another setting has a value: (setting, other setting, value, low, high).
LIMITS = (
    (p.CT1, p.CT2, 5, 5, 50000),
    (p.WIRING_I, p.WIRING_U, v.WIRING_2LL, v.TWO_CT, v.TWO_CT),
    (p.WIRING_I, p.WIRING_U, v.WIRING_3LN, v.THREE_CT, v.THREE_CT),
    (p.WIRING_I, p.WIRING_U, v.WIRING_1LN, v.THREE_CT, v.THREE_CT),
    (p.WIRING_I, p.WIRING_U, v.WIRING_1LL, v.THREE_CT, v.THREE_CT),
)

COMMANDS = (
    command(p.CLEAR_DEMAND, seal=PRESET),
    command(p.CLEAR_TARIFF_ENERGY, seal=PRESET),
    command(p.CLEAR_RUN_TIME, seal=TIMES),
    command(p.CLEAR_EVENT_LOG + book.ALARMS, seal=PRESET),
    command(p.CLEAR_EVENT_LOG + book.DEMANDS, seal=PRESET),
    command(p.CLEAR_EVENT_LOG + book.PROGRAM, seal=PRESET),
    command(p.CLEAR_EVENT_LOG + book.COVER, seal=PRESET),
)

# The type of current input: defaults, then choices that differ from the rows above.
CT_TYPES = (
    ("a", ()),
    ("ma", ((p.CT2, 100), (p.CT1, 100), (p.MAXIMUM_CURRENT, 1000)), ((p.CT2, (80, 100, 200)),)),
)
CT2_COUNTS = (1, 5)  # every other CT2 counts as 1 in the formulas
VARIANTS = (("acurev1312", (), None),)
