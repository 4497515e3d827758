"""One meter and one browser for all tests that change nothing; what is next to them is found by them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from foreign import not_tried
from simulated import Simulated

from browser.chromium import Browser, NoBrowser, opened

sys.path.insert(0, str(Path(__file__).parent))


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


@pytest.fixture
def pages(window: Browser, own: Simulated) -> Browser:
    """The browser on the pages of a module's own meter."""
    return window.at(own.net["http"])


@pytest.fixture(scope="session")
def window(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser on them."""
    try:
        with opened(tmp_path_factory.mktemp("chromium"), address) as browser:
            yield browser
    except NoBrowser as why:
        not_tried(str(why))
