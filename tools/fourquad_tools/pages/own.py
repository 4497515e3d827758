"""What a model has for its pages besides its tables: modules of its folder that no board loads."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any


def table(model: str, name: str) -> ModuleType | None:
    """The module `name` of the model's folder; None if it has none."""
    path = f"fourquad.models.{model}.{name}"
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError as error:
        if error.name != path:
            raise
        return None


def rows(module: ModuleType | None, name: str) -> Any:
    """A table of such a module; empty where it is not there."""
    return getattr(module, name, ())


def panel(model: str) -> str:
    """The kind of a model's panel (fourquad.display.panels); empty for a model without one."""
    menu = table(model, "menu")
    return getattr(menu, "PANEL", "rows") if menu else ""
