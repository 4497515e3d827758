"""What the commands ask of a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

MOST_READ = 125  # registers in one request (Modbus application protocol V1.1b3, 6.3, 6.12)
MOST_WRITTEN = 123


class Link(Protocol):
    """The way to a meter, which stays on its line until it is closed."""

    unit: int

    def read(self, address: int, count: int) -> list[int]:
        """Holding registers."""

    def write(self, address: int, words: Sequence[int]) -> None:
        """Write registers in one request."""

    def close(self) -> None:
        """Leave the line."""
