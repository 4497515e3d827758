"""AcuRev 1312 register map (manual, chapter 5; what it does not print: docs/acurev1312/decisions.md).

A row of REGIONS: (first address, registers, kind, first point); the kinds: fourquad.protocols.modbus.kinds.
Powers are in kW, kvar and kVA.
"""

from fourquad import points as p
from fourquad.models.rows import order, register
from fourquad.points import access as a
from fourquad.points import billing as b
from fourquad.points import book, wiring

_R = p.PRESENTED
_KILO = ("scaled", 0.001, "float")


def _readings(address, points, kind="float"):
    """A float each, in this order."""
    return tuple([(address + 2 * i, 2, kind, _R + point) for i, point in enumerate(points)])


def _energies(address, quantity):
    """Of the system and of the phases, in 0.01 kWh, kvarh or kVAh."""
    return tuple([(address + 2 * i, 2, "dword", b.tariff_energy(quantity, 0, i)) for i in range(4)])


_QUANTITIES = (b.ACTIVE_NET, b.REACTIVE_NET, b.APPARENT, b.CURRENT_1, b.CURRENT_2, b.CURRENT_3)


def _peaks():
    """Ours: six maxima and six forecasts of demand, then the date and time of each maximum."""
    rows = []
    for at in range(2):
        rows.append((0xD730 + 12 * at, 6, _KILO, p.PEAKS + 6 * at))
        rows.append((0xD736 + 12 * at, 6, "float", p.PEAKS + 6 * at + 3))
    for i, quantity in enumerate(_QUANTITIES):
        rows.append((0xD748 + 6 * i, 6, "word", p.MAXIMUM + 8 * quantity + b.MAXIMUM_YEAR))
    return tuple(rows)


REGIONS = (
    _readings(0x2000, (p.I_SUM, p.I1, p.I2, p.I3))
    + _readings(0x2008, (p.V_AVG, p.V1, p.V2, p.V3))
    + _readings(0x2010, (p.VL_AVG, p.V12, p.V23, p.V31))
    + _readings(0x2018, (p.FREQUENCY,))
    + _readings(0x201A, (p.P_SUM, p.P1, p.P2, p.P3), _KILO)
    + _readings(0x2022, (p.S_SUM, p.S1, p.S2, p.S3), _KILO)
    + _readings(0x202A, (p.Q_SUM, p.Q1, p.Q2, p.Q3), _KILO)
    + _readings(0x2032, (p.PF_SUM, p.PF1, p.PF2, p.PF3))
    + ((0x203A, 20, "hole", 0),)
    + _energies(0x204E, b.ACTIVE_IMPORT)
    + ((0x2056, 8, "hole", 0),)
    + _energies(0x205E, b.APPARENT)
    + _energies(0x2066, b.REACTIVE_Q1)
    + _energies(0x206E, b.REACTIVE_Q2)
    + _energies(0x2076, b.REACTIVE_Q3)
    + _energies(0x207E, b.REACTIVE_Q4)
    + _readings(0x1208, (p.P_DEMAND, p.Q_DEMAND, p.S_DEMAND), _KILO)
    + _peaks()
    + _readings(0x120E, (p.I1_DEMAND, p.I2_DEMAND, p.I3_DEMAND))
    + (
        # consumption of this month and the two before: total, tariffs 1-4
        (0x0900, 10, "dword", p.CONSUMPTION),
        (0x090A, 22, "hole", 0),
        (0x0920, 10, "dword", p.CONSUMPTION + b.CONSUMPTIONS),
        (0x092A, 22, "hole", 0),
        (0x0940, 10, "dword", p.CONSUMPTION + 2 * b.CONSUMPTIONS),
        (0x0100, 1, "word", p.WIRING + wiring.RESULT),
        (0x0101, 1, "word", p.STATE + p.SEAL_STATE),
        (0x020A, 1, "word", p.ACCESS + a.PERMISSION),
        (0x020B, 1, "word", p.ACCESS + a.NEW_PASSWORD),
        (0x020C, 4, "hole", 0),
        (0x0214, 1, "hole", 0),
        (0x0300, 6, "word", p.STATE + p.YEAR),
        (0x0306, 1, "word", p.STATE + p.WEEKDAY),
        (0x0310, 2, "dword", p.STATE + p.RUN_TIME),
        (0x0312, 2, "dword", p.STATE + p.LOAD_TIME),
        (0x1000, 178, "block", p.SUNSPEC),  # as real meters of the series have it
        (0xD600, 40, "block", p.SCHEDULE),  # time of use, ours
        (0xD800, book.REGISTERS, "block", p.EVENT_LOGS),  # ours
        (0xD711, wiring.MOST, "word", p.WIRING + wiring.FINDINGS),  # ours
        # ours: what the manual's utility shows besides (4.3.1)
        (0xD720, 2, "float", _R + p.I_N),
        (0xD722, 2, "float", p.STATE + p.TEMPERATURE),
    )
)

