"""AcuRev 2020 register map: that of the series' sister meter with as many inputs, as public integrations use
it, the addresses that the manual prints, and what is ours (docs/acurev2020/decisions.md).

A row of REGIONS: (first address, registers, kind, first point); the kinds: fourquad.protocols.modbus.kinds.
Powers are in kW, kvar and kVA.
"""

from fourquad import points as p
from fourquad.models.rows import order, register
from fourquad.points import circuits as c

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


_INPUTS = range(c.INPUTS)
_USERS = range(c.FIRST_USER, c.FIRST_PHASE)

REGIONS = (
    _system()
    + _each(_readings, 0x2100, 12, _INPUTS, True)
    + _each(_readings, 0x21D8, 10, _USERS, False)
    # ours: the sister meter has nine user channels
    + ((0x2214, 30, "hole", 0),)
    + ((0x1054, 6, "word", p.STATE + p.YEAR),)
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
) + tuple([register(0x0889 + n, p.SETTING + c.CT_1 + n) for n in _INPUTS])

COMMAND_REGISTERS = (
    order(0x08A0, p.COMMAND + p.CLEAR_DEMAND),
    order(0x08A1, p.COMMAND + p.CLEAR_ENERGY),
    order(0x08A2, p.COMMAND + p.CLEAR_RUN_TIME),
)

# Regions that can be written; one FC16 stays within one of them.
WRITABLE = ((0x0880, 0x089A), (0x08A0, 0x08A2), (0x1054, 0x1059))
