"""The browser of these tests is found by them; one meter and one browser for all that change nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from browser import Browser, opened  # noqa: E402
from simulated import Simulated  # noqa: E402


@pytest.fixture(scope="session")
def meter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    """A kw320 whose pages are switched on."""
    simulated = Simulated(tmp_path_factory.mktemp("meter"), nets=("http",))
    yield simulated
    simulated.close()


@pytest.fixture(scope="session")
def address(meter: Simulated) -> str:
    """Of its pages."""
    return f"http://127.0.0.1:{meter.net['http']}"


@pytest.fixture(scope="session")
def window(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser on them."""
    with opened(tmp_path_factory.mktemp("chromium"), address) as browser:
        yield browser
