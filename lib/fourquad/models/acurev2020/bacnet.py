"""AcuRev 2020 objects of BACnet/IP. The manual prints none: readings of the system, then of each of the
eighteen inputs, then of the user channels; inputs and relays. Names have the number of the input (1-18) or of
the user channel.
"""

from fourquad import points as p
from fourquad.models.acurev2020 import settings as s
from fourquad.models.rows import (
    UNIT_A,
    UNIT_HZ,
    UNIT_KVAH,
    UNIT_KVARH,
    UNIT_KWH,
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
from fourquad.points import circuits as c
from fourquad.points import modules as m

_TO_PERCENT = 0.01  # what a ratio is over
_HUNDREDTHS = 100
_KWH = 10  # counts of an energy to a kWh
_P = p.PRESENTED


def _numbered(name, n):
    return name + str(n + 1).encode()


def _readings(first, units, about, *names):
    """Readings in the order of their ids."""
    scale = _TO_PERCENT if units == UNIT_PERCENT else None
    return tuple([analog(name, about, _P + first + i, units, scale) for i, name in enumerate(names)])


def _groups(first, count, name, about, field, units):
    """A reading of each of some groups."""
    return tuple(
        [
            analog(_numbered(name, n), about, c.READINGS + c.FIELDS * (first + n) + field, units)
            for n in range(count)
        ]
    )


def _energies(first, count, name, about, source, units):
    at = c.ENERGY + c.GROUPS * source + first
    return tuple([analog(_numbered(name, n), about, at + n, units, _KWH) for n in range(count)])


def _energy(name, about, source, units):
    """Of the system."""
    return (analog(name, about, c.ENERGY + c.GROUPS * source + c.TOTAL, units, _KWH),)


def _of_inputs():
    amps = _groups(0, c.INPUTS, b"I_", b"Current of an input", c.AMPS, UNIT_A)
    thd = [
        analog(
            _numbered(b"THD_I_", n),
            b"THD of the current of an input",
            c.SPECTRUM + c.WORDS * n + c.THD,
            UNIT_PERCENT,
            _HUNDREDTHS,
        )
        for n in range(c.INPUTS)
    ]
    return amps + _powers(0, c.INPUTS, b"_", b" of an input") + tuple(thd)


def _powers(first, count, name, of):
    return (
        _groups(first, count, b"P" + name, b"Active power" + of, c.P, UNIT_W)
        + _groups(first, count, b"Q" + name, b"Reactive power" + of, c.Q, UNIT_VAR)
        + _groups(first, count, b"S" + name, b"Apparent power" + of, c.S, UNIT_VA)
        + _groups(first, count, b"PF" + name, b"Power factor" + of, c.PF, UNIT_PF)
        + _energies(first, count, b"Ep_Imp" + name, b"Active energy import" + of, c.P_IMPORT, UNIT_KWH)
        + _energies(first, count, b"Ep_Exp" + name, b"Active energy export" + of, c.P_EXPORT, UNIT_KWH)
        + _energies(first, count, b"Eq_Imp" + name, b"Reactive energy import" + of, c.Q_IMPORT, UNIT_KVARH)
        + _energies(first, count, b"Eq_Exp" + name, b"Reactive energy export" + of, c.Q_EXPORT, UNIT_KVARH)
        + _energies(first, count, b"Es" + name, b"Apparent energy" + of, c.APPARENT, UNIT_KVAH)
    )


_SYSTEM = (
    _readings(p.FREQUENCY, UNIT_HZ, b"Frequency", b"Frequency")
    + _readings(p.V1, UNIT_V, b"Phase voltage", b"V1", b"V2", b"V3", b"V_Avg")
    + _readings(p.V12, UNIT_V, b"Line voltage", b"V12", b"V23", b"V31", b"VL_Avg")
    + _readings(p.I1, UNIT_A, b"Current of a phase", b"I_A", b"I_B", b"I_C", b"I_Avg")
    + _readings(p.P1, UNIT_W, b"Active power", b"P_A", b"P_B", b"P_C", b"P")
    + _readings(p.Q1, UNIT_VAR, b"Reactive power", b"Q_A", b"Q_B", b"Q_C", b"Q")
    + _readings(p.S1, UNIT_VA, b"Apparent power", b"S_A", b"S_B", b"S_C", b"S")
    + _readings(p.PF1, UNIT_PF, b"Power factor", b"PF_A", b"PF_B", b"PF_C", b"PF")
    + _readings(p.V_UNBALANCE, UNIT_PERCENT, b"Unbalance", b"V_Unbalance", b"I_Unbalance")
    + _energy(b"Ep_Imp", b"Active energy import", c.P_IMPORT, UNIT_KWH)
    + _energy(b"Ep_Exp", b"Active energy export", c.P_EXPORT, UNIT_KWH)
    + _energy(b"Eq_Imp", b"Reactive energy import", c.Q_IMPORT, UNIT_KVARH)
    + _energy(b"Eq_Exp", b"Reactive energy export", c.Q_EXPORT, UNIT_KVARH)
    + _energy(b"Es", b"Apparent energy", c.APPARENT, UNIT_KVAH)
)


def _terminals(name, about, first, count):
    return tuple([binary(_numbered(name, i), about, p.MODULE + first + i, 0) for i in range(count)])


# Types as BACnet numbers them: analog input, binary input, binary output.
OBJECTS = (
    (0, _SYSTEM + _of_inputs() + _powers(c.FIRST_USER, c.USERS, b"_User", b" of a user channel")),
    (3, _terminals(b"DI", b"Digital input", m.DI1, s.INPUTS)),
    (4, _terminals(b"RO", b"Relay", m.RELAY1, s.RELAYS)),
)

DEVICE = device((b"1.0", b"1.0"))
