"""Ctrl-C while a command runs."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

STATUS = 130  # of a command that it has ended, as shells have it


class CtrlC:
    """While it is entered, `pressed` remembers Ctrl-C where its KeyboardInterrupt gets lost: a finalizer that
    is running swallows it, and an error of what is closed on the way out takes its place.
    """

    def __init__(self) -> None:
        self.pressed = False
        self._before = signal.getsignal(signal.SIGINT)

    def __enter__(self) -> CtrlC:
        # a program that has a handler of its own keeps it; only the main thread may set one
        main = threading.current_thread() is threading.main_thread()
        if main and self._before is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if signal.getsignal(signal.SIGINT) == self._heard:
            signal.signal(signal.SIGINT, self._before)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.pressed = True
        raise KeyboardInterrupt