# Demand: 0 sliding, 1 fixed, 2 rolling, 3 thermal. In the order of points/values.py: fixed, sliding, thermal,
# rolling. Wiring: 0 3LN, 1 2LL, 2 1LL, 3 1LN; there: 3LN, 1LN, 2LL, 3LL, 1LL.
_METHODS = ("choice", (1, 0, 3, 2))
_WIRINGS = ("choice", (0, 3, 1, 9, 2))

SETTING_REGISTERS = (
    register(0x0200, p.SETTING + p.ADDRESS_1),
    register(0x0201, p.SETTING + p.BAUD_1),
    register(0x0202, p.SETTING + p.PARITY_1),
    register(0x0203, p.SETTING + p.PULSE_SOURCE),
    register(0x0204, p.SETTING + p.DEMAND_MODE, kind=_METHODS),
    register(0x0205, p.SETTING + p.DEMAND_WINDOW),
    register(0x0206, p.SETTING + p.DEMAND_SUB_INTERVAL),
    register(0x0207, p.SETTING + p.REACTIVE_MODE),
    register(0x0208, p.SETTING + p.VAR_PF_CONVENTION),
    register(0x0209, p.SETTING + p.SEAL_OPTIONS),
    register(0x0210, p.SETTING + p.BASIC_MODE, kind=("choice", (1, 0))),
    register(0x0211, p.SETTING + p.WIRING_U, kind=_WIRINGS),
    register(0x0212, p.SETTING + p.CT2),
    register(0x0213, p.SETTING + p.CT1),
    register(0x0215, p.SETTING + p.PT2),
    register(0x0216, p.SETTING + p.PT1, registers=2),
    register(0x0218, p.SETTING + p.PULSE_P),
    register(0x0219, p.SETTING + p.PULSE_WIDTH),
    register(0x021A, p.SETTING + p.ENERGY_DECIMALS),
    register(0xD710, p.SETTING + p.WIRING_CHECK),  # ours: page S-18 has it
    register(0xD724, p.SETTING + p.DISPLAY_LIST, registers=2),  # ours: S-16 and S-17
)

# Ours: the manual's utility clears, by no register that is printed.
COMMAND_REGISTERS = (
    order(0xD700, p.COMMAND + p.CLEAR_DEMAND),
    order(0xD701, p.COMMAND + p.CLEAR_TARIFF_ENERGY),
    order(0xD702, p.COMMAND + p.CLEAR_RUN_TIME),
    order(0xD703, p.COMMAND + p.CLEAR_EVENT_LOG + book.ALARMS),
    order(0xD704, p.COMMAND + p.CLEAR_EVENT_LOG + book.DEMANDS),
    order(0xD705, p.COMMAND + p.CLEAR_EVENT_LOG + book.PROGRAM),
    order(0xD706, p.COMMAND + p.CLEAR_EVENT_LOG + book.COVER),
)

FUNCTIONS = (3, 6, 16)

# Regions that can be written; one FC16 stays within one of them.
WRITABLE = (
    (0x0200, 0x021A),
    (0x0300, 0x0306),
    (0x0900, 0x0909),
    (0x0920, 0x0929),
    (0x0940, 0x0949),
    (0x204E, 0x2055),
    (0x205E, 0x2085),
    (0xD600, 0xD627),
    (0xD700, 0xD706),
    (0xD710, 0xD710),
    (0xD724, 0xD725),
)
