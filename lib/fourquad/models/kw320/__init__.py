"""KW320: four-key panel meter, Modbus RTU on two ports, DNP3 on one of them. All tables, no behaviour."""

from fourquad import points as _p
from fourquad.models import port as _port
from fourquad.models.kw320 import billing as BILLING
from fourquad.models.kw320 import dnp3 as _dnp3
from fourquad.models.kw320.alarms import WATCHED
from fourquad.models.kw320.modules import AO_PARAMETERS, MODULES, MODULES_AT_ONCE
from fourquad.models.kw320.registers import (
    COILS,
    COMMAND_REGISTERS,
    INPUTS,
    LISTED,
    NEEDS_MODULE,
    REGIONS,
    SETTING_REGISTERS,
    WRITABLE,
)
from fourquad.models.kw320.settings import (
    COMMANDS,
    CT2_COUNTS,
    CT_TYPES,
    GUARDS,
    LIMITS,
    OLD_FILE,
    OPTIONS,
    SEALS,
    SETTINGS,
    VARIANTS,
)

NAME = "kw320"

# The engines of the meter, in the order in which they are made and kept (part.py).
PARTS = (
    "registers.energy",
    "registers.runtime",
    "modules.io",
    "meter.harmonics",
    "billing.billing",
    "billing.months",
    "billing.schedule",
    "registers.extremes",
    "events.sequence",
    "events.datalog",
    "events.alarms",
)

# A board has those for whose kind it has a link, in this order.
_MODBUS = ("modbus", None)
PORTS = (
    _port(
        "rs485",
        protocol=_p.PROTOCOL_1,
        address=_p.ADDRESS_1,
        baud=_p.BAUD_1,
        parity=_p.PARITY_1,
        speaks=(_MODBUS, ("dnp3", _dnp3.SERIAL)),
    ),
    _port("rs485b", address=_p.ADDRESS_2, baud=_p.BAUD_2, parity=_p.PARITY_2, speaks=(_MODBUS,)),
    # its address is the second of the settings of its own
    _port("network", link="tcp", address=_p.DNP3 - _p.SETTING + 1, speaks=(("dnp3", _dnp3.NETWORK),)),
)

# What it keeps in flash: name, sectors of 4 KB that it wants, the least that it can do with.
STORAGE = (
    ("journal", 64, 8),
    ("extremes", 8, 4),
    ("sequence", 4, 4),
    ("alarms", 4, 4),
    ("log1", 1648, 8),
    ("log2", 1648, 8),
    ("log3", 1648, 8),
)

__all__ = (
    "AO_PARAMETERS",
    "BILLING",
    "COILS",
    "COMMANDS",
    "COMMAND_REGISTERS",
    "CT2_COUNTS",
    "CT_TYPES",
    "GUARDS",
    "INPUTS",
    "LIMITS",
    "LISTED",
    "MODULES",
    "MODULES_AT_ONCE",
    "NAME",
    "NEEDS_MODULE",
    "OLD_FILE",
    "OPTIONS",
    "PARTS",
    "PORTS",
    "REGIONS",
    "SEALS",
    "SETTINGS",
    "SETTING_REGISTERS",
    "STORAGE",
    "VARIANTS",
    "WATCHED",
    "WRITABLE",
)
