"""KW320 objects of BACnet/IP. The manual prints none: an analog input for each of the readings of 6.3.7, in
the order of their registers, on the side that 101DH (energies: 1019H) says; then the terminals of the I/O
modules.
"""

from fourquad import points as p
from fourquad.models.kw320 import modules
from fourquad.models.rows import (
    UNIT_A,
    UNIT_HZ,
    UNIT_KVAH,
    UNIT_KVARH,
    UNIT_KWH,
    UNIT_NONE,
    UNIT_PERCENT,
    UNIT_PF,
    UNIT_V,
    UNIT_VA,
    UNIT_VAR,
    UNIT_W,
    analog,
    binary,
)
from fourquad.models.services.bacnet import device
from fourquad.points import columns as c
from fourquad.points import modules as m

_TO_PERCENT = 0.01  # what a ratio is over
_HUNDREDTHS = 100
_KWH = (p.SETTING + p.ENERGY_SIDE, (10, 1000))  # counts of an energy to a kWh, by side


def _readings(first, units, *rows):
    """Readings in the order of their ids."""
    scale = _TO_PERCENT if units == UNIT_PERCENT else None
    return tuple(
        [analog(name, about, p.PRESENTED + first + i, units, scale) for i, (name, about) in enumerate(rows)]
    )


def _phases(name, about):
    return tuple([(name + b"_" + phase, about + b", phase " + phase) for phase in (b"A", b"B", b"C")])


def _powers(first, units, name, about):
    """Of the phases and of the system."""
    return _readings(first, units, *_phases(name, about), (name, about + b", system"))


def _energies(first, units, *rows):
    return tuple(
        [analog(name, about, p.ENERGY + first + i, units, _KWH) for i, (name, about) in enumerate(rows)]
    )


def _both_ways(name, about):
    """Of each phase, import and export."""
    ways = ((b"_Imp", b" import"), (b"_Exp", b" export"))
    return tuple(
        [
            (name + way + b"_" + phase, about + word + b", phase " + phase)
            for phase in (b"A", b"B", b"C")
            for way, word in ways
        ]
    )


def _distortions(first, name, about):
    """THD of three phases and their mean."""
    rows = ((b"1", b" 1"), (b"2", b" 2"), (b"3", b" 3"), (b"_Avg", b", average"))
    return tuple(
        [
            analog(b"THD_" + name + end, b"THD of " + about + word, first + i, UNIT_PERCENT, _HUNDREDTHS)
            for i, (end, word) in enumerate(rows)
        ]
    )


_INPUTS = (
    _readings(p.FREQUENCY, UNIT_HZ, (b"Frequency", b"Frequency"))
    + _readings(
        p.V1,
        UNIT_V,
        (b"V1", b"Phase voltage V1"),
        (b"V2", b"Phase voltage V2"),
        (b"V3", b"Phase voltage V3"),
        (b"V_Avg", b"Average phase voltage"),
        (b"V12", b"Line voltage V12"),
        (b"V23", b"Line voltage V23"),
        (b"V31", b"Line voltage V31"),
        (b"VL_Avg", b"Average line voltage"),
    )
    + _readings(
        p.I1,
        UNIT_A,
        (b"I1", b"Current I1"),
        (b"I2", b"Current I2"),
        (b"I3", b"Current I3"),
        (b"I_Avg", b"Average current"),
        (b"I_N", b"Neutral current"),
    )
    + _powers(p.P1, UNIT_W, b"P", b"Active power")
    + _powers(p.Q1, UNIT_VAR, b"Q", b"Reactive power")
    + _powers(p.S1, UNIT_VA, b"S", b"Apparent power")
    + _powers(p.PF1, UNIT_PF, b"PF", b"Power factor")
    + _readings(
        p.V_UNBALANCE,
        UNIT_PERCENT,
        (b"V_Unbalance", b"Voltage unbalance"),
        (b"I_Unbalance", b"Current unbalance"),
    )
    + _readings(p.LOAD_CHARACTER, UNIT_NONE, (b"Load_Character", b"Load characteristic: 76 L, 67 C, 82 R"))
    + _readings(p.P_DEMAND, UNIT_W, (b"P_Demand", b"Demand of active power"))
    + _readings(p.Q_DEMAND, UNIT_VAR, (b"Q_Demand", b"Demand of reactive power"))
    + _readings(p.S_DEMAND, UNIT_VA, (b"S_Demand", b"Demand of apparent power"))
    + _energies(
        p.EP_IMP, UNIT_KWH, (b"Ep_Imp", b"Active energy import"), (b"Ep_Exp", b"Active energy export")
    )
    + _energies(
        p.EQ_IMP, UNIT_KVARH, (b"Eq_Imp", b"Reactive energy import"), (b"Eq_Exp", b"Reactive energy export")
    )
    + _energies(
        p.EP_TOTAL, UNIT_KWH, (b"Ep_Total", b"Active energy total"), (b"Ep_Net", b"Active energy net")
    )
    + _energies(
        p.EQ_TOTAL, UNIT_KVARH, (b"Eq_Total", b"Reactive energy total"), (b"Eq_Net", b"Reactive energy net")
    )
    + _energies(p.ES, UNIT_KVAH, (b"Es", b"Apparent energy"))
    + _distortions(p.HARMONIC + p.THD_V1, b"V", b"voltage")
    + _distortions(p.HARMONIC + p.THD_I1, b"I", b"current")
    + _readings(
        p.I1_DEMAND,
        UNIT_A,
        (b"I1_Demand", b"Demand of current I1"),
        (b"I2_Demand", b"Demand of current I2"),
        (b"I3_Demand", b"Demand of current I3"),
    )
    + _energies(p.EP1_IMP, UNIT_KWH, *_both_ways(b"Ep", b"Active energy"))
    + _energies(p.EQ1_IMP, UNIT_KVARH, *_both_ways(b"Eq", b"Reactive energy"))
    + _energies(p.ES1, UNIT_KVAH, *_phases(b"Es", b"Apparent energy"))
)


def _terminals(name, about, first, count):
    return tuple(
        [
            binary(name + str(i + 1).encode(), about + str(i + 1).encode(), p.MODULE + first + i, 0)
            for i in range(count)
        ]
    )


_CLOSED = _terminals(b"DI", b"Digital input ", m.DI1, m.INPUTS)
_RELAYS = _terminals(b"RO", b"Relay ", m.RELAY1, m.RELAYS)

# Types as BACnet numbers them: analog input, binary input, binary output.
OBJECTS = ((0, _INPUTS), (3, _CLOSED), (4, _RELAYS))


def _present(kind):
    """Instances of the terminals of each module, and its bit."""
    return tuple(
        [
            (row[kind][c.FIRST] + 1, row[kind][c.FIRST] + row[kind][c.NUMBER], row[c.BIT])
            for row in modules.MODULES
            if row[kind][c.NUMBER]
        ]
    )


PRESENT = (p.STATE + p.MODULES, ((3, _present(c.INPUTS)), (4, _present(c.RELAYS))))

DEVICE = device((b"1.0", b"1.0"))
