"""The front of a meter by the kind of its screen: as a picture, in the terminal, and in few lines of it."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from fourquad.display.lists.matrix import Matrix

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.panel import Panel


def save(screen: Any, path: Path) -> None:
    """Write a picture of the front."""
    # Pictures need pillow, which a headless simulator would load for nothing.
    if isinstance(screen, Matrix):
        from fourquad_tools.screens import png_matrix

        png_matrix.save(screen, path)
    else:
        from fourquad_tools.screens import png

        png.save(screen, path)


def _kind(screen: Any) -> ModuleType:
    from fourquad_tools.screens import panel, panel_matrix

    return panel_matrix if isinstance(screen, Matrix) else panel


def render(screen: Any) -> RenderableType:
    """The front in the terminal."""
    return _kind(screen).render(screen)


def size(screen: Any) -> tuple[int, int]:
    """Columns and lines that `render` takes: the glass, its frame, and the keys."""
    kind = _kind(screen)
    return kind.WIDTH + 2, len(kind.lines(screen)) + 3


def small(screen: Any) -> Panel:
    """The front in few lines, of panel.COMPACT_WIDTH by panel.COMPACT_HEIGHT."""
    return _kind(screen).compact(screen)
