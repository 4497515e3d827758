"""A board's console in place of mpremote's line: the code runs here, on the modules of the board."""

from __future__ import annotations

import contextlib
import io
import traceback
from typing import Any

import pytest
from mpremote.transport import TransportError

from fourquad_tools.board import prompt


class Console:
    """`sent`: the code, and at last that it was closed; it says nothing while it does not answer."""

    sent: list[str] = []
    answers = True

    def __init__(self, *_: object, **__: object) -> None:
        self.names: dict[str, Any] = {}

    def enter_raw_repl(self, soft_reset: bool) -> None:
        assert soft_reset
        if not self.answers:
            raise TransportError("could not enter raw repl")

    def exec_raw(self, code: str, timeout: float) -> tuple[bytes, bytes]:
        self.sent.append(code)
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            try:
                exec(compile(code, "<stdin>", "exec"), self.names)
            except Exception:
                return said.getvalue().encode(), traceback.format_exc().encode()
        return said.getvalue().encode(), b""

    def exec_raw_no_follow(self, code: str) -> None:
        self.sent.append(code)

    def close(self) -> None:
        self.sent.append("closed")


def attached(monkeypatch: pytest.MonkeyPatch) -> type[Console]:
    """Whatever port a command names has this console, to which nothing was sent."""
    monkeypatch.setattr(prompt, "SerialTransport", Console)
    monkeypatch.setattr(prompt.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(Console, "sent", [])
    return Console
