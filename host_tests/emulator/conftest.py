"""A board without fourquad, at its prompt."""

from collections.abc import Iterator

import pytest
from emulated import Emulated, image


@pytest.fixture(scope="module")
def board() -> Iterator[Emulated]:
    """Shared by the tests of a file; its time stands still between commands."""
    with Emulated(image()) as emulated:
        emulated.boot()
        yield emulated
