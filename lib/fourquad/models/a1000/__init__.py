"""A1000: multifunction tariff meter, IEC 62056-21 on RS-485 and on an optical port. All tables, no
behaviour.
"""

from fourquad.models.a1000 import obis as CODES
from fourquad.models.a1000.settings import COMMANDS, CT2_COUNTS, CT_TYPES, SETTINGS, VARIANTS

NAME = "a1000"

__all__ = (
    "CODES",
    "COMMANDS",
    "CT2_COUNTS",
    "CT_TYPES",
    "NAME",
    "SETTINGS",
    "VARIANTS",
)
