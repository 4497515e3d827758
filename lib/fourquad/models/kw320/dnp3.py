"""KW320 over DNP3 (manual 6.4.8 for the serial port, 5.1.8.12 for the network): see
protocols/dnp3/profile.py.

What has no point id is not measured yet: it is reported with the flag "online" off.
"""

from fourquad import points as p
from fourquad.models.kw320.modules import MODULES
from fourquad.models.kw320.settings import PORT_2
from fourquad.points import columns as c
from fourquad.points import modules as m

# Only what these columns say differs between points: (first index, points, first point id).
_READINGS = (0, 33, p.PRESENTED)  # frequency ... load character, of the side that BASIC_MODE says
_DEMANDS = (33, 6, p.PRESENTED + p.P_DEMAND)  # P, Q, S, I1, I2, I3
_ENERGIES = (0, 9, p.ENERGY + p.EP_IMP)


def _each(kind, row):
    """`row(first, count)` for the terminals of each module: they come and go together. `first` from 0 on."""
    return tuple([row(*at[:2]) for at in sorted([module[kind] for module in MODULES]) if at[c.NUMBER]])


# Control codes.
_PULSE_ON = 1
_LATCH_ON = 3
_LATCH_OFF = 4
_CLOSE = 0x41
_TRIP = 0x81

_ONCE = ((_LATCH_ON, 0, 1, 1),)  # code 3, 0 ms on, 1 ms off
_BACK = ((_LATCH_ON, 0, 1, 0),)
_RELAY = (
    (_PULSE_ON, None, None, 1),
    (_LATCH_ON, None, None, 1),
    (_LATCH_OFF, None, None, 0),
    (_CLOSE, None, None, 1),
    (_TRIP, None, None, 0),
)

# Serial port: as chapter 6.4 has it. Events only of points that a master gives a class; nothing unsolicited.
SERIAL = (
    (0, 0, 0, 1, 0, 0, (0, 0, 0), (0, 0, 0), 0, 100, 5000, 10000, 60000, 1, 0, 1, 1),
    (
        (100,) + _READINGS + (1, 0, 1, 0, 0, 0, 0),
        (100,) + _DEMANDS + (1, 0, 1, 0, 0, 0, 0),
        (20,) + _ENERGIES + (1, 0, 5, 1, 0, 0, 0),
    )
    + _each(c.INPUTS, lambda i, n: (20, 9 + i, n, p.MODULE + m.COUNT1 + i, 1, 0, 5, 1, 0, 0, 0))
    + (
        # THD of V1, V2, V3, V, I1, I2, I3, I in 0.01 %
        (30, 0, 8, p.HARMONIC + p.THD_V1, 1, 0, 4, 2, 0, 0, 0),
    ),
    (
        (0, p.SETTING + p.PROTOCOL_1, _BACK),
        (1, p.COMMAND + p.CLEAR_ENERGY, _ONCE),
        (2, p.COMMAND + p.CLEAR_DEMAND, _ONCE),
    ),
    None,
)

# Settings of the network's outstation (5.1.8.12): what a user may change of the options, in the order of the
# registers from D000H on. The manual has three numbers of retries: 0, 10 and (here -1) without end.
_SETTINGS = (
    (15, None, 0, 1, None),  # DNP enable
    (16, None, 1, 65519, None),  # link address
    (1, None, 0, 1, None),  # source address validation
    (0, None, 0, 65519, None),  # master link address
    (2, None, 0, 1, None),  # self-address support
    (14, None, 0, 2, None),  # sends confirmed user data frames
    (13, None, 0, 1, None),  # time sync enable
    (8, None, 1, 86400, None),  # time sync period, s
    (4, None, 0, 1, None),  # supports unsolicited reporting
    (5, None, -1, 10, (-1, 0, 10)),  # number of unsolicited retries
    (6, 0, 0, 255, None),  # number of events of class 1, 2, 3
    (6, 1, 0, 255, None),
    (6, 2, 0, 255, None),
    (7, 0, 0, 86400000, None),  # hold time of class 1, 2, 3, ms
    (7, 1, 0, 86400000, None),
    (7, 2, 0, 86400000, None),
    (3, None, 0, 1, None),  # support for broadcast functionality
)

# Network: the readings are analog inputs, so that every master knows them (ours: all indexes but those of the
# readings, and the classes that 5.1.8.12 leaves to the user: inputs 1, readings and energies 2, counters 3).
NETWORK = (
    (0, 0, 0, 1, 0, 10, (0, 0, 0), (0, 0, 0), 86400, 200, 5000, 10000, 60000, 1, 0, 1, 1),
    # inputs and counters of IO11 have a class at first, those of other modules have none
    _each(c.INPUTS, lambda i, n: (1, i, n, p.MODULE + m.DI1 + i, 1, 0, 2, 2, 0 if i else 1, 0, 0))
    + ((10, 0, 2, p.MODULE + m.RELAY1, 1, 0, 2, 0, 0, 0, 0),)
    + _each(c.INPUTS, lambda i, n: (20, i, n, p.MODULE + m.COUNT1 + i, 1, 0, 1, 5, 0 if i else 3, 0, 1))
    + (
        # the dead bands of frequency, voltages, currents, powers, power factors and the rest
        (30, 0, 1, p.PRESENTED + p.FREQUENCY, 1, 0, 5, 7, 2, 0.05, 0),
        (30, 1, 8, p.PRESENTED + p.V1, 1, 0, 5, 7, 2, 2.0, 0),
        (30, 9, 5, p.PRESENTED + p.I1, 1, 0, 5, 7, 2, 0.1, 0),
        (30, 14, 12, p.PRESENTED + p.P1, 1, 0, 5, 7, 2, 50.0, 0),
        (30, 26, 4, p.PRESENTED + p.PF1, 1, 0, 5, 7, 2, 0.05, 0),
        (30, 30, 3, p.PRESENTED + p.V_UNBALANCE, 1, 0, 5, 7, 2, 0.02, 0),
        (30,) + _DEMANDS + (1, 0, 5, 7, 0, 0, 0),
        (30, 100, 9, p.ENERGY + p.EP_IMP, 1, 0, 1, 3, 2, 10, 0),
        (30, 200, 8, p.HARMONIC + p.THD_V1, 1, 0, 2, 4, 0, 0, 0),
    )
    # what has come later has its settings after those of the others: relays 3-8, AI, AO
    + _each(c.RELAYS, lambda i, n: (10, i, n, p.MODULE + m.RELAY1 + i, 1, 0, 2, 0, 0, 0, 0))[1:]
    + _each(c.ANALOG_INPUTS, lambda i, n: (30, 300 + i, n, p.MODULE + m.AI1 + i, 1, 0, 2, 4, 0, 10, 0))
    + _each(c.ANALOG_OUTPUTS, lambda i, n: (30, 310 + i, n, p.MODULE + m.AO1 + i, 1, 0, 5, 7, 0, 0.1, 0)),
    tuple([(i, p.MODULE + m.RELAY1 + i, _RELAY) for i in range(m.RELAYS)])
    + (
        (100, p.COMMAND + p.CLEAR_ENERGY, _ONCE),
        (101, p.COMMAND + p.CLEAR_DEMAND, _ONCE),
    ),
    (PORT_2, _SETTINGS),  # sealed as the network settings
)
