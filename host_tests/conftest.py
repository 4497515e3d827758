"""Paths for all tests: a test may import what lies in its own folder, whatever other folders hold."""

import signal
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent

for folder in [ROOT / "lib", ROOT / "tools", *(path for path in HERE.rglob("*") if path.is_dir())]:
    if folder.name != "__pycache__" and str(folder) not in sys.path:
        sys.path.append(str(folder))

# Who starts the tests in the background of a shell ignores Ctrl-C, and what they start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first, or one worker is at it when all others have nothing left to do."""
    items.sort(key=lambda item: item.get_closest_marker("minutes") is None)
