"""The seal's switch of a board, and what it keeps from a master."""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path

import pytest

from fourquad import points as p
from fourquad.models import kw320
from fourquad.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
NORM = 1


class Contacts:
    """The switch; closed is 1."""

    closed = 0

    def read(self) -> int:
        return self.closed


def test_open_or_broken_is_sealed_and_closed_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    micropython = types.ModuleType("micropython")
    micropython.const = lambda x: x  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "micropython", micropython)
    monkeypatch.syspath_prepend(str(ROOT / "firmware"))
    monkeypatch.delitem(sys.modules, "seal", raising=False)
    contacts = Contacts()
    settings = Settings(kw320.SETTINGS)
    seal = importlib.import_module("seal").Seal(settings, contacts)
    # from the first moment on
    assert settings.closed(NORM)
    assert settings.check(p.CT1, 5) == p.FORBIDDEN
    assert seal.work(0)
    assert settings.closed(NORM)
    contacts.closed = 1
    assert not seal.work(99)
    assert settings.closed(NORM)
    assert seal.work(100)
    assert settings.check(p.CT1, 5) == p.OK
    contacts.closed = 0
    assert seal.work(200)
    assert settings.closed(NORM)
