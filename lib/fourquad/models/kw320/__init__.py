"""KW320: four-key panel meter, Modbus RTU on two ports. All tables, no behaviour."""

from fourquad import points as _p
from fourquad.models.kw320.registers import COILS, INPUTS, NEEDS_MODULE, REGIONS, WRITABLE
from fourquad.models.kw320.settings import COMMANDS, CT2_COUNTS, CT_TYPES, SETTINGS, VARIANTS

NAME = "kw320"

# Serial ports: name, then the offsets into points.SETTING of protocol (None: always Modbus), address, baud
# rate and parity.
PORTS = (
    ("rs485", _p.PROTOCOL_1, _p.ADDRESS_1, _p.BAUD_1, _p.PARITY_1),
    ("rs485b", None, _p.ADDRESS_2, _p.BAUD_2, _p.PARITY_2),
)

__all__ = (
    "COILS",
    "COMMANDS",
    "CT2_COUNTS",
    "CT_TYPES",
    "INPUTS",
    "NAME",
    "NEEDS_MODULE",
    "PORTS",
    "REGIONS",
    "SETTINGS",
    "VARIANTS",
    "WRITABLE",
)
