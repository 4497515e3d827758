"""What the installed package says of itself."""

from __future__ import annotations

from importlib.metadata import metadata
from pathlib import Path

import fourquad_tools

ROOT = Path(__file__).resolve().parents[3]


def test_authors_classifiers_and_types() -> None:
    about = metadata("fourquad")
    assert about["Author"] == "The Fourquad authors"
    classifiers = about.get_all("Classifier") or []
    assert "Programming Language :: Python :: Implementation :: MicroPython" in classifiers
    assert "Typing :: Typed" in classifiers
    assert (Path(fourquad_tools.__file__).parent / "py.typed").exists()
    assert 'fourquad_tools = ["py.typed", ' in (ROOT / "pyproject.toml").read_text()
