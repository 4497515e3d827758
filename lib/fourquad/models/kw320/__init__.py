"""KW320: four-key panel meter, Modbus RTU on two ports, DNP3 on one of them. All tables, no behaviour."""

from fourquad import points as _p
from fourquad.models.kw320 import billing as BILLING
from fourquad.models.kw320 import dnp3 as _dnp3
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
    SEALS,
    SETTINGS,
    VARIANTS,
)

NAME = "kw320"

# Ports: name, then the offsets into points.SETTING of protocol (None: always the only one), address, baud
# rate and parity (None: it is no serial line), and what the port can speak, in the order of the protocol
# setting's values: (name of the protocol, its tables). A board has the first ones.
_MODBUS = ("modbus", None)
PORTS = (
    (
        "rs485",
        _p.PROTOCOL_1,
        _p.ADDRESS_1,
        _p.BAUD_1,
        _p.PARITY_1,
        (_MODBUS, ("dnp3", _dnp3.SERIAL)),
    ),
    ("rs485b", None, _p.ADDRESS_2, _p.BAUD_2, _p.PARITY_2, (_MODBUS,)),
    # its address is the second of the settings of its own
    ("network", None, _p.DNP3 - _p.SETTING + 1, None, None, (("dnp3", _dnp3.NETWORK),)),
)

__all__ = (
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
    "NAME",
    "NEEDS_MODULE",
    "OLD_FILE",
    "PORTS",
    "REGIONS",
    "SEALS",
    "SETTINGS",
    "SETTING_REGISTERS",
    "VARIANTS",
    "WRITABLE",
)
