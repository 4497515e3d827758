"""KW320 I/O modules AXM-IO1, IO2, IO3 with logic addresses 1 and 2 (manual 5.1-5.3, 6.3.5, 6.3.7).

The rows are in the order of the numbers that 101BH and 101CH have for the modules, which is that of their
inputs; the bits of 1036H have another one.
"""

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
