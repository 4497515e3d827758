"""Which network services a simulated meter has: rows of SERVICES (models/rows.py)."""

from __future__ import annotations

from types import ModuleType

from fourquad.models.rows import service
from fourquad.points import columns as c

MOST = 8  # connections of Modbus TCP of a model that has no limits of its own


def rows(model: ModuleType) -> tuple:
    """The model's SERVICES; Modbus TCP of a model that has registers and no network of its own."""
    if hasattr(model, "SERVICES"):
        return tuple(model.SERVICES) + tuple(getattr(model, "SECURE", ()))
    if not hasattr(model, "REGIONS"):
        return ()
    return (service("modbus", "stream", "modbus.tcp", most=MOST, tables=_modbus_address(model)),)


def _modbus_address(model: ModuleType) -> int:
    """The setting that holds the address of the first port that speaks Modbus."""
    for row in model.PORTS:
        if any(kind == "modbus" for kind, _ in row[c.SPEAKS]):
            return int(row[c.PORT_ADDRESS])
    raise ValueError(f"{model.NAME} has a register map and no port that serves it")
