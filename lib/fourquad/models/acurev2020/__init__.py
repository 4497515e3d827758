"""AcuRev 2020: DIN-rail meter of eighteen circuits, Modbus RTU and TCP. All tables, no behaviour."""

from fourquad import points as _p
from fourquad.models import port as _port
from fourquad.models.acurev2020 import billing as BILLING
from fourquad.models.acurev2020.alarms import WATCHED
from fourquad.models.acurev2020.registers import (
    COILS,
    COMMAND_REGISTERS,
    INPUTS,
    REGIONS,
    SETTING_REGISTERS,
    SHEETS,
    WRITABLE,
)
from fourquad.models.acurev2020.settings import (
    ALARM_RECORDS,
    CIRCUITS,
    COMMANDS,
    CT2_COUNTS,
    MODULES,
    OPTIONS,
    SEALS,
    SETTINGS,
)

NAME = "acurev2020"

CHAIN = "meter.circuits"  # what measures, instead of meter.chain

# The engines of the meter, in the order in which they are made and kept (part.py).
PARTS = (
    "registers.runtime",
    "modules.io",
    "meter.harmonics",
    "meter.circuits",
    "billing.circuits",
    "billing.schedule",
    "registers.circuit_energy",
    "billing.circuit_demand",
    "events.sequence",
    "events.alarms",
)

PORTS = (
    _port("rs485", address=_p.ADDRESS_1, baud=_p.BAUD_1, parity=_p.PARITY_1, speaks=(("modbus", None),)),
)

# What it keeps in flash: name, sectors of 4 KB that it wants, the least that it can do with.
STORAGE = (("journal", 64, 8), ("extremes", 8, 4), ("sequence", 4, 4), ("alarms", 4, 4))

__all__ = (
    "ALARM_RECORDS",
    "BILLING",
    "CHAIN",
    "CIRCUITS",
    "COILS",
    "COMMANDS",
    "COMMAND_REGISTERS",
    "CT2_COUNTS",
    "INPUTS",
    "MODULES",
    "NAME",
    "OPTIONS",
    "PARTS",
    "PORTS",
    "REGIONS",
    "SEALS",
    "SETTINGS",
    "SETTING_REGISTERS",
    "SHEETS",
    "STORAGE",
    "WATCHED",
    "WRITABLE",
)
