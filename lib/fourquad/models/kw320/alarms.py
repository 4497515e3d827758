"""KW320 alarms: what their codes stand for (manual 6.3.4), and the rows of their settings and registers.

Values of set points and records are of the secondary side, in the formats F10-F18 and F25 of 6.2.
"""

from fourquad import points as p
from fourquad.models.rows import AMPS, VOLTS, WATTS, register, setting, watched
from fourquad.points import alarms as a
from fourquad.points import modules as m
from fourquad.points import values as v

# By the code.
WATCHED = (
    (watched(p.FAST + p.FREQUENCY, 100),)
    # phase voltages and their average, line voltages and theirs
    + tuple([watched(p.FAST + p.V1 + i, 10, VOLTS) for i in range(8)])
    # currents, average, neutral
    + tuple([watched(p.FAST + p.I1 + i, 1000, AMPS) for i in range(5)])
    # active and reactive power of the phases and of the system
    + tuple([watched(p.FAST + p.P1 + i, 1, WATTS, v.WATCH_SIGNED) for i in range(8)])
    + tuple([watched(p.FAST + p.S1 + i, 1, WATTS) for i in range(4)])
    + tuple([watched(p.FAST + p.PF1 + i, 1000, watch=v.WATCH_SIGNED) for i in range(4)])
    + (
        watched(p.SECONDARY + p.V_UNBALANCE, 1000),
        watched(p.SECONDARY + p.I_UNBALANCE, 1000),
        watched(p.SECONDARY + p.LOAD_CHARACTER),
    )
    # THD of the voltages, their average, of the currents, their average
    + tuple([watched(p.HARMONIC + p.THD_V1 + i) for i in range(8)])
    + tuple([watched(p.MODULE + m.AI1 + i) for i in range(m.ANALOG)])
    + (
        watched(p.SECONDARY + p.P_DEMAND, 1, WATTS, v.WATCH_SIGNED),
        watched(p.SECONDARY + p.Q_DEMAND, 1, WATTS, v.WATCH_SIGNED),
        watched(p.SECONDARY + p.S_DEMAND, 1, WATTS),
    )
    + tuple([watched(p.SECONDARY + p.I1_DEMAND + i, 1000, AMPS) for i in range(3)])
    + (watched(p.SECONDARY + p.ANGLE_V2, 10, watch=v.WATCH_ORDER),)
    + tuple([watched(p.MODULE + m.DI1 + i, watch=v.WATCH_INPUT) for i in range(m.INPUTS)])
)


def _field(channel, field):
    return a.FIRST + a.FIELDS * channel + field


def settings():
    """Rows of settings: for all channels, then of each."""
    rows = [
        setting(a.ON),
        setting(a.FLASH),
        setting(a.CHANNELS, high=0xFFFF),
        setting(a.PAIRS, high=0xFF),
    ]
    rows += [setting(a.DO1 + i, high=0xFFFF) for i in range(a.OUTPUTS)]
    for i in range(a.COUNT):
        rows += [
            setting(_field(i, a.CODE), high=len(WATCHED) - 1),
            setting(_field(i, a.COMPARISON), default=v.GREATER, low=v.GREATER, high=v.LESS),
            setting(_field(i, a.SET_POINT), high=0xFFFF),
            setting(_field(i, a.DELAY), high=3000),
            setting(_field(i, a.RELAY), high=8),
        ]
    return tuple(rows)


def registers():
    """Rows of their registers, from 1046H on in the order of their offsets."""
    offsets = range(p.GROUP_ALARMS, a.FIRST + a.FIELDS * a.COUNT)
    return [register(0x1046 + offset - p.GROUP_ALARMS, p.SETTING + offset) for offset in offsets]
