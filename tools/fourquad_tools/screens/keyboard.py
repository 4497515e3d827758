"""Single keys from the terminal, and which of the panel's keys they are."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from types import ModuleType

PRESS_MS = 100
_CHORD = "m"


def letters(table: ModuleType) -> dict[str, tuple[str, float]]:
    """Letter of the keyboard to key of a model's panel and how long to hold it (ms).

    A key has the first letter of its name that is free, a key that is held longer the capital one, the first
    chord m.
    """
    out: dict[str, tuple[str, float]] = {}
    mine: dict[str, str] = {}
    for name in table.KEYS:
        for part in name.split("/"):
            letter = next(each for each in part.lower() if each not in out)
            out[letter] = (name, PRESS_MS)
            mine.setdefault(name, letter)
    for code, ms, _ in getattr(table, "HOLDS", ()):
        name = table.KEYS[code]
        out[mine[name].upper()] = (name, ms + 4 * PRESS_MS)
    for first, second, _ in table.CHORDS[:1]:
        out[_CHORD] = (f"{table.KEYS[first]}+{table.KEYS[second]}", PRESS_MS)
    return out


def entries(table: ModuleType) -> list[str]:
    """What the letters are: one entry for each key, one for a key that is held, one for a chord."""
    first: dict[tuple[str, float], str] = {}
    for letter, key in letters(table).items():
        first.setdefault(key, letter)
    return [f"{letter}={name}" + (" held" if ms > PRESS_MS else "") for (name, ms), letter in first.items()]


def legend(table: ModuleType) -> str:
    """The same in a line."""
    return "  ".join(entries(table))


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
