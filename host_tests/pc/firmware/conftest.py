"""The driver of the radio with the files of a board, for its own tests and those of the command."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
OF_A_BOARD = ("board", "drivers", "micropython", "model", "network")


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """A board whose files are in a folder, `files`: `wifi` is the driver, `link` the module with the job."""
    for name in [name for name in sys.modules if name.split(".")[0] in OF_A_BOARD]:
        monkeypatch.delitem(sys.modules, name)
    micropython: Any = types.ModuleType("micropython")
    micropython.const = lambda x: x
    own: Any = types.ModuleType("board")
    own.files = lambda: str(tmp_path)
    monkeypatch.setitem(sys.modules, "micropython", micropython)
    monkeypatch.setitem(sys.modules, "board", own)
    monkeypatch.syspath_prepend(str(ROOT / "firmware"))
    wifi, link = (importlib.import_module(f"drivers.{name}") for name in ("wifi", "link"))
    yield types.SimpleNamespace(wifi=wifi, link=link, files=tmp_path)
    for name in [name for name in sys.modules if name.split(".")[0] in OF_A_BOARD]:
        del sys.modules[name]
