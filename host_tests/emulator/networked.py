"""A KW320 with a W5500 on the emulated board, for tests of its services."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from emulated import Emulated, image
from test_meter import start, wire, write

IMAGE = "W5500_EMU-kw320"
EMPTY_FLASH_NS = 8e9  # until a meter with a network answers whose flash was empty


@contextmanager
def board_on_network(port: str) -> Iterator[Emulated]:
    """One that is started and answers; `port`: of the network, as `--net` takes it."""
    with Emulated(image(IMAGE), "--net", f"{port}=0") as board:
        wire(board)
        start(board)
        board("run", ns=EMPTY_FLASH_NS)
        yield board


def write_text(board: Emulated, address: int, words: int, what: str) -> None:
    """A text into registers, padded with zeros."""
    write(board, address, *struct.unpack(f">{words}H", what.encode().ljust(2 * words, b"\0")))
