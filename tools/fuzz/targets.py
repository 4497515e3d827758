"""The harnesses by name: module, and how many inputs a whole run has."""

from __future__ import annotations

import importlib
from types import ModuleType

TARGETS = {
    "modbus": 2_000_000,
    "modbus_tcp": 2_000_000,
    "dnp3": 2_000_000,
    "iec62056": 2_000_000,
    "bacnet": 2_000_000,
    "bacnet_ip": 2_000_000,
    "snmp": 1_000_000,
    "http": 1_000_000,
    "backup": 1_000_000,
    "servers": 1_000_000,
    "mqtt": 1_000_000,
    "loaders": 200_000,
    "flash": 200_000,
}


def module(name: str) -> ModuleType:
    """The module with `Target` (made once; `run(data)` for every input) and `seeds()`."""
    return importlib.import_module(f"fuzz.{name}")
