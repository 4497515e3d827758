"""AcuRev 2020 alarms (manual 10.2.7): what their codes stand for, and the rows of their settings and
registers. The manual prints no codes and no registers: these are ours.
"""

from fourquad import points as p
from fourquad.models.rows import register, setting, watched
from fourquad.points import alarms as a
from fourquad.points import circuits as c
from fourquad.points import modules as m
from fourquad.points import values as v

INPUTS = 8
RELAYS = 8
FIRST = 0x0900  # register of the first setting


def _groups(first, count, field, factor, watch=v.WATCH_VALUE):
    return tuple(
        [watched(c.READINGS + c.FIELDS * (first + i) + field, factor, watch=watch) for i in range(count)]
    )


_SIGNED = v.WATCH_SIGNED
# By the code: 0.01 Hz, 0.1 V, 0.1 A, 0.1 kW (kvar, kVA), 0.001; 0.1 %, THD 0.01 %.
WATCHED = (
    (watched(p.FAST + p.FREQUENCY, 100),)
    # phase voltages and their average, line voltages and theirs
    + tuple([watched(p.FAST + p.V1 + i, 10) for i in range(8)])
    # I, P, Q, S, PF of the phases and of the system
    + _groups(c.FIRST_PHASE, 4, c.AMPS, 10)
    + _groups(c.FIRST_PHASE, 4, c.P, 0.01, _SIGNED)
    + _groups(c.FIRST_PHASE, 4, c.Q, 0.01, _SIGNED)
    + _groups(c.FIRST_PHASE, 4, c.S, 0.01)
    + _groups(c.FIRST_PHASE, 4, c.PF, 1000, _SIGNED)
    + (watched(p.SECONDARY + p.V_UNBALANCE, 1000), watched(p.SECONDARY + p.I_UNBALANCE, 1000))
    + tuple([watched(p.HARMONIC + p.THD_V1 + i) for i in range(4)])
    # I and P of the inputs, P of the user channels
    + _groups(0, c.INPUTS, c.AMPS, 10)
    + _groups(0, c.INPUTS, c.P, 0.01, _SIGNED)
    + _groups(c.FIRST_USER, c.USERS, c.P, 0.01, _SIGNED)
    + tuple([watched(p.MODULE + m.DI1 + i, watch=v.WATCH_INPUT) for i in range(INPUTS)])
)


def settings():
    """Rows of settings: for all channels, then of each."""
    rows = [setting(a.ON), setting(a.CHANNELS, high=0xFFFF), setting(a.PAIRS, high=0xFF)]
    for i in range(a.COUNT):
        at = a.FIRST + a.FIELDS * i
        rows += [
            setting(at + a.CODE, high=len(WATCHED) - 1),
            setting(at + a.COMPARISON, default=v.GREATER, low=v.GREATER, high=v.LESS),
            setting(at + a.SET_POINT, high=0xFFFF),
            setting(at + a.DELAY, high=3000),
            setting(at + a.RELAY, high=RELAYS),
        ]
    return tuple(rows)


def registers():
    """Rows of their registers, in the order of their offsets."""
    offsets = (a.ON, a.CHANNELS, a.PAIRS) + tuple(range(a.FIRST, a.FIRST + a.FIELDS * a.COUNT))
    return tuple([register(FIRST + i, p.SETTING + offset) for i, offset in enumerate(offsets)])
