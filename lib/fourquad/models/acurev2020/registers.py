"""AcuRev 2020 register map: that of the series' sister meter with as many inputs, as public integrations use
it, the addresses that the manual prints, and what is ours (docs/acurev2020/decisions.md).

A row of REGIONS: (first address, registers, kind, first point); the kinds: fourquad.protocols.modbus.kinds.
Powers are in kW, kvar and kVA.
"""

from fourquad import points as p
from fourquad.models.acurev2020.alarms import FIRST as FIRST_ALARM
from fourquad.models.acurev2020.alarms import INPUTS as DIGITAL_INPUTS
from fourquad.models.acurev2020.alarms import RELAYS
from fourquad.models.acurev2020.alarms import registers as alarm_registers
from fourquad.models.acurev2020.settings import ALARM_RECORDS
from fourquad.models.rows import order, register
from fourquad.points import alarms as a
from fourquad.points import circuits as c
from fourquad.points import modules as m

_R = p.PRESENTED
_KILO = ("scaled", 0.001, "float")


def _system():
    """2000H: two registers each."""
    rows, at = [], 0x2000
    for first, count, kind in (
        (p.FREQUENCY, 1, "float"),
        (p.V1, 8, "float"),  # phases, their mean, lines, their mean
        (p.I1, 4, "float"),
        (p.P_SUM, 1, _KILO),
        (p.Q_SUM, 1, _KILO),
        (p.S_SUM, 1, _KILO),
        (p.PF_SUM, 1, "float"),
        (p.LOAD_CHARACTER, 1, "float"),
        (p.P1, 3, _KILO),
        (p.Q1, 3, _KILO),
        (p.S1, 3, _KILO),
        (p.PF1, 3, "float"),
    ):
        rows.append((at, 2 * count, kind, _R + first))
        at += 2 * count
    rows += [(at + 2 * k, 2, "float", _group(c.FIRST_PHASE + k, c.NATURE)) for k in range(3)]
    return tuple(rows)


def _group(group, field):
    return c.READINGS + c.FIELDS * group + field


def _readings(at, group, current):
    """I if wanted, P, Q, S, PF, load nature."""
    rows = ((at, 2, "float", _group(group, c.AMPS)),) if current else ()
    at += 2 if current else 0
    return rows + ((at, 6, _KILO, _group(group, c.P)), (at + 6, 4, "float", _group(group, c.PF)))


def _each(make, first, step, groups, *more):
    rows = ()
    for n, group in enumerate(groups):
        rows += make(first + step * n, group, *more)
    return rows


def _energies(at, source):
    """Of the phases and the system, the inputs, the user channels."""
    first = c.ENERGY + c.GROUPS * source
    return (
        (at, 8, "udword", first + c.FIRST_PHASE),
        (at + 8, 36, "udword", first),
        (at + 44, 12, "udword", first + c.FIRST_USER),
    )


def _demand(at, group, quantity):
    """Last, predicted, maximum, and when that was: year - 2000 and month, day and hour, minute and second."""
    place, all_of_them = 4 * group + quantity, 4 * c.GROUPS
    kind = "float" if quantity == c.CURRENT_DEMAND else _KILO
    rows = tuple([(at + 2 * i, 2, kind, c.DEMAND + all_of_them * i + place) for i in range(3)])
    return rows + ((at + 6, 3, "word", c.DEMAND + 3 * all_of_them + 3 * place),)


def _demands():
    rows, at = (), 0x2D00
    blocks = [(c.TOTAL, (0, 1, 2))]
    blocks += [(c.FIRST_PHASE + k, (3, 0, 1, 2)) for k in range(3)]
    blocks += [(n, (3, 0, 1, 2)) for n in _INPUTS]
    blocks += [(n, (0, 1, 2)) for n in _USERS]
    for group, quantities in blocks:
        for quantity in quantities:
            rows += _demand(at, group, quantity)
            at += 9
    return rows


def _quality():
    """Of the voltages: unbalance, THD, orders from the 2nd to the 31st; unbalance of the currents; odd and
    even HD, crest factor and THFF.
    """
    volts = [p.HARMONIC + p.HARMONIC_V1 + p.VOLTAGE_HARMONICS * k for k in range(3)]
    return (
        (
            (0x3200, 1, ("scaled", 1000), p.SECONDARY + p.V_UNBALANCE),
            (0x3201, 4, "word", p.HARMONIC + p.THD_V1),
        )
        + tuple([(0x3205 + 30 * k, 30, "word", volts[k]) for k in range(3)])
        + ((0x325F, 1, ("scaled", 10000), p.SECONDARY + p.I_UNBALANCE),)
        + tuple([(0x3260 + 4 * k, 4, "word", volts[k] + p.ORDERS) for k in range(3)])
    )


_INPUTS = range(c.INPUTS)
_USERS = range(c.FIRST_USER, c.FIRST_PHASE)

