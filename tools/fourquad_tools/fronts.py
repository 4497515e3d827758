"""The front of a meter by the kind of its screen: as a picture, in the terminal, and in few lines of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fourquad.display.matrix import Matrix

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.panel import Panel


def save(screen: Any, path: Path) -> None:
    """Write a picture of the front."""
    # Pictures need pillow, which a headless simulator would load for nothing.
    if isinstance(screen, Matrix):
        from fourquad_tools import png_matrix

        png_matrix.save(screen, path)
    else:
        from fourquad_tools import png

        png.save(screen, path)


def render(screen: Any) -> RenderableType:
    """The front in the terminal."""
    from fourquad_tools import panel, panel_matrix

    return panel_matrix.render(screen) if isinstance(screen, Matrix) else panel.render(screen)


def small(screen: Any, width: int, height: int) -> Panel | None:
    """A matrix in few lines; None for other screens."""
    from fourquad_tools import panel_matrix

    return panel_matrix.compact(screen, width, height) if isinstance(screen, Matrix) else None
