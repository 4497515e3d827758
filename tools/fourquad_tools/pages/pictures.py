"""Pictures of a panel on a model's page: three in a row, half as large as the front."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from fourquad_tools.screens import fronts, png


def rows(folder: str, shots: Sequence[tuple[str, str]]) -> str:
    """Markdown for shots (file, words) below a folder."""
    text = ""
    for i in range(0, len(shots), 3):
        three = shots[i : i + 3]
        text += f"| {' | '.join(words for _, words in three)} |\n" + "|---" * len(three) + "|\n"
        text += f"| {' | '.join(f'![{words}]({folder}/{file}.png)' for file, words in three)} |\n\n"
    return text


def save(screen: Any, path: Path, colors: int = 64) -> None:
    """Write one of them."""
    picture = fronts.picture(screen)
    small = picture.resize((png.WIDTH // 2, png.HEIGHT // 2), Image.Resampling.LANCZOS)
    path.parent.mkdir(parents=True, exist_ok=True)
    png.few_colors(small, colors).save(path, "PNG", optimize=True)
