"""S4100: compact bidirectional meter, BACnet MS/TP. All tables, no behaviour."""

from fourquad import points as _p
from fourquad.models import port as _port
from fourquad.models.s4100 import billing as BILLING
from fourquad.models.s4100 import objects as OBJECTS
from fourquad.models.s4100.objects import LOGGED
from fourquad.models.s4100.settings import (
    ALERTS,
    BY_SERIAL,
    COMMANDS,
    CT2_COUNTS,
    HIGHEST_COUNT,
    INPUT_VOLTS,
    LOGS,
    MODULES,
    OPENS_CONTACT,
    ORDERS,
    OUTPUTS,
    PULSE_INPUTS,
    SETTINGS,
    SYSTEM_TYPES,
    TEXTS,
)

NAME = "s4100"

# The engines of the meter, in the order in which they are made and kept (part.py).
PARTS = (
    "meter.identity",
    "registers.energy",
    "modules.io",
    "billing.directions",
    "billing.sub_intervals",
    "billing.billing",
    "meter.system_type",
    "events.alerts",
    "events.trend",
)

# Without power the time is lost: the clock starts at 2000-01-01 00:00:00.
CLOCK_KEPT = False

PORTS = (_port("mstp", address=_p.ADDRESS_1, baud=_p.BAUD_1, speaks=(("bacnet", OBJECTS),)),)

# What it keeps in flash: name, sectors of 4 KB that it wants, the least that it can do with.
STORAGE = (("journal", 64, 8), ("trend1", 27, 4), ("trend2", 27, 4), ("trend3", 27, 4))

__all__ = (
    "ALERTS",
    "BILLING",
    "BY_SERIAL",
    "CLOCK_KEPT",
    "COMMANDS",
    "CT2_COUNTS",
    "HIGHEST_COUNT",
    "INPUT_VOLTS",
    "LOGGED",
    "LOGS",
    "MODULES",
    "NAME",
    "OBJECTS",
    "OPENS_CONTACT",
    "ORDERS",
    "OUTPUTS",
    "PARTS",
    "PORTS",
    "PULSE_INPUTS",
    "SETTINGS",
    "STORAGE",
    "SYSTEM_TYPES",
    "TEXTS",
)
