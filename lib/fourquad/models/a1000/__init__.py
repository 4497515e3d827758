"""A1000: multifunction tariff meter, IEC 62056-21 on RS-485 and on an optical port. All tables, no
behaviour.
"""

from fourquad import points as _p
from fourquad.models import port as _port
from fourquad.models.a1000 import billing as BILLING
from fourquad.models.a1000 import obis as CODES
from fourquad.models.a1000.modules import MODULES
from fourquad.models.a1000.settings import COMMANDS, CT2_COUNTS, CT_TYPES, OLD_FILE, SETTINGS, VARIANTS

NAME = "a1000"

# The engines of the meter, in the order in which they are made and kept (part.py).
PARTS = ("registers.energy", "registers.runtime", "modules.io", "meter.harmonics", "billing.billing")

# The tables of IEC 62056-21: codes, offsets into points.SETTING of the speed to offer and of whether a
# sign-on without address is answered, offset into points.COMMAND of the reset through this port.
PORTS = (
    _port(
        "rs485",
        address=_p.DEVICE_NUMBERS,
        baud=_p.BAUD_1,
        speaks=(("iec62056", (CODES, _p.BAUD_1, _p.IEC_BARE_1, _p.RESET_BY_SERIAL)),),
    ),
    _port(
        "optical",
        address=_p.DEVICE_NUMBERS,
        baud=_p.BAUD_2,
        speaks=(("iec62056", (CODES, _p.BAUD_2, _p.IEC_BARE_2, _p.RESET_BY_OPTICAL)),),
    ),
)

# What it keeps in flash, as fourquad.models.kw320 has it: 128 KB of load profile and 16 billing periods, each
# with two sectors in motion.
STORAGE = (("journal", 64, 8), ("profile", 34, 4), ("periods", 18, 3))

__all__ = (
    "BILLING",
    "CODES",
    "COMMANDS",
    "CT2_COUNTS",
    "CT_TYPES",
    "MODULES",
    "NAME",
    "OLD_FILE",
    "PARTS",
    "PORTS",
    "SETTINGS",
    "STORAGE",
    "VARIANTS",
)
