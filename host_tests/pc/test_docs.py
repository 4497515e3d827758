"""The documents made from the tables are up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from fourquad_tools.docs import documents, write

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["kw320", "a1000"])
def test_documents_are_up_to_date(name: str) -> None:
    for path, text in documents(name).items():
        assert (ROOT / "docs" / path).read_text() == text, f"docs/{path}: run `fourquad docs`"


def test_what_is_not_measured_is_said() -> None:
    text = documents("kw320")["kw320/registers.md"]
    for span in ("405AH-412AH",):
        row = next(line for line in text.splitlines() if line.startswith(f"| {span} |"))
        assert "not measured yet, reads 0" in row


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    assert len(write(tmp_path, ["kw320"])) == 2
    assert write(tmp_path, ["kw320"]) == []
