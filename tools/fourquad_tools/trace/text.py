"""A trace that people read: a line a frame, with time, port, direction, octets and what it says."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TextIO

from fourquad_tools.trace.decode import describe
from fourquad_tools.trace.frames import Frame


class TextSink:
    """Lines into an open file."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def frame(self, frame: Frame) -> None:
        """`2026-01-01T00:00:00.000000 rs485 > 01 03 ... | what it says`: > to the meter, < from it."""
        mark = ">" if frame.inward else "<"
        port = frame.port if frame.client == 1 else f"{frame.port}#{frame.client}"
        self._put(frame.time, f"{port} {mark} {frame.data.hex(' ').upper()} | {describe(frame)}")

    def note(self, time: float, port: str, words: str) -> None:
        """`2026-01-01T00:00:00.000000 rs485 # words`"""
        self._put(time, f"{port} # {words}")

    def _put(self, time: float, words: str) -> None:
        when = datetime.fromtimestamp(time, timezone.utc).replace(tzinfo=None)
        # who looks at a trace while it is made sees the last line
        print(f"{when.isoformat(timespec='microseconds')} {words}", file=self._file, flush=True)

    def close(self) -> None:
        """No more lines."""
        self._file.close()
