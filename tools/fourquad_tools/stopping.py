"""Signals that end a program, on every platform."""

from __future__ import annotations

import asyncio
import signal

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")


def on_signals(event: asyncio.Event) -> None:
    """Set `event` of the running loop when somebody wants the program to end."""
    loop = asyncio.get_running_loop()
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is None:
            continue
        try:
            loop.add_signal_handler(number, event.set)
        except NotImplementedError:
            # Windows' loops know no signals
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(event.set))
