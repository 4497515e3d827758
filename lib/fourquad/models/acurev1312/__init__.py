"""AcuRev 1312: DIN-rail billing meter with two keys, Modbus RTU. All tables, no behaviour."""

from fourquad import points as _p
from fourquad.models import port as _port
from fourquad.models.acurev1312 import billing as BILLING
from fourquad.models.acurev1312.registers import (
    COMMAND_REGISTERS,
    FUNCTIONS,
    REGIONS,
    SETTING_REGISTERS,
    WRITABLE,
)
from fourquad.models.acurev1312.settings import (
    COMMANDS,
    CT2_COUNTS,
    CT_TYPES,
    GUARDS,
    LIMITS,
    SEALS,
    SETTINGS,
    VARIANTS,
)

NAME = "acurev1312"

# The engines of the meter, in the order in which they are made and kept (part.py).
PARTS = (
    "registers.energy",
    "registers.runtime",
    "meter.harmonics",
    "billing.billing",
    "billing.consumption",
    "billing.schedule",
    "meter.permission",
    "meter.sunspec",
    "meter.wiring",
    "events.book",
    "billing.peaks",
)

# What the SunSpec map says of it: manufacturer, model, options, version, serial number.
SUNSPEC = (b"Fourquad", b"acurev1312", b"", b"1.00", b"")

PORTS = (
    _port("rs485", address=_p.ADDRESS_1, baud=_p.BAUD_1, parity=_p.PARITY_1, speaks=(("modbus", None),)),
)

# What it keeps in flash: name, sectors of 4 KB that it wants, the least that it can do with.
STORAGE = (
    ("journal", 64, 8),
    ("alarm log", 4, 2),
    ("demand log", 4, 2),
    ("program log", 4, 2),
    ("cover log", 4, 2),
)

__all__ = (
    "BILLING",
    "COMMANDS",
    "COMMAND_REGISTERS",
    "CT2_COUNTS",
    "CT_TYPES",
    "FUNCTIONS",
    "GUARDS",
    "LIMITS",
    "NAME",
    "PARTS",
    "PORTS",
    "REGIONS",
    "SEALS",
    "SETTINGS",
    "SETTING_REGISTERS",
    "STORAGE",
    "SUNSPEC",
    "VARIANTS",
    "WRITABLE",
)
