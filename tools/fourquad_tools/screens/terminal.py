"""A terminal of any kind: pictures in characters that it has, drawn in place or, on a dumb one, printed."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.live import Live
from rich.segment import Segment

from fourquad_tools.pacing import first_of
from fourquad_tools.screens.keyboard import attached

# What stands for characters that an encoding may not have; braille is done by the number of its dots.
_STANDINS = {
    "\u03a3": "S",
    "\u03a6": "O",
    "\u2220": "<",
    "\u223f": "~",
    "\u2190": "<",
    "\u2192": ">",
    "\u2191": "^",
    "\u2193": "v",
    "\u2500": "-",
    "\u2502": "|",
    "\u251c": "|",
    "\u2524": "|",
    "\u2591": ".",
    "\u25a3": "*",
    "\u2665": "v",
    "\u25f7": "@",
    "\u238d": "n",
    "\u2026": "~",
    "\u00b0": "d",
}
_BRAILLE = 0x2800
_BLOCKS = range(0x2580, 0x25A0)
_INK = " ..:::####"  # by dots of a braille cell


def plain(text: str, encoding: str) -> str:
    """The text in characters of that encoding, each as wide as before."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_standin(char, encoding) for char in text)
    return text


def _standin(char: str, encoding: str) -> str:
    code = ord(char)
    with contextlib.suppress(UnicodeEncodeError):
        char.encode(encoding)
        return char
    if _BRAILLE <= code <= _BRAILLE + 0xFF:
        return _INK[bin(code - _BRAILLE).count("1")]
    return _STANDINS.get(char, "#" if code in _BLOCKS else "?")


class Plain:
    """A picture in characters of the terminal's encoding."""

    def __init__(self, picture: RenderableType) -> None:
        self._picture = picture

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._picture, options):
            if segment.control:
                yield segment
            else:
                yield Segment(plain(segment.text, console.encoding), segment.style)


Draw = Callable[[int, int], Awaitable[RenderableType]]


async def run(
    draw: Draw,
    press: Callable[[str], Awaitable[None]],
    stopping: asyncio.Event,
    refresh_s: float,
    console: Console | None = None,
) -> None:
    """Draw for the size that the terminal has, every `refresh_s` seconds and after each key, until
    `stopping`.

    A dumb terminal cannot be drawn on: it gets the picture once, and again after each key.
    """
    console = console or Console()
    touched = asyncio.Event()
    pressed: list[str] = []

    def key(letter: str) -> None:
        pressed.append(letter)
        touched.set()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGWINCH, touched.set)
    try:
        with attached(key):
            async with _canvas(console) as show:
                while not stopping.is_set():
                    began = time.monotonic()
                    show(Plain(await draw(console.width, console.height)))
                    # A slow terminal or computer gets fewer pictures, never a late answer on the bus.
                    pause = max(refresh_s, 4 * (time.monotonic() - began))
                    await first_of((touched, stopping), None if console.is_dumb_terminal else pause)
                    touched.clear()
                    while pressed:
                        await press(pressed.pop(0))
                    if console.is_dumb_terminal:
                        await first_of((stopping,), refresh_s)
    finally:
        loop.remove_signal_handler(signal.SIGWINCH)


@contextlib.asynccontextmanager
async def _canvas(console: Console) -> AsyncIterator[Callable[[RenderableType], None]]:
    if console.is_dumb_terminal:
        yield console.print
        return
    with Live(console=console, screen=True, auto_refresh=False) as live:
        yield lambda picture: live.update(picture, refresh=True)
