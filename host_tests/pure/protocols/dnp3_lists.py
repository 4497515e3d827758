"""A point list with everything that an outstation can have, for tests."""

from fourquad import points as p
from fourquad.points import modules as m

_RELAY = ((1, None, None, 1), (3, None, None, 1), (4, None, None, 0), (0x41, 100, 0, 1))

# address of the master 3; events 20; everything unsolicited at once
OPTIONS = (3, 0, 1, 1, 0, 2, (0, 0, 0), (0, 0, 0), 60, 20, 5000, 10000, 60000, 1, 0, 1, 1)

POINTS = (
    (1, 0, 6, p.MODULE + m.DI1, 1, 0, 1, 2, 1, 0, 0),
    (1, 6, 4, None, 1, 0, 1, 2, 0, 0, 0),
    (10, 0, 2, p.MODULE + m.RELAY1, 1, 0, 2, 0, 0, 0, 0),
    (20, 0, 6, p.MODULE + m.COUNT1, 1, 0, 1, 1, 3, 0, 1),
    (20, 254, 4, p.ENERGY, 1, 0, 5, 5, 0, 0, 0),
    (30, 0, 4, p.PRESENTED, 1, 0, 5, 7, 2, 0.5, 0),
    (30, 4, 2, p.PRESENTED + 4, 100, -10, 2, 2, 0, 0, 0),
    (30, 300, 2, None, 1, 0, 4, 4, 0, 0, 0),
    (40, 0, 1, p.SETTING + p.BACKLIGHT, 1, 0, 2, 0, 0, 0, 0),
    (40, 1, 1, p.SETTING + p.DEMAND_WINDOW, 0.5, 1, 1, 0, 0, 0, 0),
    (100, 0, 3, p.PRESENTED, 1, 0, 1, 0, 0, 0, 0),
)

CONTROLS = (
    (0, p.MODULE + m.RELAY1, _RELAY),
    (1, p.MODULE + m.RELAY1 + 1, _RELAY),
    (2, p.MODULE + m.RELAY1 + 2, _RELAY),  # of no module: forbidden
    (5, p.COMMAND + p.CLEAR_ENERGY, ((3, 0, 1, 1),)),
    (6, p.COMMAND + 63, ((3, 0, 1, 1),)),  # a point that no meter has
)

FULL = (OPTIONS, POINTS, CONTROLS, None)
UNSOLICITED = (OPTIONS[:4] + (1,) + OPTIONS[5:], POINTS, CONTROLS, None)
