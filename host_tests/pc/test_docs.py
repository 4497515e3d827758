"""The documents made from the tables are up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from fourquad_tools.pages.docs import documents, write

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["kw320", "a1000", "acurev1312", "s4100", "acurev2020"])
def test_documents_are_up_to_date(name: str) -> None:
    for path, text in documents(name).items():
        assert (ROOT / "docs" / path).read_text() == text, f"docs/{path}: run `fourquad docs`"


def test_every_register_of_the_harmonics_is_described() -> None:
    text = documents("kw320")["kw320/registers.md"]
    for span in ("405DH", "4062H-407FH", "40C7H", "4293H", "45A0H-45BFH", "429FH"):
        assert f"| {span} |" in text or f"-{span} |" in text


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    assert len(write(tmp_path, ["kw320"])) == 7
    assert write(tmp_path, ["kw320"]) == []
