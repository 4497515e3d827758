"""TLS on an emulated board, by an image that is only for this: while an RP2040 agrees on a key it measures
nothing. What is shown is that driver, lwIP and Mbed TLS do on an Arm core what they do on a PC
(host_tests/agree/test_tls.py), and which stack they take.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from emulated import PATIENCE_S, Emulated, image
from networked import EMPTY_FLASH_NS
from test_meter import ask, start, wire

from fourquad_tools.board import prompt
from fourquad_tools.cli import main

IMAGE = "TLS_EMU-acurev2020"
HTTPS = "443"
NAME = "board.pem"  # its certificate
STACK = "import machine\nat = 0x20040000\nwhile not machine.mem32[at]: at += 4\nprint(0x20042000 - at)"


class Console:
    """The board's console as mpremote has it."""

    board: Emulated

    def __init__(self, *_: object, **__: object) -> None:
        """It is there."""

    def enter_raw_repl(self, soft_reset: bool) -> None:
        assert soft_reset

    def exec_raw(self, code: str, timeout: float) -> tuple[bytes, bytes]:
        return self.board.run(code, 1000 * timeout).encode(), b""

    def exec_raw_no_follow(self, code: str) -> None:
        assert code.endswith("machine.reset()")
        self.board("reset")

    def close(self) -> None:
        """It stays."""


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulated]:
    """One that was given a key."""
    with Emulated(image(IMAGE), "--net", f"{HTTPS}=0") as emulated:
        wire(emulated)
        start(emulated)
        emulated("run", ns=EMPTY_FLASH_NS)
        monkeypatch.setattr(prompt, "SerialTransport", Console)
        monkeypatch.setattr(Console, "board", emulated, raising=False)
        names = ["--name", "localhost", "--save", str(tmp_path / NAME)]
        assert main(["certificate", "--port", "here", *names]) == 0
        start(emulated)
        emulated("run", ns=3e9)
        yield emulated


def said(board: Emulated, folder: Path, *paths: str) -> list[bytes]:
    """What Python's own client is answered over OpenSSL, all on one connection."""
    trust = ssl.create_default_context(cafile=str(folder / NAME))
    port = board.ports["net"][HTTPS]
    client = http.client.HTTPSConnection("localhost", port, timeout=PATIENCE_S, context=trust)
    found = []
    for path in paths:
        client.request("GET", path)
        answer = client.getresponse()
        assert answer.status == 200
        found.append(answer.read())
    client.close()
    alone(board)
    return found


def alone(board: Emulated) -> None:
    """Nobody is connected any more: there is memory for one."""
    while board("net")["host"]["connections"]:
        time.sleep(0.01)


def test_pages_over_tls(board: Emulated, tmp_path: Path) -> None:
    board("pace", speed=0)
    session, page, script = said(board, tmp_path, "/api/session", "/", "/app.js")
    assert json.loads(session)["model"] == "acurev2020"
    # packed, and longer than a piece
    assert page[:2] == script[:2] == b"\x1f\x8b" and len(script) > 4000
    with socket.create_connection(("127.0.0.1", board.ports["net"][HTTPS]), PATIENCE_S) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        with contextlib.suppress(ConnectionResetError):
            assert not plain.recv(100).startswith(b"HTTP")
    alone(board)
    # what the one before had is given back
    for _ in range(12):
        said(board, tmp_path, "/api/session")
    board("pace", paused=True)
    assert ask(board, 1, 3, 0x20, 0x02, 0, 2)[0] == 4
    # of 8192 bytes, interrupts among them; an RP2350 has 12 KB
    assert int(board.run(STACK)) < 6500
