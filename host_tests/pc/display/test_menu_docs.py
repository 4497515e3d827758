"""The generated page about the panel is the one in docs/, and its pictures are there."""

from __future__ import annotations

import re
from pathlib import Path

from fourquad.models.kw320 import menu_names
from fourquad_tools.pages import menu_docs

DOCS = Path(__file__).resolve().parents[3] / "docs"


MODELS = ("kw320",)


def test_the_page_is_up_to_date() -> None:
    for model in MODELS:
        committed = (DOCS / model / "menu.md").read_text(encoding="utf-8")
        assert committed == menu_docs.page(model), "run `fourquad docs`"
        pictures = re.findall(r"\]\((menu/\w+\.png)\)", committed)
        assert len(pictures) == len(menu_names.SHOTS)
        for picture in pictures:
            assert (DOCS / model / picture).stat().st_size > 1000


def test_it_writes_everything(tmp_path: Path) -> None:
    menu_docs.write(tmp_path, ("kw320", "a1000"))
    assert (tmp_path / "kw320" / "panel.png").stat().st_size > 10000
    assert len(list((tmp_path / "kw320" / "menu").glob("*.png"))) == len(menu_names.SHOTS)
    assert not (tmp_path / "a1000").exists()
