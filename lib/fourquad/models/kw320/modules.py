"""KW320 I/O modules AXM-IO1, IO2, IO3 with logic addresses 1 and 2 (manual 5.1-5.3, 6.3.5, 6.3.7).

The rows are in the order of the numbers that 101BH and 101CH have for the modules, which is that of their
inputs; the bits of 1036H have another one.
"""

from fourquad import points as p
from fourquad.models.rows import module
from fourquad.points import modules as m

MODULES = (
    module("io11", bit=0, inputs=(1, 6, m.IO11_DI_TYPE), relays=(1, 2, m.IO11_RELAY_WORK)),
    module(
        "io21",
        bit=2,
        inputs=(7, 4, m.IO21_DI_TYPE),
        outputs=(1, 2, m.IO21_DO_WORK),
        analog_outputs=(1, 2, m.IO21_AO_TYPE),
    ),
    module(
        "io31",
        bit=4,
        inputs=(11, 4, m.IO31_DI_TYPE),
        relays=(3, 2, m.IO31_RELAY_WORK),
        analog_inputs=(1, 2, m.IO31_AI_TYPE),
    ),
    module("io12", bit=1, inputs=(15, 6, m.IO12_DI_TYPE), relays=(5, 2, m.IO12_RELAY_WORK)),
    module(
        "io22",
        bit=3,
        inputs=(21, 4, m.IO22_DI_TYPE),
        outputs=(3, 2, m.IO22_DO_WORK),
        analog_outputs=(3, 2, m.IO22_AO_TYPE),
    ),
    module(
        "io32",
        bit=5,
        inputs=(25, 4, m.IO32_DI_TYPE),
        relays=(7, 2, m.IO32_RELAY_WORK),
        analog_inputs=(3, 2, m.IO32_AI_TYPE),
    ),
)
MODULES_AT_ONCE = 3

_FREQUENCY = ((4500, 6500), (30000, 50000))  # of 50 and 60 Hz, and of 400 Hz


def _some(first, count, scale, *ranges):
    return tuple([(first + i, scale, ranges) for i in range(count)])


# What an analog output may follow, 10C2H-10C5H: readings in the order of their ids, in 0.01 Hz, 0.1 V, mA, W,
# var, VA, 0.001; the manual leaves out the range of the neutral current.
AO_PARAMETERS = (
    _some(p.FREQUENCY, 1, 100, *_FREQUENCY)
    + _some(p.V1, 4, 10, (0, 4800))
    + _some(p.V12, 4, 10, (0, 8310))
    + _some(p.I1, 5, 1000, (0, 10000))
    + _some(p.P1, 3, 1, (-4800, 4800))
    + _some(p.P_SUM, 1, 1, (-14400, 14400))
    + _some(p.Q1, 3, 1, (-4800, 4800))
    + _some(p.Q_SUM, 1, 1, (-14400, 14400))
    + _some(p.S1, 3, 1, (0, 4800))
    + _some(p.S_SUM, 1, 1, (0, 14400))
    + _some(p.PF1, 4, 1000, (-1000, 1000))
)
