"""Single keys from the terminal, and which of the panel's keys they are."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import termios
import tty
from collections.abc import Callable, Iterator

# Letter to key of the panel; m is the chord that chooses a mode.
KEYBOARD = {"h": "H", "p": "P", "e": "E", "v": "V/A", "a": "V/A", "m": "H+V/A"}


@contextlib.contextmanager
def attached(press: Callable[[str], None]) -> Iterator[None]:
    """While it lasts each key of the terminal goes to `press`, without echo; "" when the terminal is gone."""
    fd = sys.stdin.fileno()
    loop = asyncio.get_running_loop()
    before = termios.tcgetattr(fd)

    def readable() -> None:
        data = os.read(fd, 64)
        if not data:
            loop.remove_reader(fd)
            press("")
        # Arrows and the like begin with escape and are no keys of ours.
        if not data.startswith(b"\x1b"):
            for letter in data.decode("ascii", "ignore"):
                press(letter)

    tty.setcbreak(fd)
    loop.add_reader(fd, readable)
    try:
        yield
    finally:
        loop.remove_reader(fd)
        termios.tcsetattr(fd, termios.TCSADRAIN, before)
