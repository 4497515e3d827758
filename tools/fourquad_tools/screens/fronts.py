"""The front of a meter by the kind of its screen: as a picture, in the terminal, and in few lines of it."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.panel import Panel

# What draws a screen, by its class: the picture, the terminal.
_KINDS = {
    "Screen": ("png", "panel"),
    "Matrix": ("png_matrix", "panel_matrix"),
    "Digits": ("png_cycle", "panel_cycle"),
    "Readout": ("png_tree", "panel_tree"),
}


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"fourquad_tools.screens.{name}")


def picture(screen: Any) -> Any:
    """A picture of the front, a PIL.Image."""
    # Pictures need pillow, which a headless simulator would load for nothing.
    kind, _ = _KINDS[type(screen).__name__]
    return _module(kind).picture(screen)


def save(screen: Any, path: Path) -> None:
    """Write it as a PNG of few colors."""
    _module("png").few_colors(picture(screen)).save(path, "PNG", optimize=True)


def _kind(screen: Any) -> ModuleType:
    _, terminal = _KINDS[type(screen).__name__]
    return _module(terminal)


def render(screen: Any) -> RenderableType:
    """The front in the terminal."""
    front: RenderableType = _kind(screen).render(screen)
    return front


def size(screen: Any) -> tuple[int, int]:
    """Columns and lines that `render` takes: the glass, its frame, and the keys."""
    return _module("panel").WIDTH + 2, len(_kind(screen).lines(screen)) + 3


def small(screen: Any) -> Panel:
    """The front in few lines, of panel.COMPACT_WIDTH by panel.COMPACT_HEIGHT."""
    front: Panel = _kind(screen).compact(screen)
    return front