REGIONS = _system() + (
    (0x1054, 6, "word", p.STATE + p.YEAR),
    # ours
    (0x08A4, 1, "word", p.MODULE + m.CLEAR_COUNTS),
    (0x08A8, 1, "word", p.STATE + p.SYSTEM_STATUS),
    (0x08A9, 2, "word", p.STATE + p.ALARM_NUMBER),  # and SOE_NUMBER
    (0x08AC, 2, "dword", p.STATE + p.RUN_TIME),
    (0x0A00, a.WORDS * ALARM_RECORDS, "word", c.ALARM_RECORDS),
    (0x0AE0, 8 * m.EVENTS, "word", p.SEQUENCE),  # year ... millisecond, inputs
    (0x0B80, 2 * DIGITAL_INPUTS, "dword", p.MODULE + m.COUNT1),
    (0xD600, 40, "block", p.SCHEDULE),  # time of use
)

_MONTH = 5 * c.GROUPS * len(c.BY_TARIFF)  # consumptions of a month
# What is only read, and asked for when a master wants it; each without gaps.
SHEETS = (
    _each(_readings, 0x2100, 12, _INPUTS, True)
    + _each(_readings, 0x21D8, 10, _USERS, False)
    + ((0x2214, 30, "hole", 0),),  # of three more user channels
    _energies(0x2500, c.P_IMPORT)
    + ((0x2538, 8, "hole", 0),)
    # ours
    + _energies(0x2540, c.P_EXPORT)
    + _energies(0x2578, c.Q_EXPORT),
    _energies(0x2B00, c.Q_IMPORT) + _energies(0x2B38, c.APPARENT) + ((0x2B70, 12, "hole", 0),),
    _demands(),
    _quality(),
    tuple([(0x32A0 + 3 * n, 3, "word", c.SPECTRUM + c.WORDS * n + c.ODD) for n in _INPUTS]),
    tuple([(0x3300 + 31 * n, 31, "word", c.SPECTRUM + c.WORDS * n) for n in _INPUTS])
    + ((0x352E, 6, ("scaled", 10000), c.READINGS + c.UNBALANCE), (0x3534, 3, "hole", 0)),
    (
        (0x3600, 2, ("scaled", 10), p.SECONDARY + p.ANGLE_V2),
        (0x3602, 18, ("scaled", 10), c.READINGS + c.ANGLE),
    ),
    # ours: this month, the last one
    ((0xE000, 2 * _MONTH, "udword", c.MONTH),),
    ((0xE400, 2 * _MONTH, "udword", c.MONTH + _MONTH),),
)

SETTING_REGISTERS = (
    register(0x0880, p.SETTING + p.ADDRESS_1),
    register(0x0881, p.SETTING + p.BAUD_1),
    register(0x0882, p.SETTING + p.PARITY_1),
    register(0x0883, p.SETTING + p.NOMINAL_FREQUENCY),
    register(0x0884, p.SETTING + p.DEMAND_MODE),
    register(0x0885, p.SETTING + p.DEMAND_WINDOW),
    register(0x0886, p.SETTING + p.DEMAND_SUB_INTERVAL),
    register(0x0887, p.SETTING + p.TOU_ON),
    register(0x0888, p.SETTING + c.CIRCUIT_WIRING),
)
SETTING_REGISTERS += tuple([register(0x0889 + n, p.SETTING + c.CT_1 + n) for n in _INPUTS])
SETTING_REGISTERS += (
    register(0x08B0, p.SETTING + m.IO11_DI_TYPE),
    register(0x08B1, p.SETTING + m.IO11_DI_CONSTANT),
    register(0x08B2, p.SETTING + m.IO11_RELAY_WORK),
    register(0x08B3, p.SETTING + m.IO11_RELAY_OUTPUT),
    register(0x08B4, p.SETTING + m.IO11_RELAY_PULSE),
    register(0x08B5, p.SETTING + p.SOE_MODULE),
    register(0x08B6, p.SETTING + p.MODULE_RESET),
)
SETTING_REGISTERS += alarm_registers()

COMMAND_REGISTERS = (
    order(0x08A0, p.COMMAND + p.CLEAR_DEMAND),
    order(0x08A1, p.COMMAND + p.CLEAR_ENERGY),
    order(0x08A2, p.COMMAND + p.CLEAR_RUN_TIME),
    order(0x08A3, p.COMMAND + p.CLEAR_ALARMS),
)

# Bits: (first address, number, first point).
COILS = ((0, RELAYS, p.MODULE + m.RELAY1),)
INPUTS = ((0, DIGITAL_INPUTS, p.MODULE + m.DI1),)

# Regions that can be written; one FC16 stays within one of them.
WRITABLE = (
    (0x0880, 0x089A),
    (0x08A0, 0x08A4),
    (0x08A8, 0x08AA),
    (0x08AC, 0x08AD),
    (0x08B0, 0x08B6),
    (FIRST_ALARM, FIRST_ALARM + 82),
    (0x1054, 0x1059),
    (0xD600, 0xD627),
)
